"""Values that a stack file does not set follow those that it sets, instead of contradicting them."""

from collections.abc import Callable
from pathlib import Path

from config.settings import Settings
from tests.config.base import Loaded, edited, load, shared
from tests.config.gateway_mistakes import BEFORE, ROOMY, WORKLOADS
from tests.each import each

Edits = tuple[tuple[str, str], ...]


def _storage(settings: str) -> Edits:
    return (("databaseName: mlflow\n", f"databaseName: mlflow\n      storage: {{{settings}}}\n"),)


def _database(settings: str) -> Edits:
    return (("databaseName: mlflow\n", f"databaseName: mlflow\n      {settings}\n"),)


def _aurora(settings: str) -> Edits:
    return shared(("databaseName: shop}", f"databaseName: shop, {settings}}}"))


def _cache(settings: str) -> Edits:
    return shared(("cache.t4g.small}", f"cache.t4g.small, {settings}}}"))


def _kafka(settings: str) -> Edits:
    return (("    mlflow:\n", f"    kafka: {{{settings}}}\n    mlflow:\n"),)


def _replicas(settings: str) -> Edits:
    return (("      bucket: artifacts\n", f"      bucket: artifacts\n      replicas: {{{settings}}}\n"),)


def _disk(settings: str) -> Edits:
    return (("max: 3}", f"max: 3}}\n      disk: {{{settings}}}"),)


def _kafka_copies(settings: Settings) -> object:
    kafka = settings.workloads.kafka
    return kafka and (kafka.replication, kafka.min_in_sync_replicas)


def _mlflow_replicas(settings: Settings) -> object:
    mlflow = settings.workloads.mlflow
    return mlflow and (mlflow.replicas.min, mlflow.replicas.max)


def _database_windows(settings: Settings) -> object:
    database = settings.databases["runs"]
    return database.backups.window, database.maintenance_window


def _cache_windows(settings: Settings) -> object:
    cache = settings.caches["shared"]
    return cache.snapshots.window, cache.maintenance_window


def _capacity(settings: Settings) -> object:
    aurora = settings.aurora_clusters["shared"]
    return aurora.capacity.min, aurora.capacity.max, aurora.performance_insights


def _noncurrent(settings: Settings) -> object:
    return settings.buckets["artifacts"].lifecycle.noncurrent_days


AFTER = ("04:00-05:00", "mon:03:00-mon:04:00")


