"""Jobs before and after the gateways: the schema migration, and the virtual keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.database_setup.database_user import DatabaseUser
from components.kubernetes.eviction import UNDISTURBED
from components.kubernetes.jobs import SMALL, job
from components.kubernetes.pods import CONFIGURATION_ANNOTATION, environment, mount, resources, volume
from components.workloads.litellm.configuration import MASTER_KEY
from components.workloads.litellm.names import SCRATCH, SCRIPTS, USER_ID
from components.workloads.litellm.secrets import LitellmSecrets
from components.workloads.litellm.server import NAMED, database_environment
from config.workloads.litellm import BUDGET_DAYS, NAMESPACE, PORT, SERVICE, Litellm, VirtualKey
from config.workloads.resources import Amounts, Resources

MIGRATION = Resources(requests=Amounts(cpu="100m", memory="512Mi"), limits=Amounts(memory="1Gi"))
MIGRATION_SECONDS = 1800
"""In seconds. A large table takes minutes to migrate; after half an hour an operator has to look."""

VIRTUAL_KEYS_SECONDS = 900
KEYS_FOLDER = "/keys"


def migration_job(
    name: str,
    settings: Litellm,
    *,
    database_user: DatabaseUser,
    secrets: LitellmSecrets,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.Job:
    """Create the Job that migrates the schema to the image's version. It is idempotent.

    https://docs.litellm.ai/docs/proxy/database_migrations
    """
    return job(
        name,
        namespace=NAMESPACE,
        labels=labels,
        image=settings.image,
        command=["python", "-m", "litellm.proxy.prisma_migration"],
        env=[
            *secrets.database_login.environment({"DATABASE_PASSWORD": "password"}),
            *environment(
                {
                    **database_environment(database_user),
                    "DISABLE_SCHEMA_UPDATE": "false",
                    # Prisma writes next to its migrations, and the image's own folder is read-only.
                    "LITELLM_MIGRATION_DIR": f"{SCRATCH}/migrations",
                    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                    # Otherwise Prisma sends a request for a newer version.
                    "CHECKPOINT_DISABLE": "1",
                }
            ),
        ],
        named=NAMED,
        resources=resources(MIGRATION),
        user=USER_ID,
        deadline_seconds=MIGRATION_SECONDS,
        annotations=UNDISTURBED,
        opts=opts,
    )


def virtual_keys_job(
    name: str,
    settings: Litellm,
    *,
    secrets: LitellmSecrets,
    keys_secret: pulumi.Input[str],
    scripts_hash: pulumi.Input[str],
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.Job:
    """Create the Job that sets virtual keys, their budgets and limits, through the gateway's own API."""
    return job(
        name,
        namespace=NAMESPACE,
        labels=labels,
        image=settings.image,
        command=["python", "/scripts/callers.py"],
        env=[
            *environment(
                {
                    "LITELLM_URL": f"http://{SERVICE}:{PORT}",
                    "CALLERS": json.dumps({name: limits(caller) for name, caller in settings.virtual_keys.items()}),
                    "KEYS": KEYS_FOLDER,
                }
            ),
            *secrets.keys.environment({MASTER_KEY: MASTER_KEY}),
        ],
        resources=resources(SMALL),
        user=USER_ID,
        deadline_seconds=VIRTUAL_KEYS_SECONDS,
        volumes=[
            volume("scripts", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=SCRIPTS)),
            volume("keys", secret=kubernetes.core.v1.SecretVolumeSourceArgs(secret_name=keys_secret)),
        ],
        mounts=[mount("scripts", "/scripts", read_only=True), mount("keys", KEYS_FOLDER, read_only=True)],
        annotations={CONFIGURATION_ANNOTATION: scripts_hash},
        opts=opts,
    )


def limits(caller: VirtualKey) -> dict[str, Any]:
    """Return the limits of a key, including unset ones: a limit that is removed from the stack file is removed."""
    return {
        "models": list(caller.models) or ["all-proxy-models"],
        "max_budget": caller.budget,
        "budget_duration": None if caller.budget is None else f"{BUDGET_DAYS[caller.per]}d",
        "rpm_limit": caller.requests_per_minute,
        "tpm_limit": caller.tokens_per_minute,
        "max_parallel_requests": caller.parallel_requests,
    }
