"""Environments: two of the stack pingvas, and three of a stack with its other settings."""

import json
from typing import Any

import pytest

from aiplatform.preview.plan import UNKNOWN
from components.sharing.environment.network_policies import policy_name
from tests.components.base import BOTH, Recording, recorded

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
REGISTRATION = "kubernetes:admissionregistration.k8s.io/v1:"
SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type
STACKS = {
    "pingvas": {"dev": "dev", "prod": "prod"},
    "environments": {"live": "live", "trial": "atelier-trial", "lab": "lab"},
}
EACH = pytest.mark.parametrize(
    ("stack", "environment"), [(stack, environment) for stack, found in STACKS.items() for environment in found]
)


def egress(recording: Recording, namespace: str, name: str) -> list[dict[str, Any]]:
    """What a policy lets out."""
    (found,) = (
        item.inputs["spec"]["egress"]
        for item in recording.all(POLICY)
        if (item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]) == (namespace, name)
    )
    return found  # type: ignore[no-any-return]


def statements(recording: Recording, role: str) -> dict[str, Any]:
    """What a role may do, by the ids of its statements."""
    policy = recording.inputs("aws:iam/policy:Policy", role)["policy"]
    return {item["Sid"]: item for item in json.loads(policy)["Statement"]}


def test_policy_is_named_after_the_other_environment_where_there_is_one() -> None:
    assert policy_name("dev", ["dev", "prod"]) == "deny-to-prod"
    assert policy_name("prod", ["dev", "prod"]) == "deny-to-dev"
    assert policy_name("live", ["live", "trial", "lab"]) == policy_name("one", ["one"]) == "deny-to-other-environments"


