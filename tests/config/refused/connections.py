"""Databases that accept fewer connections than their clients open, and pools whose size the platform decides."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.base import shared
from tests.config.gateway_mistakes import row
from tests.config.refused.case import Case

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections"
_POOL = "https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.QueuePool"


def mlflow(settings: str, *edits: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """MLflow with these settings."""
    return (("      bucket: artifacts\n", f"      bucket: artifacts\n{settings}"), *edits)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "workers move connections": Case(
        mlflow("      workers: 4\n"),
        (
            "19: databases.runs.instanceClass: accepts 225 connections, 10 of which are reserved, but its clients open up to 360 with all replicas: 360 of workloads.mlflow; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _RDS,
    ),
    "replicas move connections": Case(
        mlflow("      replicas: {min: 2, max: 20}\n"),
        (
            "19: databases.runs.instanceClass: accepts 225 connections, 10 of which are reserved, but its clients open up to 315 with all replicas: 315 of workloads.mlflow; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _RDS,
    ),
    "a pool larger than the database": Case(
        mlflow("      connections: 20\n"),
        (
            "19: databases.runs.instanceClass: accepts 225 connections, 10 of which are reserved, but its clients open up to 360 with all replicas: 360 of workloads.mlflow; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _POOL,
    ),
    "a smaller class": Case(
        mlflow("      replicas: {min: 2, max: 8}\n", ("db.t4g.small", "db.t4g.micro")),
        (
            "19: databases.runs.instanceClass: accepts 112 connections, 10 of which are reserved, but its clients open up to 135 with all replicas: 135 of workloads.mlflow; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _RDS,
    ),
    "a parameter below what clients open": Case(
        mlflow("", ("databaseName: mlflow\n", "databaseName: mlflow\n      parameters: {max_connections: '60'}\n")),
        (
            "21: databases.runs.parameters.max_connections: accepts 60 connections, 10 of which are reserved, but its clients open up to 90 with all replicas: 90 of workloads.mlflow; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _RDS,
    ),
    "three workloads of one database": Case(
        row(
            "      cache: counters\n      providers",
            "      cache: counters\n      replicas: {min: 2, max: 30}\n      providers",
        )[0],
        (
            "22: databases.runs.instanceClass: accepts 450 connections, 10 of which are reserved, but its clients open up to 525 with all replicas: 90 of workloads.mlflow, 310 of workloads.litellm, 125 of workloads.openWebui; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        "https://docs.litellm.ai/docs/proxy/db_deadlocks",
    ),
    "Aurora by its maximum capacity": Case(
        (
            (
                '  ai-platform:databases:\n    runs:\n      engine: postgres\n      engineVersion: "17"\n      instanceClass: db.t4g.small\n      databaseName: mlflow\n',
                '  ai-platform:auroraClusters:\n    runs: {engineVersion: "17", databaseName: mlflow, capacity: {min: 1, max: 1}}\n',
            ),
            *mlflow("      workers: 3\n"),
        ),
        (
            "16: auroraClusters.runs.capacity.max: accepts 189 connections, 10 of which are reserved, but its clients open up to 270 with all replicas: 270 of workloads.mlflow; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _AURORA,
    ),
    "Aurora that starts at half a unit": Case(
        (
            (
                '  ai-platform:databases:\n    runs:\n      engine: postgres\n      engineVersion: "17"\n      instanceClass: db.t4g.small\n      databaseName: mlflow\n',
                '  ai-platform:auroraClusters:\n    runs: {engineVersion: "17", databaseName: mlflow, capacity: {min: 0.5, max: 64}}\n',
            ),
            *mlflow("      replicas: {min: 2, max: 50}\n      workers: 3\n"),
        ),
        (
            "16: auroraClusters.runs.capacity.max: accepts 2000 connections, 10 of which are reserved, but its clients open up to 2295 with all replicas: 2295 of workloads.mlflow; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _AURORA,
    ),
    "warning: services whose pools are assumed": Case(
        shared(("port: 8080}", "port: 8080, scaling: {min: 2, max: 60}}")),
        (
            "28: auroraClusters.shared.capacity.max: accepts 823 connections, 10 of which are reserved, but its clients open up to 1220 with all replicas: 610 of environments.dev.services.api, 610 of environments.prod.services.api; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _AURORA,
    ),
    "services whose pools are set": Case(
        shared(("port: 8080}", "port: 8080, databaseConnections: 40, replicas: 12}")),
        (
            "28: auroraClusters.shared.capacity.max: accepts 823 connections, 10 of which are reserved, but its clients open up to 1040 with all replicas: 520 of environments.dev.services.api, 520 of environments.prod.services.api; decrease replicas, connections or databaseConnections, or choose a larger one",
        ),
        _AURORA,
    ),
    "the pool of MLflow as a variable": Case(
        mlflow("      environment: {MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '40'}\n"),
        (
            "27: workloads.mlflow.environment.MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: the environment variable MLFLOW_SQLALCHEMYSTORE_POOL_SIZE cannot be overridden: use connections",
        ),
        _POOL,
    ),
    "the pool of Open WebUI as a variable": Case(
        row(
            "      administrator: admin@shop.dev\n",
            "      administrator: admin@shop.dev\n      environment: {DATABASE_POOL_SIZE: '40'}\n",
        )[0],
        (
            "48: workloads.openWebui.environment.DATABASE_POOL_SIZE: the environment variable DATABASE_POOL_SIZE cannot be overridden: use connections",
        ),
        "https://docs.openwebui.com/reference/env-configuration/#database_pool_size",
    ),
}
