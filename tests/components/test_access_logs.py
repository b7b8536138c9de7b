"""Access logs of load balancers and buckets, and the buckets that they are written to."""

import json
from typing import Any

import pytest

from tests.components.base import BOTH, EVERY_STACK, Recording, recorded

BUCKET, LOGGING, POLICY = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketPolicy:BucketPolicy",
)
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
ACCOUNT = "123456789012"


def _grants(recording: Recording, name: str = "access-logs") -> dict[str, dict[str, Any]]:
    statements = json.loads(recording.inputs(POLICY, name)["policy"])["Statement"]
    return {one["Sid"]: one for one in statements if one["Effect"] == "Allow"}


@EVERY_STACK
def test_every_bucket_but_those_for_logs_is_logged_where_asked(stack: str) -> None:
    recording = recorded(stack)
    wanted = recording.settings.access_logs.buckets
    logs = {one.inputs["bucket"] for one in recording.all(BUCKET) if one.name.startswith("access-logs")}
    others = {one.inputs["bucket"] for one in recording.all(BUCKET)} - logs
    logged = {one.inputs["bucket"]: one.inputs["targetBucket"] for one in recording.all(LOGGING)}
    assert logged.keys() == (others if wanted else set())
    assert set(logged.values()) <= logs, "a log bucket that logs to itself grows with each of its logs"


@pytest.mark.parametrize(("stack", "prefix"), [("prod", "s3/ai-prod-artifacts/"), ("backups", "s3/keep-scratch/")])
def test_each_bucket_has_a_prefix_and_waits_for_the_policy(stack: str, prefix: str) -> None:
    recording = recorded(stack)
    (logging,) = (one for one in recording.all(LOGGING) if one.inputs["targetPrefix"] == prefix)
    assert recording.one(POLICY, "access-logs").urn in logging.dependencies


def test_copies_of_buckets_log_in_their_region() -> None:
    recording = recorded("backups")
    there = recording.one(BUCKET, "access-logs-us-west-2")
    assert there.provider == recording.elsewhere["us-west-2"]
    copies = [one for one in recording.all(LOGGING) if one.provider == there.provider]
    assert sorted(one.name for one in copies) == ["bucket-state-replica", "bucket-uploads-replica"]
    assert {one.inputs["targetBucket"] for one in copies} == {"keep-access-logs-us-west-2"}
    assert _grants(recording, "access-logs-us-west-2").keys() == {"LogsOfBuckets"}


def test_log_bucket_expires_logs_and_has_keys_of_s3() -> None:
    recording = recorded("backups")
    rules = recording.inputs("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "access-logs")["rules"]
    assert {rule["id"]: rule.get("expiration") for rule in rules}["expire"] == {"days": 30}
    (rule,) = recording.inputs(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "access-logs"
    )["rules"]
    # An ALB and S3 cannot write to a bucket with a KMS key.
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}


def test_only_log_delivery_for_this_account_may_write() -> None:
    grants = _grants(recorded("prod"))
    arn = "arn:aws:s3:::ai-prod-access-logs"
    balancers = f"{arn}/load-balancers/AWSLogs/{ACCOUNT}/*"
    assert {sid: (one["Principal"]["Service"], one["Action"], one["Resource"]) for sid, one in grants.items()} == {
        "LogsOfBuckets": ("logging.s3.amazonaws.com", "s3:PutObject", f"{arn}/s3/*"),
        "LogsOfApplicationLoadBalancers": (
            "logdelivery.elasticloadbalancing.amazonaws.com",
            "s3:PutObject",
            balancers,
        ),
        "LogsOfNetworkLoadBalancersLook": ("delivery.logs.amazonaws.com", "s3:GetBucketAcl", arn),
        "LogsOfNetworkLoadBalancers": ("delivery.logs.amazonaws.com", "s3:PutObject", balancers),
    }
    assert all(ACCOUNT in json.dumps(one["Condition"]) for one in grants.values())


@pytest.mark.parametrize(("stack", "name"), [("prod", "ingress-alb"), ("streams", "kafka-outside")])
@BOTH
def test_balancer_is_created_after_the_policy_that_it_is_logged_by(stack: str, name: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    balancer = recording.one(BALANCER, name)
    assert (balancer.inputs["accessLogs"]["enabled"], balancer.inputs["accessLogs"]["prefix"]) == (
        True,
        "load-balancers",
    )
    assert recording.one(POLICY, "access-logs").urn in balancer.dependencies
    # Only an application load balancer has connection logs.
    assert ("connectionLogs" in balancer.inputs) is (balancer.inputs["loadBalancerType"] == "application")


def test_balancer_of_the_controller_logs_by_annotation() -> None:
    recording = recorded("controller")
    for ingress in recording.all(INGRESS):
        text = ingress.inputs["metadata"]["annotations"]["alb.ingress.kubernetes.io/load-balancer-attributes"]
        attributes = dict(pair.split("=") for pair in text.split(","))
        for kind in ("access_logs", "connection_logs"):
            found = {key.rpartition(".")[2]: value for key, value in attributes.items() if key.startswith(kind)}
            assert found == {"enabled": "true", "bucket": "kept-by-name", "prefix": "load-balancers"}
        assert recording.one(POLICY, "access-logs").urn in recording.before(ingress)


@pytest.mark.parametrize("stack", ["dev", "lab", "mlflow", "openwebui", "pingvas"])
def test_stack_without_access_logs_has_no_bucket_for_them(stack: str) -> None:
    recording = recorded(stack)
    assert not [one for one in recording.all(BUCKET) if one.name.startswith("access-logs")]
    assert all("accessLogs" not in one.inputs for one in recording.all(BALANCER))


@pytest.mark.parametrize(
    ("stack", "protected"), [("prod", True), ("nemo", True), ("mlflow", True), ("dev", None), ("streams", None)]
)
def test_aws_protects_cluster_balancers_and_databases_in_production(stack: str, protected: bool | None) -> None:
    recording = recorded(stack)
    for one in recording.all(BALANCER):
        assert (one.inputs.get("enableDeletionProtection") or None) is protected, one.name
    for one in (*recording.all("eks:index:Cluster"), *recording.all("aws:rds/instance:Instance")):
        assert (one.inputs.get("deletionProtection") or None) is protected, one.name
