"""Parameters of parameter groups that RDS and ElastiCache reject."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "PostgreSQL: a misspelled parameter": Case(
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      parameters: {log_min_duration: '1000'}\n",
            ),
        ),
        (
            "21: databases.runs.parameters.log_min_duration: unknown parameter 'log_min_duration' of PostgreSQL; did you mean log_duration?",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "PostgreSQL: a parameter of MySQL": Case(
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      parameters: {innodb_buffer_pool_size: '1073741824'}\n",
            ),
        ),
        (
            "21: databases.runs.parameters.innodb_buffer_pool_size: innodb_buffer_pool_size is a parameter of MySQL, not of PostgreSQL; remove it",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "MySQL: a parameter of PostgreSQL": Case(
        (
            (
                'engine: postgres\n      engineVersion: "17"\n      instanceClass: db.t4g.small\n      databaseName: mlflow\n',
                'engine: postgres\n      engineVersion: "17"\n      instanceClass: db.t4g.small\n      databaseName: mlflow\n    orders:\n      engine: mysql\n      engineVersion: "8.4"\n      instanceClass: db.t4g.small\n      databaseName: orders\n      parameters: {log_min_duration_statement: \'1000\'}\n',
            ),
        ),
        (
            "26: databases.orders.parameters.log_min_duration_statement: log_min_duration_statement is a parameter of PostgreSQL, not of MySQL; remove it",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "PostgreSQL: a value that is none of the list": Case(
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      parameters: {log_statement: sometimes}\n",
            ),
        ),
        (
            "21: databases.runs.parameters.log_statement: 'sometimes' is not a value of this parameter; choose one of none, ddl, mod, all",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "PostgreSQL: a number with a unit": Case(
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      parameters: {shared_buffers: 512MB}\n"),),
        (
            "21: databases.runs.parameters.shared_buffers: '512MB' is not a number; write it without a unit, in the unit of the parameter",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "PostgreSQL: a switch in words": Case(
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      parameters: {autovacuum: 'on'}\n"),),
        ("21: databases.runs.parameters.autovacuum: 'on' is not a value of this parameter; set '0' or '1'",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "PostgreSQL: a number above its range": Case(
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      parameters: {max_parallel_workers: '5000'}\n",
            ),
        ),
        ("21: databases.runs.parameters.max_parallel_workers: 5000 is not in the range of this parameter, 0 to 1024",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "PostgreSQL: wal_level, which rds.logical_replication sets": Case(
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      parameters: {wal_level: logical}\n"),),
        ("21: databases.runs.parameters.wal_level: wal_level is set by AWS and cannot be changed; remove it",),
        "https://github.com/debezium/debezium.github.io/pull/272",
    ),
    "PostgreSQL: a file of the server": Case(
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      parameters: {config_file: /etc/postgresql.conf}\n",
            ),
        ),
        ("21: databases.runs.parameters.config_file: config_file is set by AWS and cannot be changed; remove it",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "Aurora: a misspelled parameter": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, parameters: {log_min_duration: '5'}}\n",
            ),
        ),
        (
            "28: auroraClusters.main.parameters.log_min_duration: unknown parameter 'log_min_duration' of PostgreSQL; did you mean log_duration?",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "Aurora: a fixed parameter": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, parameters: {archive_mode: 'on'}}\n",
            ),
        ),
        (
            "28: auroraClusters.main.parameters.archive_mode: archive_mode is set by AWS and cannot be changed; remove it",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    ),
    "cache: maxmemory, which the node type decides": Case(
        (
            (
                "",
                "  ai-platform:caches:\n    shared: {engineVersion: '8.1', nodeType: cache.t4g.small, parameters: {maxmemory: '100'}}\n",
            ),
        ),
        ("28: caches.shared.parameters.maxmemory: maxmemory is set by AWS and cannot be changed; remove it",),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ),
    "cache: a policy that there is none of": Case(
        (
            (
                "",
                "  ai-platform:caches:\n    shared: {engineVersion: '8.1', nodeType: cache.t4g.small, parameters: {maxmemory-policy: all-lru}}\n",
            ),
        ),
        (
            "28: caches.shared.parameters.maxmemory-policy: 'all-lru' is not a value of this parameter; choose one of volatile-lru, allkeys-lru, volatile-lfu, allkeys-lfu, volatile-random, allkeys-random, volatile-ttl, noeviction",
        ),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ),
    "cache: a switch as a number": Case(
        (
            (
                "",
                "  ai-platform:caches:\n    shared: {engineVersion: '8.1', nodeType: cache.t4g.small, parameters: {activedefrag: '1'}}\n",
            ),
        ),
        ("28: caches.shared.parameters.activedefrag: '1' is not a value of this parameter; choose one of yes, no",),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ),
    "cache: a misspelled parameter": Case(
        (
            (
                "",
                "  ai-platform:caches:\n    shared: {engineVersion: '8.1', nodeType: cache.t4g.small, parameters: {slave-allow-chains: 'yes'}}\n",
            ),
        ),
        (
            "28: caches.shared.parameters.slave-allow-chains: unknown parameter 'slave-allow-chains' of ElastiCache; did you mean slave-allow-chaining?",
        ),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ),
    "cache: an append-only file": Case(
        (
            (
                "",
                "  ai-platform:caches:\n    shared: {engineVersion: '8.1', nodeType: cache.t4g.small, parameters: {appendonly: 'yes'}}\n",
            ),
        ),
        ("28: caches.shared.parameters.appendonly: appendonly is set by AWS and cannot be changed; remove it",),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ),
    "cache: no snapshots to a file": Case(
        (
            (
                "",
                "  ai-platform:caches:\n    shared: {engineVersion: '8.1', nodeType: cache.t4g.small, parameters: {save: ''}}\n",
            ),
        ),
        ("28: caches.shared.parameters.save: save is set by AWS and cannot be changed; remove it",),
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ),
    "PostgreSQL: a library that RDS lacks": Case(
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      parameters: {shared_preload_libraries: 'pg_stat_statements,timescaledb'}\n",
            ),
        ),
        (
            "21: databases.runs.parameters.shared_preload_libraries: 'timescaledb' is not a value of this parameter; choose one of apg_plan_mgmt, auto_explain, orafce, pg_bigm, pg_cron, pg_hint_plan, pg_prewarm, pg_similarity, pg_stat_statements, pg_tle, pg_transport, pgactive, pgaudit, pglogical, plprofiler, plrust, rdkit, wal2json",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html",
    ),
    "Aurora: a library that Aurora lacks": Case(
        (
            (
                "",
                "  ai-platform:auroraClusters:\n    main: {engineVersion: '17', databaseName: shop, parameters: {shared_preload_libraries: citus}}\n",
            ),
        ),
        (
            "28: auroraClusters.main.parameters.shared_preload_libraries: 'citus' is not a value of this parameter; choose one of apg_plan_mgmt, auto_explain, orafce, pg_bigm, pg_cron, pg_hint_plan, pg_prewarm, pg_similarity, pg_stat_statements, pg_tle, pg_transport, pgactive, pgaudit, pglogical, plprofiler, plrust, rdkit, wal2json",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Extensions.html",
    ),
}
# fmt: on
