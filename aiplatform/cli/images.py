"""`aiplatform images`: the container images of a stack, and their places in its registry."""

from collections.abc import Sequence

import typer

from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json
from aiplatform.cli.stacks import load_stack, record_stack
from aiplatform.preview.images import images


def show_images(name: str, *, changed: Sequence[str], as_json: bool) -> None:
    """Print each image of a stack and where its nodes pull it from, one a line, for a script that copies them."""
    stack = load_stack(name, changed)
    with about(name):
        found = images(record_stack(stack), stack.settings, stack.folder)
        if stack.settings.kubeflow is not None and stack.settings.kubeflow.is_remote():
            note("note: images of Kubeflow are listed when kubeflow.source is a directory")
    if as_json:
        print_json([{"image": image, "place": place} for image, place in found.items()])
        return
    for image, place in found.items():
        typer.echo(image if place == image else f"{image} {place}")
