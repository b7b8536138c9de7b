"""Tenants: what is one's alone, names that AWS and Kubernetes take, and quotas that there is room for."""

import re
from collections.abc import Iterator

from catalog.quantities import CPU, GPU, MEMORY, PODS, amount, shown
from catalog.reading.problems import Path, Problem, show
from config.reach import reach
from config.rules.environments import RESERVED
from config.rules.stack import Rule, Stack
from config.tenants import Tenant, TenantQuota, Tenants
from config.types.storage import check_bucket_name

_HERE: Path = ("tenants",)
_NODES: tuple[Path, ...] = (("nodeGroups",), ("nodePools",), ("addons",))
_LABEL_LIMIT = 63
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""

_MOST = 5000
"""Beyond it a plan takes minutes, and namespaces are more than a control plane serves well:
https://github.com/kubernetes/community/blob/master/sig-scalability/configs-and-limits/thresholds.md"""

_MOST_PROFILES = 2000
"""Kubeflow's pages learn of all tenants from one object, which holds some 500 bytes of each; etcd takes 1.5 MiB:
https://etcd.io/docs/v3.5/dev-guide/limit/"""

_PROFILES: Path = (*_HERE, "profiles")


def _place(section: Tenants, tenant: Tenant) -> Path:
    """Where the stack file says that there is this tenant."""
    return (*_HERE, "members", tenant.number) if tenant.number in section.members else (*_HERE, "range")


def numbers(stack: Stack) -> Iterator[Problem]:
    """A range goes up, has room for its digits, and whoever is removed is no member too."""
    section = stack.settings.tenants
    if section is None:
        return
    span = section.range
    if span is not None and span.first > span.last:
        yield Problem((*_HERE, "range", "first"), f"{span.first} is above last, {span.last}; lower it, or raise last")
    elif span is not None and span.last - span.first >= _MOST:
        yield Problem((*_HERE, "range", "last"), f"makes more than {_MOST} tenants; use several clusters")
    if span is not None and len(str(span.last)) > section.digits:
        yield Problem(
            (*_HERE, "range", "last"),
            f"{span.last} has more than {section.digits} digits; write digits: {len(str(span.last))}",
            because=((*_HERE, "digits"),),
        )
    for number in section.members:
        if number in section.removed:
            yield Problem((*_HERE, "members", number), f"{number} is in removed too; take one of the two out")
    for number, what in section.removed.items():
        if what == "keep":
            bucket = next(one.bucket for one in section.kept(stack.settings.project.name) if one.number == number)
            yield Problem(
                (*_HERE, "removed", number),
                f"bucket {bucket} and its repository stay, and cost what they hold; write delete once they are empty",
                severity="warning",
            )


def names(stack: Stack) -> Iterator[Problem]:
    """What is made of a number is a name that Kubernetes and S3 take."""
    section = stack.settings.tenants
    if section is None:
        return
    project = stack.settings.project.name
    seen: set[str] = set()
    for tenant in (*section.all(project), *section.kept(project)):
        because = (("project", "name"), (*_HERE, "prefix"), (*_HERE, "resourcePrefix"))
        for name in (tenant.namespace, tenant.profile):
            if len(name) > _LABEL_LIMIT and "label" not in seen:
                seen.add("label")
                yield Problem(
                    _place(section, tenant), f"{name} is longer than {_LABEL_LIMIT} characters; shorten the prefixes"
                )
        try:
            check_bucket_name(tenant.bucket)
        except ValueError as error:
            # One is enough: all names are made alike.
            if "bucket" not in seen:
                seen.add("bucket")
                yield Problem(_place(section, tenant), f"{error}, or change resourcePrefix", because=because)


def apart(stack: Stack) -> Iterator[Problem]:
    """Namespaces, e-mail addresses, principals and buckets belong to one."""
    section, project = stack.settings.tenants, stack.settings.project.name
    if section is None:
        return
    taken = _taken(stack, section)
    for tenant in (*section.all(project), *section.kept(project)):
        own = {"namespace": tenant.namespace, "bucket": tenant.bucket, "e-mail address": tenant.email}
        if tenant.principal_arn is not None:
            own["principal"] = tenant.principal_arn
        for what, value in own.items():
            other = taken.setdefault((what, value), f"tenant {tenant.name}")
            if other != f"tenant {tenant.name}":
                yield Problem(_place(section, tenant), f"{value} is the {what} of {other} too; choose another")


def profiles(stack: Stack) -> Iterator[Problem]:
    """Profiles need Kubeflow, and names that are no namespace of somebody else: Kubeflow makes one of each."""
    settings, section = stack.settings, stack.settings.tenants
    if section is None or not section.profiles:
        return
    kubeflow = settings.kubeflow
    if kubeflow is None:
        yield Problem(_PROFILES, "needs Kubeflow; write the section kubeflow, or leave it out")
        return
    for part in ("profiles", "admissionWebhook"):
        if not kubeflow.has(part):
            yield Problem(
                _PROFILES,
                f"needs the part {part} of Kubeflow; add it to kubeflow.parts, or leave it out",
                because=(("kubeflow", "parts"),),
            )
    if kubeflow.has("pipelines") and not settings.network.has_control_plane_subnets():
        own = "subnets.controlPlane" if settings.network.subnets else "controlPlaneSubnets: true"
        yield Problem(
            _PROFILES,
            "lets steps of pipelines reach the Kubernetes API, whose addresses lie among those of other tenants' pods; "
            f"write network.{own}, or leave pipelines out of kubeflow.parts",
            because=(("network",),),
        )
    tenants = section.all(settings.project.name)
    if len(tenants) > _MOST_PROFILES:
        yield Problem(
            _PROFILES, f"{len(tenants)} tenants are more than the {_MOST_PROFILES} that Kubeflow's pages know"
        )
    taken = {name: whose for (what, name), whose in _taken(stack, section).items() if what == "namespace"}
    taken |= {tenant.namespace: f"tenant {tenant.name}" for tenant in tenants}
    for tenant in tenants:
        if tenant.profile in taken:
            yield Problem(
                (*_HERE, "profilePrefix")
                if section.profile_prefix == section.namespace_prefix
                else _place(section, tenant),
                f"{tenant.profile} is the namespace of {taken[tenant.profile]}, and Kubeflow makes one of that name "
                "for the Profile; choose another profilePrefix",
                because=((*_HERE, "namespacePrefix"),),
            )
            return


