"""What brings an environment's schema up to date."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.jobs import UNDISTURBED, UNMESHED, job
from components.kubernetes.pods import environment, resources
from config.applications import Application
from config.environments import Migration
from config.workloads.resources import Amounts, Resources

RESOURCES = Resources(requests=Amounts(cpu="100m", memory="256Mi"), limits=Amounts(memory="512Mi"))
DEADLINE_SECONDS = 1800
"""A large table takes minutes to change; after half an hour somebody has to look."""

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
    """A Job of the application's image (as the environment runs it), which says that it completed only if it did.

    The image needs a shell and the command; `secret_name` has DATABASE_URL and DB_SCHEMA. Another image or command, and
    a change in `annotations` (the version of the secret, say), is another Job: it runs again. `labels` are those by
    which network policies let its pod to the database.
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
        # What follows the script is its name and its arguments, which need no quotes so.
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
