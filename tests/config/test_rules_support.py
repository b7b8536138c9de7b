"""Versions out of support, on the days around each date."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from catalog.support import NOTICE, support
from tests.config.base import edited, mistakes, shared
from tests.each import each

DAY = timedelta(days=1)


def kubernetes(folder: Path, version: str, level: str, today: date) -> str:
    text = edited(("    endpoint", f"    version: '{version}'\n    support: {level}\n    endpoint"))
    lines = [
        line
        for line in mistakes(folder, text, today=today)
        if "support of Kubernetes" in line or "Kubernetes version" in line
    ]
    assert len(lines) <= 1
    return lines[0].removeprefix("10: cluster.version: ").partition(";")[0] if lines else ""


@each(
    ("version", "level", "today", "said"),
    [
        ("1.34", "STANDARD", date(2026, 9, 2), ""),
        ("1.34", "STANDARD", date(2026, 9, 3), "standard support of Kubernetes 1.34 ends on 2026-12-02"),
        ("1.34", "STANDARD", date(2026, 12, 1), "standard support of Kubernetes 1.34 ends on 2026-12-02"),
        ("1.34", "STANDARD", date(2026, 12, 2), "standard support of Kubernetes 1.34 ended on 2026-12-02"),
        ("1.34", "EXTENDED", date(2026, 12, 2), ""),
        ("1.34", "EXTENDED", date(2027, 9, 2), ""),
        ("1.34", "EXTENDED", date(2027, 9, 3), "extended support of Kubernetes 1.34 ends on 2027-12-02"),
        ("1.34", "EXTENDED", date(2027, 12, 2), "extended support of Kubernetes 1.34 ended on 2027-12-02"),
        ("1.33", "STANDARD", date(2026, 7, 28), "standard support of Kubernetes 1.33 ends on 2026-07-29"),
        ("1.33", "STANDARD", date(2026, 7, 29), "standard support of Kubernetes 1.33 ended on 2026-07-29"),
        ("1.35", "STANDARD", date(2026, 11, 21), ""),
        ("1.35", "STANDARD", date(2027, 3, 27), "standard support of Kubernetes 1.35 ended on 2027-03-27"),
        ("1.36", "STANDARD", date(2030, 1, 1), ""),
        ("1.27", "EXTENDED", date(2026, 11, 21), "unknown Kubernetes version '1.27'"),
    ],
)
def test_cluster_version_warns_for_90_days_and_is_refused_after_support(
    version: str, level: str, today: date, said: str, tmp_path: Path
) -> None:
    assert kubernetes(tmp_path, version, level, today) == said


@pytest.mark.parametrize(
    ("engine", "version", "today", "said"),
    [
        ("postgres", "13", date(2026, 2, 27), "standard support of PostgreSQL 13 ends on 2026-02-28"),
        ("postgres", "13", date(2026, 2, 28), "standard support of PostgreSQL 13 ended on 2026-02-28"),
        ("postgres", "14.20", date(2026, 11, 21), ""),
        ("postgres", "14", date(2026, 11, 30), "standard support of PostgreSQL 14 ends on 2027-02-28"),
        ("postgres", "15.14", date(2026, 11, 21), "PostgreSQL 15.14 is no longer available for new databases"),
        ("postgres", "15.15", date(2026, 11, 21), ""),
        ("postgres", "15", date(2026, 11, 21), ""),
        ("postgres", "17.10", date(2026, 11, 21), ""),
        ("mysql", "8.0.40", date(2026, 7, 30), "standard support of MySQL 8.0 ends on 2026-07-31"),
        ("mysql", "8.0.40", date(2026, 7, 31), "standard support of MySQL 8.0 ended on 2026-07-31"),
        ("mysql", "8.4", date(2026, 11, 21), ""),
        ("mysql", "8", date(2026, 11, 21), "unknown MySQL version '8'"),
        ("mysql", "17", date(2026, 11, 21), "unknown MySQL version '17'"),
    ],
)
def test_engine_version_warns_for_90_days_and_is_refused_after_support(
    engine: str, version: str, today: date, said: str, tmp_path: Path
) -> None:
    text = edited(
        (
            "  ai-platform:buckets",
            f"    two: {{engine: {engine}, engineVersion: '{version}', instanceClass: db.t4g.small, databaseName: a}}\n"
            "  ai-platform:buckets",
        )
    )
    lines = [line for line in mistakes(tmp_path, text, today=today) if ": databases.two.engineVersion: " in line]
    assert [line.removeprefix("21: databases.two.engineVersion: ").partition(";")[0] for line in lines] == [said][
        : bool(said)
    ]


@each(
    ("engine", "version", "today", "said"),
    [
        ("redis", "5.0.6", date(2026, 1, 30), "standard support of Redis OSS 5.0 ends on 2026-01-31"),
        ("redis", "5.0.6", date(2026, 1, 31), "standard support of Redis OSS 5.0 ended on 2026-01-31"),
        ("redis", "4.0.10", date(2026, 11, 21), "standard support of Redis OSS 4.0 ended on 2026-01-31"),
        ("redis", "6.2", date(2026, 11, 1), ""),
        ("redis", "6.2", date(2026, 11, 2), "standard support of Redis OSS 6.2 ends on 2027-01-31"),
        ("redis", "6.2", date(2027, 1, 31), "standard support of Redis OSS 6.2 ended on 2027-01-31"),
        ("redis", "7.1", date(2030, 1, 1), ""),
        ("redis", "7.2", date(2026, 11, 21), "unknown Redis OSS version '7.2'"),
        ("valkey", "7.2", date(2026, 11, 21), ""),
        ("valkey", "9.0", date(2026, 11, 21), ""),
        ("aurora-postgresql", "13", date(2026, 2, 27), "standard support of Aurora PostgreSQL 13 ends on 2026-02-28"),
        ("aurora-postgresql", "13", date(2026, 2, 28), "standard support of Aurora PostgreSQL 13 ended on 2026-02-28"),
        (
            "aurora-postgresql",
            "15.4",
            date(2026, 11, 21),
            "Aurora PostgreSQL 15.4 is no longer available for new databases",
        ),
        ("aurora-postgresql", "15.10", date(2026, 11, 21), ""),
        ("aurora-postgresql", "17", date(2026, 11, 21), ""),
    ],
)
def test_shared_databases_and_caches_follow_the_same_support_rule(
    engine: str, version: str, today: date, said: str, tmp_path: Path
) -> None:
    here = ('engineVersion: "17"', 'engineVersion: "8.1"')
    old = here[0] if engine == "aurora-postgresql" else here[1]
    new = f"engineVersion: '{version}'" + ("" if engine == "aurora-postgresql" else f", engine: {engine}")
    lines = [
        line.split(": ", 2)[2]
        for line in mistakes(tmp_path, edited(*shared((old, new))), today=today)
        if ".shared.engineVersion: " in line
    ]
    assert [line.partition(";")[0] for line in lines] == [said][: bool(said)]


def test_proposed_version_is_in_support(tmp_path: Path) -> None:
    text = edited(("    endpoint", "    version: '1.28'\n    endpoint"))
    (line,) = [line for line in mistakes(tmp_path, text, today=date(2028, 1, 1)) if "Kubernetes" in line]
    assert line.endswith("; use 1.36")


def test_message_has_a_fix_when_every_known_version_is_out_of_support(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, edited(), today=date(2031, 1, 1))
    assert lines == (
        "9: cluster.version: standard support of Kubernetes 1.35 ended on 2027-03-27; use 1.36",
        "18: databases.runs.engineVersion: standard support of PostgreSQL 17 ended on 2030-02-28; use a newer version",
    )


def test_every_dated_version_is_accepted_then_warned_then_refused() -> None:
    for product in support().values():
        for name, version in product.versions.items():
            if version.standard is None:
                continue
            assert name in product.supported(version.standard - DAY)
            assert name not in product.supported(version.standard)
            assert version.extended is not None
            assert version.extended > version.standard
    assert timedelta(days=90) == NOTICE


def test_versions_are_sorted_ascending() -> None:
    # The last one is proposed first.
    for product in support().values():
        numbers = [tuple(map(int, name.split("."))) for name in product.versions]
        assert numbers == sorted(numbers)


def test_every_product_has_a_source() -> None:
    assert {
        name for name, product in support().items() if product.source.startswith("https://docs.aws.amazon.com/")
    } >= {
        "kubernetes",
        "postgres",
        "mysql",
        "amiTypes",
    }


@pytest.mark.parametrize("instance_type", ["p2.xlarge", "p3.2xlarge", "p3dn.24xlarge", "g3.4xlarge", "g3s.xlarge"])
def test_gpus_without_current_drivers_are_refused(instance_type: str, tmp_path: Path) -> None:
    text = edited(
        (
            "  ai-platform:databases",
            f"    gpu: {{instanceTypes: [{instance_type}], scaling: {{min: 0, desired: 0, max: 1}}}}\n"
            "  ai-platform:databases",
        )
    )
    (line,) = mistakes(tmp_path, text)
    assert line.startswith(f"15: nodeGroups.gpu.instanceTypes[0]: {instance_type} is no longer offered; use ")
