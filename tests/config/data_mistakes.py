"""Invalid values of databases, caches, buckets and file systems: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole, and some mistakes are odd letters

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "file system: a folder too deep": (
        (("", "  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /a/b/c/d/e}}}\n"),),
        (
            "28: fileSystems.models.accessPoints.models.path: '/a/b/c/d/e' is not a directory of a file system; write at most four levels and 100 characters, like /models or /data/shared",
        ),
    ),
    "file system: a name that its security group cannot have": (
        (("", "  ai-platform:fileSystems:\n    models: {name: sg-models, accessPoints: {models: {path: /models}}}\n"),),
        (
            "28: fileSystems.models.name: 'sg-models' is not a file system name; write at most 200 letters, digits, dots, underscores and hyphens",
        ),
    ),
    "storage: no room to grow": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      storage: {sizeGib: 50, maxGib: 50}\n"),),
        ("21: databases.runs.storage.maxGib: 50 is not above sizeGib, 50; increase it, or set null",),
    ),
    "storage: gp3 IOPS on a small volume": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      storage: {sizeGib: 100, maxGib: 200, iops: 3000}\n",
            ),
        ),
        ("21: databases.runs.storage.iops: cannot be set on gp3 below 400 GiB; remove it, or increase sizeGib",),
    ),
    "storage: gp2 with IOPS": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      storage: {type: gp2, iops: 3000}\n",
            ),
        ),
        (
            "21: databases.runs.storage.iops: cannot be set on gp2, whose IOPS depend on its size; remove it, or use gp3",
        ),
    ),
    "storage: io2 without IOPS": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      storage: {type: io2, sizeGib: 100}\n"),),
        ("21: databases.runs.storage: type io2 requires iops; set it, or use gp3",),
    ),
    "bucket: a key without its encryption": (
        (("artifacts: {}", "artifacts: {kmsKeyArn: 'arn:aws:kms:us-west-2:111122223333:key/a'}"),),
        (
            "22: buckets.artifacts.kmsKeyArn: has no effect with encryption AES256; set encryption: aws:kms, or remove it",
        ),
    ),
    "bucket: moved too early": (
        (("artifacts: {}", "artifacts: {lifecycle: {transitions: {cold: {days: 7, storageClass: STANDARD_IA}}}}"),),
        (
            "22: buckets.artifacts.lifecycle.transitions.cold.days: 7 is too early for STANDARD_IA; S3 requires 30 or more",
        ),
    ),
    "bucket: moved after it is gone": (
        (
            (
                "artifacts: {}",
                "artifacts: {lifecycle: {expireDays: 60, transitions: {cold: {days: 60, storageClass: GLACIER_IR}}}}",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.cold.days: 60 is not before expireDays, 60; decrease it, or increase expireDays",
        ),
    ),
    "bucket: a name that S3 refuses": (
        (("artifacts: {}", "artifacts: {name: My_Bucket}"),),
        (
            "22: buckets.artifacts.name: 'My_Bucket' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
        ),
    ),
    "bucket: a name that S3 reserves": (
        (("artifacts: {}", "artifacts: {name: xn--models}"),),
        ("22: buckets.artifacts.name: 'xn--models' is reserved by S3; choose another bucket name",),
    ),
    "bucket: a name with a dot": (
        (("artifacts: {}", "artifacts: {name: models.example.com}"),),
        (
            "22: buckets.artifacts.name: 'models.example.com' has a dot, which breaks TLS to the bucket's host name; use hyphens",
        ),
    ),
    "file systems: need their driver": (
        shared(("", "  ai-platform:addons: {efsCsi: {enabled: false}}\n")),
        (
            "58: addons.efsCsi.enabled: must be true, because the add-on mounts file systems; enable it, or remove fileSystems",
        ),
    ),
    "file systems: one folder twice": (
        shared(("{models: {path: /models}}", "{models: {path: /models}, weights: {path: /models}}")),
        (
            "32: fileSystems.models.accessPoints.weights.path: /models is already the directory of access point models; choose another",
        ),
    ),
    "file systems: one name twice": (
        shared(
            (
                "    models: {accessPoints",
                "    two: {name: shop-models-efs, accessPoints: {a: {path: /a}}}\n    models: {accessPoints",
            )
        ),
        ("32: fileSystems.two.name: shop-models-efs is already the name of file system models; choose another",),
    ),
    "Aurora: the wrong way round": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {min: 8, max: 4}}")),
        ("28: auroraClusters.shared.capacity.min: 8 is above max, 4; decrease it, or increase max",),
    ),
    "Aurora: pauses without a minimum of 0": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {pauseAfterSeconds: 600}}")),
        (
            "28: auroraClusters.shared.capacity.pauseAfterSeconds: has no effect, because the minimum capacity is 0.5; set min: 0, or remove it",
        ),
    ),
    "Aurora: a version that cannot pause": (
        shared(
            ('engineVersion: "17"', 'engineVersion: "14.9"'),
            ("databaseName: shop}", "databaseName: shop, capacity: {min: 0}}"),
        ),
        (
            "28: auroraClusters.shared.capacity.min: Aurora PostgreSQL 14.9 cannot pause at 0; set engineVersion 14.12 or later, or min: 0.5",
        ),
    ),
    "Aurora: no backups": (
        shared(("databaseName: shop}", "databaseName: shop, backups: {retentionDays: 0}}")),
        ("28: auroraClusters.shared.backups.retentionDays: Aurora does not support 0; set 1 to 35",),
    ),
    "Aurora: TLS turned off": (
        shared(("databaseName: shop}", "databaseName: shop, parameters: {rds.force_ssl: '0'}}")),
        (
            "28: auroraClusters.shared.parameters.rds.force_ssl: the parameter rds.force_ssl cannot be overridden: the database accepts TLS connections only",
        ),
    ),
    "Aurora: a database's name": (
        shared(
            (
                '    shared: {engineVersion: "17"',
                "    runs: {databaseName: other, engineVersion: '17'}\n    shared: {engineVersion: \"17\"",
            )
        ),
        ("28: auroraClusters.runs: runs is also a key of databases; rename one of them",),
    ),
    "Aurora: windows at once": (
        shared(
            (
                "databaseName: shop}",
                "databaseName: shop, maintenanceWindow: sun:03:30-sun:04:30, backups: {window: '03:00-04:00'}}",
            )
        ),
        (
            "28: auroraClusters.shared.maintenanceWindow: sun:03:30-sun:04:30 overlaps the backup window, 03:00-04:00; change one of them",
        ),
    ),
    "Aurora: one identifier twice": (
        shared(
            (
                '    shared: {engineVersion: "17"',
                "    two: {databaseName: other, engineVersion: '17', identifier: shop-shared-aurora, instancePrefix: two}\n    shared: {engineVersion: \"17\"",
            )
        ),
        (
            "28: auroraClusters.two.identifier: shop-shared-aurora is already the name of Aurora cluster shared; choose another",
        ),
    ),
    "Aurora: an instance called like a database": (
        (
            *shared(("databaseName: shop}", "databaseName: shop, instancePrefix: shop}")),
            ("      databaseName: mlflow\n", "      databaseName: mlflow\n      identifier: shop-writer\n"),
        ),
        ("29: auroraClusters.shared.instancePrefix: shop-writer is already the name of database runs; choose another",),
    ),
    "Aurora: a derived name": (
        shared(
            (
                '    shared: {engineVersion: "17"',
                "    my--own: {databaseName: other, engineVersion: '17'}\n    shared: {engineVersion: \"17\"",
            )
        ),
        (
            "28: auroraClusters.my--own: 'shop-my--own-aurora' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or set identifier",
        ),
    ),
    "cache: a short window": (
        shared(("cache.t4g.small}", "cache.t4g.small, snapshots: {window: '05:00-05:30'}}")),
        ("30: caches.shared.snapshots.window: 05:00-05:30 is shorter than 60 minutes; extend it",),
    ),
    "cache: fewer databases": (
        shared(("cache.t4g.small}", "cache.t4g.small, parameters: {databases: '1'}}")),
        (
            "30: caches.shared.parameters.databases: the parameter databases cannot be overridden: environments use 16 numbered databases",
        ),
    ),
    "cache: the API's Service": (
        shared(("cache.t4g.small}", "cache.t4g.small, service: kubernetes}")),
        (
            "30: caches.shared.service: kubernetes is the Service of the Kubernetes API in namespace default; choose another",
        ),
    ),
    "cache: one name twice": (
        shared(
            (
                '    shared: {engineVersion: "8.1"',
                "    two: {engineVersion: '8.1', nodeType: cache.t4g.small, identifier: shop-shared}\n    shared: {engineVersion: \"8.1\"",
            )
        ),
        ("30: caches.two.identifier: shop-shared is already the name of cache shared; choose another",),
    ),
    "cache: a derived name": (
        shared(
            (
                '    shared: {engineVersion: "8.1"',
                "    a234567890123456789012345678901234567890: {engineVersion: '8.1', nodeType: cache.t4g.small}\n    shared: {engineVersion: \"8.1\"",
            )
        ),
        (
            "30: caches.a234567890123456789012345678901234567890: 'shop-a234567890123456789012345678901234567890' is not a replication group ID; write 1-40 lower-case letters, digits and single hyphens, beginning with a letter, or set identifier",
        ),
    ),
    "repositories: a name with capitals": (
        (("", "  ai-platform:repositories: {backend: {name: Shop/Backend}}\n"),),
        (
            "27: repositories.backend.name: 'Shop/Backend' is not an ECR repository name; write 2-256 lower-case letters, digits and single dots, underscores and hyphens, with / between parts",
        ),
    ),
    "repositories: a key that makes no name": (
        (("", "  ai-platform:repositories: {back--end: {}}\n"),),
        (
            "27: repositories.back--end: 'shop/back--end' is not an ECR repository name; write 2-256 lower-case letters, digits and single dots, underscores and hyphens, with / between parts, or set name",
        ),
    ),
    "repositories: one name twice": (
        (("", "  ai-platform:repositories: {backend: {}, other: {name: shop/backend}}\n"),),
        ("27: repositories.other.name: shop/backend is already the name of repository backend; choose another",),
    ),
    "repositories: everybody pulls": (
        (("", "  ai-platform:repositories: {backend: {pullers: ['*']}}\n"),),
        (
            "27: repositories.backend.pullers[0]: '*' is not an account or principal; write the 12 digits of an account in quotes, or the ARN of a role",
        ),
    ),
    "repositories: a pattern with a blank": (
        (("", "  ai-platform:repositories: {backend: {lifecycle: {tagPatterns: [prod *]}}}\n"),),
        (
            "27: repositories.backend.lifecycle.tagPatterns[0]: 'prod *' is not a tag pattern; write letters, digits, ._- and at most four *, like prod-*",
        ),
    ),
    "MySQL: a user of PostgreSQL": (
        (
            ("databaseName: mlflow\n", "databaseName: mlflow\n      users: {app: {secret: app}}\n"),
            ("", "  ai-platform:secrets: {app: {description: App, generate: true}}\n"),
        ),
        ("21: databases.runs.users.app: users of PostgreSQL are defined by workloads and environments; remove it",),
    ),
    "MySQL: a secret that is not there": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {app: {secret: app}}}\n  ai-platform:buckets",
            ),
        ),
        ("21: databases.shop.users.app.secret: unknown secret 'app'; add it to secrets",),
    ),
    "MySQL: a password of a person": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {app: {secret: app}}}\n  ai-platform:buckets",
            ),
            ("", "  ai-platform:secrets: {app: {description: App}}\n"),
        ),
        (
            "21: databases.shop.users.app.secret: app is not generated, but the password must be; set secrets.app.generate: true",
        ),
    ),
    "MySQL: the master user again": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {platform: {secret: app}}}\n  ai-platform:buckets",
            ),
            ("", "  ai-platform:secrets: {app: {description: App, generate: true}}\n"),
        ),
        ("21: databases.shop.users.platform: platform is the master user; choose another name",),
    ),
    "MySQL: a user of its own": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {root: {secret: app}}}\n  ai-platform:buckets",
            ),
            ("", "  ai-platform:secrets: {app: {description: App, generate: true}}\n"),
        ),
        (
            "21: databases.shop.users.root: 'root' is not a MySQL user name; write at most 32 lower-case letters, digits and underscores, not root, rdsadmin or mysql...",
        ),
    ),
}
