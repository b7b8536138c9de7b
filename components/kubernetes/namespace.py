"""A namespace that denies all traffic that no network policy allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.network_policy import Rule, network_policy, to_dns

ENVIRONMENT_LABEL = "environment"
"""Label key on the namespace of an environment; the value is the environment's name. Network policies select it."""

TENANT_LABEL = "ai-platform/tenant"
"""Label key on the namespace of a tenant; the value is the tenant's name.

Only principals with permission to update namespaces can remove it."""


class Namespace(Component):
    """A namespace with the restricted Pod Security Standard that denies all traffic except DNS queries."""

    TOKEN: ClassVar[str] = "ai-platform:kubernetes:Namespace"

    def __init__(
        self,
        name: str,
        *,
        namespace: str,
        labels: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.namespace = namespace
        made = kubernetes.core.v1.Namespace(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=namespace,
                labels={
                    "app.kubernetes.io/part-of": "ai-platform",
                    "pod-security.kubernetes.io/enforce": "restricted",
                    "pod-security.kubernetes.io/warn": "restricted",
                    **(labels or {}),
                },
            ),
            opts=self.child(),
        )
        self.policies = [
            network_policy(
                f"{name}-default",
                namespace=namespace,
                policy_name="default-deny",
                pods={},
                ingress=[],
                egress=[to_dns()],
                opts=self.child(depends_on=[made], waits=False),
            )
        ]
        """The default-deny policies. All objects in the namespace depend on them."""
        self.finish(namespace=namespace)

    def allow(
        self,
        name: str,
        *,
        pods: Mapping[str, str],
        ingress: list[Rule] | None = None,
        egress: list[Rule] | None = None,
        opts: pulumi.ResourceOptions,
    ) -> kubernetes.networking.v1.NetworkPolicy:
        """Create a network policy that allows more traffic to or from the selected pods."""
        return network_policy(
            f"{self.namespace}-{name}",
            namespace=self.namespace,
            policy_name=name,
            pods=pods,
            ingress=ingress,
            egress=egress,
            opts=opts,
        )
