"""Deletion of a suspended tenant's pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import KUBECTL_IMAGE
from components.base.component import Component
from components.kubernetes.jobs import SMALL, job
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, network
from components.kubernetes.pods import APP_LABEL, PART_LABEL, mount, resources, selector, volume
from components.sharing.tenants.names import labels
from components.sharing.tenants.network_policies import service_ranges
from components.sharing.tenants.roles import END, account_subject, binding
from config.settings import Settings
from config.tenants import Tenant

NAMESPACE = "tenant-suspension"
"""The tenant's own namespace allows no pods."""

TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKEN_SECONDS = 3600
DEADLINE_SECONDS = 300
USER_ID = 65532


class TenantSuspension(Component):
    """A Job for each suspended tenant that deletes all of its pods, after its quota allows no new ones.

    The Job exists as long as the tenant is suspended, so it runs once for each suspension. The owners of the pods are
    kept (notebooks, models and Deployments, with their volumes), and create the pods again after the suspension.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantSuspension"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        quotas: Mapping[Tenant, Sequence[pulumi.Resource]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._namespace = Namespace(f"{name}-namespace", namespace=NAMESPACE, opts=self.child())
        opened = self._namespace.allow(
            "kubernetes",
            pods=selector(_labels("tenants")),
            egress=[_to_kubernetes(settings)],
            opts=self.child(depends_on=[self._namespace]),
        )
        for tenant, quota in quotas.items():
            self._end(tenant, [self._namespace, opened, *quota])
        self.finish()

    def _end(self, tenant: Tenant, after: Sequence[pulumi.Resource]) -> None:
        own = f"tenant-{tenant.name}-suspension"
        marks = _labels(tenant.name)
        inside = self.child(depends_on=[self._namespace])
        account = kubernetes.core.v1.ServiceAccount(
            own,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=tenant.name, namespace=NAMESPACE, labels=marks),
            automount_service_account_token=False,
            opts=inside,
        )
        bound = binding(
            own,
            namespace=tenant.namespace,
            binding_name="suspension",
            role=END,
            subjects=[account_subject(NAMESPACE, tenant.name)],
            owner=tenant.name,
            opts=self.child(depends_on=after),
        )
        job(
            own,
            namespace=NAMESPACE,
            labels=marks,
            image=KUBECTL_IMAGE,
            command=["kubectl", "delete", "pods", "--all", f"--namespace={tenant.namespace}", "--wait=false"],
            env=[],
            resources=resources(SMALL),
            user=USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[volume("token", projected=_token())],
            mounts=[mount("token", TOKEN_FOLDER, read_only=True)],
            service_account=tenant.name,
            opts=self.child(depends_on=[account, bound, *after]),
        )


def _labels(tenant: str) -> dict[str, str]:
    """Return the labels of the Job's pods, which one network policy selects."""
    return {**labels(tenant), APP_LABEL: "tenant-suspension", PART_LABEL: "suspension"}


def _to_kubernetes(settings: Settings) -> Rule:
    """Return the egress rule to the Kubernetes API, in subnets of its own or among nodes and pods."""
    addresses = settings.network.control_plane_cidrs() or settings.network.private_cidrs()
    services = [f"{one.network_address + 1}/32" for one in service_ranges(settings)]
    return Rule(tuple(map(network, [*addresses, *services])), (("TCP", 443),))


def _token() -> kubernetes.core.v1.ProjectedVolumeSourceArgs:
    """Return the token volume that Kubernetes mounts by default, for pods whose service account disables it."""
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
