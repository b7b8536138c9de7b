"""Tenants: isolation, valid names, quotas compared with the capacity of nodes, profiles and backups."""

import re
from collections.abc import Iterator

from catalog.quantities import CPU, GPU, MEMORY, PODS, amount, shown
from catalog.reading.problems import Path, Problem
from config.parts import namespaces
from config.reach import reach
from config.rules.stack import Rule, Stack
from config.tenants import Tenant, TenantQuota, Tenants
from config.types.storage import check_bucket_name
from config.workloads.mlflow_options import TENANT_GC_RESOURCES
from config.workloads.resources import Resources

_HERE: Path = ("tenants",)
_NODES: tuple[Path, ...] = (("nodeGroups",), ("nodePools",), ("addons",))
_LABEL_LIMIT = 63
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""

_MOST = 5000
"""Maximum number of tenants: with more, a plan takes minutes, and namespaces exceed what a control plane supports well:
https://github.com/kubernetes/community/blob/master/sig-scalability/configs-and-limits/thresholds.md"""

_MOST_PROFILES = 2000
"""Maximum number of profiles: Kubeflow stores all of them in one object, 500 bytes each; etcd accepts 1.5 MiB:
https://etcd.io/docs/v3.5/dev-guide/limit/"""

_PROFILES: Path = (*_HERE, "profiles")


def _place(section: Tenants, tenant: Tenant) -> Path:
    """Return the path that defines a tenant."""
    return (*_HERE, "members", tenant.number) if tenant.number in section.members else (*_HERE, "range")


def numbers(stack: Stack) -> Iterator[Problem]:
    """A range is in order and fits its digits, and a removed tenant is not a member."""
    section = stack.settings.tenants
    if section is None:
        return
    span = section.range
    if span is not None and span.first > span.last:
        yield Problem(
            (*_HERE, "range", "first"), f"{span.first} is above last, {span.last}; decrease it, or increase last"
        )
    elif span is not None and span.last - span.first >= _MOST:
        yield Problem((*_HERE, "range", "last"), f"defines more than {_MOST} tenants; use several clusters")
    if span is not None and len(str(span.last)) > section.digits:
        yield Problem(
            (*_HERE, "range", "last"),
            f"{span.last} has more than {section.digits} digits; set digits: {len(str(span.last))}",
            because=((*_HERE, "digits"),),
        )
    for number in section.members:
        if number in section.removed:
            yield Problem((*_HERE, "members", number), f"{number} is also in removed; delete one of the two entries")
    for number, what in section.removed.items():
        if what == "keep":
            bucket = next(one.bucket for one in section.kept(stack.settings.project.name) if one.number == number)
            yield Problem(
                (*_HERE, "removed", number),
                f"bucket {bucket} and its repository are kept and have a cost; set delete when they are empty",
                severity="warning",
            )


def names(stack: Stack) -> Iterator[Problem]:
    """Names composed of a tenant's number are valid in Kubernetes and S3."""
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
            # All names are composed in the same way: one report is enough.
            if "bucket" not in seen:
                seen.add("bucket")
                yield Problem(_place(section, tenant), f"{error}, or change resourcePrefix", because=because)


def apart(stack: Stack) -> Iterator[Problem]:
    """Namespaces, e-mail addresses and buckets are unique to a tenant."""
    section, project = stack.settings.tenants, stack.settings.project.name
    if section is None:
        return
    taken = _taken(stack, section)
    for tenant in (*section.all(project), *section.kept(project)):
        own = {"namespace": tenant.namespace, "bucket": tenant.bucket, "e-mail address": tenant.email}
        for what, value in own.items():
            other = taken.setdefault((what, value), f"tenant {tenant.name}")
            if other != f"tenant {tenant.name}":
                yield Problem(_place(section, tenant), f"{value} is already the {what} of {other}; choose another")


def profiles(stack: Stack) -> Iterator[Problem]:
    """Profiles require Kubeflow, and names that are not a namespace: Kubeflow creates a namespace for each profile."""
    settings, section = stack.settings, stack.settings.tenants
    if section is None or not section.profiles:
        return
    kubeflow = settings.kubeflow
    if kubeflow is None:
        yield Problem(_PROFILES, "requires the section kubeflow; add it, or remove profiles")
        return
    for part in ("profiles", "admissionWebhook"):
        if not kubeflow.has(part):
            yield Problem(
                _PROFILES,
                f"requires the Kubeflow part {part}; add it to kubeflow.parts, or remove profiles",
                because=(("kubeflow", "parts"),),
            )
    if kubeflow.has("pipelines") and not settings.network.has_control_plane_subnets():
        own = "subnets.controlPlane" if settings.network.subnets else "controlPlaneSubnets: true"
        yield Problem(
            _PROFILES,
            "pipeline steps need access to the Kubernetes API, whose addresses are in the same subnets as other "
            f"tenants' pods; set network.{own}, or remove pipelines from kubeflow.parts",
            because=(("network",),),
        )
    tenants = section.all(settings.project.name)
    if len(tenants) > _MOST_PROFILES:
        yield Problem(_PROFILES, f"{len(tenants)} tenants exceed the {_MOST_PROFILES} profiles that Kubeflow supports")
    taken = {name: whose for (what, name), whose in _taken(stack, section).items() if what == "namespace"}
    taken |= {tenant.namespace: f"tenant {tenant.name}" for tenant in tenants}
    for tenant in tenants:
        if tenant.profile in taken:
            yield Problem(
                (*_HERE, "profilePrefix")
                if section.profile_prefix == section.namespace_prefix
                else _place(section, tenant),
                f"{tenant.profile} is already the namespace of {taken[tenant.profile]}, and Kubeflow creates a "
                "namespace of that name for the Profile; choose another profilePrefix",
                because=((*_HERE, "namespacePrefix"),),
            )
            return


