"""Defaults of production that a security review requires, and values of the stack file that take precedence."""

from collections.abc import Callable
from pathlib import Path

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


def test_stack_that_is_not_in_production_may_lack_the_audit_log(tmp_path: Path) -> None:
    assert mistakes(tmp_path, edited(_cluster("logging: {types: [api]}"))) == ()


@each(
    ("environment", "settings", "refused"),
    [
        ("test", "retentionDays: 30", ["retentionDays"]),
        ("test", "bucket: of-our-own, keepObjects: false", ["bucket", "keepObjects"]),
        ("test", "buckets: true, retentionDays: 30", []),
        ("production", "retentionDays: 30", []),
        ("production", "buckets: false, loadBalancers: false, retentionDays: 30", ["retentionDays"]),
    ],
)
def test_setting_of_a_log_bucket_that_is_not_created_is_refused(
    environment: str, settings: str, refused: list[str], tmp_path: Path
) -> None:
    assert mistakes(tmp_path, edited(_in(environment), _access_logs(settings))) == tuple(
        f"27: accessLogs.{key}: has no effect without access logs; set accessLogs.loadBalancers or buckets, or "
        "remove it"
        for key in refused
    )
