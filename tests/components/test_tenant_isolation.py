"""Tenants are isolated in Kubernetes, AWS and the network (all pairs)."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from aiplatform.preview.record import record_function
from components.platform import Platform
from config.kubeflow import Kubeflow
from config.loader import load_file
from config.settings import Settings
from tests.components.base import FOLDER, STACKS, recorded, settings_from, settings_of
from tests.components.isolation import (
    ASSOCIATION,
    AUTHORIZATION,
    DANGEROUS,
    ENTRY,
    POLICY,
    PROFILE,
    RBAC,
    ROLE,
    ROUTES,
    Thing,
    World,
    crossings,
    things,
)
from tests.config.base import TODAY
from tests.each import each

CLASS: dict[str, Any] = {
    "range": {"first": 1, "last": 15},
    "members": {"20": {"instructor": True, "quota": {"cpu": "16", "memory": "32Gi"}}},
    "namespacePrefix": "kubeflow-",
    "resourcePrefix": "mlops-training",
    "profiles": True,
    "mlflow": {},
}
"""Fifteen trainees and an instructor, in Kubeflow."""

ACCOUNT = "123456789012"


def settings(**changes: object) -> Settings:
    """The variant stack with a whole class."""
    loaded = load_file(FOLDER, "profiles", today=TODAY).settings
    values = loaded.model_dump(mode="json", by_alias=True)
    values["tenants"] = {**CLASS, **changes}
    values["project"]["accountId"] = ACCOUNT
    return settings_from(Settings, values)


def world_of(chosen: Settings) -> World:
    """What the program registers for these settings."""

    def build() -> None:
        platform = Platform(chosen.project.name, chosen)
        for name, value in platform.outputs.items():
            pulumi.export(name, value)

    assert chosen.tenants is not None
    plan = record_function(build, stack="class")
    return World(things(plan), chosen.tenants.all(chosen.project.name), ACCOUNT)


@pytest.fixture(scope="module")
def trainees() -> World:
    """A whole class."""
    return world_of(settings())


@pytest.fixture(scope="module")
def few() -> World:
    """Three trainees and an instructor: every pair is looked at for every hole."""
    return world_of(settings(range={"first": 1, "last": 3}))


VPC = "10.102.0.0/16"
LOOKS = {
    *(
        f"{verb} {resource}"
        for verb in ("get", "list", "watch")
        for resource in (
            *("configmaps", "events", "limitranges", "persistentvolumeclaims", "pods", "pods/log", "pods/status"),
            *("resourcequotas", "serviceaccounts", "services", "deployments", "replicasets", "statefulsets"),
            *("deployments/scale", "statefulsets/scale", "cronjobs", "jobs", "horizontalpodautoscalers"),
            *("networkpolicies", "rolebindings"),
        )
    ),
    "get namespaces",
}
LOOKS_IN_KUBEFLOW = {
    *(
        f"{verb} {resource}"
        for verb in ("get", "list", "watch")
        for resource in (
            *("inferenceservices", "notebooks", "poddefaults", "tensorboards", "workflows", "profiles"),
            *("experiments", "suggestions", "trials"),
        )
    ),
    *(
        f"{verb} {resource}"
        for verb in ("get", "list")
        for resource in ("experiments", "jobs", "pipelines", "pipelineversions", "runs")
    ),
}
"""Of these people see in another's namespace what anybody may see there who looks in."""

HELPS = {
    *(
        f"{verb} {resource}"
        for verb in ("create", "delete", "deletecollection", "patch", "update")
        for resource in ("configmaps", "persistentvolumeclaims", "services", "profiles")
    ),
    *(
        f"delete {resource}"
        for resource in (
            *("pods", "deployments", "replicasets", "statefulsets", "cronjobs", "jobs"),
            *("experiments", "notebooks", "poddefaults", "inferenceservices", "tensorboards"),
        )
    ),
    *(f"{verb} {resource}/scale" for verb in ("patch", "update") for resource in ("deployments", "statefulsets")),
}
READS = {
    *("s3:GetBucketLocation bucket", "s3:ListBucket bucket", "s3:GetObject objects"),
    *("ecr:BatchCheckLayerAvailability repository", "ecr:BatchGetImage repository", "ecr:DescribeImages repository"),
    *("ecr:DescribeRepositories repository", "ecr:GetDownloadUrlForLayer repository", "ecr:ListImages repository"),
}


