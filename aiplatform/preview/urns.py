"""URNs of the engine: of a resource, and of its former names.

https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go: `generateAliases`
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pulumi.runtime.proto import alias_pb2

_STACK = "pulumi:pulumi:Stack"


class Project(NamedTuple):
    """The project and stack of a URN."""

    name: str
    stack: str

    def urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN of a resource, which contains the types of all its ancestors except the stack."""
        above = qualified_type(parent) if parent else _STACK
        chain = type_ if above == _STACK else f"{above}${type_}"
        return f"urn:pulumi:{self.stack}::{self.name}::{chain}::{name}"


def qualified_type(urn: str) -> str:
    """Return the types in a URN: those of the ancestors and the resource's own."""
    return urn.split("::", 3)[2]


def name_of(urn: str) -> str:
    """Return the logical name in a URN."""
    return urn.split("::", 3)[3]


def aliases_of(
    project: Project,
    urn: str,
    parent: str,
    specs: Sequence[alias_pb2.Alias],
    aliases: Mapping[str, Sequence[str]],
) -> tuple[str, ...]:
    """Return every URN by which a state can know a resource: of its own `specs`, and of the aliases of its parent.

    `aliases` are those of the resources before it. The engine tries them in this order and uses the first that its
    state contains. A child inherits only the alias by which its parent was found; without a state that can be any.
    """
    if not specs and parent not in aliases:
        return ()
    type_, name = qualified_type(urn).rpartition("$")[2], name_of(urn)
    own = [each for spec in specs for each in _resolved(project, (parent, type_, name), spec, aliases)]
    inherited = [
        project.urn(former, each_type, _renamed(each_name, parent, former))
        for former in aliases.get(parent, ())
        for each_type, each_name in [
            (type_, name),
            *((qualified_type(each).rpartition("$")[2], name_of(each)) for each in own),
        ]
    ]
    return tuple(each for each in dict.fromkeys([*own, *inherited]) if each != urn)


def _resolved(
    project: Project,
    today: tuple[str, str, str],
    alias: alias_pb2.Alias,
    aliases: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    if alias.WhichOneof("alias") == "urn":
        yield alias.urn
        return
    spec, (parent, type_, name) = alias.spec, today
    at = Project(spec.project or project.name, spec.stack or project.stack)
    # A parent in an alias is looked up by its own aliases, too.
    parents = [spec.parentUrn, *aliases.get(spec.parentUrn, ())] if spec.parentUrn else [parent]
    for each in [""] if spec.noParent else parents:
        yield at.urn(each, spec.type or type_, spec.name or name)


def _renamed(name: str, parent: str, former: str) -> str:
    """Return a child's name below its parent's former name, if the child's name begins with the parent's."""
    rest = name.removeprefix(name_of(parent))
    return f"{name_of(former)}{rest}" if name.startswith(name_of(parent)) else name