@EACH
@BOTH
def test_egress_of_an_environment_excludes_pod_addresses(stack: str, environment: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    settings = recording.settings
    namespace = STACKS[stack][environment]
    rules = egress(recording, namespace, policy_name(environment, list(settings.environments)))
    endpoints = settings.network.private_cidrs() if settings.network.endpoints.interface else []
    assert rules[0] == {"to": [{"namespaceSelector": {"matchLabels": {"environment": environment}}}]}
    out = next(rule for rule in rules if rule.get("ports") == [{"protocol": "TCP", "port": 443}])
    world = {"cidr": "0.0.0.0/0", "except": [str(settings.network.cidr), "169.254.0.0/16"]}
    assert out["to"] == [{"ipBlock": world}, *({"ipBlock": {"cidr": cidr}} for cidr in endpoints)]


def test_egress_to_data_subnets_has_only_the_ports_in_use() -> None:
    recording = recorded("environments")
    name = "deny-to-other-environments"
    ports = {
        environment: sorted(
            port["port"]
            for rule in egress(recording, namespace, name)
            for port in rule.get("ports", [])
            if port["port"] in {5432, 6379, 2049}
        )
        for environment, namespace in STACKS["environments"].items()
    }
    assert ports == {"live": [5432], "trial": [5432], "lab": []}


def test_egress_allows_the_pod_identity_agent_and_no_mesh_where_configured() -> None:
    rules = egress(recorded("environments"), "live", "deny-to-other-environments")
    assert {"ports": [{"protocol": "TCP", "port": 80}], "to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}]} in rules
    assert "15012" not in json.dumps(rules)
    assert "169.254.170.23" not in json.dumps(egress(recorded("pingvas"), "dev", "deny-to-prod"))


@EACH
@BOTH
def test_quota_defaults_and_admission_precede_pods(stack: str, environment: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    namespace = STACKS[stack][environment]
    settings = recording.settings.environments[environment]
    quota = recording.one("kubernetes:core/v1:ResourceQuota", f"{environment}-limits")
    assert quota.inputs["spec"]["hard"] == settings.quota
    policy = recording.one(f"{REGISTRATION}ValidatingAdmissionPolicy", f"{environment}-limits")
    (rule,) = policy.inputs["spec"]["validations"]
    assert rule["expression"].endswith(f"in {json.dumps(list(settings.priority_classes))}")
    binding = recording.one(f"{REGISTRATION}ValidatingAdmissionPolicyBinding", f"{environment}-limits")
    selector = binding.inputs["spec"]["matchResources"]["namespaceSelector"]["matchLabels"]
    assert selector == {"kubernetes.io/metadata.name": namespace}
    limits = recording.one("kubernetes:core/v1:LimitRange", f"{environment}-limits")
    for item in recording.all("kubernetes:apps/v1:Deployment"):
        if item.inputs["metadata"]["namespace"] == namespace:
            assert {quota.urn, policy.urn, binding.urn, limits.urn} <= recording.before(item)


def test_namespace_label_is_the_key_of_the_environment() -> None:
    recording = recorded("environments")
    labels = recording.inputs("kubernetes:core/v1:Namespace", "trial-namespace")["metadata"]["labels"]
    assert labels["environment"] == "trial"
    assert labels["elbv2.k8s.aws/pod-readiness-gate-inject"] == "enabled"
    lab = recording.inputs("kubernetes:core/v1:Namespace", "lab-namespace")["metadata"]["labels"]
    assert "elbv2.k8s.aws/pod-readiness-gate-inject" not in lab, "no load balancer asks there"


def test_role_writes_and_decrypts_only_where_the_settings_allow_it() -> None:
    recording = recorded("environments")
    live, trial = statements(recording, "live-app"), statements(recording, "trial-app")
    key = "arn:aws:kms:us-west-2:111122223333:key/1"
    assert live["KeepObjects"]["Resource"] == ["arn:aws:s3:::atelier-pictures/*"]
    assert live["ReadObjects"]["Resource"] == ["arn:aws:s3:::atelier-fonts/*"]
    assert (live["KeepObjectsWithKeys"]["Resource"], live["KeepObjectsWithKeys"]["Action"]) == (
        [key],
        ["kms:Decrypt", "kms:GenerateDataKey"],
    )
    assert (trial["ReadObjectsWithKeys"]["Resource"], trial["ReadObjectsWithKeys"]["Action"]) == (
        [key],
        ["kms:Decrypt"],
    )
    assert set(trial) == {"ListObjects", "ReadObjects", "ReadObjectsWithKeys"}


def test_service_account_without_buckets_has_a_role_without_permissions() -> None:
    recording = recorded("environments")
    assert recording.inputs("aws:iam/role:Role", "lab-tinker")["name"] == "atelier-tinkerers"
    assert [item.name for item in recording.all("aws:iam/policy:Policy") if item.name.startswith("lab")] == []


@BOTH
def test_no_reader_url_without_readers_and_pods_restart_with_a_new_password(unknown: bool) -> None:
    recording = recorded("environments", unknown)
    found = recording.inputs(SECRET, "live-secrets-db-credentials")
    assert "DATABASE_READER_URL" not in found["spec"]["target"]["template"]["data"]
    version = found["metadata"]["annotations"]["ai-platform/secret-version"]
    assert version != ""
    pods = recording.inputs("kubernetes:apps/v1:Deployment", "live-gallery")["spec"]["template"]
    assert pods["metadata"]["annotations"]["ai-platform/database-secret-version"] == version
    assert (version == UNKNOWN) is unknown


def test_secret_store_reads_secrets_of_its_own_applications_only() -> None:
    recording = recorded("environments")
    names = {
        role: sorted(
            arn.split(":secret:")[1].rsplit("-", 1)[0]
            for arn in statements(recording, role)["ReadOwnSecrets"]["Resource"]
        )
        for role in ("live-secrets", "trial-secrets")
    }
    assert names == {
        "live-secrets": ["atelier/live/database", "atelier/mail", "atelier/session"],
        "trial-secrets": ["atelier/mail", "atelier/session", "atelier/trial/database"],
    }
    stores = [item.name for item in recording.all("kubernetes:external-secrets.io/v1:SecretStore")]
    assert "lab-secrets" not in stores, "nothing there is secret"


def test_read_only_folder_is_mounted_read_only_and_retained() -> None:
    recording = recorded("pingvas")
    dev, prod = (
        recording.inputs("kubernetes:core/v1:PersistentVolume", f"{environment}-volumes-models")["spec"]
        for environment in ("dev", "prod")
    )
    assert (dev["accessModes"], dev["mountOptions"], dev["csi"]["readOnly"]) == (["ReadOnlyMany"], ["ro"], True)
    assert (prod["accessModes"], "mountOptions" in prod, "readOnly" in prod["csi"]) == (["ReadWriteMany"], False, False)
    assert dev["csi"]["volumeHandle"] == prod["csi"]["volumeHandle"]
    file_system, _, access_point = dev["csi"]["volumeHandle"].partition("::")
    assert (file_system[:3], access_point[:5]) == ("fs-", "fsap-")
    assert {dev["persistentVolumeReclaimPolicy"], prod["persistentVolumeReclaimPolicy"]} == {"Retain"}
    assert (dev["claimRef"]["namespace"], dev["claimRef"]["name"]) == ("dev", "models")
    claim = recording.inputs("kubernetes:core/v1:PersistentVolumeClaim", "dev-volumes-models")["spec"]
    assert (claim["volumeName"], claim["storageClassName"]) == ("pingvas-dev-models", "")


@BOTH
def test_services_depend_on_the_migration_and_it_on_the_schema(unknown: bool) -> None:
    recording = recorded("pingvas", unknown)
    for environment in ("dev", "prod"):
        migration = recording.one("kubernetes:batch/v1:Job", f"{environment}-migration")
        assert recording.one("kubernetes:batch/v1:Job", "shared-schemas").urn in recording.before(migration)
        service = recording.one("kubernetes:apps/v1:Deployment", f"{environment}-user-service")
        assert migration.urn in recording.before(service)
