"""Garbage collection: a CronJob deletes what users deleted some days ago, with its artifacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.jobs import RETRIES, Placed, Step, cron_job
from components.kubernetes.pods import environment, resources
from components.workloads.mlflow.names import USER_ID
from config.workloads.mlflow_options import GC_RESOURCES, GarbageCollection
from config.workloads.resources import Resources

GC = "mlflow-gc"
"""Name of the CronJob and of its network policy."""

DEADLINE_SECONDS = 4 * 24 * 3600
"""Nodes with a schedule are stopped at night and over a long weekend: the pod waits for them, and the next run for it.
Its retries are for a database that starts with them."""

LATE_SECONDS = 3600

SCRIPT = 'exec mlflow gc --backend-store-uri "${{MLFLOW_BACKEND_STORE_URI}}" --older-than {days}d{workspaces}'


def gc_job(
    name: str,
    settings: GarbageCollection,
    *,
    namespace: str,
    image: str,
    server: str,
    database: Sequence[kubernetes.core.v1.EnvVarArgs],
    login: Sequence[kubernetes.core.v1.EnvVarArgs] = (),
    workspaces: bool = False,
    asked: Resources = GC_RESOURCES,
    placed: Placed,
    suspended: bool = False,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.CronJob:
    """Create the CronJob. It has no access to the bucket: the server deletes the artifacts, on request of its login.

    `database` are the variables of the database, and `login` those of an administrator of the server.
    """
    return cron_job(
        name,
        namespace=namespace,
        object_name=GC,
        labels=labels,
        schedule=settings.schedule,
        time_zone=settings.time_zone,
        suspended=suspended,
        steps=[
            Step(
                "gc",
                image,
                [
                    "sh",
                    "-c",
                    SCRIPT.format(days=settings.older_than_days, workspaces=" --all-workspaces" if workspaces else ""),
                ],
                [
                    *environment(
                        {
                            "MLFLOW_TRACKING_URI": server,
                            # The server answers when it has deleted all files of a run: 1,000 a second or less.
                            "MLFLOW_HTTP_REQUEST_TIMEOUT": "900",
                            "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE": "1",
                            "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW": "1",
                            "MLFLOW_DISABLE_TELEMETRY": "true",
                        }
                    ),
                    *database,
                    *login,
                ],
                resources(asked),
            )
        ],
        user=USER_ID,
        retries=RETRIES,
        deadline_seconds=DEADLINE_SECONDS,
        start_within_seconds=LATE_SECONDS,
        placed=placed,
        opts=opts,
    )
