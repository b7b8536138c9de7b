"""Open WebUI in the version of the stacks, and the table of its environment variables.

It runs in its slim form, which computes no embeddings itself and needs few of its packages. `python -m
tests.parts.open_webui` writes the table from the package.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from catalog.open_webui import TABLE, VERSION
from tests.parts import wheels

LOCK = Path(__file__).with_name("open-webui-requirements.txt")

READS = ("os.getenv", "os.environ.get", "_int_env")


def programs(*, build: bool = False) -> Path:
    """Return the folder with the `python` that imports it, and `uvicorn`.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    return wheels.environment("open-webui", LOCK, build=build) / "bin"


def package(programs: Path) -> Path:
    """Return the folder of its modules."""
    (found,) = programs.parent.glob("lib/*/site-packages/open_webui")
    return found


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in READS and bool(node.args)


def _read(tree: ast.AST, *, defaults: bool = True) -> Iterator[str]:
    """Yield the variables that an expression reads, with or without those of defaults."""
    for node in _nodes(tree, defaults=defaults):
        name = None
        if _is_read(node):
            name = node.args[0]  # type: ignore[attr-defined]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name = node.slice
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield name.value


def _nodes(tree: ast.AST, *, defaults: bool) -> Iterator[ast.AST]:
    yield tree
    for node in ast.iter_child_nodes(tree):
        if defaults or not (_is_read(tree) and node is not tree.args[0]):  # type: ignore[attr-defined]
            yield from _nodes(node, defaults=defaults)


class Source:
    """The assignments of Open WebUI's `config.py`."""

    def __init__(self, folder: Path) -> None:
        tree = ast.parse((folder / "config.py").read_text(encoding="utf-8"))
        self._assigned: dict[str, list[ast.expr]] = defaultdict(list)
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if _annotated(node) else []  # type: ignore[attr-defined]
            for target in targets:
                if isinstance(target, ast.Name) and node.value is not None:  # type: ignore[attr-defined]
                    self._assigned[target.id].append(node.value)  # type: ignore[attr-defined]
        self._every = set(_read(tree))

    def settings(self) -> dict[str, list[str]]:
        """Return the settings of each variable: a key, and the path below it if the variable is only a part of it."""
        found: dict[str, list[str]] = defaultdict(list)
        (defaults,) = self._assigned["DEFAULT_CONFIG"]
        for key, path, value in self._leaves(defaults, ()):
            for variable in self._variables(value, frozenset()):
                found[variable].append(":".join(filter(None, (key, path))))
        return found

    def _leaves(self, value: ast.expr, path: tuple[str, ...]) -> Iterator[tuple[str, str, ast.expr]]:
        values = [value]
        while path and isinstance(values[-1], ast.Name) and len(self._assigned[values[-1].id]) == 1:
            values.append(self._assigned[values[-1].id][0])
        if isinstance(values[-1], ast.Dict) and values[-1].keys:
            for key, below in zip(values[-1].keys, values[-1].values, strict=True):
                yield from self._leaves(below, (*path, ast.literal_eval(key)))  # type: ignore[arg-type]
        else:
            yield path[0], ".".join(path[1:]), value

    def _variables(self, value: ast.expr, seen: frozenset[str]) -> set[str]:
        """Return the variables that decide a value; one that is only the default of another does not."""
        found = set(_read(value, defaults=False))
        for node in _nodes(value, defaults=False):
            if isinstance(node, ast.Name) and node.id.isupper() and node.id not in seen:
                found |= {node.id} & self._every
                for other in self._assigned[node.id]:
                    found |= self._variables(other, seen | {node.id})
        return found


def _annotated(node: ast.AST) -> bool:
    return isinstance(node, ast.AnnAssign | ast.AugAssign)


def table(folder: Path) -> str:
    """Return the content of the table."""
    texts = (file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    known = {
        name
        for text in texts
        if any(read in text for read in ("os.environ", *READS))
        for name in _read(ast.parse(text))
    }
    settings = Source(folder).settings()
    return (
        f"# What open-webui {VERSION} reads from its environment, and the settings of the web interface that it sets.\n"
        "# https://docs.openwebui.com/reference/env-configuration\n"
        "# Written by `python -m tests.parts.open_webui` from the package of that version.\n"
    ) + "".join(f"{' '.join((name, *sorted(settings.get(name, ()))))}\n" for name in sorted(known | settings.keys()))


if __name__ == "__main__":
    TABLE.write_text(table(package(programs())), encoding="utf-8")
