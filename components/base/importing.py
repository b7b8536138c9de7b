"""Imports resources that exist into the state of a stack, instead of creating them."""

import copy

import pulumi

from catalog.reading.problems import nearest
from components.base.renaming import Transformation
from config.types.imports import ending


class Imports:
    """The resources of `project.import` that the program has not registered yet."""

    def __init__(self, wanted: dict[str, str]) -> None:
        self._ids = {ending(key): identifier for key, identifier in wanted.items()}
        self._seen: set[str] = set()

    def transformations(self) -> list[Transformation]:
        """Return the transformation that sets the ID to import, or none if nothing is imported."""
        return [self._transform] if self._ids else []

    def _transform(self, args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        key = f"{args.type_}::{args.name}"
        self._seen.add(key)
        if key not in self._ids:
            return None
        opts = copy.copy(args.opts)
        opts.import_ = self._ids[key]
        return pulumi.ResourceTransformationResult(props=args.props, opts=opts)

    def check(self) -> None:
        """Check, once everything is registered, that each is a resource of the stack.

        Raises:
            RunError: some are not, with a line for each.
        """
        unknown = [key for key in self._ids if key not in self._seen]
        if unknown:
            raise pulumi.RunError("\n".join(map(self._unknown, unknown)))

    def _unknown(self, key: str) -> str:
        best = nearest(key, sorted(self._seen))
        hint = f"did you mean {best}?" if best else "plan.json has the types and names of its resources"
        return f"project.import: the stack has no resource {key}; {hint}"
