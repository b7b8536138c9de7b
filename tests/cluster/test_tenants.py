"""Tenants on a real API server: their permissions in each other's namespaces, and pod admission."""

from collections.abc import Iterator
from typing import Any

import pytest

from aiplatform.preview.record import record_function
from components.platform import Platform
from config.priorities import PLATFORM_CLASS
from config.settings import Settings
from config.tenants import Tenant
from tests.cluster.deployment import manifests_in_order
from tests.cluster.test_environments import pod
from tests.components.isolation import World, things
from tests.components.test_tenant_isolation import ACCOUNT, CLASS, settings
from tests.parts.api import Api, Object, RefusedError, eventually, until_none
from tests.parts.counts import proven

KINDS = {
    *("ClusterRole", "ClusterRoleBinding", "LimitRange", "Namespace", "NetworkPolicy", "ResourceQuota", "RoleBinding"),
    *("ServiceAccount", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"),
    *("AuthorizationPolicy", "ConfigMap", "PodDefault", "PriorityClass", "Profile"),
}
AWAY = "02"
MEMBERS = {**CLASS["members"], AWAY: {"suspended": True}}

Cell = tuple[str, str, str]
"""A verb, an API group and a resource, a subresource after a slash."""

LOOKING: tuple[Cell, ...] = (
    ("list", "", "pods"),
    ("get", "", "pods/log"),
    ("list", "", "services"),
    ("list", "", "resourcequotas"),
    ("list", "apps", "deployments"),
    ("list", "kubeflow.org", "notebooks"),
    ("get", "kubeflow.org", "poddefaults"),
    ("list", "pipelines.kubeflow.org", "runs"),
)
WORKING: tuple[Cell, ...] = (
    *LOOKING,
    ("create", "", "pods"),
    ("create", "", "pods/exec"),
    ("create", "", "pods/portforward"),
    ("get", "", "secrets"),
    ("delete", "", "persistentvolumeclaims"),
    ("create", "kubeflow.org", "notebooks"),
    ("create", "serving.kserve.io", "inferenceservices"),
    ("create", "pipelines.kubeflow.org", "runs"),
    ("patch", "argoproj.io", "workflowtaskresults"),
)
RULING: tuple[Cell, ...] = (
    ("update", "", "resourcequotas"),
    ("create", "", "serviceaccounts/token"),
    ("patch", "", "serviceaccounts"),
    ("patch", "", "namespaces"),
    ("delete", "networking.k8s.io", "networkpolicies"),
    ("create", "rbac.authorization.k8s.io", "rolebindings"),
    ("bind", "rbac.authorization.k8s.io", "clusterroles"),
    ("create", "security.istio.io", "authorizationpolicies"),
    ("create", "networking.istio.io", "virtualservices"),
    ("create", "argoproj.io", "workflows"),
)


class Class:
    """A class whose namespaces and rights are there."""

    def __init__(self, api: Api, chosen: Settings) -> None:
        self.api = api
        plan = record_function(lambda: Platform(chosen.project.name, chosen), stack="class")
        assert chosen.tenants is not None
        self.tenants = chosen.tenants.all(chosen.project.name)
        self.world = World(things(plan), self.tenants, ACCOUNT)
        own = {tenant.namespace for tenant in self.tenants}
        self.objects = [
            item
            for item in manifests_in_order(plan)
            if item["kind"] in KINDS
            and (item["metadata"].get("namespace", "") in {"", "kube-system", *own})
            and (item["kind"] != "Namespace" or item["metadata"]["name"] in own)
        ]

    def asked(self, tenant: Tenant) -> Iterator[tuple[str, str, list[str]]]:
        """Each of a tenant's actors with the name and the groups that the API server sees."""
        for actor in self.world.actors(tenant):
            yield actor.title.partition(": ")[2], next(iter(actor.users)), sorted(actor.groups)
        # How Kubeflow's pages and pipelines ask for a person: by the address alone.
        yield "page", tenant.email, ["system:authenticated"]

    def may(self, user: str, groups: list[str], cell: Cell, namespace: str, name: str = "") -> bool:
        """The API server's answer."""
        verb, group, what = cell
        resource, _, part = what.partition("/")
        attributes = {
            "verb": verb,
            "group": group,
            "resource": resource,
            "subresource": part,
            "namespace": namespace,
            "name": name,
        }
        review = self.api.call(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            {
                "apiVersion": "authorization.k8s.io/v1",
                "kind": "SubjectAccessReview",
                "spec": {"user": user, "groups": groups, "resourceAttributes": attributes},
            },
        )
        return bool(review["status"]["allowed"])

    def allowed(self, user: str, groups: list[str], namespace: str) -> set[Cell]:
        """All that somebody may do in a namespace, of what is asked here."""
        return {cell for cell in (*WORKING, *RULING) if self.may(user, groups, cell, namespace)}


@pytest.fixture(scope="module")
def trainees(api: Api) -> Iterator[Class]:
    """Sixteen tenants."""
    found = Class(api, settings(members=MEMBERS))
    try:
        for item in found.objects:
            api.apply(item)
        # Nothing is refused by a policy that the API server has not read yet.
        driving_out = _pod(found, "01", priority="system-node-critical")
        eventually(lambda: _refused(found, driving_out) != "", "policies are enforced")
        yield found
    finally:
        for item in reversed(found.objects):
            api.delete(item)
        until_none(lambda: [item["metadata"]["name"] for item in found.objects if api.exists(item)], "the class goes")


def _tenant(found: Class, number: str) -> Tenant:
    return next(tenant for tenant in found.tenants if tenant.number == number)


def _pod(found: Class, number: str, *, image: str = "registry.test/any:1", priority: str | None = None) -> Object:
    item = pod("tests", _tenant(found, number).namespace, priority=priority, nodes={"tests": "nowhere"}, cpu=None)
    item["spec"]["containers"][0]["image"] = image
    return item


def _refused(found: Class, item: Object) -> str:
    """Why the API server takes no such object; nothing is made."""
    try:
        found.api.apply(item, dry_run=True)
    except RefusedError as error:
        return str(error)
    return ""


@pytest.mark.requirement("002-ver-14", "002-ver-18", "002-ver-27")
def test_tenants_work_in_their_namespace_and_only_the_instructor_reads_others(
    trainees: Class,
) -> None:
    expected: dict[str, set[Cell]] = {
        "person": set(WORKING),
        "page": set(WORKING),
        "default-editor": set(WORKING),
        "default-viewer": set(LOOKING),
        "default": set(),
    }
    asked = 0
    for tenant in trainees.tenants:
        for role, user, groups in trainees.asked(tenant):
            for other in trainees.tenants:
                home, looks = other == tenant, tenant.instructor and role == "person"
                wanted = expected[role] if home else set(LOOKING) if looks else set()
                assert trainees.allowed(user, groups, other.namespace) == wanted, (user, other.namespace)
                asked += len(WORKING) + len(RULING)
    assert asked == 16 * 16 * 5 * (len(WORKING) + len(RULING))
    proven("questions of tenants about tenants that the API server answered", asked)


@pytest.mark.requirement("002-ver-05")
def test_user_reads_shared_objects_and_its_own_namespace_by_name(trainees: Class) -> None:
    tenant, other = trainees.tenants[:2]
    _, user, groups = next(trainees.asked(tenant))
    wanted = {
        ("list", "services", "kube-system", ""): True,
        ("get", "secrets", "kube-system", ""): False,
        ("get", "configmaps", "kube-system", ""): False,
        ("get", "namespaces", "", tenant.namespace): True,
        ("get", "namespaces", "", other.namespace): False,
        ("list", "namespaces", "", ""): False,
        ("list", "pods", "", ""): False,
        ("impersonate", "users", "", ""): False,
    }
    found = {
        (verb, resource, namespace, name): trainees.may(user, groups, (verb, "", resource), namespace, name)
        for verb, resource, namespace, name in wanted
    }
    assert found == wanted
    assert sum(found.values()) == 2


def test_pod_may_use_own_and_public_images_and_none_of_other_tenants(trainees: Class) -> None:
    registry = f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/mlops-training"
    for image in ("docker.io/library/python:3.13", f"{registry}/user01:1", f"{registry}/user01@sha256:{'0' * 64}"):
        assert _refused(trainees, _pod(trainees, "01", image=image)) == "", image
    for image in (f"{registry}/user03:1", f"{registry}/user011:1", f"{registry}/user03/user01:1", f"{registry}/user03"):
        assert "other tenants'" in _refused(trainees, _pod(trainees, "01", image=image)), image
    hidden = _pod(trainees, "01")
    hidden["spec"]["initContainers"] = [
        {**hidden["spec"]["containers"][0], "name": "first", "image": f"{registry}/user03:1"}
    ]
    assert "other tenants'" in _refused(trainees, hidden)


def test_pod_cannot_preempt_and_service_gets_no_external_address(trainees: Class) -> None:
    assert "priorityClassName" in _refused(trainees, _pod(trainees, "01", priority="system-node-critical"))

    def service(**spec: Any) -> Object:
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "tests", "namespace": _tenant(trainees, "01").namespace},
            "spec": {"ports": [{"port": 80}], "selector": {"app": "tests"}, **spec},
        }

    assert _refused(trainees, service()) == ""
    assert "externalIPs" in _refused(trainees, service(externalIPs=["192.0.2.1"]))
    for kind in ("LoadBalancer", "NodePort"):
        assert "exceeded quota: kf-resource-quota" in _refused(trainees, service(type=kind))


