"""Argo CD and its image updater: tags in an order, a branch to commit to."""

import re
from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

_NUMBER = re.compile(r"(?:\[0-9\]|\\d)[+*]|(?:\[0-9\]|\\d)\{(\d*),(\d*)\}")
"""A number of any length in the expression of tags."""

_RELEASE = re.compile(r"v?\d+\.\d+(?:\.\d+)?|[0-9a-f]{40}")


def updated_tags(stack: Stack) -> Iterator[Problem]:
    """The alphabetical order of allowed tags is their order in time: 1.0.100 is before 1.0.90.

    https://github.com/argoproj-labs/argocd-image-updater/issues/942
    """
    gitops = stack.settings.gitops
    if gitops is None or gitops.image_updater is None:
        return
    here: Path = ("gitops", "imageUpdater")
    for name, image in gitops.image_updater.images.items():
        number = _NUMBER.search(image.tags)
        if image.strategy == "alphabetical" and number is not None:
            yield Problem(
                (*here, "images", name, "tags"),
                f"{number[0]} allows numbers of several lengths, and 100 is before 90 in alphabetical order; write a "
                "fixed length such as [0-9]{4}, or set strategy: newest-build",
                severity="warning",
                because=((*here, "images", name, "strategy"),),
            )
        kept = stack.settings.repositories.get(image.repository)
        if kept is not None and kept.lifecycle is not None and kept.lifecycle.keep_tagged == 1:
            yield Problem(
                ("repositories", image.repository, "lifecycle", "keepTagged"),
                "deletes the image that runs as soon as a newer one is pushed, so that no pod of it starts again; set "
                "10 or more",
                severity="warning",
            )
    if _RELEASE.fullmatch(gitops.revision):
        yield Problem(
            ("gitops", "revision"),
            f"{gitops.revision} is not a branch, to which the image updater commits; set a branch, such as main",
            because=(here,),
        )


RULES: tuple[Rule, ...] = (updated_tags,)
