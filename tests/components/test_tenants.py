"""Tenants: of a range, with overrides, suspended, an instructor, and two removed ones."""

import json
from typing import Any

import pytest

from config.tenants import Tenants
from tests.components.base import BOTH, Recording, recorded, settings_from

QUOTA = "kubernetes:core/v1:ResourceQuota"
BUCKET = "aws:s3/bucket:Bucket"
REPOSITORY = "aws:ecr/repository:Repository"


@pytest.fixture(scope="module")
def found() -> Recording:
    """The variant stack."""
    return recorded("tenants")


def named(recording: Recording, type_: str, key: str) -> set[str]:
    return {str(one.inputs[key]) for one in recording.all(type_)}


def test_tenant_names_are_zero_padded_numbers_in_order() -> None:
    section = settings_from(
        Tenants,
        {
            "range": {"last": 15},
            "members": {"20": {"instructor": True}},
            "namespacePrefix": "kubeflow-",
            "resourcePrefix": "mlops-training",
        },
    )
    tenants = section.all("lab")
    assert len(tenants) == 16
    assert [tenant.number for tenant in tenants] == [*(f"{number:02}" for number in range(1, 16)), "20"]
    seven = tenants[6]
    assert (seven.namespace, seven.profile, seven.email) == ("kubeflow-user07", "profile-user07", "user07@mlops.local")
    assert (seven.bucket, seven.repository) == ("mlops-training-user07", "mlops-training/user07")


@pytest.mark.requirement("002-pol-03")
def test_quota_limits_requests_and_limits_under_the_kubeflow_name(found: Recording) -> None:
    quota = found.inputs(QUOTA, "tenant-user01-limits")
    assert quota["metadata"]["name"] == "kf-resource-quota"
    assert quota["spec"]["hard"] == {
        "requests.cpu": "4",
        "limits.cpu": "4",
        "requests.memory": "8Gi",
        "limits.memory": "8Gi",
        "requests.nvidia.com/gpu": "0",
        "requests.storage": "100Gi",
        "pods": "50",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }
    assert found.inputs(QUOTA, "tenant-user20-limits")["spec"]["hard"]["requests.cpu"] == "16"
    (limits,) = found.inputs("kubernetes:core/v1:LimitRange", "tenant-user01-limits")["spec"]["limits"]
    assert (limits["defaultRequest"]["cpu"], limits["default"]["memory"]) == ("100m", "1Gi")


def test_suspended_tenant_has_all_resources_and_a_pod_quota_of_zero(found: Recording) -> None:
    assert found.inputs(QUOTA, "tenant-user02-limits")["spec"]["hard"]["pods"] == "0"
    assert "academy-training-user02-x7" in named(found, BUCKET, "bucket")
    assert found.one("aws:eks/accessEntry:AccessEntry", "tenant-user02-person")


def test_removed_tenant_keeps_only_its_bucket_and_repository_under_the_old_urn(
    found: Recording,
) -> None:
    left = {one.type for one in found.plan.resources if "user04" in one.name and not one.type.startswith("ai-platform")}
    assert {type_.split(":")[1].partition("/")[0] for type_ in left} == {"ecr", "s3"}
    assert not [one for one in found.plan.resources if "user05" in one.name]
    staying, kept = (found.one(BUCKET, f"tenant-{name}-storage") for name in ("user01", "user04"))
    assert kept.urn == staying.urn.replace("user01", "user04"), "another URN would be another bucket"


@pytest.mark.requirement("002-sto-04", "002-ver-34", "002-ver-35")
def test_bucket_is_private_and_versioned_with_both_folders(found: Recording) -> None:
    bucket = found.inputs(BUCKET, "tenant-user01-storage")
    assert (bucket["bucket"], bucket["forceDestroy"]) == ("academy-training-user01-x7", False)
    keys = {
        one.inputs["key"]
        for one in found.all("aws:s3/bucketObjectv2:BucketObjectv2")
        if one.name.startswith("tenant-user01-")
    }
    assert keys == {"mlflow-artifacts/", "kubeflow-pipeline-artifacts/"}
    closed = found.inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "tenant-user01-storage")
    assert all(value is True for key, value in closed.items() if key.startswith(("block", "ignore", "restrict")))


def test_repository_is_scanned_immutable_and_never_emptied(found: Recording) -> None:
    repository = found.inputs(REPOSITORY, "tenant-user01-storage")
    assert repository["name"] == "academy-training/user01"
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    assert repository["forceDelete"] is False


@BOTH
def test_user_has_groups_and_no_eks_policy(unknown: bool) -> None:
    found = recorded("tenants", unknown)
    entries = {one.name: one.inputs for one in found.all("aws:eks/accessEntry:AccessEntry")}
    assert entries["tenant-user01-person"]["kubernetesGroups"] == ["tenant-user01", "tenants"]
    instructor = entries["tenant-user20-person"]
    assert instructor["kubernetesGroups"] == ["tenant-user20", "tenants", "tenant-instructors"]
    assert instructor["principalArn"] == "arn:aws:iam::111122223333:role/instructor"
    assert "tenant-user20-person" not in {one.name for one in found.all("aws:iam/role:Role")}


def test_user_role_allows_its_own_bucket_and_repository_and_ecr_login(found: Recording) -> None:
    policy = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "tenant-user01-person")["policy"])
    resources: dict[str, Any] = {item["Sid"]: item["Resource"] for item in policy["Statement"]}
    bucket = "arn:aws:s3:::academy-training-user01-x7"
    (repository,) = resources.pop("UseOwnRepository")
    (cluster,) = resources.pop("WriteKubeconfig")
    assert repository.endswith(":repository/academy-training/user01")
    assert cluster.endswith(":cluster/academy-eks")
    assert resources == {"ListOwnObjects": [bucket], "KeepOwnObjects": [f"{bucket}/*"], "LogInToRegistry": ["*"]}


@BOTH
def test_namespace_is_labelled_and_restricted_and_precedes_its_objects(unknown: bool) -> None:
    found = recorded("tenants", unknown)
    namespace = found.one("kubernetes:core/v1:Namespace", "tenant-user01-namespace")
    assert namespace.inputs["metadata"]["labels"]["ai-platform/tenant"] == "user01"
    assert namespace.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    inside = [
        one
        for one in found.all("kubernetes:")
        if (one.inputs.get("metadata") or {}).get("namespace") == "kubeflow-user01"
    ]
    assert len(inside) >= 9
    policies = {
        one.urn for one in found.all("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding")
    }
    for one in inside:
        assert {namespace.urn, *policies} <= found.before(one), one.urn


@pytest.mark.requirement("002-ver-09", "002-ver-11")
def test_namespace_has_the_bindings_and_accounts_of_the_checks(found: Recording) -> None:
    bindings = {
        one.inputs["metadata"]["name"]
        for one in found.all("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
        if one.inputs["metadata"]["namespace"] == "kubeflow-user01"
    }
    assert bindings == {"namespaceAdmin", "default-editor", "default-viewer", "instructors"}
    accounts = {
        one.inputs["metadata"]["name"]
        for one in found.all("kubernetes:core/v1:ServiceAccount")
        if one.inputs["metadata"]["namespace"] == "kubeflow-user01"
    }
    assert {"default-editor", "default-viewer"} <= accounts


def test_tenant_table_is_an_output(found: Recording) -> None:
    table = found.plan.outputs["tenants"]
    assert isinstance(table, dict)
    assert set(table) == {"user01", "user02", "user03", "user20"}
    one = table["user01"]
    assert isinstance(one, dict)
    assert (one["namespace"], one["bucket"]) == ("kubeflow-user01", "academy-training-user01-x7")
