"""AWS managed policies exist under the path that is given: IAM answers NoSuchEntity otherwise."""

from collections.abc import Iterator

from catalog.managed_policies import AS_OF, paths
from catalog.reading.problems import Path, Problem, nearest
from config.rules.stack import Rule, Stack

_OF_AWS = "arn:aws:iam::aws:policy/"


def known(stack: Stack) -> Iterator[Problem]:
    """The policies of nodes, and a permissions boundary of AWS, are in the table; a newer one is a warning."""
    for index, policy in enumerate(stack.settings.cluster.node_role.policies):
        yield from _known(("cluster", "nodeRole", "policies", index), policy, "")
    boundary = stack.settings.project.permissions_boundary or ""
    if boundary.startswith(_OF_AWS):
        yield from _known(("project", "permissionsBoundary"), boundary.removeprefix(_OF_AWS), _OF_AWS)


def _known(path: Path, policy: str, prefix: str) -> Iterator[Problem]:
    name = policy.rpartition("/")[2]
    written = paths().get(name)
    if written == policy:
        return
    similar = nearest(name, sorted(paths()))
    if written is not None:
        yield Problem(path, f"{name} is in another path of IAM; write {prefix}{written}")
    elif similar is not None:
        yield Problem(
            path,
            f"{name} is not in the table of AWS managed policies of {AS_OF}; did you mean {prefix}{paths()[similar]}? "
            "If not, check with `aws iam get-policy`",
            "warning",
        )
    else:
        yield Problem(
            path,
            f"{name} is not in the table of AWS managed policies of {AS_OF}; check with `aws iam get-policy`",
            "warning",
        )


RULES: tuple[Rule, ...] = (known,)
