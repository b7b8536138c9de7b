"""A model's servers: Deployment or LeaderWorkerSet, Service, disruption budget and autoscaler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.pods import labels, selector
from components.kubernetes.scaling import disruption_budget
from components.kubernetes.services import service_for
from components.workloads.vllm.names import template_config, worker
from components.workloads.vllm.pod import ModelPods
from components.workloads.vllm.router import ModelRouter, Routes
from components.workloads.vllm.scaling import scaled_object
from config.schedules import Schedule
from config.workloads.vllm import APP, NAMESPACE, replicas_service, service_name

GROUPS_API = "leaderworkerset.x-k8s.io/v1"


class ModelServer(Component):
    """The servers of one model, each with its own GPUs, and the Service of its clients."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:ModelServer"

    def __init__(
        self,
        name: str,
        *,
        pods: ModelPods,
        router_image: str,
        schedules: Mapping[str, Schedule],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        model = self._model = pods.model
        self._pods = pods
        self._before: list[pulumi.Resource] = []
        self.labels = labels(APP, model)
        if pods.template is not None:
            template = kubernetes.core.v1.ConfigMap(
                f"{name}-template",
                metadata=self._metadata(template_config(model)),
                data=pods.template,
                opts=self.child(),
            )
            self._before = [template]
        several = pods.pods.nodes > 1
        self.servers: pulumi.Resource = self._groups() if several else self._deployment()
        self.entry = self._router(router_image)
        """Labels of the pods to which clients connect: the routers, or the servers themselves."""
        self.service = self._service(name, service_name(model), self.entry)
        if pods.settings.most() > 1:
            disruption_budget(name, metadata=self._metadata(model), labels=self.labels, opts=self.child())
        scaling = pods.settings.autoscaling
        if scaling is not None:
            scaled_object(
                model,
                pods.settings,
                scaling,
                target={"apiVersion": GROUPS_API, "kind": "LeaderWorkerSet"}
                if several
                else {"apiVersion": "apps/v1", "kind": "Deployment"},
                schedule=schedules[scaling.schedule] if scaling.schedule is not None else None,
                metadata=self._metadata(model),
                opts=self.child(depends_on=[self.servers]),
            )
        self.finish()

    def _service(self, name: str, object_name: str, of: Mapping[str, str]) -> kubernetes.core.v1.Service:
        return service_for(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=object_name, namespace=NAMESPACE, labels=dict(of)),
            labels=of,
            ports={"http": self._pods.port},
            opts=self.child(),
        )

    def _router(self, image: str) -> dict[str, str]:
        """Create the routers and the Service by which Prometheus finds the servers behind them, if it is set."""
        settings, pods = self._pods.settings, self._pods
        if settings.routing is None:
            return self.labels
        routes = Routes(
            model=self._model,
            by=settings.routing,
            served_name=pods.served_name,
            aliases=settings.aliases,
            image=image,
            port=pods.port,
            keys=pods.keys,
            timeouts=pods.timeouts,
            always_on=settings.least() > 0,
        )
        name = f"{self.name}-router"
        made = ModelRouter(name, routes=routes, opts=self.child(depends_on=[self.servers]))
        self._service(f"{self.name}-replicas", replicas_service(self._model, settings), self.labels)
        return made.labels

    def _metadata(self, object_name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=object_name, namespace=NAMESPACE, labels=self.labels)

    def _replicas(self) -> int | None:
        """Return the number of replicas, or None if an autoscaler manages it."""
        return None if self._pods.settings.autoscaling is not None else self._pods.settings.least()

    def _budget_seconds(self) -> int:
        """Return the time in which a model has to be ready, in seconds."""
        return self._pods.settings.startup_minutes * 60

    def _deployment(self) -> kubernetes.apps.v1.Deployment:
        return kubernetes.apps.v1.Deployment(
            self.name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=self._model,
                namespace=NAMESPACE,
                labels=self.labels,
                # Pulumi's default timeout is ten minutes, and a model can take longer to load.
                annotations={"pulumi.com/timeoutSeconds": str(self._budget_seconds() + 600)},
            ),
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                replicas=self._replicas(),
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self.labels)),
                progress_deadline_seconds=self._budget_seconds() + 540,
                # The old pod terminates first: a new one would wait for a GPU that may not be available.
                strategy=kubernetes.apps.v1.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=kubernetes.apps.v1.RollingUpdateDeploymentArgs(max_surge=0, max_unavailable=1),
                ),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=self._pods.metadata(self.labels),
                    spec=self._pods.spec(self.labels),
                ),
            ),
            opts=self.child(depends_on=self._before),
        )

    def _groups(self) -> kubernetes.apiextensions.CustomResource:
        """Create groups with one pod a node, of which the first receives requests.

        If one pod of a group is lost, the group restarts as a whole, because the other pods cannot continue.
        https://lws.sigs.k8s.io/docs/reference/leaderworkerset.v1/
        """
        replicas = self._replicas()
        spec: dict[str, Any] = {
            **({} if replicas is None else {"replicas": replicas}),
            "rolloutStrategy": {
                "type": "RollingUpdate",
                "rollingUpdateConfiguration": {"maxSurge": 0, "maxUnavailable": 1},
            },
            "leaderWorkerTemplate": {
                "size": self._pods.pods.nodes,
                "restartPolicy": "RecreateGroupOnPodRestart",
                "leaderTemplate": self._template(self.labels),
                "workerTemplate": self._template(labels(APP, worker(self._model)), is_worker=True),
            },
        }
        return kubernetes.apiextensions.CustomResource(
            self.name,
            api_version=GROUPS_API,
            kind="LeaderWorkerSet",
            metadata=self._metadata(self._model),
            spec=spec,
            opts=self.child(depends_on=self._before),
        )

    def _template(self, of: Mapping[str, str], *, is_worker: bool = False) -> kubernetes.core.v1.PodTemplateSpecArgs:
        return kubernetes.core.v1.PodTemplateSpecArgs(
            metadata=self._pods.metadata(of),
            spec=self._pods.spec(of, worker=is_worker),
        )


def pods_of_a_model(model: str) -> Sequence[Mapping[str, str]]:
    """Return the labels by which policies select a model's pods: its servers and their workers."""
    return selector(labels(APP, model)), selector(labels(APP, worker(model)))
