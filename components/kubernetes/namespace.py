"""A namespace that denies what nobody allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.network_policy import Rule, network_policy, to_dns

ENVIRONMENT_LABEL = "environment"
"""On an environment's namespace, with the environment's name: network policies select it."""

TENANT_LABEL = "ai-platform/tenant"
"""On a tenant's namespace, with the tenant's name: only principals that may change namespaces can remove it."""


class Namespace(Component):
    """Namespace under the restricted Pod Security Standard, closed to traffic but for lookups of names."""

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
        """What closes it, and what everything in it waits for."""
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
        """Let more through to or from some pods."""
        return network_policy(
            f"{self.namespace}-{name}",
            namespace=self.namespace,
            policy_name=name,
            pods=pods,
            ingress=ingress,
            egress=egress,
            opts=opts,
        )