@pytest.mark.requirement("002-ten-02")
@pytest.mark.requirement("002-ver-14")
@pytest.mark.requirement("002-ver-18")
@pytest.mark.requirement("002-pol-04")
def test_only_the_instructor_reads_another_of_sixteen_tenants(trainees: World) -> None:
    assert len(trainees.tenants) == 16
    found = crossings(trainees, VPC)
    expected = LOOKS | LOOKS_IN_KUBEFLOW | READS
    assert found == {("user20: person", f"user{number:02}"): expected for number in range(1, 16)}


def test_instructor_never_reads_secrets_or_executes_in_pods_even_with_edit() -> None:
    world = world_of(settings(instructorsChange=True))
    for (who, _), may in crossings(world, VPC).items():
        assert who == "user20: person"
        resources = {one.partition(" ")[2] for one in may}
        assert not resources & {"secrets", "pods/exec", "pods/portforward", "serviceaccounts/token"}
        changes = {one for one in may if not one.startswith(("get", "list", "watch"))}
        guarded = {"resourcequotas", "networkpolicies", "rolebindings", "limitranges", "serviceaccounts", "namespaces"}
        assert not {one.partition(" ")[2] for one in changes} & guarded
        assert "create pods" not in may, "a pod mounts any secret of its namespace"
        assert "patch deployments" not in may, "so does a Deployment"
        for holder in ("notebooks", "inferenceservices", "poddefaults"):
            assert not {f"create {holder}", f"patch {holder}", f"update {holder}"} & may, "so do these"
        assert "delete pods" in may


@pytest.mark.parametrize("stack", [stack for stack in STACKS if settings_of(stack).tenants is not None])
def test_tenants_of_every_stack_are_isolated(stack: str) -> None:
    chosen = settings_of(stack)
    section = chosen.tenants
    assert section is not None
    tenants = section.all(chosen.project.name)
    looking = {f"{tenant.name}: person" for tenant in tenants if tenant.instructor}
    found = crossings(World(things(recorded(stack).plan), tenants, ACCOUNT), str(chosen.network.cidr))
    assert {who for who, _ in found} == looking
    assert len(found) == len(looking) * (len(tenants) - 1)
    # What an identity that exists may do in AWS is its owner's to say.
    assert set().union(*found.values()) <= LOOKS | LOOKS_IN_KUBEFLOW | READS | (
        HELPS if section.instructors_change else set()
    )


@pytest.mark.requirement("002-iam-03")
def test_tenant_has_its_own_permissions(trainees: World) -> None:
    # Isolation would hold trivially without any.
    for tenant in trainees.tenants:
        person, editor, viewer, default = trainees.actors(tenant)
        for actor in (person, editor):
            may = trainees.in_kubernetes(actor, tenant)
            assert {"create pods", "get pods/log", "create pods/exec", "create pods/portforward", "get secrets"} <= may
            assert {"s3:PutObject objects", "ecr:PutImage repository"} <= trainees.in_aws(actor, tenant)
        assert "list pods" in trainees.in_kubernetes(viewer, tenant)
        assert "get secrets" not in trainees.in_kubernetes(viewer, tenant)
        assert (viewer.role, default.role) == (None, None)
        assert trainees.in_kubernetes(default, tenant) == set()