def _workload(kind: str, namespace: str, priority: str | None) -> Object:
    labels = {"app": "tests"}
    template = {
        "metadata": {"labels": labels},
        "spec": {
            "containers": [{"name": "tests", "image": "registry.test/any:1"}],
            **({"priorityClassName": priority} if priority else {}),
            **({"restartPolicy": "Never"} if kind in ("Job", "CronJob") else {}),
        },
    }
    spec: Object = {"template": template}
    if kind == "CronJob":
        spec = {"schedule": "0 0 * * *", "jobTemplate": {"spec": spec}}
    elif kind != "Job":
        spec |= {"selector": {"matchLabels": labels}, **({"serviceName": "tests"} if kind == "StatefulSet" else {})}
    return {
        "apiVersion": "batch/v1" if kind.endswith("Job") else "apps/v1",
        "kind": kind,
        "metadata": {"name": "tests-priority", "namespace": namespace},
        "spec": spec,
    }


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"])
def test_tenant_names_no_class_in_any_workload_and_the_platform_does(trainees: Class, kind: str, api: Api) -> None:
    namespace = _tenant(trainees, "01").namespace
    user = "system:serviceaccount:tests:editor"
    rights = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "tests-editor", "namespace": namespace},
        "subjects": [{"kind": "User", "name": user, "apiGroup": "rbac.authorization.k8s.io"}],
        "roleRef": {"kind": "ClusterRole", "name": "admin", "apiGroup": "rbac.authorization.k8s.io"},
    }
    trainees.api.apply(rights)
    try:
        editor = Api(api.control_plane, user=user)
        for named in (PLATFORM_CLASS, "system-node-critical"):
            with pytest.raises(RefusedError, match="workloads of tenants name no priorityClassName"):
                editor.apply(_workload(kind, namespace, named), dry_run=True)
        editor.apply(_workload(kind, namespace, None), dry_run=True)
        assert _refused(trainees, _workload(kind, namespace, PLATFORM_CLASS)) == ""
    finally:
        trainees.api.delete(rights)