@each(
    ("edits", "read", "expected"),
    [
        ((), lambda one: one.databases["runs"].storage.max_gib, 100),
        (_storage("sizeGib: 50"), lambda one: one.databases["runs"].storage.max_gib, 100),
        (_storage("sizeGib: 95"), lambda one: one.databases["runs"].storage.max_gib, 190),
        (_storage("sizeGib: 200"), lambda one: one.databases["runs"].storage.max_gib, 400),
        (_storage("sizeGib: 65000"), lambda one: one.databases["runs"].storage.max_gib, None),
        (_storage("sizeGib: 200, maxGib: null"), lambda one: one.databases["runs"].storage.max_gib, None),
        ((), _database_windows, ("03:00-04:00", "sun:04:00-sun:05:00")),
        (_database("backups: {window: '04:30-05:30'}"), _database_windows, ("04:30-05:30", "sun:05:30-sun:06:30")),
        (_database("backups: {window: '23:30-04:30'}"), _database_windows, ("23:30-04:30", "sun:04:30-sun:05:30")),
        (
            _database("maintenanceWindow: mon:03:00-mon:03:30"),
            _database_windows,
            ("04:00-05:00", "mon:03:00-mon:03:30"),
        ),
        (_cache("snapshots: {window: '06:30-07:30'}"), _cache_windows, ("06:30-07:30", "sun:07:30-sun:08:30")),
        (_cache("maintenanceWindow: sat:04:30-sat:05:30"), _cache_windows, ("06:00-07:00", "sat:04:30-sat:05:30")),
        (_aurora("capacity: {min: 8}"), _capacity, (8, 8, True)),
        (_aurora("capacity: {max: 1}"), _capacity, (0.5, 1, False)),
        (_aurora("capacity: {max: 16}"), _capacity, (0.5, 16, True)),
        (_replicas("min: 8"), _mlflow_replicas, (8, 8)),
        (_replicas("max: 1"), _mlflow_replicas, (1, 1)),
        (_kafka(""), _kafka_copies, (3, 2)),
        (_kafka("brokers: 1"), _kafka_copies, (1, 1)),
        (_kafka("brokers: 2"), _kafka_copies, (2, 1)),
        (_disk("sizeGib: 100"), lambda one: one.node_groups["cpu"].disk.volume().iops, None),
        (_disk("sizeGib: 100, throughput: 700"), lambda one: one.node_groups["cpu"].disk.volume().iops, None),
        (_disk("sizeGib: 100, throughput: 1000"), lambda one: one.node_groups["cpu"].disk.volume().iops, 4000),
        ((("artifacts: {}", "artifacts: {lifecycle: {}}"),), _noncurrent, 90),
        (
            (
                (
                    "artifacts: {}",
                    "artifacts: {lifecycle: {noncurrentTransitions: {a: {days: 120, storageClass: GLACIER_IR}}}}",
                ),
            ),
            _noncurrent,
            210,
        ),
    ],
)
def test_unset_value_follows_the_one_that_is_set(
    edits: Edits, read: Callable[[Settings], object], expected: object, tmp_path: Path
) -> None:
    loaded: Loaded = load(tmp_path, edited(*edits))
    assert read(loaded.settings) == expected
    assert not [line for line in loaded.warnings if "above" in line or "overlaps" in line]


SECTION = "  ai-platform:workloads:\n"


def _litellm(ingress: str, timeout: str) -> Edits:
    host = f"    litellm:\n      host: llm.shop.dev\n{timeout}"
    return (
        ROOMY,
        (
            "  ai-platform:workloads:\n",
            BEFORE.replace(", idleTimeoutSeconds: 600", ingress) + "  ai-platform:workloads:\n",
        ),
        ("", WORKLOADS.replace("    litellm:\n", host)),
    )


@each(
    ("ingress", "timeout", "expected"),
    [
        ("", "", 600),
        ("", "      requestTimeoutSeconds: 900\n", 900),
        # What MLflow takes.
        ("", "      requestTimeoutSeconds: 30\n", 120),
        (", idleTimeoutSeconds: 300", "      requestTimeoutSeconds: 300\n", 300),
        (", idleTimeoutSeconds: 700", "", 700),
    ],
)
def test_load_balancer_waits_for_responses_of_litellm(
    ingress: str, timeout: str, expected: int, tmp_path: Path
) -> None:
    loaded = load(tmp_path, edited(*_litellm(ingress, timeout)))
    assert (loaded.settings.ingress.idle_timeout_seconds, loaded.warnings) == (expected, ())


def test_idle_timeout_that_is_set_below_the_request_timeout_warns(tmp_path: Path) -> None:
    _, line = load(tmp_path, edited(*_litellm(", idleTimeoutSeconds: 100", ""))).warnings
    assert "workloads.litellm.requestTimeoutSeconds: 600 is above ingress.idleTimeoutSeconds, 100" in line


def test_disks_that_ebs_and_rds_accept_are_accepted(tmp_path: Path) -> None:
    for edits in (
        _disk("sizeGib: 160, iops: 80000, throughput: 2000"),
        _disk("sizeGib: 20, iops: 3000, throughput: 750"),
        _disk("sizeGib: 1280, type: io1, iops: 64000"),
        _disk("sizeGib: 256, type: io2, iops: 256000"),
        _disk("sizeGib: 65536"),
        _storage("sizeGib: 400, iops: 12000"),
        _storage("sizeGib: 100, type: io1, iops: 5000"),
        _storage("sizeGib: 100, type: io2, iops: 100000"),
    ):
        assert load(tmp_path, edited(*edits)).warnings == ()
