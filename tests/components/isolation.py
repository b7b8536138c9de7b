"""What one tenant may do to another, worked out from a plan: rights in Kubernetes and in AWS, ways on the network and
through the mesh, and what Kubeflow shows and writes.

Everything is read as widely as it can be: conditions of IAM are taken for met, selectors of pods for matching.
"""

import copy
import fnmatch
import functools
import ipaddress
import json
import re
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
KEPT = "aws:secretsmanager/secret:Secret"
AUTHORIZATION = "kubernetes:security.istio.io/v1:AuthorizationPolicy"
ROUTES = "kubernetes:networking.istio.io/v1:VirtualService"
PROFILE = "kubernetes:kubeflow.org/v1:Profile"
NAMESPACE = "kubernetes:core/v1:Namespace"

USER = "request.headers[kubeflow-userid]"
PROBES = {"/healthz", "/metrics", "/wait-for-drain"}
"""What Knative's proxy before a model answers anybody: https://knative.dev/docs/serving/istio-authorization/"""

SHARED_PODS: tuple[tuple[str, dict[str, str]], ...] = (
    ("istio-system", {"app": "istiod", "istio": "pilot"}),
    ("istio-system", {"app": "istio-ingressgateway", "istio": "ingressgateway"}),
    ("istio-system", {"app": "cluster-local-gateway", "istio": "cluster-local-gateway"}),
    *(("knative-serving", {"app": app}) for app in ("activator", "autoscaler", "controller", "net-istio-controller")),
    *(
        ("kubeflow", {"app": app})
        for app in (
            *("centraldashboard", "jupyter-web-app", "notebook-controller", "ml-pipeline", "ml-pipeline-ui"),
            *("ml-pipeline-visualizationserver", "cache-server", "mysql", "seaweedfs", "workflow-controller", "kserve"),
        )
    ),
    ("kubeflow", {"kustomize.component": "profiles"}),
    ("kubeflow", {"component": "metadata-grpc-server"}),
    ("kubeflow", {"component": "metadata-envoy"}),
    ("mlflow-system", {"app": "postgres"}),
)
"""Pods that all tenants lean on, by the labels that the community's manifests give them."""

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
            **{
                f"secret {secret}": f"arn:aws:secretsmanager:region:{self.account}:secret:{secret}-AbCdEf"
                for secret in self._secrets_of(victim)
            },
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

    def _secrets_of(self, tenant: Tenant) -> set[str]:
        names = {str(one.inputs["name"]) for one in self.all(KEPT)}
        return {name for name in names if name.rpartition("/")[2] == tenant.name}

    def over_the_network(self, actor: Tenant, victim: Tenant, vpc: str) -> set[str]:
        """Ways out of the actor's pods to the victim's, and into these from there: each alone would be too much."""
        labels = self._labels
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
                    if not peers or any(self._reaches(peer, labels[other.namespace], vpc) for peer in peers):
                        found.add(f"{direction} {json.dumps(rule.get('ports'))}")
        meeting = self._shared(actor, "egress", "to") & self._shared(victim, "ingress", "from")
        return found | {f"meets in {place}" for place in meeting}

    @functools.cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        """Of each namespace of the plan."""
        return {
            one.inputs["metadata"]["name"]: {
                "kubernetes.io/metadata.name": one.inputs["metadata"]["name"],
                **(one.inputs["metadata"].get("labels") or {}),
            }
            for one in self.all(NAMESPACE)
        }

    @functools.cached_property
    def _services(self) -> list[ipaddress.IPv4Network]:
        """Where Services may have their addresses: as the cluster says, or where EKS puts them."""
        (cluster,) = self.all("eks:index:Cluster")
        said = cluster.inputs.get("kubernetesServiceIpAddressRange")
        return [ipaddress.IPv4Network(one) for one in ([said] if said else ["10.100.0.0/16", "172.20.0.0/16"])]

    @functools.cached_property
    def _control_plane(self) -> list[ipaddress.IPv4Network]:
        """Subnets in which no pod has an address."""
        subnets = [one for one in self.all("aws:ec2/subnet:Subnet") if one.name.startswith("network-control-plane-")]
        return [ipaddress.IPv4Network(one.inputs["cidrBlock"]) for one in subnets]

    def _shared(self, tenant: Tenant, direction: str, side: str) -> set[str]:
        """Pods of all tenants that a tenant's pods reach, or are reached by."""
        found: set[str] = set()
        for policy in self.all(POLICY):
            if policy.inputs["metadata"]["namespace"] != tenant.namespace:
                continue
            for rule in policy.inputs["spec"].get(direction) or ():
                for peer in rule.get(side) or ():
                    found |= {
                        f"{namespace} {'/'.join(sorted(labels.values()))}"
                        for namespace, labels in SHARED_PODS
                        if _chooses(peer, {"kubernetes.io/metadata.name": namespace}, labels)
                    }
        return found

    def _reaches(self, peer: Mapping[str, Any], labels: Mapping[str, str], vpc: str) -> bool:
        """Whether pods of a namespace with these labels are among the peers, by name or by address."""
        if "ipBlock" not in peer:
            selector = peer.get("namespaceSelector")
            return selector is not None and _selects(selector, labels)
        block = ipaddress.IPv4Network(peer["ipBlock"]["cidr"])
        excluded = [ipaddress.IPv4Network(cidr) for cidr in peer["ipBlock"].get("except") or ()]
        if any(block.subnet_of(one) for one in self._control_plane):
            return False
        inside = ipaddress.IPv4Network(vpc)
        # A Service's address leads to pods as well; the first is that of the Kubernetes API.
        services = [one for one in self._services if not one.overlaps(inside)]
        if block in [ipaddress.IPv4Network(f"{one.network_address + 1}/32") for one in services]:
            return False
        return any(
            block.overlaps(one) and not any(one.subnet_of(other) for other in excluded) for one in (inside, *services)
        )

    def through_the_mesh(self, actor: Actor, home: Tenant, victim: Tenant) -> set[str]:
        """What the victim's sidecars let through of the actor's, and of the pages' for the actor."""
        found: set[str] = set()
        for policy in self.all(AUTHORIZATION):
            if policy.inputs["metadata"]["namespace"] != victim.namespace:
                continue
            for rule in policy.inputs["spec"].get("rules") or ():
                found |= {f"mesh {way}" for way in _admitted(rule, actor, home)}
        return found

    def in_kubeflow(self, actor: Actor, victim: Tenant) -> set[str]:
        """Profiles of the actor's that hold what is the victim's, and namespaces that the pages show."""
        found: set[str] = set()
        for profile in self.all(PROFILE):
            owner, name = profile.inputs["spec"]["owner"]["name"], profile.inputs["metadata"]["name"]
            if owner in actor.users and name in {victim.profile, victim.namespace}:
                found.add(f"owns Profile {name}")
        for namespace in self.all(NAMESPACE):
            marks = namespace.inputs["metadata"].get("annotations") or {}
            if namespace.inputs["metadata"]["name"] == victim.namespace and marks.get("owner") in actor.users:
                found.add("takes over the namespace")
        for routes in self.all(ROUTES):
            answer = _answer(routes.inputs["spec"]["http"], actor)
            if answer is not None and _names(answer, victim):
                found.add("is shown the namespace")
        return found

    def written(self, actor: Tenant, victim: Tenant) -> set[str]:
        """What in the actor's namespace names the victim's bucket or namespace: where pipelines and notebooks lead."""
        return {
            f"{one.inputs['kind']} {one.inputs['metadata']['name']} names another's"
            for one in self._inside[actor.namespace]
            if _names(json.dumps(one.inputs), victim)
        }

    @functools.cached_property
    def _inside(self) -> dict[str, list[Thing]]:
        """The Kubernetes objects of each namespace."""
        found: dict[str, list[Thing]] = defaultdict(list)
        for one in self.found:
            metadata = one.inputs.get("metadata")
            if one.type.startswith("kubernetes:") and isinstance(metadata, dict) and "kind" in one.inputs:
                found[str(metadata.get("namespace"))].append(one)
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
    # The region is not what keeps tenants apart.
    parts = pattern.split(":", 5)
    if len(parts) == 6 and parts[2] in {"ecr", "secretsmanager"}:
        parts[3] = "region"
    return fnmatch.fnmatchcase(arn, ":".join(parts))


def _selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())


def _chooses(peer: Mapping[str, Any], namespace: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether a pod of another namespace is among the peers by its labels."""
    selector = peer.get("namespaceSelector")
    return selector is not None and _selects(selector, namespace) and _selects(peer.get("podSelector") or {}, labels)


def _admitted(rule: Mapping[str, Any], actor: Actor, home: Tenant) -> Iterator[str]:
    """Ways of the actor through one rule; what a rule leaves out it does not ask."""
    conditions = {one["key"]: set(one.get("values") or ()) for one in rule.get("when") or ()}
    sources = [one["source"] for one in rule.get("from") or ()]
    operations = [one["operation"] for one in rule.get("to") or ()]
    paths = {path for one in operations for path in one.get("paths") or ("*",)}
    if not conditions and not sources:
        if not operations or not paths <= PROBES:
            yield f"open {sorted(paths)}"
        return
    own = f"cluster.local/ns/{home.namespace}/sa/"
    callers: list[str] = [
        *conditions.get("source.namespace", ()),
        *(namespace for one in sources for namespace in one.get("namespaces") or ()),
        *(principal for one in sources for principal in one.get("principals") or ()),
    ]
    yield from (
        f"from {one}"
        for one in callers
        if fnmatch.fnmatchcase(home.namespace, one) or fnmatch.fnmatchcase(f"{own}default-editor", one)
    )
    pages = [one for one in callers if "ingressgateway" in one or "ml-pipeline-ui" in one or one == "knative-serving"]
    if pages and not any(fnmatch.fnmatchcase(user, one) for user in actor.users for one in conditions.get(USER, {"*"})):
        return
    yield from (f"through {one}" for one in pages)


def _answer(http: list[Mapping[str, Any]], actor: Actor) -> str | None:
    """What the mesh itself answers when the pages ask for the namespaces of a person; the first route decides."""
    for user in actor.users:
        for asked in (user, user.replace("@", "%40")):
            for route in http:
                matches: list[Mapping[str, Any]] = route.get("match") or [{}]
                wanted = [(one.get("queryParams") or {}).get("user") for one in matches]
                if any(one is None or re.fullmatch(one["regex"], asked) for one in wanted):
                    if "directResponse" in route:
                        return str(route["directResponse"]["body"]["string"])
                    break
    return None


def _names(text: str, victim: Tenant) -> bool:
    """Whether a text names the bucket or the namespace, and no other whose name goes on behind."""
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in (victim.bucket, victim.namespace))


def crossings(world: World, vpc: str) -> dict[tuple[str, str], set[str]]:
    """All that somebody of one tenant may do to another: by the actor's title and the victim's name."""
    found: dict[tuple[str, str], set[str]] = {}
    for tenant in world.tenants:
        actors = list(world.actors(tenant))
        for victim in world.tenants:
            if victim == tenant:
                continue
            ways = world.over_the_network(tenant, victim, vpc) | world.written(tenant, victim)
            if ways:
                found[f"{tenant.name}: pods", victim.name] = ways
            for actor in actors:
                may = {
                    *world.in_kubernetes(actor, victim),
                    *world.in_aws(actor, victim),
                    *world.taken_on(actor, victim),
                    *world.through_the_mesh(actor, tenant, victim),
                    *world.in_kubeflow(actor, victim),
                }
                if may:
                    found[actor.title, victim.name] = may
    return found
