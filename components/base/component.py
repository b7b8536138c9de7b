"""The base of every component."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi

UNREPORTED = "not-reported"
"""Stands for what AWS, EKS or a controller has not said: a recording cloud, or one that has not got so far."""


class Component(pulumi.ComponentResource):
    """A component resource whose children all have it as parent.

    What the caller asks of the component by `depends_on` holds for each of its children: Pulumi itself does not hand
    it down. Nothing else of the caller's options reaches a child, so that a caller's parent or import id cannot.
    """

    TOKEN: ClassVar[str]
    """The Pulumi type, `ai-platform:<area>:<Component>`."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TOKEN, name, None, opts)
        self.name = name
        self._after: Any = opts.depends_on if opts else None

    def child(
        self,
        *,
        depends_on: Sequence[pulumi.Resource] = (),
        providers: Sequence[pulumi.ProviderResource] = (),
        ignore_changes: Sequence[str] = (),
        waits: bool = True,
    ) -> pulumi.ResourceOptions:
        """The options of a child resource or component.

        Without `waits` the child does not itself wait for what the component waits for: because something in
        `depends_on` does, or because it has nothing to wait for. Each edge takes Pulumi a look at all behind it.
        """
        after = _as_list(self._after) if waits else []
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=[*after, *depends_on] or None,
            providers=list(providers) or None,
            ignore_changes=list(ignore_changes) or None,
        )

    def finish(self, **outputs: Any) -> None:  # noqa: ANN401, outputs are of any type
        """Register the outputs; every component does this last."""
        self.register_outputs(outputs)


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401, Pulumi takes one resource or several
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) else [value]


def named(name: str, tags: Mapping[str, str] | None = None) -> dict[str, str]:
    """The tags of a resource that shows its name by the Name tag."""
    return {"Name": name, **(tags or {})}
