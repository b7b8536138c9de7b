"""IAM principals with access to the Kubernetes API: EKS accepts one access entry for each.

https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html
"""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.settings import Settings

_DEPLOYER: Path = ("project", "deployer")


def principals(stack: Stack) -> Iterator[Problem]:
    """Each principal has one access entry, and the deployer, whom EKS makes an administrator, has none."""
    settings = stack.settings
    account = settings.project.account_id
    taken = {("role", name): (account, whose) for name, whose in _created(settings)}
    for path, arn, whose in _given(settings):
        _, _, _, _, of, resource = arn.split(":", 5)
        # A role name is unique in an account, whatever its path; accounts that are not known can be the same.
        key = (resource.partition("/")[0], resource.rpartition("/")[2])
        where, other = taken.setdefault(key, (of, whose))
        if other == whose or (where is not None and where != of):
            continue
        if other == ".".join(map(str, _DEPLOYER)):
            fix = "EKS makes it an administrator of the cluster without an entry; remove this one"
        elif path == _DEPLOYER:
            fix = "a stack cannot be deployed by a role that it creates; set another one"
        else:
            fix = "EKS accepts one access entry for a principal; choose another, or remove it"
        yield Problem(path, f"{arn} is already the principal of {other}; {fix}")


def _created(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the name of each role of this stack with an access entry, and what has it."""
    project, cluster = settings.project.name, settings.cluster_name()
    yield settings.cluster.node_role.name or f"{cluster}-node", "node groups"
    if settings.node_pools:
        yield f"{cluster}-karpenter-node", "node pools"
    for key, server in settings.instances.items():
        if server.cluster_access is not None:
            yield f"{project}-{key}-instance", f"instances.{key}"
    for person, access in settings.cluster.access.items():
        if access.principal_arn is None:
            yield f"{project}-access-{person}", f"cluster.access.{person}"
    for tenant in settings.tenants.all(project) if settings.tenants else ():
        if tenant.principal_arn is None:
            yield f"{project}-tenant-{tenant.name}", f"tenant {tenant.name}"


def _given(settings: Settings) -> Iterator[tuple[Path, str, str]]:
    """Yield the path of each ARN of a principal, the ARN, and what has it."""
    if settings.project.deployer is not None:
        yield _DEPLOYER, settings.project.deployer, ".".join(map(str, _DEPLOYER))
    for person, access in settings.cluster.access.items():
        if access.principal_arn is not None:
            path: Path = ("cluster", "access", person, "principalArn")
            yield path, access.principal_arn, f"cluster.access.{person}"
    for tenant in settings.tenants.all(settings.project.name) if settings.tenants else ():
        if tenant.principal_arn is not None:
            path = ("tenants", "members", tenant.number, "principalArn")
            yield path, tenant.principal_arn, f"tenant {tenant.name}"


def deployer(stack: Stack) -> Iterator[Problem]:
    """Credentials assume a role, which the stack file names."""
    project = stack.settings.project
    if not project.assume_deployer:
        return
    path: Path = ("project", "assumeDeployer")
    if project.deployer is None:
        yield Problem(path, "requires project.deployer; set the ARN of the role, or remove it", because=(_DEPLOYER,))
    elif ":role/" not in project.deployer:
        yield Problem(path, f"{project.deployer} is not a role; set a role, or remove it", because=(_DEPLOYER,))


RULES: tuple[Rule, ...] = (principals, deployer)
