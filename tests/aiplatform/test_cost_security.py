"""Bills of web ACLs, access logs and Enhanced Monitoring, calculated by hand."""

from decimal import Decimal
from typing import Any

from aiplatform.preview.plan import Resource
from tests.aiplatform.costing import priced, prices, resource, stack_bill
from tests.each import each

TABLE = prices({
    "waf_web_acl_month": "5",
    "waf_rule_month": "1",
    "waf_request_million": "0.6",
    "waf_capacity_request_million": "0.2",
    "s3_standard_gb_month": "0.02",
})  # fmt: skip


def _acl(*groups: str) -> Resource:
    rules: list[dict[str, Any]] = [{"statement": {"rateBasedStatement": {"limit": 100}}}]
    rules += [{"statement": {"managedRuleGroupStatement": {"name": f"AWSManagedRules{group}"}}} for group in groups]
    return resource("aws:wafv2/webAcl:WebAcl", "waf", rules=rules)


def _costs(*resources: Resource, **assumptions: Any) -> dict[str, Decimal | None]:
    bill = priced(*resources, table=TABLE, **assumptions)
    return {line.item: line.monthly.expected if line.monthly else None for line in bill.lines}


def test_web_acl_costs_5_and_each_rule_1_and_requests() -> None:
    found = _costs(_acl("CommonRuleSet", "KnownBadInputsRuleSet"), wafMillionRequestsPerMonth=10)
    assert found == {"waf_web_acl_month": 5, "waf_rule_month": 3, "waf_request_million": 6}


def test_capacity_above_1500_units_is_billed_for_each_500() -> None:
    # 700 + 200 + 200 + 200 + 100 + 100 + 2 = 1502 capacity units
    groups = ("CommonRuleSet", "KnownBadInputsRuleSet", "SQLiRuleSet", "LinuxRuleSet", "UnixRuleSet")
    found = _costs(_acl(*groups, "AdminProtectionRuleSet"), wafMillionRequestsPerMonth=10)
    assert found["waf_capacity_request_million"] == 2
    assert "waf_capacity_request_million" not in _costs(_acl(*groups))


def test_group_that_the_table_lacks_has_an_unknown_price() -> None:
    assert "waf_rule_group_AWSManagedRulesNewerRuleSet" in str(priced(_acl("NewerRuleSet"), table=TABLE).missing)


def test_log_bucket_holds_the_logs_of_its_retention() -> None:
    component = resource("ai-platform:data:AccessLogBucket", "access-logs")
    inner = resource("ai-platform:data:Bucket", "access-logs", parent=component.urn)
    bucket = resource("aws:s3/bucket:Bucket", "access-logs", parent=inner.urn, bucket="logs")
    lifecycle = resource(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "access-logs",
        dependencies=(bucket.urn,),
        rules=[{"noncurrentVersionExpiration": {"noncurrentDays": 1}}, {"expiration": {"days": 90}}],
    )
    # 20 GB a month for three months
    found = _costs(component, inner, bucket, lifecycle, accessLogsGbPerMonth=20)
    assert found["s3_standard_gb_month"] == Decimal("0.02") * 20 * 3


def test_bill_of_prod_has_the_web_acl_and_the_log_bucket() -> None:
    lines = [(line.item, line.monthly and line.monthly.expected) for line in stack_bill("prod").lines]
    assert [cost for item, cost in lines if item.startswith("waf_")] == [5, 4, 3]
    logs = [line for line in stack_bill("prod").lines if line.owner.component == "access-logs"]
    # 5 GB a month for 365 days at 0.023 USD
    assert [one.monthly and one.monthly.expected for one in logs] == [Decimal(5) * 365 / 30 * Decimal("0.023")]


@each("type_", ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"])
def test_enhanced_monitoring_costs_the_logs_of_its_samples(type_: str) -> None:
    # Every 15 s for 700 hours are 168,000 samples of 8 KiB, or 1.2817 GB, of which 15 percent are stored.
    table = prices({"cloudwatch_logs_ingest_gb": "0.5", "cloudwatch_logs_storage_gb_month": "0.03"})
    bill = priced(
        resource(type_, "db", instanceClass="db.t4g.micro", engine="postgres", monitoringInterval=15),
        table=table,
        enhancedMonitoringKib=8,
    )
    lines = {line.item: line.monthly.expected for line in bill.lines if line.monthly}
    assert round(lines["cloudwatch_logs_ingest_gb"], 4) == Decimal("0.6409")
    assert round(lines["cloudwatch_logs_storage_gb_month"], 4) == Decimal("0.0058")
    assert "cloudwatch" not in str(
        priced(resource(type_, "db", engine="postgres", monitoringInterval=0), table=table).lines
    )
