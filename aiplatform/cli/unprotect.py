"""`aiplatform unprotect`: show what a stack protects from deletion, and how to lift it. It changes nothing."""

import shlex
from collections.abc import Iterator, Sequence

import typer

from aiplatform.cli.output import print_json
from aiplatform.cli.stacks import Stack, load_stack, record_stack
from aiplatform.errors import CallError
from aiplatform.preview.plan import Resource
from catalog.reading.problems import show
from components.base.protection import PROTECTED


def show_protection(name: str, *, only: str | None, as_json: bool) -> None:
    """Print each protected resource with the reason, and the settings or commands that lift its protection.

    Raises:
        CallError: no protected resource matches `only`.
    """
    stack = load_stack(name)
    kept = [one for one in record_stack(stack).resources if one.protect]
    chosen = [one for one in kept if only is None or only in one.urn]
    if only is not None and not chosen:
        raise CallError(f"none of the {len(kept)} protected resources of {name} has {only!r} in its URN")
    if as_json:
        print_json([{"urn": one.urn, "type": one.type, "why": PROTECTED[one.type].why} for one in chosen])
        return
    typer.echo("\n".join([*_listed(name, chosen), *_how(stack, chosen, only)]))


def _listed(name: str, chosen: Sequence[Resource]) -> Iterator[str]:
    yield (
        f"{len(chosen)} protected resources of {name}, and what is lost with each:"
        if chosen
        else (f"{name} protects nothing: pulumi destroy deletes all of it")
    )
    width = max((len(one.type) for one in chosen), default=0)
    for one in chosen:
        kept = "; stays in the account" if one.retain_on_delete else ""
        yield f"  {one.type:{width}}  {one.name}: {PROTECTED[one.type].why}{kept}"


def _how(stack: Stack, chosen: Sequence[Resource], only: str | None) -> Iterator[str]:
    """Yield the steps: the settings for the whole stack, or a command for each chosen resource."""
    if not chosen:
        return
    if only is not None:
        yield ""
        yield "To delete or replace these and no others, run the commands, change the stack file, and run pulumi up."
        yield "A resource that is still in the stack file is protected again by the next pulumi up."
        for one in chosen:
            yield f"  pulumi state unprotect --stack {stack.name} --yes {shlex.quote(one.urn)}"
        return
    yield ""
    yield f"To delete the platform, set in Pulumi.{stack.name}.yaml:"
    yield "  project.deletionProtection: false"
    for path, protected in stack.settings.protected_by().items():
        if protected:
            yield f"  {show(path)}: false"
    name = stack.name
    yield f"Then run pulumi up --stack {name}, which lifts the protection, and pulumi destroy --stack {name}."
    yield "To lift the protection of single resources: aiplatform unprotect --only TEXT, a part of their URNs."
