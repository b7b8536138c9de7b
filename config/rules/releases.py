"""Image updates of environments that Argo CD delivers."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem, did_you_mean
from config.rules.stack import Rule, Stack


def image_updates(stack: Stack) -> Iterator[Problem]:
    """Image updates have repositories of this stack, environments with a delivery, and credentials to commit."""
    gitops = stack.settings.gitops
    if gitops is None or gitops.image_updater is None:
        return
    path: Path = ("gitops", "imageUpdater")
    delivered = tuple(name for name, one in stack.settings.environments.items() if one.delivery is not None)
    for index, name in enumerate(gitops.image_updater.environments):
        if name not in delivered:
            hint = did_you_mean(name, delivered) if delivered else "; set delivery in an environment"
            yield Problem(
                (*path, "environments", index),
                f"no environment with delivery is named {name!r}{hint}",
                because=(("environments",),),
            )
    if not delivered:
        yield Problem(
            path, "has no environment to update; set delivery in an environment", because=(("environments",),)
        )
    if gitops.credentials is None:
        yield Problem(
            path,
            "requires gitops.credentials to commit; set a secret whose username and password can push",
            because=(("gitops", "credentials"),),
        )


RULES: tuple[Rule, ...] = (image_updates,)
