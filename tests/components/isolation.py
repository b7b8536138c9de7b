"""What one tenant may do to another, worked out from a plan: rights in Kubernetes, in AWS, and ways on the network.

Everything is read as widely as it can be: conditions of IAM are taken for met, selectors of pods for matching.
"""

import copy
import fnmatch
import ipaddress
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiplatform.preview.plan import Plan
from config.tenants import Tenant

RBAC = "kubernetes:rbac.authorization.k8s.io/v1:"
ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

DANGEROUS = (
    "s3:GetObjectVersion",
    "s3:DeleteBucket",
    "s3:PutBucketPolicy",
    "ecr:SetRepositoryPolicy",
    "sts:AssumeRole",
)
"""Actions to look for beside those that some policy names."""


@dataclass(frozen=True)
class Thing:
    """A resource of a plan that a test may change."""

    type: str
    name: str
    inputs: dict[str, Any]


def things(plan: Plan) -> list[Thing]:
    """Copies of a plan's resources."""
    return [Thing(one.type, one.name, copy.deepcopy(dict(one.inputs))) for one in plan.resources]


@dataclass(frozen=True)
class Actor:
    """Somebody of a tenant, as Kubernetes and AWS know one."""

    title: str
    users: frozenset[str]
    groups: frozenset[str]
    role: str | None
    """The name of the IAM role."""


class World:
    """Lookups of a plan."""

    def __init__(self, found: list[Thing], tenants: tuple[Tenant, ...], account: str) -> None:
        self.found = found
        self.tenants = tenants
        self.account = account
        self._by_type: dict[str, list[Thing]] = defaultdict(list)
        for thing in found:
            self._by_type[thing.type].append(thing)
        self._rules = {
            (thing.type.removeprefix(RBAC), _name(thing)): thing.inputs.get("rules") or []
            for kind in ("ClusterRole", "Role")
            for thing in self.all(f"{RBAC}{kind}")
        }
        self._documents = self._all_documents()

    def all(self, type_: str) -> list[Thing]:
        """Every resource of a type."""
        return self._by_type[type_]

    def actors(self, tenant: Tenant) -> Iterator[Actor]:
        """The person and both service accounts, and that of pods that name none."""
        groups: set[str] = {"system:authenticated"}
        role = None
        for entry in self.all(ENTRY):
            if entry.name == f"tenant-{tenant.name}-person":
                groups |= set(entry.inputs.get("kubernetesGroups") or ())
                role = entry.inputs["principalArn"].rpartition("/")[2]
        yield Actor(f"{tenant.name}: person", frozenset({tenant.email}), frozenset(groups), role)
        for account in ("default-editor", "default-viewer", "default"):
            subject = f"system:serviceaccount:{tenant.namespace}:{account}"
            own = {"system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{tenant.namespace}"}
            yield Actor(f"{tenant.name}: {account}", frozenset({subject}), frozenset(own), self._taken_on(subject))

    def _taken_on(self, subject: str) -> str | None:
        for role in self.all(ROLE):
            if subject in _subjects(role):
                return str(role.inputs["name"])
        return None

    def _all_documents(self) -> dict[str, list[dict[str, Any]]]:
        """The statements of each role, by its name."""
        named = {one.name: json.loads(one.inputs["policy"]) for one in self.all("aws:iam/policy:Policy")}
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for attachment in self.all(ATTACHMENT):
            document = named.get(attachment.name)
            found[attachment.inputs["role"]] += document["Statement"] if document else []
        roles = {one.name: one.inputs["name"] for one in self.all(ROLE)}
        for inline in self.all("aws:iam/rolePolicy:RolePolicy"):
            found[roles[inline.name]] += json.loads(inline.inputs["policy"])["Statement"]
        return found

    def in_kubernetes(self, actor: Actor, victim: Tenant) -> set[str]:
        """`verb resource` in the victim's namespace, and of what is the victim's outside of it."""
        found: set[str] = set()
        for kind, namespace in (("ClusterRoleBinding", None), ("RoleBinding", victim.namespace)):
            for binding in self.all(f"{RBAC}{kind}"):
                if binding.inputs["metadata"].get("namespace") == namespace and _binds(binding, actor):
                    reference = binding.inputs["roleRef"]
                    rules = self._rules.get((reference["kind"], reference["name"]))
                    found |= set(_allowed(rules, victim)) if rules is not None else {f"{reference['name']} everywhere"}
        return found

    def in_aws(self, actor: Actor, victim: Tenant) -> set[str]:
        """`action what` on the victim's bucket, objects, repository and roles."""
        where = {
            "bucket": f"arn:aws:s3:::{victim.bucket}",
            "objects": f"arn:aws:s3:::{victim.bucket}/mlflow-artifacts/1/model",
            "repository": f"arn:aws:ecr:region:{self.account}:repository/{victim.repository}",
            **{f"role {role}": f"arn:aws:iam::{self.account}:role/{role}" for role in self._roles_of(victim)},
        }
        found: set[str] = set()
        for statement in self._documents.get(actor.role or "", []):
            if statement["Effect"] != "Allow":
                continue
            for what, arn in where.items():
                if any(_matches(arn, resource) for resource in statement["Resource"] if resource != "*"):
                    found |= {f"{action} {what}" for action in statement["Action"]}
            if "*" in statement["Resource"]:
                found |= {f"{action} anything" for action in statement["Action"]} - {
                    "ecr:GetAuthorizationToken anything"
                }
        return found

    def taken_on(self, actor: Actor, victim: Tenant) -> set[str]:
        """The victim's roles that trust the actor."""
        return {
            f"takes on {role.inputs['name']}"
            for role in self.all(ROLE)
            if role.inputs["name"] in self._roles_of(victim)
            and any(fnmatch.fnmatchcase(user, subject) for user in actor.users for subject in _subjects(role))
        }

    def _roles_of(self, tenant: Tenant) -> set[str]:
        return {one.inputs["name"] for one in self.all(ROLE) if one.name.startswith(f"tenant-{tenant.name}-")}

    def over_the_network(self, actor: Tenant, victim: Tenant, vpc: str) -> set[str]:
        """Ways out of the actor's pods to the victim's, and into these from there: each alone would be too much."""
        labels = {
            one.inputs["metadata"]["name"]: {
                "kubernetes.io/metadata.name": one.inputs["metadata"]["name"],
                **(one.inputs["metadata"].get("labels") or {}),
            }
            for one in self.all("kubernetes:core/v1:Namespace")
        }
        found: set[str] = set()
        for owner, other, direction, side in (
            (actor, victim, "egress", "to"),
            (victim, actor, "ingress", "from"),
        ):
            policies = [one for one in self.all(POLICY) if one.inputs["metadata"]["namespace"] == owner.namespace]
            specs = [one.inputs["spec"] for one in policies]
            if not any(not one["podSelector"] and direction.title() in one["policyTypes"] for one in specs):
                found.add(f"{direction} is open")
            for spec in specs:
                for rule in spec.get(direction) or ():
                    peers = rule.get(side)
                    if not peers or any(_reaches(peer, labels[other.namespace], vpc) for peer in peers):
                        found.add(f"{direction} {json.dumps(rule.get('ports'))}")
        return found