def test_only_controllers_create_pods_with_the_class_of_the_platform(trainees: Class, api: Api) -> None:
    item = _pod(trainees, "01", priority=PLATFORM_CLASS)
    assert "priorityClassName" in _refused(trainees, item)
    groups = ("system:masters",)
    controller = Api(api.control_plane, user="system:serviceaccount:kube-system:replicaset-controller", groups=groups)
    controller.apply(item, dry_run=True)
    other = Api(api.control_plane, user="system:serviceaccount:kubeflow:argo", groups=groups)
    with pytest.raises(RefusedError, match="pods of tenants name no priorityClassName"):
        other.apply(item, dry_run=True)


def test_suspended_tenant_starts_no_pod_and_keeps_its_permissions(trainees: Class) -> None:
    assert "exceeded quota: kf-resource-quota" in _refused(trainees, _pod(trainees, AWAY))
    tenant = _tenant(trainees, AWAY)
    _, user, groups = next(trainees.asked(tenant))
    assert trainees.may(user, groups, ("list", "", "persistentvolumeclaims"), tenant.namespace)


def test_suspension_deletes_pods_of_its_tenant_only(trainees: Class) -> None:
    user = "system:serviceaccount:tenant-suspension:user02"
    groups = ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:tenant-suspension"]
    for verb in ("list", "delete"):
        may = [
            tenant.name
            for tenant in trainees.tenants
            if trainees.may(user, groups, (verb, "", "pods"), tenant.namespace)
        ]
        assert may == ["user02"]
    assert not trainees.may(user, groups, (verb, "", "pods"), "kube-system")
    assert trainees.allowed(user, groups, _tenant(trainees, AWAY).namespace) == {("list", "", "pods")}


def test_namespace_accepts_notebook_and_pipeline_pods_and_no_privileged_ones(trainees: Class) -> None:
    plain = _pod(trainees, "01")
    del plain["spec"]["containers"][0]["securityContext"]
    plain["spec"].pop("securityContext", None)
    assert _refused(trainees, plain) == ""
    for change in (
        {"hostNetwork": True},
        {"hostPID": True},
        {"volumes": [{"name": "root", "hostPath": {"path": "/"}}]},
    ):
        item = _pod(trainees, "01")
        item["spec"].update(change)
        assert "violates PodSecurity" in _refused(trainees, item), change


@pytest.mark.requirement("002-ver-08", "002-ten-03", "002-ten-04")
def test_user_reads_its_own_profile_only(trainees: Class) -> None:
    tenant, other = trainees.tenants[:2]
    profile = trainees.api.call("GET", f"/apis/kubeflow.org/v1/profiles/{tenant.profile}")
    assert profile["spec"]["owner"] == {"kind": "User", "name": tenant.email}
    _, user, groups = next(trainees.asked(tenant))
    cells = {
        (verb, name): trainees.may(user, groups, (verb, "kubeflow.org", "profiles"), "", name)
        for verb in ("get", "patch", "delete", "create", "list")
        for name in (tenant.profile, other.profile)
    }
    assert {cell for cell, may in cells.items() if may} == {("get", tenant.profile)}
