"""Kubeflow objects of tenants: of a range, a suspended one, and one with another e-mail address."""

import json
import re
from typing import Any

import pytest

from aiplatform.preview.record import record_function
from components.platform import Platform
from components.sharing.tenants.kubeflow_directory import email_pattern
from components.sharing.tenants.kubeflow_network import to_kubernetes
from config.kubeflow import PARTS
from config.settings import Settings
from tests.components.base import BOTH, Found, Recording, recorded, settings_from, settings_of

RBAC = "kubernetes:rbac.authorization.k8s.io/v1:"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
PROFILE = "kubernetes:kubeflow.org/v1:Profile"
POD_DEFAULT = "kubernetes:kubeflow.org/v1alpha1:PodDefault"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
AUTHORIZATION = "kubernetes:security.istio.io/v1:AuthorizationPolicy"
ROUTES = "kubernetes:networking.istio.io/v1:VirtualService"


@pytest.fixture(scope="module")
def found() -> Recording:
    """The variant stack."""
    return recorded("profiles")


@pytest.mark.requirement("002-ten-03", "002-ten-05")
def test_each_tenant_has_one_profile_whose_namespace_has_no_pod_quota(found: Recording) -> None:
    profiles = {one.inputs["metadata"]["name"]: one.inputs["spec"] for one in found.all(PROFILE)}
    assert set(profiles) == {"profile-user01", "profile-user02", "profile-user03", "profile-user20"}
    assert profiles["profile-user01"]["owner"] == {"kind": "User", "name": "user01@faculty.test"}
    assert profiles["profile-user03"]["owner"]["name"] == "third+one@faculty.test"
    hard = profiles["profile-user01"]["resourceQuotaSpec"]["hard"]
    assert hard["pods"] == "0"
    assert {key: value for key, value in hard.items() if "." in key and key.split(".")[1] in {"cpu", "memory"}} == {
        "requests.cpu": "2",
        "limits.cpu": "2",
        "requests.memory": "4Gi",
        "limits.memory": "4Gi",
    }
    (plugin,) = profiles["profile-user01"]["plugins"]
    assert plugin["spec"]["annotateOnly"] is True, "else the controller writes the role's trust policy"


def test_profile_names_differ_from_namespaces_which_have_no_owner(found: Recording) -> None:
    namespaces = {
        one.inputs["metadata"]["name"]: one.inputs["metadata"] for one in found.all("kubernetes:core/v1:Namespace")
    }
    assert not namespaces.keys() & {one.inputs["metadata"]["name"] for one in found.all(PROFILE)}
    assert [name for name, one in namespaces.items() if "owner" in (one.get("annotations") or {})] == []


def test_namespace_has_labels_of_mesh_webhook_and_kubeflow_policies(found: Recording) -> None:
    labels = found.inputs("kubernetes:core/v1:Namespace", "tenant-user01-namespace")["metadata"]["labels"]
    assert labels["istio-injection"] == "enabled"
    assert labels["app.kubernetes.io/part-of"] == "kubeflow-profile"
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
    assert "katib.kubeflow.org/metrics-collector-injection" not in labels, "a webhook is asked about every pod"
    assert "pipelines.kubeflow.org/enabled" not in labels, "the community's controller would write our ConfigMaps"
    assert labels["ai-platform/tenant"] == "user01"


@pytest.mark.requirement("002-wkl-05", "002-wkl-06")
def test_notebooks_reach_mlflow_through_a_pod_default(found: Recording) -> None:
    spec = found.inputs(POD_DEFAULT, "tenant-user01-kubeflow-access-mlflow")["spec"]
    assert spec["selector"] == {"matchLabels": {"access-mlflow": "true"}}
    assert {one["name"]: one["value"] for one in spec["env"]} == {
        "MLFLOW_TRACKING_URI": "http://mlflow-server.kubeflow-user01.svc.cluster.local:5000",
        "MLFLOW_S3_ENDPOINT_URL": "https://s3.us-west-2.amazonaws.com",
        "AWS_DEFAULT_REGION": "us-west-2",
    }


