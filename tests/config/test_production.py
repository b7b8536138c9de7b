"""Defaults of production that a security review requires, and values of the stack file that take precedence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import Settings
from tests.config.base import edited, load, mistakes
from tests.each import each

Edit = tuple[str, str]
ENVIRONMENT = "environment: test"
CLUSTER = "endpoint: {public: false}"
DATABASE = "databaseName: mlflow\n"
CLASS = 'engine: postgres\n      engineVersion: "17"\n      instanceClass: db.t4g.small'
MYSQL = 'engine: mysql\n      engineVersion: "8.4"\n      instanceClass: db.t3.micro'


def _in(environment: str, project: str = "") -> Edit:
    return ENVIRONMENT, f"environment: {environment}{project}"


PROD = _in("production")
UNPROTECTED = _in("production", "\n    deletionProtection: false")


def _cluster(settings: str) -> Edit:
    return CLUSTER, f"{CLUSTER}\n    {settings}"


def _database(settings: str) -> Edit:
    return DATABASE, f"{DATABASE}      {settings}\n"


def _ingress(settings: str) -> Edit:
    return "", f"  ai-platform:ingress: {{{settings}}}\n"


def _access_logs(settings: str) -> Edit:
    return "", f"  ai-platform:accessLogs: {{{settings}}}\n"


def _protected(one: Settings) -> tuple[bool, bool, bool]:
    return one.cluster.deletion_protection, one.ingress.deletion_protection, one.databases["runs"].deletion_protection


def _logs(one: Settings) -> tuple[bool, bool, int]:
    return one.access_logs.load_balancers, one.access_logs.buckets, one.access_logs.retention_days


def _audit(one: Settings) -> int:
    return one.cluster.logging.retention_days


def _insight(one: Settings) -> tuple[bool, int]:
    insight = one.databases["runs"].insight
    return insight.performance_insights, insight.interval_seconds


@each(
    ("edits", "read", "expected"),
    [
        ((), _protected, (False, False, False)),
        ((PROD,), _protected, (True, True, True)),
        ((_in("prod"),), _protected, (True, True, True)),
        ((_in("preprod"),), _protected, (False, False, False)),
        ((PROD, _cluster("deletionProtection: false")), _protected, (False, True, True)),
        ((PROD, _ingress("deletionProtection: false")), _protected, (True, False, True)),
        ((PROD, _database("deletionProtection: false")), _protected, (True, True, False)),
        ((UNPROTECTED,), _protected, (False, False, False)),
        ((UNPROTECTED, _cluster("deletionProtection: true")), _protected, (True, False, False)),
        ((_in("test", "\n    deletionProtection: true"),), _protected, (False, False, False)),
        ((), _logs, (False, False, 90)),
        ((PROD,), _logs, (True, True, 90)),
        ((_in("staging"),), _logs, (False, False, 90)),
        ((_in("staging"), _access_logs("buckets: true")), _logs, (False, True, 90)),
        ((PROD, _access_logs("buckets: false")), _logs, (True, False, 90)),
        ((PROD, _access_logs("loadBalancers: false, retentionDays: 365")), _logs, (False, True, 365)),
        ((), _audit, 30),
        ((PROD,), _audit, 365),
        ((PROD, _cluster("logging: {types: [audit]}")), _audit, 365),
        ((PROD, _cluster("logging: {types: [api, audit], retentionDays: 30}")), _audit, 30),
        ((PROD, _cluster("logging: {types: [api]}")), _audit, 30),
        ((), _insight, (False, 0)),
        ((PROD,), _insight, (True, 0)),
        ((PROD, _database("insight: {intervalSeconds: 60}")), _insight, (True, 60)),
        ((PROD, _database("insight: {performanceInsights: false}")), _insight, (False, 0)),
        # Performance Insights of MySQL requires a larger class.
        ((PROD, (CLASS, MYSQL)), _insight, (False, 0)),
    ],
)
def test_production_turns_on_what_the_stack_file_does_not_set(
    edits: tuple[Edit, ...], read: Callable[[Settings], object], expected: object, tmp_path: Path
) -> None:
    assert read(load_even_so(tmp_path, *edits)) == expected


def load_even_so(folder: Path, *edits: Edit) -> Settings:
    """Load the base without its workload, which requires PostgreSQL."""
    workload = ("  ai-platform:workloads:\n    mlflow:\n      database: runs\n      bucket: artifacts\n", "")
    return load(folder, edited(workload, *edits)).settings


@pytest.mark.parametrize("environment", ["prod", "production"])
@pytest.mark.parametrize("types", ["[]", "[api]", "[authenticator, scheduler]"])
def test_production_without_the_audit_log_warns(environment: str, types: str, tmp_path: Path) -> None:
    lines = mistakes(tmp_path, edited(_in(environment), _cluster(f"logging: {{types: {types}}}")))
    assert lines == (
        "11: cluster.logging.types: lacks audit, so that changes by users leave no record in environment "
        f"{environment}; add audit",
    )


def test_stack_that_is_not_in_production_may_lack_the_audit_log(tmp_path: Path) -> None:
    assert mistakes(tmp_path, edited(_cluster("logging: {types: [api]}"))) == ()


@each(
    ("waf", "expected"),
    [
        ("ruleGroups: [AWSManagedRulesSQLiRuleSet]", ()),
        (
            "ruleGroups: [AWSManagedRulesSQLiRuleset]",
            (
                "27: ingress.waf.ruleGroups[0]: unknown rule group 'AWSManagedRulesSQLiRuleset' in the table of "
                "2026-11-30, so that its rules for request bodies block; did you mean AWSManagedRulesSQLiRuleSet?",
            ),
        ),
        (
            "countRules: {AWSManagedRulesCommonRuleSet: [NoUserAgent]}",
            (
                "27: ingress.waf.countRules.AWSManagedRulesCommonRuleSet[0]: unknown rule 'NoUserAgent' of "
                "AWSManagedRulesCommonRuleSet in the table of 2026-11-30; did you mean NoUserAgent_HEADER?",
            ),
        ),
    ],
)
def test_rule_that_the_table_lacks_warns_with_its_date(waf: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    assert mistakes(tmp_path, edited(_ingress(f"waf: {{{waf}}}"))) == expected


@each(
    ("edits", "line"),
    [
        (
            (
                _access_logs("buckets: true"),
                ("artifacts: {}", "access-logs: {}"),
                ("bucket: artifacts", "bucket: access-logs"),
            ),
            "27: accessLogs.bucket: shop-access-logs is already the name of bucket access-logs; choose another",
        ),
        (
            (_access_logs("buckets: true, bucket: shop-artifacts"),),
            "27: accessLogs.bucket: shop-artifacts is already the name of bucket artifacts; choose another",
        ),
    ],
)
def test_name_of_the_log_bucket_is_unique(edits: tuple[Edit, ...], line: str, tmp_path: Path) -> None:
    assert line in mistakes(tmp_path, edited(*edits))