def _name(thing: Thing) -> str:
    return str(thing.inputs["metadata"]["name"])


def _subjects(role: Thing) -> list[str]:
    """The service accounts that a role trusts; every one where no condition names one."""
    found: list[str] = []
    for statement in json.loads(role.inputs["assumeRolePolicy"])["Statement"]:
        if "Federated" not in statement["Principal"]:
            continue
        named = [
            value
            for test in (statement.get("Condition") or {}).values()
            for key, value in test.items()
            if key.endswith(":sub")
        ]
        found += [one for value in named for one in ([value] if isinstance(value, str) else value)] or ["*"]
    return found


def _binds(binding: Thing, actor: Actor) -> bool:
    for subject in binding.inputs.get("subjects") or ():
        match subject["kind"]:
            case "Group" if subject["name"] in actor.groups:
                return True
            case "User" if subject["name"] in actor.users:
                return True
            case "ServiceAccount":
                if f"system:serviceaccount:{subject.get('namespace')}:{subject['name']}" in actor.users:
                    return True
    return False


def _allowed(rules: list[Mapping[str, Any]], victim: Tenant) -> Iterator[str]:
    own = {victim.namespace, victim.profile}
    for rule in rules:
        names = set(rule.get("resourceNames") or ())
        if names and not names & own:
            continue
        for verb in rule["verbs"]:
            yield from (f"{verb} {resource}" for resource in rule.get("resources") or ())


def _matches(arn: str, pattern: str) -> bool:
    # The region of a registry is not what keeps tenants apart.
    parts = pattern.split(":", 5)
    if len(parts) == 6 and parts[2] == "ecr":
        parts[3] = "region"
    return fnmatch.fnmatchcase(arn, ":".join(parts))


def _reaches(peer: Mapping[str, Any], labels: Mapping[str, str], vpc: str) -> bool:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        inside = ipaddress.IPv4Network(vpc)
        excluded = [ipaddress.IPv4Network(cidr) for cidr in block.get("except") or ()]
        return ipaddress.IPv4Network(block["cidr"]).overlaps(inside) and not any(
            inside.subnet_of(one) for one in excluded
        )
    selector = peer.get("namespaceSelector")
    if selector is None:
        return False
    return all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())


def crossings(world: World, vpc: str) -> dict[tuple[str, str], set[str]]:
    """All that somebody of one tenant may do to another: by the actor's title and the victim's name."""
    found: dict[tuple[str, str], set[str]] = {}
    for tenant in world.tenants:
        actors = list(world.actors(tenant))
        for victim in world.tenants:
            if victim == tenant:
                continue
            ways = world.over_the_network(tenant, victim, vpc)
            if ways:
                found[f"{tenant.name}: pods", victim.name] = ways
            for actor in actors:
                may = {
                    *world.in_kubernetes(actor, victim),
                    *world.in_aws(actor, victim),
                    *world.taken_on(actor, victim),
                }
                if may:
                    found[actor.title, victim.name] = may
    return found
