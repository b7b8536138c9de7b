"""How many connections RDS and Aurora accept, as AWS documents it."""

import pytest

from catalog.database_connections import aurora_connections, rds_connections


@pytest.mark.parametrize(
    ("instance_class", "engine", "expected"),
    [
        ("db.t4g.micro", "postgres", 112),
        ("db.t4g.small", "postgres", 225),
        ("db.t4g.medium", "postgres", 450),
        ("db.m7g.large", "postgres", 901),
        ("db.r7g.2xlarge", "postgres", 5000),
        ("db.t3.micro", "mysql", 85),
        ("db.r7g.16xlarge", "mysql", 16000),
        ("db.z9.huge", "postgres", None),
    ],
)
def test_rds_connections_follow_from_memory(instance_class: str, engine: str, expected: int | None) -> None:
    # LEAST(DBInstanceClassMemory/9531392, 5000) and DBInstanceClassMemory/12582880
    assert rds_connections(instance_class, engine) == expected


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (1, 1, 189),
        (1, 4, 823),
        (1, 8, 1669),
        (1, 16, 3360),
        (1, 32, 5000),
        (1, 256, 5000),
        (1, 2, 400),
        (0.5, 8, 1669),
        (0.5, 16, 2000),
        (0, 64, 2000),
    ],
)
def test_aurora_connections_follow_from_capacity(least: float, most: float, expected: int) -> None:
    # https://repost.aws/articles/ARm5e6RHE3R4mnHS2S-UZUwA
    assert aurora_connections(least, most) == expected