@pytest.mark.requirement("002-wkl-14")
def test_notebooks_get_a_token_for_pipelines_only(found: Recording) -> None:
    spec = found.inputs(POD_DEFAULT, "tenant-user01-kubeflow-access-ml-pipeline")["spec"]
    assert spec["selector"] == {"matchLabels": {"access-ml-pipeline": "true"}}
    (variable,), (volume,), (mount,) = spec["env"], spec["volumes"], spec["volumeMounts"]
    ((source,),) = (one["sources"] for one in [volume["projected"]])
    assert source["serviceAccountToken"]["audience"] == "pipelines.kubeflow.org"
    assert variable == {
        "name": "KF_PIPELINES_SA_TOKEN_PATH",
        "value": f"{mount['mountPath']}/{source['serviceAccountToken']['path']}",
    }
    assert mount["name"] == volume["name"]


@BOTH
@pytest.mark.requirement("002-sto-04", "002-wkl-12")
def test_pipelines_store_artifacts_in_the_tenant_bucket_with_the_pod_role(unknown: bool) -> None:
    found = recorded("profiles", unknown)
    launcher = found.inputs(CONFIG_MAP, "tenant-user01-kubeflow-kfp-launcher")
    assert launcher["metadata"]["name"] == "kfp-launcher"
    assert json.loads(launcher["data"]["providers"])["s3"]["default"] == {
        "endpoint": "s3.amazonaws.com",
        "region": "us-west-2",
        "credentials": {"fromEnv": True},
    }
    logs = found.inputs(CONFIG_MAP, "tenant-user01-kubeflow-artifact-repositories")
    (chosen,) = logs["metadata"]["annotations"].values()
    if not unknown:
        root = "s3://faculty-training-user01/kubeflow-pipeline-artifacts"
        assert launcher["data"]["defaultPipelineRoot"] == root
        repository = json.loads(logs["data"][chosen])["s3"]
        assert (repository["bucket"], repository["useSDKCreds"]) == ("faculty-training-user01", True)
        assert repository["keyFormat"].startswith("kubeflow-pipeline-artifacts/")
        assert not {key for key in repository if key.endswith("Secret")}


def test_mesh_allows_the_owner_own_pods_and_probes(found: Recording) -> None:
    policy = found.inputs(AUTHORIZATION, "tenant-user03-kubeflow-owner")
    assert policy["metadata"]["name"] == "ns-owner-access-istio"
    owner, own, probes, culling = policy["spec"]["rules"]
    assert owner["when"] == [{"key": "request.headers[kubeflow-userid]", "values": ["third+one@faculty.test"]}]
    assert {one for source in owner["from"] for one in source["source"].get("principals", ())} == {
        "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account",
        "cluster.local/ns/kubeflow/sa/ml-pipeline-ui",
    }
    assert own == {"when": [{"key": "source.namespace", "values": ["kubeflow-user03"]}]}
    assert probes == {"to": [{"operation": {"paths": ["/healthz", "/metrics", "/wait-for-drain"]}}]}
    assert culling["to"] == [{"operation": {"methods": ["GET"], "paths": ["*/api/kernels"]}}]


def test_dashboard_shows_the_namespace_of_pods_and_creates_no_profiles(found: Recording) -> None:
    routes = found.inputs(ROUTES, "tenants-directory-namespaces")
    assert (routes["metadata"]["namespace"], routes["spec"]["gateways"]) == ("kubeflow", ["mesh"])
    *answers, rest = routes["spec"]["http"]
    told = {}
    for answer in answers:
        (match,) = answer["match"]
        assert (match["uri"], match["method"]) == ({"exact": "/kfam/v1/bindings"}, {"exact": "GET"})
        (entry,) = json.loads(answer["directResponse"]["body"]["string"])["bindings"]
        assert entry["RoleRef"]["name"] == "admin"
        told[entry["user"]["name"]] = entry["referredNamespace"]
        assert re.fullmatch(match["queryParams"]["user"]["regex"], entry["user"]["name"].replace("@", "%40"))
    assert told["third+one@faculty.test"] == "kubeflow-user03"
    assert len(told) == 4
    assert rest == {
        "route": [{"destination": {"host": "profiles-kfam.kubeflow.svc.cluster.local", "port": {"number": 8081}}}]
    }
    reading = found.inputs(AUTHORIZATION, "tenants-directory-read-only")["spec"]
    assert (reading["action"], reading["selector"]) == ("DENY", {"matchLabels": {"kustomize.component": "profiles"}})
    assert reading["rules"] == [{"to": [{"operation": {"ports": ["8081"], "notMethods": ["GET"]}}]}]


