"""What Argo CD delivers, and what looks for new images."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem, did_you_mean
from config.rules.stack import Rule, Stack


def image_updates(stack: Stack) -> Iterator[Problem]:
    """New images are looked for in repositories of this stack, for environments that Argo CD delivers to, and what is
    found can be committed."""
    gitops = stack.settings.gitops
    if gitops is None or gitops.image_updater is None:
        return
    path: Path = ("gitops", "imageUpdater")
    delivered = tuple(name for name, one in stack.settings.environments.items() if one.delivery is not None)
    for index, name in enumerate(gitops.image_updater.environments):
        if name not in delivered:
            hint = did_you_mean(name, delivered) if delivered else "; no environment has a delivery"
            yield Problem(
                (*path, "environments", index),
                f"{name!r} is no environment that Argo CD delivers to{hint}",
                because=(("environments",),),
            )
    if not delivered:
        yield Problem(
            path, "has nothing to update: no environment has a delivery; add one", because=(("environments",),)
        )
    if gitops.credentials is None:
        yield Problem(
            path,
            "cannot commit: gitops.credentials is missing; name a secret with username and password that may push",
            because=(("gitops", "credentials"),),
        )


RULES: tuple[Rule, ...] = (image_updates,)
