"""MLflow users and workspaces."""

import json
from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.identity.secret_access import SyncedSecret
from components.kubernetes.jobs import SMALL, job
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    environment,
    mount,
    resources,
    volume,
)
from components.workloads.mlflow.names import SCRIPTS, SERVICE, USER_ID
from components.workloads.mlflow.secrets import MlflowSecrets
from config.workloads.mlflow import PORT
from config.workloads.mlflow import Mlflow as MlflowSettings

DEADLINE_SECONDS = 900


class MlflowUsers(Component):
    """A Job that creates users and workspaces and sets passwords and permissions; it runs again if one changes."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:MlflowUsers"

    def __init__(
        self,
        name: str,
        settings: MlflowSettings,
        *,
        secrets: MlflowSecrets,
        passwords: SyncedSecret,
        scripts_hash: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        users = {user: {"admin": wanted.admin} for user, wanted in settings.users.items()}
        workspaces = {
            workspace: {"description": wanted.description, "user": wanted.users, "admin": wanted.admins}
            for workspace, wanted in settings.workspaces.items()
        }
        job(
            name,
            namespace=settings.namespace,
            labels=labels,
            image=settings.image,
            command=["python", "/scripts/users.py"],
            env=[
                *environment(
                    {
                        "MLFLOW_TRACKING_URI": f"http://{SERVICE}.{settings.namespace}.svc.cluster.local:{PORT}",
                        "USERS": json.dumps(users),
                        "PASSWORDS": "/passwords",
                        **({"WORKSPACES": json.dumps(workspaces)} if workspaces else {}),
                    }
                ),
                *secrets.admin_login.environment(
                    {"MLFLOW_TRACKING_USERNAME": "username", "MLFLOW_TRACKING_PASSWORD": "password"}
                ),
            ],
            resources=resources(SMALL),
            user=USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[
                volume("scripts", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=SCRIPTS)),
                volume("passwords", secret=kubernetes.core.v1.SecretVolumeSourceArgs(secret_name=passwords.name)),
            ],
            mounts=[mount("scripts", "/scripts", read_only=True), mount("passwords", "/passwords", read_only=True)],
            annotations={CONFIGURATION_ANNOTATION: scripts_hash},
            placed=settings,
            opts=self.child(),
        )
        self.finish()