@pytest.mark.parametrize(
    ("asked", "is_it"),
    [
        ("a+b@c.test", True),
        ("a%2Bb%40c.test", True),
        ("a%2Bb@c.test", True),
        ("aab@c.test", False),
        ("a+b@cXtest", False),
        ("xa+b@c.test", False),
    ],
)
def test_email_pattern_matches_every_encoding_and_no_other_address(asked: str, is_it: bool) -> None:
    assert bool(re.fullmatch(email_pattern("a+b@c.test"), asked)) is is_it


def _ways(found: Found, side: str) -> dict[str, list[int]]:
    spec = found.inputs(POLICY, "kubeflow-user01-kubeflow")["spec"]
    assert spec["podSelector"] == {}
    key = "from" if side == "ingress" else "to"
    ways: dict[str, list[int]] = {}
    for rule in spec[side]:
        for peer in rule[key]:
            name = peer.get("ipBlock", {}).get("cidr") or "/".join(
                value
                for selector in ("namespaceSelector", "podSelector")
                for value in peer.get(selector, {}).get("matchLabels", {}).values()
            )
            ways[name] = [*ways.get(name, ()), *(one["port"] for one in rule["ports"])]
    return ways


def test_policies_allow_pods_the_kubeflow_services_they_need_only(found: Recording) -> None:
    assert _ways(found, "egress") == {
        "istio-system/istiod": [15012],
        "kubeflow/ml-pipeline": [8887, 8888],
        "kubeflow/metadata-grpc-server": [8080],
        "10.102.224.0/28": [443],
        "10.102.224.16/28": [443],
        "172.21.0.1/32": [443],
    }
    models = [8012, 8013, 8080, 8112]
    assert _ways(found, "ingress") == {
        "istio-system/istio-ingressgateway": [8888, *models],
        "kubeflow/notebook-controller": [8888],
        "knative-serving": [*models, 9090],
    }


def test_experiments_of_katib_reach_its_store_and_are_reached_by_its_controller() -> None:
    # Ports of a suggestion, of its early stopping and of the store of metrics: 6789, 6788, 6789.
    settings = settings_of("profiles")
    assert settings.kubeflow is not None
    settings = settings.model_copy(update={"kubeflow": settings.kubeflow.model_copy(update={"parts": PARTS})})
    found = Found(record_function(lambda: Platform(settings.project.name, settings), stack="profiles"))
    assert _ways(found, "egress")["kubeflow/db-manager"] == [6789]
    assert _ways(found, "ingress")["kubeflow/controller"] == [6789, 6788]
    labels = found.inputs("kubernetes:core/v1:Namespace", "tenant-user01-namespace")["metadata"]["labels"]
    assert labels["katib.kubeflow.org/metrics-collector-injection"] == "enabled"


def test_policies_deny_mlflow_to_kubeflow(found: Recording) -> None:
    assert 5000 not in {port for ports in _ways(found, "ingress").values() for port in ports}
    pod = found.inputs("kubernetes:apps/v1:Deployment", "tenant-user01-mlflow")["spec"]["template"]["metadata"]
    assert pod["labels"]["sidecar.istio.io/inject"] == "false"


def test_pods_without_pipelines_reach_no_kubernetes_api_and_no_such_pod_default() -> None:
    values = settings_of("profiles").model_dump(mode="json", by_alias=True)
    values["network"]["controlPlaneSubnets"] = False
    values["cluster"]["serviceCidr"] = None
    assert to_kubernetes(settings_from(Settings, values)).peers == (
        {"ipBlock": {"cidr": "10.100.0.1/32"}},
        {"ipBlock": {"cidr": "172.20.0.1/32"}},
    )
    values["network"]["cidr"] = "10.100.0.0/16"
    assert len(to_kubernetes(settings_from(Settings, values)).peers) == 1, "EKS takes no network of the VPC's"


