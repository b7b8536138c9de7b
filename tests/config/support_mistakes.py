"""Invalid values of versions without AWS support: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "support: Kubernetes out": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.33'\n"),),
        ("11: cluster.version: Kubernetes 1.33 left standard support on 2026-07-29; write 1.36 or 1.35",),
    ),
    "support: Kubernetes out of extended support": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    version: '1.28'\n    support: EXTENDED\n",
            ),
        ),
        ("11: cluster.version: Kubernetes 1.28 left extended support on 2025-11-26; write 1.36 or 1.35",),
    ),
    "support: Kubernetes unknown": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.99'\n"),),
        ("11: cluster.version: Kubernetes 1.99 is not known to AWS; choose one of 1.36, 1.35, 1.34",),
    ),
    "warning: Kubernetes leaves soon": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.34'\n"),),
        ("11: cluster.version: Kubernetes 1.34 leaves standard support on 2026-12-02; plan the step to 1.36 or 1.35",),
    ),
    "warning: extended support ends soon": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    version: '1.31'\n    support: EXTENDED\n",
            ),
        ),
        ("11: cluster.version: Kubernetes 1.31 leaves extended support on 2026-11-26; plan the step to 1.36 or 1.35",),
    ),
    "support: PostgreSQL out": (
        (('"17"', '"13"'),),
        ("18: databases.runs.engineVersion: PostgreSQL 13 left standard support on 2026-02-28; write 17 or 16",),
    ),
    "support: PostgreSQL minor": (
        (('"17"', '"15.4"'),),
        (
            "18: databases.runs.engineVersion: PostgreSQL 15.4 cannot be created any more; write 15.15 or newer, or '15' to follow the minor versions",
        ),
    ),
    "support: PostgreSQL unknown": (
        (('"17"', '"99"'),),
        ("18: databases.runs.engineVersion: PostgreSQL 99 is not known to AWS; choose one of 17, 16, 15, 14",),
    ),
    "support: MySQL out": (
        (
            (
                "  ai-platform:buckets",
                "    two: {engine: mysql, engineVersion: '8.0', instanceClass: db.t4g.small, databaseName: a}\n  ai-platform:buckets",
            ),
        ),
        ("21: databases.two.engineVersion: MySQL 8.0 left standard support on 2026-07-31; write 8.4",),
    ),
    "warning: Aurora: no memory for Performance Insights": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {max: 1.5}}")),
        (
            "28: auroraClusters.shared.capacity.max: 1.5 leaves Performance Insights too little memory; AWS advises 2 or more, or write performanceInsights: false",
        ),
    ),
    "support: Aurora PostgreSQL out": (
        shared(('engineVersion: "17"', 'engineVersion: "13"')),
        (
            "28: auroraClusters.shared.engineVersion: Aurora PostgreSQL 13 left standard support on 2026-02-28; write 17 or 16",
        ),
    ),
    "support: Aurora PostgreSQL minor": (
        shared(('engineVersion: "17"', 'engineVersion: "15.4"')),
        (
            "28: auroraClusters.shared.engineVersion: Aurora PostgreSQL 15.4 cannot be created any more; write 15.10 or newer, or '15' to follow the minor versions",
        ),
    ),
    "support: Redis out": (
        shared(('{engineVersion: "8.1"', '{engine: redis, engineVersion: "5.0.6"')),
        ("30: caches.shared.engineVersion: Redis OSS 5.0 left standard support on 2026-01-31; write 7.1 or 7.0",),
    ),
    "warning: support: Redis leaves soon": (
        shared(('{engineVersion: "8.1"', '{engine: redis, engineVersion: "6.2"')),
        (
            "30: caches.shared.engineVersion: Redis OSS 6.2 leaves standard support on 2027-01-31; plan the step to 7.1 or 7.0",
        ),
    ),
    "support: no version of Valkey": (
        shared(('{engineVersion: "8.1"', '{engineVersion: "7.1"')),
        ("30: caches.shared.engineVersion: Valkey 7.1 is not known to AWS; did you mean 8.1?",),
    ),
}
# fmt: on
