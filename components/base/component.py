"""The base of every component."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pulumi

UNREPORTED = "not-reported"
"""Stands for what AWS, EKS or a controller has not said: a recording cloud, or one that has not got so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What an earlier release called a resource. What is left out is as it is today.

    The engine gives each child the aliases that follow from its parent's; in a child's name it replaces the parent's
    name at the beginning. So only the resource that changes needs one.
    """

    name: str | None = None
    """The logical name."""

    token: str | None = None
    """The Pulumi type."""

    parent: pulumi.Resource | str | None = None
    """The parent; for one that is gone the types of its URN: `ai-platform:platform:Platform$ai-platform:data:Stores`.

    `pulumi:pulumi:Stack` stands for none.
    """

    def alias(self) -> pulumi.Alias:
        """The alias; it has to be made while the program runs."""
        alias = pulumi.Alias()
        if self.name is not None:
            alias.name = self.name
        if self.token is not None:
            alias.type_ = self.token
        if isinstance(self.parent, str):
            # Of a parent's URN only the types become part of a child's.
            alias.parent = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{self.parent}::former"
        elif self.parent is not None:
            alias.parent = self.parent
        return alias


class Component(pulumi.ComponentResource):
    """A component resource whose children all have it as parent.

    What the caller asks of the component by `depends_on` holds for each of its children: Pulumi itself does not hand
    it down. Nothing else of the caller's options reaches a child, so that a caller's parent or import id cannot.
    """

    TOKEN: ClassVar[str]
    """The Pulumi type, `ai-platform:<area>:<Component>`."""

    FORMERLY: ClassVar[tuple[str, ...]] = ()
    """The types that earlier releases gave it. How long one is kept: docs/upgrades.md."""

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
        """The options of a child resource or component, with an alias for each of what it was `formerly`.

        Without `waits` the child does not itself wait for what the component waits for: because something in
        `depends_on` does, or because it has nothing to wait for. Each edge takes Pulumi a look at all behind it.
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
        """Register the outputs; every component does this last."""
        self.register_outputs(outputs)


def _with_former_types(opts: pulumi.ResourceOptions | None, tokens: Sequence[str]) -> pulumi.ResourceOptions | None:
    """The options with an alias for each former type, under the present name and parent and under each former one."""
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
    """The tags of a resource that shows its name by the Name tag."""
    return {"Name": name, **(tags or {})}
