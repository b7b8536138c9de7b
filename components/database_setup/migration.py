"""Migrations of the database schema of an environment."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.eviction import UNDISTURBED
from components.kubernetes.jobs import UNMESHED, job
from components.kubernetes.pods import environment, resources
from config.applications import Application
from config.environments import Migration
from config.workloads.resources import Amounts, Resources

RESOURCES = Resources(requests=Amounts(cpu="100m", memory="256Mi"), limits=Amounts(memory="512Mi"))
DEADLINE_SECONDS = 1800
"""Deadline in seconds. Altering a large table takes minutes. A migration of half an hour requires investigation."""

SCRIPT = """\
set -eu
"$@"
echo "Migration completed for ${ENVIRONMENT}"
"""


def migration_job(
    name: str,
    settings: Migration,
    *,
    application: Application,
    environment_name: str,
    namespace: str,
    labels: Mapping[str, str],
    secret_name: pulumi.Input[str],
    service_account: str | None = None,
    priority_class: str | None = None,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.Job:
    """Create a Job that runs the migration command in the environment's application image.

    It reports completion only after success. The image must contain a shell and the command. The Secret `secret_name`
    contains DATABASE_URL and DB_SCHEMA. A change of the image, the command or `annotations`, such as the version of the
    secret, replaces the Job, so it runs again. Network policies allow pods with `labels` to reach the database.
    """
    login = {
        key: kubernetes.core.v1.EnvVarArgs(
            name=key,
            value_from=kubernetes.core.v1.EnvVarSourceArgs(
                secret_key_ref=kubernetes.core.v1.SecretKeySelectorArgs(name=secret_name, key=key)
            ),
        )
        for key in ("DATABASE_URL", "DB_SCHEMA")
    }
    return job(
        name,
        namespace=namespace,
        labels={**labels, **UNMESHED},
        image=application.image,
        # `sh -c` takes the script, its name and its arguments. Separate arguments need no quotes.
        command=["sh", "-c", SCRIPT, "migration", *settings.command],
        env=[*environment({"ENVIRONMENT": environment_name}), *login.values()],
        resources=resources(RESOURCES),
        user=application.user_id,
        deadline_seconds=DEADLINE_SECONDS,
        service_account=service_account,
        priority_class=priority_class,
        annotations={**UNDISTURBED, **(annotations or {})},
        opts=opts,
    )
