"""What ends a suspended tenant's pods."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.component import Component
from components.kubernetes.jobs import SMALL, UNMESHED, job
from components.kubernetes.pods import mount, resources, volume
from components.tenants.names import labels
from components.tenants.roles import END, account_subject, binding
from config.tenants import Tenant
from config.versions import KUBECTL_IMAGE

NAMESPACE = "kube-system"
"""The tenant's own has room for no pod, and network policies of others let nobody reach the Kubernetes API."""

TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKEN_SECONDS = 3600
DEADLINE_SECONDS = 300
USER_ID = 65532


class TenantSuspension(Component):
    """A Job that deletes every pod of one tenant, once its quota lets no other start.

    It is there as long as the tenant is suspended, so it runs once each time that one becomes it. What made the pods
    stays, and makes them again when the tenant comes back: notebooks, models, Deployments, with their volumes.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantSuspension"

    def __init__(self, name: str, *, tenant: Tenant, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        own = f"tenant-{tenant.name}-suspension"
        marks = labels(tenant.name)
        account = kubernetes.core.v1.ServiceAccount(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=own, namespace=NAMESPACE, labels=marks),
            automount_service_account_token=False,
            opts=self.child(),
        )
        bound = binding(
            name,
            namespace=tenant.namespace,
            binding_name="suspension",
            role=END,
            subjects=[account_subject(NAMESPACE, own)],
            owner=tenant.name,
            opts=self.child(),
        )
        self.job = job(
            own,
            namespace=NAMESPACE,
            labels={**marks, "app.kubernetes.io/component": "suspension", **UNMESHED},
            image=KUBECTL_IMAGE,
            command=["kubectl", "delete", "pods", "--all", f"--namespace={tenant.namespace}", "--wait=false"],
            env=[],
            resources=resources(SMALL),
            user=USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[volume("token", projected=_token())],
            mounts=[mount("token", TOKEN_FOLDER, read_only=True)],
            service_account=own,
            opts=self.child(depends_on=[account, bound]),
        )
        self.finish()


def _token() -> kubernetes.core.v1.ProjectedVolumeSourceArgs:
    """As Kubernetes itself mounts it, for pods whose account does without."""
    token = kubernetes.core.v1.ServiceAccountTokenProjectionArgs(path="token", expiration_seconds=TOKEN_SECONDS)
    certificate = kubernetes.core.v1.ConfigMapProjectionArgs(
        name="kube-root-ca.crt", items=[kubernetes.core.v1.KeyToPathArgs(key="ca.crt", path="ca.crt")]
    )
    return kubernetes.core.v1.ProjectedVolumeSourceArgs(
        sources=[
            kubernetes.core.v1.VolumeProjectionArgs(service_account_token=token),
            kubernetes.core.v1.VolumeProjectionArgs(config_map=certificate),
        ]
    )
