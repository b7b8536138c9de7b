"""A name in the cluster for a cache outside of it."""

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.data.cache import Cache
from components.kubernetes.pods import labels

NAMESPACE = "default"


class CacheService(Component):
    """An ExternalName Service that leads to the primary, whichever node that is.

    It is an alias in DNS and nothing else: network policies see the cache's own addresses, and its name is not in the
    cache's certificate.
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
