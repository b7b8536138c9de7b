"""Resource quota and default limits of a tenant."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.sharing.tenants.names import QUOTA, labels
from config.tenants import Tenant, TenantQuota

DEFAULT_REQUEST = {"cpu": "100m", "memory": "128Mi"}
DEFAULT_LIMIT = {"cpu": "1", "memory": "1Gi"}
"""Limits of a container that sets none: the quota counts both and would reject its pod."""


class TenantLimits(Component):
    """The ResourceQuota of a tenant, and the default requests and limits of containers.

    A suspended tenant's quota allows no pods, so no new pod starts. Kubernetes does not terminate pods because of a
    quota, so `TenantSuspension` deletes the running pods: https://kubernetes.io/docs/concepts/policy/resource-quotas/
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantLimits"

    def __init__(self, name: str, *, tenant: Tenant, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._tenant = tenant
        self.enforced: list[pulumi.Resource] = [
            kubernetes.core.v1.ResourceQuota(
                name,
                metadata=self._metadata(QUOTA),
                spec=kubernetes.core.v1.ResourceQuotaSpecArgs(
                    hard=hard(tenant.quota, pods=0 if tenant.suspended else tenant.quota.pods)
                ),
                opts=self.child(),
            ),
            kubernetes.core.v1.LimitRange(
                name,
                metadata=self._metadata("tenant-limits"),
                spec=kubernetes.core.v1.LimitRangeSpecArgs(
                    limits=[
                        kubernetes.core.v1.LimitRangeItemArgs(
                            type="Container", default_request=DEFAULT_REQUEST, default=DEFAULT_LIMIT
                        )
                    ]
                ),
                opts=self.child(),
            ),
        ]
        """Dependencies of pods."""
        self.finish()

    def _metadata(self, name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(
            name=name, namespace=self._tenant.namespace, labels=labels(self._tenant.name)
        )


def hard(quota: TenantQuota, *, pods: int) -> dict[str, str]:
    """Return the hard limits of a quota, by the resource names of Kubernetes."""
    return {
        "requests.cpu": quota.cpu,
        "requests.memory": quota.memory,
        "limits.cpu": quota.cpu,
        "limits.memory": quota.memory,
        "requests.nvidia.com/gpu": str(quota.gpus),
        "requests.storage": quota.storage,
        "pods": str(pods),
        # Both allow traffic from outside the cluster, and a load balancer has a price.
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }
