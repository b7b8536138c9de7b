"""Who may do what in the Kubernetes API: access entries of EKS, and RBAC."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from aiplatform.diff.line import Described

_ENTRY = "aws:eks/accessEntry:AccessEntry"
_ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"


class Permission(NamedTuple):
    """A verb on a resource of Kubernetes, or a role or policy whose rules no plan contains."""

    where: str
    resource: str
    verb: str

    def covers(self, other: "Permission") -> bool:
        """Return whether another permission follows from this one."""
        pairs = (
            (self.where, other.where, "the cluster"),
            (self.resource, other.resource, "*"),
            (self.verb, other.verb, "*"),
        )
        return all(one in (two, every) for one, two, every in pairs)


Subjects = Mapping[str, frozenset[Permission]]


def access_entries(resources: Iterable[Described]) -> Subjects:
    """Return the EKS access policies and Kubernetes groups of each principal."""
    found: dict[str, set[Permission]] = defaultdict(set)
    for one in resources:
        inputs = one["inputs"]
        subject = f"principal {inputs.get('principalArn')}"
        if one["type"] == _ENTRY:
            found[subject].update(
                Permission("the cluster", f"group {name}", "") for name in inputs.get("kubernetesGroups") or ()
            )
            if str(inputs.get("type") or "STANDARD") != "STANDARD":
                found[subject].add(Permission("the cluster", f"access as {inputs['type']}", ""))
        elif one["type"] == _ASSOCIATION:
            policy = str(inputs.get("policyArn")).rpartition("/")[2]
            spaces = (inputs.get("accessScope") or {}).get("namespaces") or ()
            for where in [f"namespace {name}" for name in spaces] or ["the cluster"]:
                found[subject].add(Permission(where, f"access policy {policy}", ""))
    return {subject: frozenset(permissions) for subject, permissions in found.items()}


def rbac(resources: Iterable[Described]) -> Subjects:
    """Return the RBAC permissions of each subject that a binding names."""
    objects = [one["inputs"] for one in resources if ":rbac.authorization.k8s.io/" in one["type"]]
    rules = {
        (one["kind"], _space(one), one["metadata"]["name"]): one.get("rules") or ()
        for one in objects
        if one["kind"] in ("Role", "ClusterRole")
    }
    found: dict[str, set[Permission]] = defaultdict(set)
    for one in objects:
        if one["kind"] not in ("RoleBinding", "ClusterRoleBinding"):
            continue
        space = _space(one) if one["kind"] == "RoleBinding" else ""
        where, role = f"namespace {space}" if space else "the cluster", one["roleRef"]
        given = rules.get((role["kind"], space if role["kind"] == "Role" else "", role["name"]))
        permissions = set(_permissions(where, role, given))
        for subject in one.get("subjects") or ():
            found[_subject(subject)].update(permissions)
    return {subject: frozenset(permissions) for subject, permissions in found.items()}


def _space(item: Described) -> str:
    return str(item["metadata"].get("namespace") or "") if item["kind"] in ("Role", "RoleBinding") else ""


def _subject(given: Described) -> str:
    if given["kind"] == "ServiceAccount":
        return f"service account {given.get('namespace')}/{given['name']}"
    return f"{str(given['kind']).lower()} {given['name']}"


def _permissions(where: str, role: Described, rules: Sequence[Described] | None) -> Iterator[Permission]:
    if rules is None:
        yield Permission(where, f"{role['kind']} {role['name']}", "")
        return
    for rule in rules:
        names = [*_resources(rule), *map(str, rule.get("nonResourceURLs") or ())]
        for name in names:
            yield from (Permission(where, name, str(verb)) for verb in rule.get("verbs") or ())


def _resources(rule: Described) -> Iterator[str]:
    only = rule.get("resourceNames") or ()
    for group in rule.get("apiGroups") or [""]:
        for resource in rule.get("resources") or ():
            name = f"{resource}.{group}" if group not in ("", "*") else str(resource)
            yield f"{name} ({', '.join(map(str, only))})" if only else name


def in_words(permissions: Iterable[Permission]) -> Iterator[str]:
    """Yield permissions as text, the resources with equal verbs together."""
    verbs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in sorted(permissions):
        verbs[one.where, one.resource].append(one.verb)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (where, resource), each in verbs.items():
        alike[where, tuple(each)].append("every resource" if resource == "*" else resource)
    for (where, given), names in alike.items():
        does = "every verb on" if "*" in given else ", ".join(given)
        yield f"{does} {', '.join(names)} in {where}".strip()


def gained(before: frozenset[Permission], after: frozenset[Permission]) -> list[Permission]:
    """Return the permissions after a change that none before it covers; swap the sides for lost ones."""
    return sorted(one for one in after - before if not any(other.covers(one) for other in before))
