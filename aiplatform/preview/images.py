"""The container images of a plan, and their places in its registry."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from aiplatform.errors import CallError
from aiplatform.preview.plan import Json, Plan
from catalog import versions
from catalog.images import chart_images, full_name
from components.base.mirroring import RELEASE
from config import manifests
from config.settings import Settings
from config.types.programs import ImageName
from config.walk import marked


def images(plan: Plan, settings: Settings, folder: Path) -> dict[str, str]:
    """Return the images of pods, charts, manifests and EC2 instances by their own names, each with its place.

    Images of EKS add-ons are not among them: they are in AWS's own registry of the region. Those of Kubeflow are known
    when its manifests are in the project's folder.

    Raises:
        CallError: two different images have the same place.
    """
    own = _own_names(settings)
    found = {own.get(image, image): image for image in _of_pods(plan)}
    for resource in plan.resources:
        if resource.type == RELEASE:
            values = resource.inputs.get("values")
            charts = chart_images(str(resource.inputs["name"]), values if isinstance(values, dict) else {})
            found |= {image: settings.image(image) for image in charts}
    servers = [one.image for server in settings.instances.values() for one in server.containers.values() if one.image]
    found |= {image: settings.image(image) for image in servers}
    if settings.kubeflow is not None and not settings.kubeflow.is_remote():
        found |= manifests.images(folder / settings.kubeflow.source)[1]
    different = {(full_name(image), place) for image, place in found.items()}
    twice = [place for place, count in Counter(place for _, place in different).items() if count > 1]
    if twice:
        raise CallError(f"different images have the same place: {', '.join(twice)}; change the name of one")
    return dict(sorted(found.items()))


def _own_names(settings: Settings) -> dict[str, str]:
    """Return the own name of each image of the stack file and of catalog/versions.py, by its place."""
    constants = [value for key, value in vars(versions).items() if key.endswith("_IMAGE")]
    names = [*constants, *(found.value for found in marked(settings, ImageName))]
    return {settings.image(name): name for name in names}


def _of_pods(plan: Plan) -> Iterator[str]:
    for resource in plan.resources:
        if resource.type.startswith("kubernetes:") and resource.type != RELEASE:
            yield from _below(dict(resource.inputs))


def _below(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "image" and isinstance(item, str):
                yield item
            else:
                yield from _below(item)
    elif isinstance(value, list):
        for item in value:
            yield from _below(item)
