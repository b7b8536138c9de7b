"""What a security review requires in production, and a stack file turns off or lacks."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from aiplatform.finding import Finding, Severity
from aiplatform.preview.plan import Plan, Resource
from config.cluster import AUDIT_DAYS
from config.settings import Settings

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
BUCKET = "aws:s3/bucket:Bucket"
DATABASE = "aws:rds/instance:Instance"
INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
SCALING_GROUP = "aws:autoscaling/group:Group"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"


class Expected(NamedTuple):
    """An input that a type of resource has in production."""

    rule: str
    severity: Severity
    input: str
    lack: str
    fix: str


def _protection(key: str, setting: str) -> Expected:
    fix = f"remove deletionProtection: false from {setting} and project"
    return Expected("deletion-protection", "warning", key, "AWS does not refuse its deletion", fix)


_INSIGHT = ("performanceInsightsEnabled", "its load by query is not recorded")
_MONITORED = ("monitoringInterval", "the metrics of its operating system are not recorded")

EXPECTED: Mapping[str, tuple[Expected, ...]] = {
    BALANCER: (
        _protection("enableDeletionProtection", "ingress"),
        Expected("access-logs", "warning", "accessLogs", "its requests are not logged", "set accessLogs.loadBalancers"),
    ),
    "eks:index:Cluster": (_protection("deletionProtection", "cluster"),),
    "aws:rds/cluster:Cluster": (_protection("deletionProtection", "auroraClusters"),),
    DATABASE: (
        _protection("deletionProtection", "databases"),
        Expected("database-insight", "info", *_INSIGHT, "set insight.performanceInsights, on a class that has it"),
        Expected("database-insight", "info", *_MONITORED, "set insight.intervalSeconds: 60"),
    ),
    INSTANCE: (
        Expected("database-insight", "info", *_INSIGHT, "set performanceInsights and capacity.max of at least 2"),
        Expected("database-insight", "info", *_MONITORED, "set monitoringIntervalSeconds: 60"),
    ),
}
"""https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html"""


def production(plan: Plan, settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each resource of a stack in production that lacks what its type should have."""
    if not settings.project.is_production():
        return
    logged = {
        one.inputs.get(key) for one in plan.resources if one.type == LOGGING for key in ("bucket", "targetBucket")
    }
    logged |= {(one.inputs.get("accessLogs") or {}).get("bucket") for one in plan.resources if one.type == BALANCER}
    filtered = {urn for one in plan.resources if one.type == ASSOCIATION for urn in one.dependencies}
    audit = f"/aws/eks/{settings.cluster_name()}/cluster"
    for one in plan.resources:
        lacking = [each for each in EXPECTED.get(one.type, ()) if not one.inputs.get(each.input)]
        if one.type == BUCKET and one.inputs.get("bucket") not in logged:
            lacking.append(Expected("access-logs", "warning", "", "requests are not logged", "set accessLogs.buckets"))
        if one.type == SCALING_GROUP:
            lack = "a NAT instance has no service level, and nodes have no internet access while it is replaced"
            lacking.append(Expected("nat-instance", "info", "", lack, "remove network.natInstance"))
        if _is_public(one) and one.urn not in filtered:
            lacking.append(Expected("web-acl", "info", "", "AWS WAF does not filter its requests", "set ingress.waf"))
        days = one.inputs.get("retentionInDays")
        if one.type == LOG_GROUP and one.inputs.get("name") == audit and days is not None and int(days) < AUDIT_DAYS:
            lack = f"the audit log is kept for {days} days, and PCI DSS requires {AUDIT_DAYS}"
            lacking.append(Expected("audit-retention", "info", "", lack, "remove cluster.logging.retentionDays"))
        for each in lacking:
            yield Finding(each.rule, each.severity, one.urn, f"{one.name}: {each.lack}", each.fix)


def _is_public(one: Resource) -> bool:
    """Return whether a resource is an internet-facing application load balancer."""
    return (
        one.type == BALANCER and one.inputs.get("loadBalancerType") == "application" and not one.inputs.get("internal")
    )