def test_tenant_cannot_change_isolation_objects_of_its_own_namespace(trainees: World) -> None:
    guarded = (
        *("resourcequotas", "limitranges", "networkpolicies", "rolebindings", "roles", "serviceaccounts"),
        *("serviceaccounts/token", "namespaces", "endpoints", "endpointslices", "ingresses", "profiles"),
    )
    for tenant in trainees.tenants:
        for actor in trainees.actors(tenant):
            may = trainees.in_kubernetes(actor, tenant)
            assert {
                one
                for one in may
                if one.partition(" ")[2] in guarded and one.split()[0] not in {"get", "list", "watch"}
            } == set()
            assert not {one for one in may if one.split()[0] in {"bind", "escalate", "impersonate", "*"} or "*" in one}
            aws = {one.partition(" ")[0] for one in trainees.in_aws(actor, tenant)}
            assert not aws & set(DANGEROUS)


def _for_tenants(binding: Thing) -> bool:
    return any(subject["name"] == "tenants" for subject in binding.inputs["subjects"])


@pytest.mark.requirement("002-ver-15")
def test_objects_that_all_tenants_read_hold_no_secret(trainees: World) -> None:
    outside = [
        one
        for one in trainees.all(f"{RBAC}RoleBinding")
        if one.inputs["metadata"]["namespace"] not in {tenant.namespace for tenant in trainees.tenants}
    ]
    looked_at = {one.inputs["metadata"]["namespace"] for one in outside if _for_tenants(one)}
    assert looked_at == {"kube-system", "mlflow-system", *Kubeflow().namespaces()}
    assert {one.inputs["roleRef"]["name"] for one in outside if _for_tenants(one)} == {"tenant-system-view"}
    (role,) = (one for one in trainees.all(f"{RBAC}ClusterRole") if one.name == "tenant-system-view")
    assert {(verb, what) for rule in role.inputs["rules"] for verb in rule["verbs"] for what in rule["resources"]} == {
        (verb, what)
        for verb in ("get", "list", "watch")
        for what in ("pods", "services", "deployments", "statefulsets")
    }


@pytest.mark.requirement("002-iam-02")
def test_no_tenant_has_an_eks_access_policy_beside_rbac(trainees: World) -> None:
    people = {one.inputs["principalArn"] for one in trainees.all(ENTRY) if one.name.startswith("tenant-")}
    assert len(people) == 16
    assert not people & {one.inputs["principalArn"] for one in trainees.all(ASSOCIATION)}