def _taken(stack: Stack, section: Tenants) -> dict[tuple[str, str], str]:
    """Return the owner of each namespace and bucket that is already in use."""
    settings = stack.settings
    taken = {("namespace", name): whose for name, whose in namespaces(settings).items()}
    if section.mlflow is not None:
        taken["namespace", section.mlflow.namespace] = "tenants.mlflow"
    if any(tenant.suspended for tenant in section.all(settings.project.name)):
        taken["namespace", "tenant-suspension"] = "suspended tenants"
    if settings.kubeflow is not None:
        taken |= {("namespace", name): "kubeflow" for name in settings.kubeflow.namespaces()}
    taken |= {("namespace", settings.namespace(key)): f"environments.{key}" for key in settings.environments}
    taken |= {("bucket", settings.bucket_name(key)): f"buckets.{key}" for key in settings.buckets}
    return taken


def seen_by_instructors(stack: Stack) -> Iterator[Problem]:
    """No other bucket matches the name pattern of tenants' buckets, which instructors can read."""
    settings, section = stack.settings, stack.settings.tenants
    if section is None or not any(member.instructor for member in section.members.values()):
        return
    prefix = section.resource_prefix or settings.project.name
    alike = re.compile(re.escape(f"{prefix}-{section.prefix}") + ".{2,4}" + re.escape(section.bucket_suffix))
    for key in settings.buckets:
        if alike.fullmatch(settings.bucket_name(key)):
            yield Problem(
                ("buckets", key, "name"),
                f"{settings.bucket_name(key)} matches the names of tenants' buckets, which instructors can read; "
                "choose another",
                because=(_HERE,),
            )


def within_reach(stack: Stack) -> Iterator[Problem]:
    """The maximum capacity of nodes covers each tenant's quota, and with `overcommit` the sum of all quotas."""
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
                    f"{shown(resource, hard)} of {tenant.name} exceeds the maximum capacity of nodes, "
                    f"{shown(resource, there)}; decrease it, or increase the maximum of nodes",
                    because=_NODES,
                )
        if not told and total > there * section.overcommit:
            yield Problem(
                (*_HERE, "quota"),
                f"the quotas of tenants and environments add up to {shown(resource, total)}, but the maximum capacity "
                f"of nodes is {shown(resource, there)}; increase it, decrease the quotas, or set overcommit",
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


def _most(asked: Resources, resource: str) -> int:
    values = (getattr(asked.requests, resource), getattr(asked.limits, resource))
    return max((amount(resource, value) for value in values if value is not None), default=0)


def enough_for_services(stack: Stack) -> Iterator[Problem]:
    """A tenant's MLflow server and garbage collection fit into the quota, by their requests and by their limits."""
    section = stack.settings.tenants
    if section is None or section.mlflow is None:
        return
    pods = [section.mlflow.resources, *([TENANT_GC_RESOURCES] if section.mlflow.gc is not None else [])]
    what = "MLflow server and garbage collection" if section.mlflow.gc is not None else "MLflow server"
    told: set[Path] = set()
    for tenant in section.all(stack.settings.project.name):
        path = _quota(section, tenant)
        # The server, the one that replaces it, and garbage collection.
        if tenant.quota.pods <= len(pods) and (*path, PODS) not in told:
            told.add((*path, PODS))
            yield Problem(
                (*path, PODS),
                f"is not more than the pods of the tenant's {what}, so that no notebook and no rollout starts; set "
                f"{len(pods) + 8} or more",
                because=((*_HERE, "mlflow"),),
            )
        for resource in (CPU, MEMORY):
            most = sum(_most(one, resource) for one in pods)
            key = (*path, resource)
            if most > _hard(tenant.quota, resource) and key not in told:
                told.add(key)
                yield Problem(
                    key,
                    f"is less than the {shown(resource, most)} of the tenant's {what}; increase it",
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