def _taken(stack: Stack, section: Tenants) -> dict[tuple[str, str], str]:
    """What is somebody else's already, and whose."""
    settings = stack.settings
    taken = {("namespace", name): "the platform" for name in RESERVED}
    taken |= {("namespace", one.settings.own_namespace()): show(one.path) for one in settings.workloads.wanted()}
    if section.mlflow is not None:
        taken["namespace", section.mlflow.namespace] = "tenants.mlflow"
    if any(tenant.suspended for tenant in section.all(settings.project.name)):
        taken["namespace", "tenant-suspension"] = "suspended tenants"
    if settings.kubeflow is not None:
        taken |= {("namespace", name): "kubeflow" for name in settings.kubeflow.namespaces()}
    taken |= {("namespace", settings.namespace(key)): f"environments.{key}" for key in settings.environments}
    taken |= {("bucket", settings.bucket_name(key)): f"buckets.{key}" for key in settings.buckets}
    for person, access in settings.cluster.access.items():
        if access.principal_arn is not None:
            taken["principal", access.principal_arn] = f"cluster.access.{person}"
    return taken


def seen_by_instructors(stack: Stack) -> Iterator[Problem]:
    """Instructors read all buckets whose names look like a tenant's, which no other bucket's may."""
    settings, section = stack.settings, stack.settings.tenants
    if section is None or not any(member.instructor for member in section.members.values()):
        return
    prefix = section.resource_prefix or settings.project.name
    alike = re.compile(re.escape(f"{prefix}-{section.prefix}") + ".{2,4}" + re.escape(section.bucket_suffix))
    for key in settings.buckets:
        if alike.fullmatch(settings.bucket_name(key)):
            yield Problem(
                ("buckets", key, "name"),
                f"{settings.bucket_name(key)} looks like a tenant's bucket, which instructors read; choose another",
                because=(_HERE,),
            )


def within_reach(stack: Stack) -> Iterator[Problem]:
    """Nodes can grow to each tenant's quota, and to all of them beside the environments', unless more is promised."""
    section = stack.settings.tenants
    if section is None:
        return
    nodes = reach(stack.settings)
    tenants = [one for one in section.all(stack.settings.project.name) if not one.suspended]
    if len(tenants) > _MOST:
        return
    for resource in (CPU, MEMORY, GPU):
        there, total, told = nodes.get(resource, 0), _environments(stack, resource), False
        for tenant in tenants:
            hard = _hard(tenant.quota, resource)
            total += hard
            if hard > there and not told:
                told = True
                yield Problem(
                    _quota(section, tenant),
                    f"{shown(resource, hard)} of {tenant.name} is more than the {shown(resource, there)} that nodes "
                    "can grow to; lower it, or let nodes grow further",
                    because=_NODES,
                )
        if not told and total > there * section.overcommit:
            yield Problem(
                (*_HERE, "quota"),
                f"all tenants and environments together may ask for {shown(resource, total)}, and nodes can grow to "
                f"{shown(resource, there)}; let nodes grow further, lower it, or say so with overcommit",
                because=(*_NODES, (*_HERE, "members"), (*_HERE, "range"), ("environments",)),
            )


def _environments(stack: Stack, resource: str) -> int:
    quotas = (one.quota.get(f"requests.{resource}") for one in stack.settings.environments.values())
    return sum(amount(resource, quantity) for quantity in quotas if quantity is not None)


def _hard(quota: TenantQuota, resource: str) -> int:
    return amount(
        resource, {CPU: quota.cpu, MEMORY: quota.memory, GPU: str(quota.gpus), PODS: str(quota.pods)}[resource]
    )


def _quota(section: Tenants, tenant: Tenant) -> Path:
    member = section.members.get(tenant.number)
    return (*_place(section, tenant), "quota") if member and member.quota else (*_HERE, "quota")


def enough_for_services(stack: Stack) -> Iterator[Problem]:
    """A tenant's own MLflow server fits into its quota, by what it asks for and by what it may use."""
    section = stack.settings.tenants
    if section is None or section.mlflow is None:
        return
    asked = section.mlflow.resources
    told: set[Path] = set()
    for tenant in section.all(stack.settings.project.name):
        path = _quota(section, tenant)
        for resource in (CPU, MEMORY):
            values = (getattr(asked.requests, resource), getattr(asked.limits, resource))
            most = max(amount(resource, value) for value in values if value is not None)
            key = (*path, resource)
            if most > _hard(tenant.quota, resource) and key not in told:
                told.add(key)
                yield Problem(
                    key,
                    f"is less than the {shown(resource, most)} of the tenant's own MLflow server; raise it",
                    because=((*_HERE, "mlflow"),),
                )


RULES: tuple[Rule, ...] = (
    numbers,
    names,
    apart,
    seen_by_instructors,
    within_reach,
    enough_for_services,
    profiles,
)