@pytest.mark.requirement("002-wkl-11", "002-wkl-12")
def test_pipeline_steps_have_permissions_in_their_namespace_only(found: Recording) -> None:
    (role,) = (one for one in found.all(f"{RBAC}ClusterRole") if one.name == "tenant-work")
    may = {
        (verb, resource)
        for rule in role.inputs["rules"]
        for verb in rule["verbs"]
        for resource in rule["resources"]
        if rule["apiGroups"] in (["argoproj.io"], ["pipelines.kubeflow.org"])
    }
    assert {("create", "workflowtaskresults"), ("patch", "workflowtaskresults"), ("create", "runs")} <= may
    assert {("readArtifact", "runs"), ("terminate", "runs"), ("enable", "jobs"), ("archive", "experiments")} <= may
    assert not {one for one in may if one[1] == "workflows"} - {
        (verb, "workflows") for verb in ("get", "list", "watch")
    }
    subjects = found.inputs(f"{RBAC}RoleBinding", "tenant-user03-rights-namespaceAdmin")["subjects"]
    assert {(one["kind"], one["name"]) for one in subjects} == {
        ("Group", "tenant-user03"),
        ("User", "third+one@faculty.test"),
    }


def test_user_reads_only_its_own_kubeflow_password(found: Recording) -> None:
    policy = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "tenant-user01-person")["policy"])
    (statement,) = (one for one in policy["Statement"] if one["Sid"] == "ReadOwnLogin")
    assert statement["Action"] == ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    (arn,) = statement["Resource"]
    assert arn.endswith(":secret:faculty/kubeflow/user01-??????")


@BOTH
def test_tenant_namespace_depends_on_kubeflow(unknown: bool) -> None:
    found = recorded("profiles", unknown)
    installed = {one.urn for one in found.all("kubernetes:kustomize/v2:Directory")}
    assert len(installed) > 10
    for one in (
        found.one("kubernetes:core/v1:Namespace", "tenant-user01-namespace"),
        found.one(PROFILE, "tenant-user01-kubeflow"),
        found.one(ROUTES, "tenants-directory-namespaces"),
        found.one(f"{RBAC}RoleBinding", "tenants-view-istio-system"),
    ):
        assert installed <= found.before(one), one.name


@BOTH
def test_suspension_job_deletes_pods_after_the_quota_is_zero(unknown: bool) -> None:
    found = recorded("profiles", unknown)
    jobs = [one for one in found.all("kubernetes:batch/v1:Job") if one.name.endswith("-suspension")]
    (job,) = jobs
    assert (job.name, job.inputs["metadata"]["namespace"]) == ("tenant-user02-suspension", "tenant-suspension")
    pod: dict[str, Any] = job.inputs["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["command"] == [
        *("kubectl", "delete", "pods", "--all"),
        "--namespace=kubeflow-user02",
        "--wait=false",
    ]
    assert pod["serviceAccountName"] == "user02"
    assert found.one("kubernetes:core/v1:ResourceQuota", "tenant-user02-limits").urn in found.before(job)
    binding = found.inputs(f"{RBAC}RoleBinding", "tenant-user02-suspension")
    assert (binding["metadata"]["namespace"], binding["roleRef"]["name"]) == ("kubeflow-user02", "tenant-suspension")
    (role,) = (one for one in found.all(f"{RBAC}ClusterRole") if one.name == "tenant-suspension")
    (rule,) = role.inputs["rules"]
    assert (rule["verbs"], rule["resources"]) == (["list", "delete"], ["pods"])
    way = found.inputs(POLICY, "tenant-suspension-kubernetes")["spec"]
    (opened,) = way["egress"]
    assert [peer["ipBlock"]["cidr"] for peer in opened["to"]] == [
        "10.102.224.0/28",
        "10.102.224.16/28",
        "172.21.0.1/32",
    ]
