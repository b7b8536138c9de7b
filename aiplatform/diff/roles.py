"""The IAM roles of a plan with all that they may do, and policies of resources."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiplatform.diff.line import Described
from aiplatform.iam.grants import Grant, grants

_ROLE, _ATTACHMENT = "aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_POLICY, _INLINE = "aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"
_MANAGED = ":iam::aws:policy/"
_ISSUER = re.compile(r"oidc\.eks\.[\w.-]+/id/\w+")
"""The issuer of a cluster's tokens: another cluster is another issuer for all roles, with the same permissions."""


@dataclass(frozen=True)
class Role:
    """An IAM role, or a resource with a policy of its own."""

    name: str
    urn: str
    grants: frozenset[Grant]
    trust: frozenset[Grant] = frozenset()
    managed: frozenset[str] = frozenset()
    """AWS managed policies, whose statements no plan contains."""

    boundary: str = ""
    is_role: bool = True


def roles(resources: Iterable[Described]) -> Mapping[str, Role]:
    """Return the roles by name, and the resources with policies."""
    listed = list(resources)
    own = {str(one["inputs"].get("name") or one["name"]): one["inputs"].get("policy") for one in _of(listed, _POLICY)}
    given: dict[str, set[Grant]] = defaultdict(set)
    managed: dict[str, set[str]] = defaultdict(set)
    for one in _of(listed, _INLINE):
        given[str(one["inputs"].get("role"))].update(grants(one["inputs"].get("policy")))
    for one in _of(listed, _ATTACHMENT):
        _attach(str(one["inputs"].get("policyArn")), str(one["inputs"].get("role")), own, given, managed)
    found = {}
    for one in _of(listed, _ROLE):
        inputs = one["inputs"]
        name = str(inputs.get("name") or inputs.get("namePrefix") or one["name"])
        for policy in inputs.get("inlinePolicies") or ():
            given[name].update(grants(policy.get("policy")))
        for arn in inputs.get("managedPolicyArns") or ():
            _attach(str(arn), name, own, given, managed)
        trust = frozenset(grants(_ISSUER.sub("oidc.eks", str(inputs.get("assumeRolePolicy") or ""))))
        boundary = str(inputs.get("permissionsBoundary") or "")
        found[name] = Role(
            f"role {name}", one["urn"], frozenset(given[name]), trust, frozenset(managed[name]), boundary
        )
    return {**found, **{one.name: one for one in _policies_of_resources(listed)}}


def _of(resources: Sequence[Described], type_: str) -> Iterator[Described]:
    return (one for one in resources if one["type"] == type_)


def _attach(
    arn: str, role: str, own: Mapping[str, object], given: dict[str, set[Grant]], managed: dict[str, set[str]]
) -> None:
    name = arn.rpartition("/")[2]
    if _MANAGED in arn or name not in own:
        managed[role].add(arn.rpartition(_MANAGED)[2] or arn)
    else:
        given[role].update(grants(own[name]))


def _policies_of_resources(resources: Iterable[Described]) -> Iterator[Role]:
    for one in resources:
        if one["type"] not in (_POLICY, _INLINE) and isinstance(one["inputs"].get("policy"), str):
            name = f"{one['type'].rpartition(':')[2]} {one['name']}"
            yield Role(name, one["urn"], frozenset(grants(one["inputs"]["policy"])), is_role=False)
