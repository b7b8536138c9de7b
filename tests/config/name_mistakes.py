"""Invalid values of names and references: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "two places for the region": (
        (("", "  aws:region: us-east-1\n"),),
        ("27: aws:region: us-east-1 differs from project.region, us-west-2, and has no effect; remove it",),
    ),
    "names: two buckets": (
        (("artifacts: {}", "artifacts: {}\n    second: {name: shop-artifacts}"),),
        ("23: buckets.second.name: shop-artifacts is already the name of bucket artifacts; choose another",),
    ),
    "names: two databases": (
        (
            (
                "  ai-platform:buckets",
                "    two: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: a, identifier: shop-runs-db}\n  ai-platform:buckets",
            ),
        ),
        ("21: databases.two.identifier: shop-runs-db is already the name of database runs; choose another",),
    ),
    "names: two secrets": (
        (("", "  ai-platform:secrets: {a: {description: A}, b: {description: B, name: shop/a}}\n"),),
        ("27: secrets.b.name: shop/a is already the name of secret a; choose another",),
    ),
    "names: a bucket's derived name": (
        (("name: shop", "name: xn--shop"),),
        (
            "16: databases.runs: 'xn--shop-runs-db' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or set identifier",
            "22: buckets.artifacts: 'xn--shop-artifacts' is reserved by S3; choose another bucket name, or set name",
        ),
    ),
    "names: a bucket's derived name is too long": (
        (
            ("name: shop", "name: a23456789012345678901234"),
            ("artifacts: {}", "a234567890123456789012345678901234567890: {}"),
            ("bucket: artifacts", "bucket: a234567890123456789012345678901234567890"),
        ),
        (
            "22: buckets.a234567890123456789012345678901234567890: 'a23456789012345678901234-a234567890123456789012345678901234567890' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit, or set name",
        ),
    ),
    "names: a database's derived name": (
        (
            ("    runs:", "    my--runs:"),
            ("database: runs", "database: my--runs"),
        ),
        (
            "16: databases.my--runs: 'shop-my--runs-db' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or set identifier",
        ),
    ),
    "names: tags that differ in case": (
        (("    region", "    tags: {Team: a, team: b}\n    region"),),
        ("5: project.tags: team occurs 2 times in different case; keep one",),
    ),
    "references: a schedule for a group, none there": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      schedule: night\n"),),
        ("14: nodeGroups.cpu.schedule: unknown schedule 'night'; add it to schedules",),
    ),
    "references: a schedule for a database, another there": (
        (
            ("      databaseName: mlflow\n", "      databaseName: mlflow\n      schedule: nigth\n"),
            ("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 20 * * *, timeZone: UTC}}\n"),
        ),
        ("21: databases.runs.schedule: unknown schedule 'nigth'; did you mean night?",),
    ),
    "references: no such database": (
        (("database: runs", "database: run"),),
        ("25: workloads.mlflow.database: unknown database 'run'; did you mean runs?",),
    ),
    "references: no such bucket": (
        (("bucket: artifacts", "bucket: models"),),
        ("26: workloads.mlflow.bucket: unknown bucket 'models'; choose artifacts",),
    ),
    "references: no buckets at all": (
        (
            ("    artifacts: {}\n", ""),
            ("ai-platform:buckets:", "ai-platform:buckets: {}"),
        ),
        ("25: workloads.mlflow.bucket: unknown bucket 'artifacts'; add it to buckets",),
    ),
}
# fmt: on
