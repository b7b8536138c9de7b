"""The base class of every component."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pulumi

UNREPORTED = "not-reported"
"""Placeholder for an output that AWS, EKS or a controller has not reported yet, or that a recording cloud omits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """The former identity of a resource in an earlier release. An omitted field is unchanged.

    The Pulumi engine derives the aliases of each child from the aliases of its parent. It replaces the parent's name
    at the beginning of a child's name. Therefore only the resource that changes needs an entry.
    """

    name: str | None = None
    """The logical name."""

    token: str | None = None
    """The Pulumi type."""

    parent: pulumi.Resource | str | None = None
    """The parent resource, or the types in the URN of a parent that no longer exists.

    Example: `ai-platform:platform:Platform$ai-platform:data:Stores`. `pulumi:pulumi:Stack` means no parent.
    """

    def alias(self) -> pulumi.Alias:
        """Return the Pulumi alias. Call this only while the Pulumi program runs."""
        alias = pulumi.Alias()
        if self.name is not None:
            alias.name = self.name
        if self.token is not None:
            alias.type_ = self.token
        if isinstance(self.parent, str):
            # A child's URN contains only the types of its parent's URN.
            alias.parent = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{self.parent}::former"
        elif self.parent is not None:
            alias.parent = self.parent
        return alias


class Component(pulumi.ComponentResource):
    """A component resource that is the parent of all its children.

    Each child inherits the caller's `depends_on`, because Pulumi does not pass it to children. No other option of the
    caller, such as a parent or an import ID, reaches a child.
    """

    TOKEN: ClassVar[str]
    """The Pulumi type, `ai-platform:<area>:<Component>`."""

    FORMERLY: ClassVar[tuple[str, ...]] = ()
    """The Pulumi types of the component in earlier releases. docs/upgrades.md defines how long an entry is kept."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TOKEN, name, None, _with_former_types(opts, self.FORMERLY))
        self.name = name
        self._after: Any = opts.depends_on if opts else None

    def child(
        self,
        *,
        depends_on: Sequence[pulumi.Resource] = (),
        providers: Sequence[pulumi.ProviderResource] = (),
        ignore_changes: Sequence[str] = (),
        formerly: Sequence[Former] = (),
        waits: bool = True,
    ) -> pulumi.ResourceOptions:
        """Return the options of a child resource or component, with one alias for each entry in `formerly`.

        With `waits=False` the child does not inherit the component's dependencies. Use it when a resource in
        `depends_on` already has them, or when the child needs none. Pulumi traverses the transitive dependencies of
        each edge, so fewer edges make a run faster.
        """
        after = _as_list(self._after) if waits else []
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=[*after, *depends_on] or None,
            providers=list(providers) or None,
            ignore_changes=list(ignore_changes) or None,
            aliases=[former.alias() for former in formerly] or None,
        )

    def finish(self, **outputs: Any) -> None:  # noqa: ANN401, outputs are of any type
        """Register the outputs. Every component calls this last."""
        self.register_outputs(outputs)


def _with_former_types(opts: pulumi.ResourceOptions | None, tokens: Sequence[str]) -> pulumi.ResourceOptions | None:
    """Return the options with an alias for each former type under the present and each former name and parent."""
    if not tokens:
        return opts
    given = [alias for alias in (opts and opts.aliases) or () if isinstance(alias, pulumi.Alias)]
    aliases = [_typed(alias, token) for token in tokens for alias in (pulumi.Alias(), *given)]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=aliases))


def _typed(alias: pulumi.Alias, token: str) -> pulumi.Alias:
    typed = copy.copy(alias)
    typed.type_ = token
    return typed


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401, Pulumi takes one resource or several
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) else [value]


def named(name: str, tags: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the tags of a resource, including the Name tag that consoles display."""
    return {"Name": name, **(tags or {})}
