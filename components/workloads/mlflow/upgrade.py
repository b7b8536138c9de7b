"""MLflow's database schemas, brought up to its version before any server starts."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.data.database_user import DatabaseUser
from components.identity.secret_access import VERSION_ANNOTATION
from components.kubernetes.jobs import job
from components.kubernetes.pods import environment, resources
from components.workloads.mlflow.environment import database_environment
from components.workloads.mlflow.names import USER_ID, USERS_DATABASE
from config.workloads.mlflow import Mlflow as MlflowSettings
from config.workloads.resources import Amounts, Resources

RESOURCES = Resources(requests=Amounts(cpu="100m", memory="320Mi"), limits=Amounts(memory="640Mi"))
DEADLINE_SECONDS = 1800
"""A large table takes minutes to change; after half an hour somebody has to look."""

SCRIPT = """\
set -eu
mlflow db upgrade "${RUNS_URL}"
python -m mlflow.server.auth db upgrade --url "${USERS_URL}"
"""


def upgrade_job(
    name: str,
    settings: MlflowSettings,
    *,
    database_user: DatabaseUser,
    runs_database: str,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.Job:
    """Both migrations. Each may run again: it does nothing where the schema is up to date."""
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
            *database_environment(),
        ],
        resources=resources(RESOURCES),
        user=USER_ID,
        deadline_seconds=DEADLINE_SECONDS,
        annotations={VERSION_ANNOTATION: database_user.secret.version_id()},
        opts=opts,
    )
