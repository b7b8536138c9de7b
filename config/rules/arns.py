"""ARNs of stack files are in the platform's region and account."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack
from config.types.arns import ArnOf
from config.walk import marked


def location(stack: Stack) -> Iterator[Problem]:
    """A resource is in the region of the platform, and in its account unless its policy can allow another one."""
    project = stack.settings.project
    for path, value, kind in marked(stack.settings, ArnOf):
        region, account = value.split(":")[3:5]
        if kind.regional and region != project.region:
            yield Problem(
                path,
                f"is in {region}; set {kind.what} in {project.region}, the region of the platform",
                because=(("project", "region"),),
            )
        if project.account_id is None or account == project.account_id:
            continue
        yield Problem(
            path,
            f"is of the account {account}, and the platform's is {project.account_id}; "
            f"{kind.elsewhere or f'set {kind.what} of that account'}",
            severity="warning" if kind.elsewhere else "error",
            because=(("project", "accountId"),),
        )


RULES: tuple[Rule, ...] = (location,)