def _edit(found: list[Thing], type_: str, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    (thing,) = (one for one in found if one.type == type_ and one.name == name)
    change(thing.inputs)


def _widen(field: str, old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(inputs: dict[str, Any]) -> None:
        assert old in inputs[field]
        inputs[field] = inputs[field].replace(old, new)

    return change


GROUP = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "tenant-user01"}
OWNER, PERSON = "tenant-user02-rights-namespaceAdmin", "tenant-user01-person"
INLINE, ENTRY_OF = "aws:iam/rolePolicy:RolePolicy", ENTRY
OWN_MESH = "tenant-user02-kubeflow-owner"


def _like(route: dict[str, Any]) -> dict[str, Any]:
    """A route of one tenant that answers user01 too."""
    match = {**route["match"][0], "queryParams": {"user": {"regex": "user0[12].*"}}}
    return {**route, "match": [match]}


MUTATIONS: dict[str, tuple[str, str, Callable[[dict[str, Any]], None], str]] = {
    "a binding with one subject too many": (
        f"{RBAC}RoleBinding",
        OWNER,
        lambda inputs: inputs["subjects"].append(GROUP),
        "create pods",
    ),
    "a binding for everybody": (
        f"{RBAC}RoleBinding",
        OWNER,
        lambda inputs: inputs["subjects"].append({**GROUP, "name": "system:authenticated"}),
        "get secrets",
    ),
    "a role in the whole cluster": (
        f"{RBAC}ClusterRoleBinding",
        "tenant-user01-own",
        lambda inputs: inputs["roleRef"].update(name="tenant-work"),
        "list pods",
    ),
    "a rule without names": (
        f"{RBAC}ClusterRole",
        "tenant-user01-own",
        lambda inputs: inputs["rules"][0].pop("resourceNames"),
        "get namespaces",
    ),
    "a person in another's group": (
        ENTRY_OF,
        PERSON,
        lambda inputs: inputs["kubernetesGroups"].append("tenant-user02"),
        "create pods/exec",
    ),
    "a trainee among instructors": (
        ENTRY_OF,
        PERSON,
        lambda inputs: inputs["kubernetesGroups"].append("tenant-instructors"),
        "list pods",
    ),
    "all buckets": (INLINE, PERSON, _widen("policy", "-training-user01", "-training-*"), "s3:GetObject objects"),
    "all repositories": (INLINE, PERSON, _widen("policy", "/user01", "/*"), "ecr:PutImage repository"),
    "a trust in every service account": (
        ROLE,
        "tenant-user02-default-editor",
        _widen("assumeRolePolicy", "kubeflow-user02:default-editor", "*:default-editor"),
        "takes on faculty-tenant-user02-editor",
    ),
    "a way in from everywhere": (
        POLICY,
        "kubeflow-user02-own-tenant",
        lambda inputs: inputs["spec"]["ingress"].append({"from": [{"namespaceSelector": {}}]}),
        "ingress null",
    ),
    "a way in without peers": (
        POLICY,
        "kubeflow-user02-own-tenant",
        lambda inputs: inputs["spec"]["ingress"].append({"ports": [{"port": 80}]}),
        'ingress [{"port": 80}]',
    ),
    "the VPC among the ways out": (
        POLICY,
        "kubeflow-user01-own-tenant",
        lambda inputs: inputs["spec"]["egress"][2]["to"][0]["ipBlock"].update({"except": ["169.254.0.0/16"]}),
        'egress [{"port": 443, "protocol": "TCP"}]',
    ),
    "the addresses of Services among the ways out": (
        POLICY,
        "kubeflow-user01-own-tenant",
        lambda inputs: inputs["spec"]["egress"][2]["to"][0]["ipBlock"].update({"except": [VPC, "169.254.0.0/16"]}),
        'egress [{"port": 443, "protocol": "TCP"}]',
    ),
    "all Services instead of the one of the Kubernetes API": (
        POLICY,
        "kubeflow-user01-kubeflow",
        lambda inputs: inputs["spec"]["egress"][3]["to"][-1]["ipBlock"].update(cidr="172.21.0.0/16"),
        'egress [{"port": 443, "protocol": "TCP"}]',
    ),
    "more than the control plane's subnets": (
        POLICY,
        "kubeflow-user01-kubeflow",
        lambda inputs: inputs["spec"]["egress"][3]["to"][0]["ipBlock"].update(cidr="10.102.224.0/19"),
        'egress [{"port": 443, "protocol": "TCP"}]',
    ),
    "a way out to the gateway that leads into all": (
        POLICY,
        "kubeflow-user01-kubeflow",
        lambda inputs: inputs["spec"]["egress"][0]["to"][0].pop("podSelector"),
        "meets in istio-system ingressgateway/istio-ingressgateway",
    ),
    "a way in from what all reach": (
        POLICY,
        "kubeflow-user02-kubeflow",
        lambda inputs: inputs["spec"]["ingress"].append(
            {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kubeflow"}}}]}
        ),
        "meets in kubeflow ml-pipeline",
    ),
    "another's password": (
        INLINE,
        PERSON,
        _widen("policy", "/kubeflow/user01-", "/kubeflow/user02-"),
        "secretsmanager:GetSecretValue secret faculty/kubeflow/user02",
    ),
    "everybody's passwords": (
        INLINE,
        PERSON,
        _widen("policy", "/kubeflow/user01-??????", "/kubeflow/*"),
        "secretsmanager:GetSecretValue secret faculty/kubeflow/user02",
    ),
    "an address that is bound in another's namespace": (
        f"{RBAC}RoleBinding",
        OWNER,
        lambda inputs: inputs["subjects"].append({**GROUP, "kind": "User", "name": "user01@mlops.local"}),
        "create runs",
    ),
    "an address that another's sidecars let in": (
        AUTHORIZATION,
        OWN_MESH,
        lambda inputs: inputs["spec"]["rules"][0]["when"][0]["values"].append("user01@mlops.local"),
        "mesh through cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account",
    ),
    "everybody who has logged in": (
        AUTHORIZATION,
        OWN_MESH,
        lambda inputs: inputs["spec"]["rules"][0].pop("when"),
        "mesh through knative-serving",
    ),
    "another's pods, through the mesh": (
        AUTHORIZATION,
        OWN_MESH,
        lambda inputs: inputs["spec"]["rules"][1]["when"][0].update(values=["kubeflow-*"]),
        "mesh from kubeflow-*",
    ),
    "a path that is open to all": (
        AUTHORIZATION,
        OWN_MESH,
        lambda inputs: inputs["spec"]["rules"][2]["to"][0]["operation"]["paths"].append("/v1/models/*"),
        "mesh open ['/healthz', '/metrics', '/v1/models/*', '/wait-for-drain']",
    ),
    "another's Profile": (
        PROFILE,
        "tenant-user02-kubeflow",
        lambda inputs: inputs["spec"]["owner"].update(name="user01@mlops.local"),
        "owns Profile profile-user02",
    ),
    "a namespace that a Profile may take over": (
        "kubernetes:core/v1:Namespace",
        "tenant-user02-namespace",
        lambda inputs: inputs["metadata"].update(annotations={"owner": "user01@mlops.local"}),
        "takes over the namespace",
    ),
    "pages that show another's namespace": (
        ROUTES,
        "tenants-directory-namespaces",
        lambda inputs: inputs["spec"]["http"][0]["directResponse"]["body"].update(
            string=inputs["spec"]["http"][1]["directResponse"]["body"]["string"]
        ),
        "is shown the namespace",
    ),
    "an address in a route that others' are like": (
        ROUTES,
        "tenants-directory-namespaces",
        lambda inputs: inputs["spec"]["http"].insert(0, _like(inputs["spec"]["http"][1])),
        "is shown the namespace",
    ),
    "pipelines that write into another's bucket": (
        "kubernetes:core/v1:ConfigMap",
        "tenant-user01-kubeflow-kfp-launcher",
        lambda inputs: inputs["data"].update(
            defaultPipelineRoot="s3://mlops-training-user02/kubeflow-pipeline-artifacts"
        ),
        "ConfigMap kfp-launcher names another's",
    ),
    "a PodDefault that leads to another's server": (
        "kubernetes:kubeflow.org/v1alpha1:PodDefault",
        "tenant-user01-kubeflow-access-mlflow",
        lambda inputs: inputs["spec"]["env"][0].update(
            value="http://mlflow-server.kubeflow-user02.svc.cluster.local:5000"
        ),
        "PodDefault access-mlflow names another's",
    ),
}


@each("mutation", MUTATIONS)
def test_isolation_check_finds_each_hole(mutation: str, few: World) -> None:
    type_, name, change, expected = MUTATIONS[mutation]
    found = [Thing(one.type, one.name, json.loads(json.dumps(one.inputs))) for one in few.found]
    _edit(found, type_, name, change)
    seen = crossings(World(found, few.tenants, ACCOUNT), VPC)
    holes = {pair: may for pair, may in seen.items() if not pair[0].startswith("user20") or pair[1] == "user20"}
    assert any(expected in may for may in holes.values()), sorted(holes.items())[:3]
    assert holes.keys() - {pair for pair in holes if "user01" in pair[0] or "user02" in pair[1]} == set()


def test_isolation_check_finds_a_namespace_without_default_deny(trainees: World) -> None:
    gone = [
        one
        for one in trainees.found
        if not (one.type == POLICY and one.inputs["metadata"]["namespace"] == "kubeflow-user02")
    ]
    seen = crossings(World(gone, trainees.tenants, ACCOUNT), VPC)
    assert "ingress is open" in seen["user01: pods", "user02"]
