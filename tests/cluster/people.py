"""The principals of the API server: users of a stack with their EKS access policies, and its service accounts."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.cluster.deployment import Deployed
from tests.parts.api import Object

ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"

# EKS has its own authorizer beside RBAC; these Kubernetes roles allow the same as its access policies:
# https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
ROLES = {
    "AmazonEKSClusterAdminPolicy": "cluster-admin",
    "AmazonEKSAdminPolicy": "admin",
    "AmazonEKSEditPolicy": "edit",
    "AmazonEKSViewPolicy": "view",
}


@dataclass(frozen=True)
class Asker:
    """A user name with groups, and its access policy."""

    user: str
    groups: tuple[str, ...]
    policy: str = ""
    namespaces: tuple[str, ...] = ()
    """Namespaces of the access policy; all if empty."""


def people(deployed: Deployed) -> Iterator[Asker]:
    """Yield every principal with an EKS access policy. Entries of nodes have another type; tenants have RBAC only."""
    plan = deployed.recording
    policies = {one.inputs["principalArn"]: one.inputs for one in plan.all(ASSOCIATION)}
    for entry in (one for one in plan.all(ENTRY) if one.inputs["type"] == "STANDARD"):
        arn = entry.inputs["principalArn"]
        if arn not in policies:
            continue
        policy, scope = policies[arn]["policyArn"].rsplit("/", 1)[1], policies[arn]["accessScope"]
        yield Asker(
            # The user name of an assumed role in EKS.
            arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/session",
            tuple(entry.inputs.get("kubernetesGroups") or ()),
            policy,
            tuple(scope.get("namespaces") or ()),
        )


def bindings(asker: Asker) -> Iterator[Object]:
    """Yield bindings that correspond to the access policy."""
    group = "rbac.authorization.k8s.io"
    name = "tests-" + "".join(letter if letter.isalnum() else "-" for letter in asker.user.lower())
    common = {
        "apiVersion": f"{group}/v1",
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": ROLES[asker.policy]},
        "subjects": [{"apiGroup": group, "kind": "User", "name": asker.user}],
    }
    if not asker.namespaces:
        yield {**common, "kind": "ClusterRoleBinding", "metadata": {"name": name}}
    for namespace in asker.namespaces:
        yield {**common, "kind": "RoleBinding", "metadata": {"name": name, "namespace": namespace}}


def service_accounts(deployed: Deployed) -> Iterator[Asker]:
    """Yield the service accounts of the platform, and the default one of each of its namespaces.

    test_tenants checks those that tenants use.
    """
    made = {
        (item["metadata"]["namespace"], item["metadata"]["name"])
        for item in deployed.manifests
        if item["kind"] == "ServiceAccount" and item["metadata"]["name"] not in {"default-editor", "default-viewer"}
    }
    for namespace in namespaces(deployed):
        made.add((namespace, "default"))
    for namespace, name in sorted(made):
        groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}")
        yield Asker(f"system:serviceaccount:{namespace}:{name}", groups)


def namespaces(deployed: Deployed) -> list[str]:
    """Return the namespaces that the platform creates."""
    return [item["metadata"]["name"] for item in deployed.manifests if item["kind"] == "Namespace"]
