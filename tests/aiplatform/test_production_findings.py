"""What a stack in production lacks, and a stack elsewhere may lack."""

from typing import Any

import pytest

from aiplatform.finding import Finding
from aiplatform.findings.production import production
from aiplatform.preview.plan import Plan
from config.settings import Settings
from tests.aiplatform.costing import resource
from tests.components.base import recorded, settings_of
from tests.each import each

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
BUCKET, LOGGING = "aws:s3/bucket:Bucket", "aws:s3/bucketLogging:BucketLogging"
DATABASE, INSTANCE = "aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
FULL = {"loadBalancerType": "application", "enableDeletionProtection": True, "accessLogs": {"bucket": "logs"}}
WATCHED = {"performanceInsightsEnabled": True, "monitoringInterval": 60}
AUDIT = "/aws/eks/ai-prod-eks/cluster"


def _found(*resources: Any, settings: Settings | None = None) -> list[Finding]:
    return list(production(Plan("p", "s", tuple(resources), {}), settings or settings_of("prod")))


def _association(balancer: Any) -> Any:
    return resource("aws:wafv2/webAclAssociation:WebAclAssociation", dependencies=(balancer.urn,))


PUBLIC = resource(BALANCER, "front", **FULL, internal=False)


@each(
    ("resources", "expected"),
    [
        ((PUBLIC, _association(PUBLIC)), []),
        ((PUBLIC,), [("web-acl", "info", "AWS WAF does not filter its requests")]),
        ((resource(BALANCER, "inner", **FULL, internal=True),), []),
        ((resource(BALANCER, "kafka", **{**FULL, "loadBalancerType": "network"}),), []),
        (
            (resource(BALANCER, "bare", loadBalancerType="network"),),
            [
                ("deletion-protection", "warning", "AWS does not refuse its deletion"),
                ("access-logs", "warning", "its requests are not logged"),
            ],
        ),
        (
            (resource("aws:autoscaling/group:Group", "nat"),),
            [
                (
                    "nat-instance",
                    "info",
                    "a NAT instance has no service level, and nodes have no internet access while it is replaced",
                )
            ],
        ),
        ((resource(BUCKET, "data", bucket="data"),), [("access-logs", "warning", "requests are not logged")]),
        (
            (
                resource(BUCKET, "data", bucket="data"),
                resource(BUCKET, "logs", bucket="logs"),
                resource(LOGGING, "data", bucket="data", targetBucket="logs"),
            ),
            [],
        ),
        ((resource(BUCKET, "logs", bucket="logs"), resource(BALANCER, "inner", **FULL, internal=True)), []),
        (
            (resource("eks:index:Cluster", "cluster", deletionProtection=False),),
            [("deletion-protection", "warning", "AWS does not refuse its deletion")],
        ),
        ((resource("eks:index:Cluster", "cluster", deletionProtection=True),), []),
        ((resource(DATABASE, "db", deletionProtection=True, **WATCHED),), []),
        (
            (resource(DATABASE, "db", deletionProtection=False, monitoringInterval=60),),
            [
                ("deletion-protection", "warning", "AWS does not refuse its deletion"),
                ("database-insight", "info", "its load by query is not recorded"),
            ],
        ),
        (
            (resource(INSTANCE, "writer", performanceInsightsEnabled=True),),
            [("database-insight", "info", "the metrics of its operating system are not recorded")],
        ),
        (
            (resource("aws:rds/cluster:Cluster", "aurora", deletionProtection=False),),
            [("deletion-protection", "warning", "AWS does not refuse its deletion")],
        ),
        ((resource(GROUP, "audit", name=AUDIT, retentionInDays=365),), []),
        ((resource(GROUP, "other", name="/aws/other", retentionInDays=1),), []),
        (
            (resource(GROUP, "audit", name=AUDIT, retentionInDays=90),),
            [("audit-retention", "info", "the audit log is kept for 90 days, and PCI DSS requires 365")],
        ),
    ],
)
def test_production_stack_that_lacks_a_protection_has_a_finding(
    resources: tuple[Any, ...], expected: list[tuple[str, str, str]]
) -> None:
    found = [(one.rule, one.severity, one.message.partition(": ")[2]) for one in _found(*resources)]
    assert found == expected
    assert _found(*resources, settings=settings_of("dev")) == []


@pytest.mark.parametrize(
    ("stack", "rules"),
    [
        ("prod", set()),
        # Its document keeps the audit log for 30 days, and has no WAF and no bucket for access logs.
        ("mlflow", {"access-logs", "audit-retention", "database-insight", "web-acl"}),
        # Its class of MySQL has no Performance Insights.
        ("nemo", {"database-insight", "web-acl"}),
        ("dev", set()),
        ("pingvas", set()),
    ],
)
def test_shipped_stack_lacks_what_its_document_leaves_out(stack: str, rules: set[str]) -> None:
    recording = recorded(stack)
    assert {one.rule for one in production(recording.plan, recording.settings)} == rules
