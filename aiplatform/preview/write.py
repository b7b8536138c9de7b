"""Write a plan to a folder atomically."""

import json
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from aiplatform.errors import CallError, writing
from aiplatform.interrupts import unfinished, uninterrupted
from aiplatform.preview.manifests import manifests
from aiplatform.preview.plan import Json, Plan, Resource

PLAN = "plan.json"


class NotAPlanError(CallError):
    """The folder contains other files, which a plan must not replace."""


def write(plan: Plan, directory: Path, files: Mapping[str, str] | None = None) -> None:
    """Replace the plan in the folder: `plan.json`, `manifests/` and the given files beside them.

    All files are written to a sibling folder, which is then renamed, so that a reader never finds a mixture of two
    plans.

    Raises:
        NotAPlanError: the folder contains other files.
        CallError: the folder cannot be written.
    """
    target = directory.resolve()
    with writing(directory):
        _refuse_foreign(target)
        _replace(plan, target, files or {})


def outdate(directory: Path) -> Path | None:
    """Move a plan aside, so that it does not look like the one that has just failed; return its new place, None without
    a plan.

    Raises:
        CallError: the folder cannot be moved.
    """
    target = directory.resolve()
    if not (target / PLAN).is_file():
        return None
    aside = target.with_name(f"{target.name}-outdated")
    with writing(aside):
        _refuse_foreign(aside)
        with uninterrupted():
            shutil.rmtree(aside, ignore_errors=True)
            target.rename(aside)
    return aside


def _replace(plan: Plan, target: Path, files: Mapping[str, str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with unfinished(_sibling(target, "new")) as fresh:
        try:
            (fresh / "manifests").mkdir(parents=True)
            for name, text in manifests(plan):
                _write_text(fresh / "manifests" / name, [text])
            _write_text(fresh / PLAN, plan_json(plan))
            for name, text in files.items():
                _write_text(fresh / name, [text])
            with uninterrupted():
                _swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def plan_json(plan: Plan) -> Iterator[str]:
    """Yield `plan.json` in pieces: the text of a large plan at once would require several times its size of memory."""
    yield f'{{\n  "project": {_json(plan.project)},\n  "stack": {_json(plan.stack)},\n  '
    if plan.provenance is not None:
        yield f'"provenance": {_json(plan.provenance.document(), depth=1)},\n  '
    yield '"resources": ['
    separator, end = "\n    ", ""
    for resource in plan.resources:
        yield f"{separator}{_json(described(resource), depth=2)}"
        separator, end = ",\n    ", "\n  "
    yield f"{end}],\n  "
    if plan.reads:
        yield f'"reads": {_json([described(one) for one in plan.reads], depth=1)},\n  '
    yield f'"outputs": {_json(plan.outputs, depth=1)},\n'
    yield f'  "knownAfterUp": {_json(sorted(plan.after_up), depth=1)}\n}}\n'


def described(resource: Resource) -> dict[str, Json]:
    """Return a resource as `plan.json` describes it."""
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "parent": resource.parent,
        "aliases": list(resource.aliases),
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        **resource.options,
        "provider": resource.provider,
        "dependencies": list(resource.dependencies),
        # Positions in `dependencies`: the URNs again would make a large plan a third larger.
        "references": [number for number, one in enumerate(resource.dependencies) if one in resource.data],
        "answers": list(resource.answers),
        "inputs": resource.inputs,
    }


def _json(value: Json, *, depth: int = 0) -> str:
    """Return a value as JSON at a depth of the document: in JSON, line ends only occur between values."""
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n" + depth * "  ")


def _refuse_foreign(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise NotAPlanError(f"{target}: is a file; a plan is a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / PLAN).is_file():
        raise NotAPlanError(f"{target}: holds files but no {PLAN}; choose an empty or new folder for the plan")


def _write_text(file: Path, pieces: Iterable[str]) -> None:
    # The bytes do not depend on the platform's line ends.
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(pieces)


def _sibling(target: Path, purpose: str) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.{purpose}")


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = _sibling(target, "old")
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old)
