"""The people who log in to MLflow."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.component import Component
from components.identity.secret_access import VERSION_ANNOTATION
from components.kubernetes.jobs import SMALL, job
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    environment,
    mount,
    resources,
    secret_environment,
    volume,
)
from components.workloads.mlflow.names import SERVER_SECRET, SERVICE, USER_ID, USERS_SECRET
from components.workloads.mlflow.secrets import MlflowSecrets
from config.workloads.mlflow import PORT
from config.workloads.mlflow import Mlflow as MlflowSettings

FILES = Path(__file__).parent / "files"
CONFIG = "mlflow-users-script"
DEADLINE_SECONDS = 900


class MlflowUsers(Component):
    """A Job that creates users and sets their passwords and rights; it runs again when one of them changes."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:MlflowUsers"

    def __init__(
        self,
        name: str,
        settings: MlflowSettings,
        *,
        secrets: MlflowSecrets,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        data = {"users.py": (FILES / "users.py").read_text(encoding="utf-8")}
        script = kubernetes.core.v1.ConfigMap(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=CONFIG, namespace=settings.namespace, labels=dict(labels)),
            data=data,
            opts=self.child(),
        )
        users = {user: {"admin": wanted.admin} for user, wanted in settings.users.items()}
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
                    }
                ),
                *secret_environment(
                    SERVER_SECRET,
                    {"MLFLOW_TRACKING_USERNAME": "username", "MLFLOW_TRACKING_PASSWORD": "password"},
                ),
            ],
            resources=resources(SMALL),
            user=USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[
                volume("scripts", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=CONFIG)),
                volume("passwords", secret=kubernetes.core.v1.SecretVolumeSourceArgs(secret_name=USERS_SECRET)),
            ],
            mounts=[mount("scripts", "/scripts", read_only=True), mount("passwords", "/passwords", read_only=True)],
            annotations={
                VERSION_ANNOTATION: secrets.users_version(),
                CONFIGURATION_ANNOTATION: configuration_hash(data),
            },
            opts=self.child(depends_on=[script]),
        )
        self.finish()
