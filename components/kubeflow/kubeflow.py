"""The component of Kubeflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.ingress.destination import Destination
from components.kubeflow import culling, dashboard
from components.kubeflow.katib import KatibPassword
from components.kubeflow.login import Login
from components.kubeflow.names import (
    GATEWAY,
    GATEWAY_NAMESPACE,
    GATEWAY_POD_PORT,
    GATEWAY_PODS,
    GATEWAY_SERVICE_PORT,
    STATUS_PATH,
    STATUS_PORT,
    SYSTEM_NAMESPACE,
)
from components.kubeflow.steps import LOGIN_AFTER, address, chosen, required
from components.kubernetes.network_policy import Rule, network, network_policy
from components.kubernetes.pods import labels
from config.kubeflow import Kubeflow as KubeflowSettings
from config.settings import Settings

CERTIFICATES_NAMESPACE = "cert-manager"
CERTIFICATES_WEBHOOK = {"app.kubernetes.io/name": "webhook", "app.kubernetes.io/component": "webhook"}
WEBHOOK_PORT = 10250


class Kubeflow(Component):
    """The community's manifests in order, the project's own login, and the ingress.

    A folder is applied when the folders that it requires are complete: the API server calls the webhooks of an
    installed part for the objects of others, and rejects objects if the webhook is unavailable. The plan shows each
    folder as one resource: only kustomize, which is part of Pulumi's Kubernetes provider, reads its content.
    """

    TOKEN: ClassVar[str] = "ai-platform:kubeflow:Kubeflow"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        context: WorkloadContext,
        controllers: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._controllers = controllers
        """What the login's secrets and the ingress require; the folders do not."""
        if settings.kubeflow is None:
            raise LookupError("the settings have no kubeflow")
        self._settings: KubeflowSettings = settings.kubeflow
        self._context = context
        self.namespaces = self._settings.namespaces()
        """Namespaces of the system; tenants have their own."""

        self.login: Login | None = None
        self.steps: dict[str, kubernetes.kustomize.v2.Directory] = {}
        for step in chosen(self._settings):
            data = self._data(step.name)
            directory = kubernetes.kustomize.v2.Directory(
                f"{name}-{step.name}",
                directory=address(self._settings, step),
                skip_await=None if step.waits else True,
                opts=self.child(
                    depends_on=[*(self.steps[one] for one in dict.fromkeys(required(step, self.steps))), *data]
                ),
            )
            self.steps[step.name] = directory
            if step.name == LOGIN_AFTER and self._settings.has("login"):
                self.login = self._login(settings, directory)
        login = self.login.ready if self.login else []
        if "katib" in self.steps:
            KatibPassword(
                f"{name}-katib-password",
                context=context,
                opts=self.child(depends_on=[self.steps["namespaces"], *controllers]),
            )
        self.ready: list[pulumi.Resource] = [*self.steps.values(), *login, *self._certificates(), *self._store()]
        """Dependencies of objects of Kubeflow's kinds. A destroy deletes the controllers after them, which remove their
        finalizers."""

        self.outputs: dict[str, pulumi.Input[str]] = {}
        if self._settings.host is not None:
            self.outputs["kubeflow_url"] = self._ingress_rules(self._settings.host)
        self.finish()

    def _data(self, step: str) -> list[pulumi.Resource]:
        """Create the ConfigMap of a step's pods that depends on the settings, if it has one."""
        if step == "dashboard":
            suffix, name, data = "dashboard-links", dashboard.CONFIG_MAP, dashboard.data(self._settings)
        elif step == "notebook-controller":
            suffix, name, data = "culling", culling.CONFIG_MAP, culling.data(self._settings.culling)
        else:
            return []
        return [
            kubernetes.core.v1.ConfigMap(
                f"{self.name}-{suffix}",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=name, namespace=SYSTEM_NAMESPACE, labels=labels("kubeflow", step)
                ),
                data=data,
                opts=self.child(depends_on=[self.steps["namespaces"]]),
            )
        ]

    def _login(self, settings: Settings, after: pulumi.Resource) -> Login:
        tenants = settings.tenants.all(settings.project.name) if settings.tenants else ()
        return Login(
            f"{self.name}-login",
            tenants=tenants,
            encrypted=self._settings.host is not None,
            context=self._context,
            opts=self.child(depends_on=[after, *self._controllers]),
        )

    def _certificates(self) -> list[pulumi.Resource]:
        """Create the network policies of cert-manager: ingress from the API server's addresses in the VPC."""
        if "cert-manager" not in self.steps:
            return []
        after = self.child(depends_on=[self.steps["cert-manager"]])
        return [
            network_policy(
                f"{self.name}-cert-manager",
                namespace=CERTIFICATES_NAMESPACE,
                policy_name="default-deny",
                pods={},
                ingress=[Rule(({"podSelector": {}},))],
                egress=None,
                opts=after,
            ),
            network_policy(
                f"{self.name}-cert-manager-webhook",
                namespace=CERTIFICATES_NAMESPACE,
                policy_name="webhook",
                pods=CERTIFICATES_WEBHOOK,
                ingress=[
                    Rule(tuple(map(network, self._context.settings.network.api_cidrs())), (("TCP", WEBHOOK_PORT),))
                ],
                egress=None,
                opts=after,
            ),
        ]

    def _store(self) -> list[pulumi.Resource]:
        """Create the policy that denies other namespaces access to the object store of pipelines.

        The store uses the community's public password. The community's policies allow ingress from every namespace of a
        Profile. The pod of pipelines that creates keys in the store has no sidecar, and so no principal. Pods without a
        principal are subject to network policies, and those of a tenant do not allow egress to the store.
        """
        if "pipelines" not in self.steps:
            return []
        return [
            kubernetes.apiextensions.CustomResource(
                f"{self.name}-store",
                api_version="security.istio.io/v1",
                kind="AuthorizationPolicy",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name="seaweedfs-own-namespace", namespace=SYSTEM_NAMESPACE, labels=labels("kubeflow", "pipelines")
                ),
                spec={
                    "selector": {"matchLabels": {"app": "seaweedfs"}},
                    "action": "DENY",
                    "rules": [{"from": [{"source": {"principals": ["*"], "notNamespaces": [SYSTEM_NAMESPACE]}}]}],
                },
                # Before the pods that the policy selects.
                opts=self.child(depends_on=[self.steps["istio"], self.steps["namespaces"]]),
            )
        ]

    def _ingress_rules(self, host: str) -> pulumi.Output[str]:
        """Create the ingress from the load balancer to the gateway.

        The gateway's own network policies allow no ingress from addresses of the VPC.
        """
        ingress, after = self._context.ingress, [self.steps["istio"]]
        opened = network_policy(
            f"{self.name}-load-balancer",
            namespace=GATEWAY_NAMESPACE,
            policy_name="load-balancer",
            pods=GATEWAY_PODS,
            ingress=[
                Rule(
                    tuple(map(network, ingress.source_cidrs())),
                    (("TCP", GATEWAY_POD_PORT), ("TCP", STATUS_PORT)),
                )
            ],
            egress=None,
            opts=self.child(depends_on=after),
        )
        return ingress.route(
            self.name,
            Destination(
                namespace=GATEWAY_NAMESPACE,
                service=GATEWAY,
                port=GATEWAY_SERVICE_PORT,
                pod_port=GATEWAY_POD_PORT,
                health_path=STATUS_PATH,
                health_port=STATUS_PORT,
                labels=labels("kubeflow", "gateway"),
            ),
            host=host,
            opts=self.child(depends_on=[*after, opened, *self._controllers]),
        )
