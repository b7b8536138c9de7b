"""Migration of MLflow's databases before any server starts: their schemas and the administrator."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.database_setup.database_user import DatabaseUser
from components.kubernetes.jobs import job
from components.kubernetes.pods import CONFIGURATION_ANNOTATION, environment, mount, resources, volume
from components.workloads.mlflow.environment import database_environment
from components.workloads.mlflow.names import SCRIPTS, USER_ID, USERS_DATABASE
from components.workloads.mlflow.secrets import MlflowSecrets
from config.workloads.mlflow import Mlflow as MlflowSettings
from config.workloads.resources import Amounts, Resources

RESOURCES = Resources(requests=Amounts(cpu="100m", memory="320Mi"), limits=Amounts(memory="640Mi"))
DEADLINE_SECONDS = 1800
"""In seconds. A large table takes minutes to migrate; after half an hour an operator has to look."""

SCRIPT = """\
set -eu
mlflow db upgrade "${RUNS_URL}"
python -m mlflow.server.auth db upgrade --url "${USERS_URL}"
python /scripts/admin.py
"""


def upgrade_job(
    name: str,
    settings: MlflowSettings,
    *,
    database_user: DatabaseUser,
    secrets: MlflowSecrets,
    scripts_hash: pulumi.Input[str],
    runs_database: str,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.Job:
    """Create the Job with both migrations and the administrator's password. All steps are idempotent."""
    return job(
        name,
        namespace=settings.namespace,
        labels=labels,
        image=settings.image,
        command=["sh", "-c", SCRIPT],
        env=[
            *environment(
                {"RUNS_URL": database_user.url(runs_database), "USERS_URL": database_user.url(USERS_DATABASE)}
            ),
            *database_environment(secrets.database_login),
            *secrets.admin_login.environment({"ADMIN_USERNAME": "username", "ADMIN_PASSWORD": "password"}),
        ],
        resources=resources(RESOURCES),
        user=USER_ID,
        deadline_seconds=DEADLINE_SECONDS,
        volumes=[volume("scripts", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=SCRIPTS))],
        mounts=[mount("scripts", "/scripts", read_only=True)],
        annotations={CONFIGURATION_ANNOTATION: scripts_hash},
        placed=settings,
        opts=opts,
    )
