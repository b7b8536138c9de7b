"""Pulls every container image of a stack from its registry."""

from typing import Any

import pulumi

from catalog.images import mirrored_values
from components.base.renaming import Transformation
from config.settings import Settings

RELEASE = "kubernetes:helm.sh/v3:Release"


def mirroring(settings: Settings) -> list[Transformation]:
    """Return the transformation that replaces the registry of all images, or none if the stack has no registry.

    It changes what is registered, so that no component can forget it: containers of every kind of object, and the
    values of charts. The objects of Kubeflow's manifests are not registered by this program.
    """
    registry = settings.images.registry
    if registry is None:
        return []

    def mirror(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("kubernetes:"):
            return None
        props: dict[str, Any] = dict(args.props)
        if args.type_ == RELEASE:
            props["values"] = mirrored_values(props["name"], props["values"], registry=registry, place=settings.image)
        return pulumi.ResourceTransformationResult(props=_placed(props, settings), opts=args.opts)

    return [mirror]


def _placed(value: Any, settings: Settings) -> Any:  # noqa: ANN401, inputs are of any type
    """Return inputs with each `image` in its place; typed inputs are changed, which a second time changes nothing."""
    if isinstance(value, dict):
        return {
            key: _image(item, settings) if key == "image" else _placed(item, settings) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_placed(item, settings) for item in value]
    if hasattr(type(value), "_pulumi_input_type"):
        for key, item in vars(value).items():
            vars(value)[key] = _image(item, settings) if key == "image" else _placed(item, settings)
    return value


def _image(value: Any, settings: Settings) -> Any:  # noqa: ANN401, some charts have a map here
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: _image(known, settings))
    return settings.image(value) if isinstance(value, str) else _placed(value, settings)
