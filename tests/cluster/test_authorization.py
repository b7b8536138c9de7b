"""API permissions of each user and service account of a stack, on a real API server."""

from collections.abc import Iterator

import pytest

from tests.cluster.deployment import Deployed
from tests.cluster.people import Asker, bindings, namespaces, people, service_accounts
from tests.parts.api import Api
from tests.parts.counts import proven

READING = frozenset({"list pods", "read logs", "read settings", "watch deployments"})
CHANGING = frozenset({"start a pod", "delete pods", "restart a deployment", "change settings"})
POWERFUL = frozenset({"read secrets", "open a shell", "forward a port", "take on a service account"})
RULING = frozenset({"give out rights", "open the network", "lift the quota"})
IN_A_NAMESPACE = READING | CHANGING | POWERFUL | RULING
IN_THE_CLUSTER = frozenset(
    {"list nodes", "make a namespace", "read every secret", "give out rights everywhere", "change a webhook"}
)

# Reviewed. Whoever may change Deployments may change NetworkPolicies too: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
ALLOWED = {
    "AmazonEKSViewPolicy": READING,
    "AmazonEKSEditPolicy": READING | CHANGING | POWERFUL | {"open the network"},
    "AmazonEKSAdminPolicy": READING | CHANGING | POWERFUL | {"open the network", "give out rights"},
    "AmazonEKSClusterAdminPolicy": IN_A_NAMESPACE,
}

_POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tests"}, "spec": {"containers": [{"name": "a"}]}}


def _request(what: str, namespace: str) -> tuple[str, str]:
    """The method and the path of a request; an object that is not there is 404 for those who may."""
    core, apps = f"/api/v1/namespaces/{namespace}", f"/apis/apps/v1/namespaces/{namespace}"
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    return {
        "list pods": ("GET", f"{core}/pods"),
        "read logs": ("GET", f"{core}/pods/none/log"),
        "read settings": ("GET", f"{core}/configmaps"),
        "watch deployments": ("GET", f"{apps}/deployments"),
        "start a pod": ("POST", f"{core}/pods"),
        "delete pods": ("DELETE", f"{core}/pods/none"),
        "restart a deployment": ("PATCH", f"{apps}/deployments/none"),
        "change settings": ("PATCH", f"{core}/configmaps/none"),
        "read secrets": ("GET", f"{core}/secrets"),
        "open a shell": ("POST", f"{core}/pods/none/exec"),
        "forward a port": ("POST", f"{core}/pods/none/portforward"),
        "take on a service account": ("POST", f"{core}/serviceaccounts/none/token"),
        "give out rights": ("POST", f"{rbac}/namespaces/{namespace}/rolebindings"),
        "open the network": ("DELETE", f"/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies/none"),
        "lift the quota": ("PATCH", f"{core}/resourcequotas/none"),
        "list nodes": ("GET", "/api/v1/nodes"),
        "make a namespace": ("POST", "/api/v1/namespaces"),
        "read every secret": ("GET", "/api/v1/secrets"),
        "give out rights everywhere": ("POST", f"{rbac}/clusterrolebindings"),
        "change a webhook": (
            "DELETE",
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/none",
        ),
    }[what]


def _allowed(api: Api, what: str, namespace: str = "") -> bool:
    """Whether the request passes authorization; nothing is changed by it."""
    method, path = _request(what, namespace)
    content = "application/merge-patch+json" if method == "PATCH" else "application/json"
    answer = api.send(
        method, path, {} if method in ("POST", "PATCH") else None, query={"dryRun": "All"}, content_type=content
    )
    assert answer.status != 401, "nobody was recognized"
    return answer.status != 403


def _ask(deployed: Deployed, asker: Asker) -> Iterator[tuple[str, str]]:
    """All that an asker may do: what, and where."""
    api = deployed.api.as_user(asker.user, *asker.groups)
    for namespace in (*namespaces(deployed), "kube-system", "default"):
        yield from ((what, namespace) for what in sorted(IN_A_NAMESPACE) if _allowed(api, what, namespace))
    yield from ((what, "") for what in sorted(IN_THE_CLUSTER) if _allowed(api, what))
    proven("authorization cells tried", (len(namespaces(deployed)) + 2) * len(IN_A_NAMESPACE) + len(IN_THE_CLUSTER))


def _expected(deployed: Deployed, asker: Asker) -> set[tuple[str, str]]:
    where = asker.namespaces or (*namespaces(deployed), "kube-system", "default")
    inside = {(what, namespace) for namespace in where for what in ALLOWED[asker.policy]}
    if asker.namespaces:
        return inside
    if asker.policy == "AmazonEKSClusterAdminPolicy":
        return inside | {(what, "") for what in IN_THE_CLUSTER}
    return inside | ({("read every secret", "")} if "read secrets" in ALLOWED[asker.policy] else set())


def test_each_user_has_the_permissions_of_its_access_policy_in_its_namespaces(deployed: Deployed) -> None:
    asked = list(people(deployed))
    settings = deployed.recording.settings
    servers = [server for server in settings.instances.values() if server.cluster_access is not None]
    assert len(asked) == len(settings.cluster.access) + len(servers)
    for asker in asked:
        bound = list(bindings(asker))
        for binding in bound:
            deployed.api.apply(binding)
        try:
            assert set(_ask(deployed, asker)) == _expected(deployed, asker), asker.user
        finally:
            for binding in bound:
                deployed.api.delete(binding)


def test_platform_service_accounts_have_no_api_permissions(deployed: Deployed) -> None:
    asked = list(service_accounts(deployed))
    assert len(asked) > len(namespaces(deployed))
    for asker in asked:
        assert list(_ask(deployed, asker)) == [], asker.user


def test_master_password_is_readable_by_cluster_administrators_only(
    deployed: Deployed,
) -> None:
    for asker in people(deployed):
        if asker.policy != "AmazonEKSClusterAdminPolicy" and "read secrets" in ALLOWED[asker.policy]:
            assert asker.namespaces, f"{asker.user} reads every secret of the cluster"
            assert "database-setup" not in asker.namespaces


def test_user_without_an_access_entry_has_no_permissions(deployed: Deployed) -> None:
    assert list(_ask(deployed, Asker("arn:aws:sts::111122223333:assumed-role/other/session", ()))) == []


@pytest.mark.parametrize("policy", ALLOWED)
def test_access_policy_table_matches_the_role_that_replaces_it(deployed: Deployed, policy: str) -> None:
    """Every policy that a stack file may name, in one namespace alone."""
    asker = Asker(f"arn:aws:sts::111122223333:assumed-role/{policy}/session", (), policy, ("default",))
    (binding,) = bindings(asker)
    deployed.api.apply(binding)
    try:
        assert set(_ask(deployed, asker)) == _expected(deployed, asker)
    finally:
        deployed.api.delete(binding)
