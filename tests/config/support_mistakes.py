"""Invalid values of versions without AWS support: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "support: Kubernetes out": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.33'\n"),),
        ("11: cluster.version: standard support of Kubernetes 1.33 ended on 2026-07-29; use 1.36 or 1.35",),
    ),
    "support: Kubernetes out of extended support": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    version: '1.28'\n    support: EXTENDED\n",
            ),
        ),
        ("11: cluster.version: extended support of Kubernetes 1.28 ended on 2025-11-26; use 1.36 or 1.35",),
    ),
    "support: Kubernetes unknown": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.99'\n"),),
        ("11: cluster.version: unknown Kubernetes version '1.99'; choose 1.36, 1.35 or 1.34",),
    ),
    "warning: Kubernetes leaves soon": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.34'\n"),),
        (
            "11: cluster.version: standard support of Kubernetes 1.34 ends on 2026-12-02; plan the upgrade to 1.36 or 1.35",
        ),
    ),
    "warning: extended support ends soon": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    version: '1.31'\n    support: EXTENDED\n",
            ),
        ),
        (
            "11: cluster.version: catalog/data/eks-releases.yaml of 2026-10-07 has no releases of Kubernetes 1.31: EKS chooses the versions of add-ons and node groups once, when it creates them; set addons.*.version and nodeGroups.*.releaseVersion, or add them to the file",
            "11: cluster.version: extended support of Kubernetes 1.31 ends on 2026-11-26; plan the upgrade to 1.36 or 1.35",
        ),
    ),
    "support: PostgreSQL out": (
        (('"17"', '"13"'),),
        ("18: databases.runs.engineVersion: standard support of PostgreSQL 13 ended on 2026-02-28; use 17 or 16",),
    ),
    "support: PostgreSQL minor": (
        (('"17"', '"15.4"'),),
        (
            "18: databases.runs.engineVersion: PostgreSQL 15.4 is no longer available for new databases; set 15.15 or later, or '15' to follow minor versions",
        ),
    ),
    "support: PostgreSQL unknown": (
        (('"17"', '"99"'),),
        ("18: databases.runs.engineVersion: unknown PostgreSQL version '99'; choose 17, 16, 15 or 14",),
    ),
    "support: MySQL out": (
        (
            (
                "  ai-platform:buckets",
                "    two: {engine: mysql, engineVersion: '8.0', instanceClass: db.t4g.small, databaseName: a}\n  ai-platform:buckets",
            ),
        ),
        ("21: databases.two.engineVersion: standard support of MySQL 8.0 ended on 2026-07-31; use 8.4",),
    ),
    "warning: Aurora: no memory for Performance Insights": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {max: 1.5}, performanceInsights: true}")),
        (
            "28: auroraClusters.shared.capacity.max: 1.5 is not enough memory for Performance Insights; set 2 or more, as AWS recommends, or performanceInsights: false",
        ),
    ),
    "support: Aurora PostgreSQL out": (
        shared(('engineVersion: "17"', 'engineVersion: "13"')),
        (
            "28: auroraClusters.shared.engineVersion: standard support of Aurora PostgreSQL 13 ended on 2026-02-28; use 17 or 16",
        ),
    ),
    "support: Aurora PostgreSQL minor": (
        shared(('engineVersion: "17"', 'engineVersion: "15.4"')),
        (
            "28: auroraClusters.shared.engineVersion: Aurora PostgreSQL 15.4 is no longer available for new databases; set 15.10 or later, or '15' to follow minor versions",
        ),
    ),
    "support: Redis out": (
        shared(('{engineVersion: "8.1"', '{engine: redis, engineVersion: "5.0.6"')),
        ("30: caches.shared.engineVersion: standard support of Redis OSS 5.0 ended on 2026-01-31; use 7.1 or 7.0",),
    ),
    "warning: support: Redis leaves soon": (
        shared(('{engineVersion: "8.1"', '{engine: redis, engineVersion: "6.2"')),
        (
            "30: caches.shared.engineVersion: standard support of Redis OSS 6.2 ends on 2027-01-31; plan the upgrade to 7.1 or 7.0",
        ),
    ),
    "support: no version of Valkey": (
        shared(('{engineVersion: "8.1"', '{engineVersion: "7.1"')),
        ("30: caches.shared.engineVersion: unknown Valkey version '7.1'; did you mean 8.1?",),
    ),
}
# fmt: on
