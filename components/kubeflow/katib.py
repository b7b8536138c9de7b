"""The password of Katib's database, which the community's manifests publish."""

from typing import ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.secret import Secret
from components.identity.secret_access import SecretAccess
from components.kubeflow.names import SYSTEM_NAMESPACE
from components.kubernetes.pods import labels
from config.kubeflow import KATIB_DATABASE

DATABASE_SECRET, PASSWORD = "katib-mysql-secrets", "MYSQL_ROOT_PASSWORD"
"""The Secret of the pods of Katib's MySQL and of its store of metrics, and its key."""


class KatibPassword(Component):
    """A generated password in Secrets Manager, and the Secret that Katib's manifests refer to.

    MySQL sets it when its volume is empty: a rotation also needs `ALTER USER`.
    """

    TOKEN: ClassVar[str] = "ai-platform:kubeflow:KatibPassword"

    def __init__(self, name: str, *, context: WorkloadContext, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        secret = Secret(
            name,
            secret_name=f"{context.project}/{KATIB_DATABASE}",
            description="Password of Katib's MySQL",
            generated=(PASSWORD,),
            opts=self.child(),
        )
        access = SecretAccess(
            f"{name}-secrets",
            role_name=f"{context.project}-kubeflow-katib-secrets",
            namespace=SYSTEM_NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[secret.arn],
            labels=labels("katib", "kubeflow"),
            opts=self.child(),
        )
        synced = access.fixed_secret(DATABASE_SECRET, {PASSWORD: (secret.arn, PASSWORD)}, version=secret.version_id())
        self.ready: list[pulumi.Resource] = [synced.resource]
        self.finish()
