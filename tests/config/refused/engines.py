"""Combinations and values that AWS rejects: classes, versions and names of databases, and versions of add-ons."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a class of EC2 that RDS lacks": Case(
        (("db.t4g.small", "db.g5.large"),),
        (
            "19: databases.runs.instanceClass: unknown RDS instance class 'db.g5.large', as of 2026-11; choose db.t4g.large, db.m7g.large or db.r7g.large",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    ),
    "a compute class that RDS lacks": Case(
        (("db.t4g.small", "db.c5.large"),),
        (
            "19: databases.runs.instanceClass: unknown RDS instance class 'db.c5.large', as of 2026-11; choose db.t4g.large, db.m7g.large or db.r7g.large",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    ),
    "a size that a class lacks": Case(
        (("db.t4g.small", "db.m7g.medium"),),
        (
            "19: databases.runs.instanceClass: unknown size 'medium' of db.m7g, as of 2026-11; choose db.m7g.large, db.m7g.xlarge, db.m7g.2xlarge, db.m7g.4xlarge, db.m7g.8xlarge, db.m7g.12xlarge or db.m7g.16xlarge",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    ),
    "a misspelled class": Case(
        (("db.t4g.small", "db.m7gg.large"),),
        (
            "19: databases.runs.instanceClass: unknown RDS instance class 'db.m7gg.large', as of 2026-11; choose db.m7g.large",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    ),
    "a retired class": Case(
        (("db.t4g.small", "db.t2.small"),),
        ("19: databases.runs.instanceClass: db.t2.small is no longer offered; use db.t4g.small, or a larger size",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    ),
    "warning: a class that can be new": Case(
        (("db.t4g.small", "db.m10g.large"),),
        (
            "19: databases.runs.instanceClass: db.m10g.large is newer than the table of 2026-11; check that it is an RDS instance class of the region",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    ),
    "warning: a class that the region lacks": Case(
        (
            ("region: us-west-2\n", "region: ap-northeast-2\n"),
            ("us-west-2a, us-west-2b", "ap-northeast-2a, ap-northeast-2b"),
            ("db.t4g.small", "db.x2g.large"),
        ),
        (
            "19: databases.runs.instanceClass: db.x2g.large is not offered in ap-northeast-2, as of 2026-11; choose another family, or another region",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    ),
    "a node type that ElastiCache lacks": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.m6i.large}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "30: caches.shared.nodeType: unknown ElastiCache node type 'cache.m6i.large', as of 2026-11; choose cache.m6g.large",
        ),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    ),
    "a node type that requires data tiering": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.r6gd.xlarge}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "30: caches.shared.nodeType: cache.r6gd.xlarge requires data tiering, which is not supported; use cache.r7g.xlarge",
        ),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html",
    ),
    "a retired node type": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.r4.large}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        ("30: caches.shared.nodeType: cache.r4.large is no longer offered; use cache.r7g.large, or a larger size",),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    ),
    "a size that a node type lacks": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.t4g.large}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "30: caches.shared.nodeType: unknown size 'large' of cache.t4g, as of 2026-11; choose cache.t4g.micro, cache.t4g.small or cache.t4g.medium",
        ),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    ),
    "warning: a node type that can be new": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.r9g.large}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "30: caches.shared.nodeType: cache.r9g.large is newer than the table of 2026-11; check that it is an ElastiCache node type of the region",
        ),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    ),
    "warning: PostgreSQL 18": Case(
        (('engineVersion: "17"', 'engineVersion: "18"'),),
        (
            "18: databases.runs.engineVersion: PostgreSQL 18 is newer than the table of versions of 2026-11; its support dates are not checked",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html",
    ),
    "PostgreSQL 25": Case(
        (('engineVersion: "17"', 'engineVersion: "25"'),),
        ("18: databases.runs.engineVersion: unknown PostgreSQL version '25'; choose 17, 16, 15 or 14",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html",
    ),
    "warning: a minor version that can be new": Case(
        (('engineVersion: "17"', 'engineVersion: "17.14"'),),
        (
            "18: databases.runs.engineVersion: PostgreSQL 17.14 is newer than 17.11, the newest version of 2026-11 in the table; check that it exists",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html",
    ),
    "warning: Kubernetes 1.37": Case(
        (("    endpoint", "    version: '1.37'\n    endpoint"),),
        (
            "10: cluster.version: Kubernetes 1.37 is newer than the table of versions of 2026-11; its support dates are not checked",
            "10: cluster.version: catalog/data/eks-releases.yaml of 2026-10-07 has no releases of Kubernetes 1.37: EKS chooses the versions of add-ons and node groups once, when it creates them; set addons.*.version and nodeGroups.*.releaseVersion, or add them to the file",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    ),
    "Kubernetes 1.45": Case(
        (("    endpoint", "    version: '1.45'\n    endpoint"),),
        ("10: cluster.version: unknown Kubernetes version '1.45'; did you mean 1.35?",),
        "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    ),
    "warning: Valkey 9.1": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "9.1", nodeType: cache.t4g.small}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "30: caches.shared.engineVersion: Valkey 9.1 is newer than the table of versions of 2026-11; its support dates are not checked",
        ),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html",
    ),
    "Redis 8": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.0", engine: redis, nodeType: cache.t4g.small}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        ("30: caches.shared.engineVersion: unknown Redis OSS version '8.0'; did you mean 7.0?",),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html",
    ),
    "warning: Aurora PostgreSQL 18": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "18", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.t4g.small}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "28: auroraClusters.shared.engineVersion: Aurora PostgreSQL 18 is newer than the table of versions of 2026-11; its support dates are not checked",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html",
    ),
    "a database named db": Case(
        (("databaseName: mlflow\n", "databaseName: db\n"),),
        ("20: databases.runs.databaseName: db is reserved by PostgreSQL; choose another name, such as db_data",),
        "https://github.com/oslokommune/okctl/pull/899",
    ),
    "warning: a database named postgres": Case(
        (("databaseName: mlflow\n", "databaseName: postgres\n"),),
        (
            "20: databases.runs.databaseName: postgres is the database that every user can connect to and that exists anyway; choose another name",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
    ),
    "a database and a master user of reserved words": Case(
        (("databaseName: mlflow\n", "databaseName: table\n      masterUsername: user\n"),),
        (
            "20: databases.runs.databaseName: table is reserved by PostgreSQL; choose another name, such as table_data",
            "21: databases.runs.masterUsername: user is reserved by PostgreSQL; choose another name, such as platform",
        ),
        "https://www.postgresql.org/docs/current/sql-keywords-appendix.html",
    ),
    "a master user admin of PostgreSQL": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      masterUsername: admin\n"),),
        ("21: databases.runs.masterUsername: admin is reserved by PostgreSQL; choose another name, such as platform",),
        "https://github.com/aws-cloudformation/cfn-lint/pull/4425",
    ),
    "a master user rdsadmin": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      masterUsername: rdsadmin\n"),),
        (
            "21: databases.runs.masterUsername: rdsadmin is reserved by PostgreSQL; choose another name, such as platform",
        ),
        "https://github.com/aws-cloudformation/cfn-lint/pull/4425",
    ),
    "a master user that begins with pg_": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      masterUsername: pg_dba\n"),),
        ("21: databases.runs.masterUsername: pg_dba is reserved by PostgreSQL; choose another name, such as platform",),
        "https://github.com/DataShades/ckan-aws-templates/issues/6",
    ),
    "a template and admin of Aurora": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: template1, masterUsername: Admin}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.t4g.small}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "28: auroraClusters.shared.databaseName: template1 is reserved by PostgreSQL; choose another name, such as template1_data",
            "28: auroraClusters.shared.masterUsername: Admin is reserved by PostgreSQL; choose another name, such as platform",
        ),
        "https://github.com/aws-cloudformation/cfn-lint/pull/4425",
    ),
    "a database of MySQL itself": Case(
        (
            (
                "  ai-platform:buckets",
                "    two: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: information_schema}\n  ai-platform:buckets",
            ),
        ),
        (
            "21: databases.two.databaseName: information_schema is reserved by MySQL; choose another name, such as information_schema_data",
        ),
        "https://dev.mysql.com/doc/refman/8.4/en/information-schema.html",
    ),
    "a cache whose windows overlap": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.t4g.small, snapshots: {window: \'05:00-06:30\'}, maintenanceWindow: \'sun:06:00-sun:07:00\'}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        (
            "30: caches.shared.maintenanceWindow: sun:06:00-sun:07:00 overlaps the snapshot window, 05:00-06:30; change one of them",
        ),
        "https://github.com/hashicorp/terraform/issues/17247",
    ),
    "an add-on version without its build": Case(
        (("", "  ai-platform:addons: {coredns: {version: 1.12.0}}\n"),),
        (
            "27: addons.coredns.version: 1.12.0 is not a version of an EKS add-on; write it like v1.35.0-eksbuild.2, as `aws eks describe-addon-versions --kubernetes-version 1.35` shows it",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html",
    ),
}
# fmt: on
