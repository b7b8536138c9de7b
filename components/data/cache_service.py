"""A Service in the cluster for a cache outside the cluster."""

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.data.cache import Cache
from components.kubernetes.pods import labels

NAMESPACE = "default"


class CacheService(Component):
    """An ExternalName Service for the primary endpoint of a cache.

    It is only a DNS alias. Network policies apply to the addresses of the cache, and the certificate of the cache does
    not contain the name of the Service.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:CacheService"

    def __init__(self, name: str, *, service: str, cache: Cache, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.service = kubernetes.core.v1.Service(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=service, namespace=NAMESPACE, labels=labels(service, "cache")
            ),
            spec=kubernetes.core.v1.ServiceSpecArgs(type="ExternalName", external_name=cache.address),
            opts=self.child(),
        )
        self.finish()
