"""Inbound rules from outside the VPC, and permissions in AWS, read from a plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from aiplatform.iam.policy_document import statements as statements_of
from aiplatform.preview.plan import Json, Plan, Resource

_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_CLUSTER = "eks:index:Cluster"
_ENTRY = "aws:eks/accessEntry:AccessEntry"
_ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
_ROLE, _ATTACHMENT = "aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_POLICY, _INLINE = "aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"
_MANAGED = "arn:aws:iam::aws:policy/"


@dataclass(frozen=True, order=True)
class InboundRule:
    """A port that is open to a network outside the VPC."""

    to: str
    ports: str
    network: str
    why: str

    def for_everybody(self) -> bool:
        """Return whether the rule allows the whole internet."""
        return self.network.endswith("/0")


def inbound_rules(plan: Plan, *vpc: IPv4Network) -> tuple[InboundRule, ...]:
    """Yield rules of security groups with networks outside the VPC, and networks with access to the Kubernetes API."""
    names = {one.urn: _group_name(one) for one in plan.resources if one.type == _GROUP}
    return tuple(sorted({*_rules(plan, names, vpc), *_endpoints(plan)}))


def _group_name(group: Resource) -> str:
    given = group.inputs.get("tags") or {}
    return str(given.get("Name") or group.inputs.get("name") or group.inputs.get("namePrefix") or "security group")


def _rules(plan: Plan, names: Mapping[str, str], vpc: Sequence[IPv4Network]) -> Iterator[InboundRule]:
    for rule in plan.resources:
        if rule.type != _INGRESS:
            continue
        network = rule.inputs.get("cidrIpv4") or rule.inputs.get("cidrIpv6") or rule.inputs.get("prefixListId")
        if network is None or _inside(str(network), vpc):
            continue
        group = next(
            (names[urn] for urn in rule.dependencies if urn in names), str(rule.inputs.get("securityGroupId", ""))
        )
        yield InboundRule(group, _ports(rule.inputs), str(network), str(rule.inputs.get("description") or ""))


def _inside(network: str, vpc: Sequence[IPv4Network]) -> bool:
    try:
        return any(map(IPv4Network(network).subnet_of, vpc))
    except ValueError:
        return False


def _ports(rule: Mapping[str, Json]) -> str:
    if rule.get("ipProtocol") == "-1":
        return "all"
    first, last = rule.get("fromPort"), rule.get("toPort")
    span = f"{first}" if first == last else f"{first}-{last}"
    return f"{rule.get('ipProtocol')} {span}"


def _endpoints(plan: Plan) -> Iterator[InboundRule]:
    for cluster in plan.resources:
        if cluster.type == _CLUSTER and cluster.inputs.get("endpointPublicAccess"):
            for network in cluster.inputs.get("publicAccessCidrs") or ["0.0.0.0/0"]:
                yield InboundRule(f"Kubernetes API of {cluster.inputs.get('name')}", "tcp 443", str(network), "kubectl")


@dataclass(frozen=True, order=True)
class ClusterAccess:
    """A principal with access to the Kubernetes API."""

    principal: str
    policy: str
    """The EKS access policy, or the type of the entry."""

    scope: str
    groups: str
    """Kubernetes groups."""


def cluster_access(plan: Plan, deployer: str | None) -> tuple[ClusterAccess, ...]:
    """Return the deployer, whom EKS makes an administrator of the cluster that it creates, and every access entry.

    https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
    """
    creator = deployer or "the principal of the first pulumi up (name it as project.deployer)"
    found = [ClusterAccess(creator, "AmazonEKSClusterAdminPolicy", "cluster, as its creator", "")]
    policies: dict[str, tuple[str, str]] = {}
    for one in plan.resources:
        if one.type == _ASSOCIATION:
            scope = one.inputs.get("accessScope") or {}
            where = ", ".join(map(str, scope.get("namespaces") or ())) or "cluster"
            policies[str(one.inputs.get("principalArn"))] = (str(one.inputs.get("policyArn")).rpartition("/")[2], where)
    entries = set()
    for one in plan.resources:
        if one.type == _ENTRY:
            principal = str(one.inputs.get("principalArn"))
            policy, where = policies.get(principal, (str(one.inputs.get("type")), ""))
            groups = ", ".join(map(str, one.inputs.get("kubernetesGroups") or ()))
            entries.add(ClusterAccess(principal, policy, where, groups))
    return (*found, *sorted(entries))


@dataclass(frozen=True, order=True)
class Identity:
    """An IAM role."""

    role: str
    assumed_by: str
    managed: tuple[str, ...]
    """AWS managed policies of the role."""

    statements: tuple[str, ...]
    """Names of the statements of its other policies."""


def identities(plan: Plan) -> tuple[Identity, ...]:
    """Return every role that the plan creates, with its policies."""
    own = {str(one.inputs.get("name")): one for one in plan.resources if one.type == _POLICY}
    arns: dict[str, list[str]] = {}
    inline: dict[str, list[list[str]]] = {}
    for one in plan.resources:
        if one.type == _ATTACHMENT:
            arns.setdefault(str(one.inputs.get("role")), []).append(str(one.inputs.get("policyArn")))
        elif one.type == _INLINE:
            inline.setdefault(str(one.inputs.get("role")), []).append(_named(one.inputs.get("policy")))
    found = []
    for one in plan.resources:
        if one.type == _ROLE:
            role = str(one.inputs.get("name") or one.inputs.get("namePrefix") or "IAM role")
            attached = sorted(arns.get(role, []))
            named = [own[name] for arn in attached if (name := arn.rpartition("/")[2]) in own]
            given = [name for policy in named for name in _named(policy.inputs.get("policy"))]
            managed = sorted(arn.removeprefix(_MANAGED) for arn in attached if arn.startswith(_MANAGED))
            may = (*(name for policy in sorted(inline.get(role, [])) for name in policy), *given)
            found.append(Identity(role, _subject(one.inputs.get("assumeRolePolicy")), tuple(managed), may))
    return tuple(sorted(found))


def _named(text: Json) -> list[str]:
    return [str(one.get("Sid") or one.get("Action")) for one in statements_of(text)]


def _subject(text: Json) -> str:
    """Return the principal that a role trusts as text."""
    found: list[str] = []
    for one in statements_of(text):
        conditions = [pair for each in (one.get("Condition") or {}).values() for pair in each.items()]
        accounts = [value for key, value in conditions if str(key).endswith(":sub")]
        principal = one.get("Principal") or {}
        named = accounts or (principal.values() if isinstance(principal, Mapping) else [principal])
        for each in named:
            found += [str(name) for name in (each if isinstance(each, list) else [each])]
    return ", ".join(name.removeprefix("system:serviceaccount:") for name in found)
