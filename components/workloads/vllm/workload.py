"""The component of vLLM."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.context.endpoints import Endpoint
from components.ingress.destination import Destination
from components.ingress.readiness import READINESS_LABEL
from components.kubernetes.namespace import TENANT_LABEL, Namespace
from components.kubernetes.network_policy import (
    Ports,
    Rule,
    anywhere,
    internet,
    namespace,
    namespaces,
    network,
    pods,
    tcp,
    to_identity,
)
from components.kubernetes.pods import labels, selector
from components.operations.monitoring.watched import service_monitor
from components.workloads.vllm.arguments import source
from components.workloads.vllm.names import CLIENT_LABEL
from components.workloads.vllm.pod import HEALTH, ModelPods
from components.workloads.vllm.secrets import VllmSecrets
from components.workloads.vllm.server import ModelServer, pods_of_a_model
from components.workloads.vllm.weights import ModelWeights
from components.workloads.workload import Workload, environments
from config.model_memory import published
from config.monitoring import NAMESPACE as MONITORING_NAMESPACE
from config.nodes import Nodes
from config.workloads.vllm import (
    API,
    API_KEY,
    APP,
    NAMESPACE,
    ROUTER_METRICS_PORT,
    VllmModel,
    internal_url,
    pods_of,
    router,
    service_name,
)
from config.workloads.vllm import Vllm as VllmSettings


class Vllm(Component, Workload):
    """A namespace with all models, each with its own key, weights, servers and ingress."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:Vllm"

    def __init__(
        self,
        name: str,
        settings: VllmSettings,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._namespace = Namespace(
            f"{name}-namespace",
            namespace=NAMESPACE,
            labels=READINESS_LABEL if settings.needs_ingress() else None,
            opts=self.child(),
        )
        self._secrets = VllmSecrets(
            f"{name}-secrets",
            settings,
            context=context,
            labels=labels(APP, "secrets"),
            opts=self.child(depends_on=[self._namespace]),
        )
        self.endpoints = {
            model: Endpoint(
                internal_url(model, settings.port),
                self._secrets.api_keys[model],
                API_KEY,
                NAMESPACE,
                settings.port,
                CLIENT_LABEL,
                settings.served_name(model),
                settings.other_names(model),
            )
            for model in settings.models
        }
        self.outputs: dict[str, pulumi.Input[str]] = {}
        for model, one in settings.models.items():
            server = self._server(model, one)
            self._watch(model, server)
            address = self._route(model, one, server)
            self.outputs[f"vllm_{model.replace('-', '_')}_url"] = address or internal_url(model, settings.port)
        self.finish()

    def _nodes(self, key: str) -> Nodes:
        settings = self._context.settings
        return settings.node_groups[key] if key in settings.node_groups else settings.node_pools[key]

    def _server(self, model: str, one: VllmModel) -> ModelServer:
        name, nodes, known = f"{self.name}-{model}", self._nodes(one.node_group), published(one)
        if known is None:
            raise LookupError(f"{one.model} has no figures")
        weights = ModelWeights(
            f"{name}-weights", one, model=model, context=self._context, opts=self.child(depends_on=[self._namespace])
        )
        keys = self._secrets.synced[model]
        return ModelServer(
            name,
            pods=ModelPods(
                model=model,
                settings=one,
                known=known,
                pods=pods_of(one, nodes.gpus_per_node()),
                nodes=nodes,
                served_name=self._settings.served_name(model),
                port=self._settings.port,
                region=self._context.region,
                weights_from=source(one, weights.bucket_name),
                keys=keys,
                claim=weights.claim,
                service_account=weights.service_account,
                timeouts=self._context.settings.timeouts_of("vllm"),
            ),
            router_image=self._settings.router_image,
            schedules=self._context.settings.schedules,
            opts=self.child(depends_on=[keys.resource, *weights.ready, *self._network_policies(model, one)]),
        )

    def _watch(self, model: str, server: ModelServer) -> None:
        """Create the scrape configuration, if Prometheus is installed."""
        if not self._context.watching:
            return
        watched = [(model, server.labels, self._settings.port)]
        if self._settings.models[model].routing is not None:
            watched.append((router(model), server.entry, ROUTER_METRICS_PORT))
        for name, of, port in watched:
            service_monitor(
                f"{self.name}-{name}",
                object_name=name,
                namespace=NAMESPACE,
                labels=of,
                selector=selector(of),
                port=port,
                path="/metrics",
                # Stable if the name in requests, which vLLM's own label model_name has, changes.
                series={"model": model},
                opts=self.child(depends_on=[*self._context.watching, self._namespace]),
            )

    def _route(self, model: str, one: VllmModel, server: ModelServer) -> pulumi.Output[str] | None:
        if one.host is None:
            return None
        return self._context.ingress.route(
            f"{self.name}-{model}",
            Destination(
                namespace=NAMESPACE,
                service=service_name(model),
                port=self._settings.port,
                health_path=HEALTH,
                labels=server.entry,
                timeouts=self._context.settings.timeouts_of("vllm"),
            ),
            host=one.host,
            path=API,
            # All models use the same port.
            shared=True,
            opts=self.child(depends_on=[server.service]),
        )

    def _network_policies(self, model: str, one: VllmModel) -> list[pulumi.Resource]:
        """Create the network policies of a model: ingress from its clients, and egress to the Hub or AWS."""
        settings, context = self._settings, self._context
        port: Ports = (("TCP", settings.port),)
        callers = [
            namespaces(CLIENT_LABEL),
            *environments(context.settings, next(one for one in settings.serves() if one.name == model)),
            *(map(network, context.ingress.source_cidrs()) if one.host is not None else ()),
            *([{"namespaceSelector": {"matchExpressions": [_IS_TENANT]}}] if settings.tenants else []),
        ]
        prometheus = [namespace(MONITORING_NAMESPACE)] if context.settings.monitoring is not None else []
        vpc = context.settings.network
        outside = Rule((internet(*vpc.vpc_cidrs()), *map(network, vpc.endpoint_cidrs())), (("TCP", 443),))
        identity = to_identity(context.settings.cluster.workload_identity) if one.weights.streamed else []
        after = self.child(depends_on=[self._namespace])
        answering, workers = pods_of_a_model(model)
        group = [Rule((pods(answering), pods(workers)))]
        spans = pods_of(one, self._nodes(one.node_group).gpus_per_node()).nodes > 1
        found: list[pulumi.Resource] = []
        if one.routing is not None:
            routers = selector(labels(APP, router(model)))
            found.append(self._router_policy(model, routers, [Rule(tuple(callers), port)], prometheus))
            callers = [pods(routers)]
        found.append(
            self._namespace.allow(
                f"{model}-server",
                pods=answering,
                ingress=[Rule((*callers, *prometheus), port), *(group if spans else [])],
                egress=[outside, *identity, *(group if spans else [])],
                opts=after,
            )
        )
        if spans:
            found.append(
                self._namespace.allow(
                    f"{model}-worker", pods=workers, ingress=group, egress=[outside, *identity, *group], opts=after
                )
            )
        return found

    def _router_policy(
        self, model: str, routers: Mapping[str, str], callers: Sequence[Rule], prometheus: Sequence[Mapping[str, Any]]
    ) -> pulumi.Resource:
        """Create the network policy of routers: egress to their model's servers, and to the Kubernetes API."""
        servers = pods(pods_of_a_model(model)[0])
        return self._namespace.allow(
            router(model),
            pods=routers,
            ingress=[*callers, *([Rule(tuple(prometheus), tcp(ROUTER_METRICS_PORT))] if prometheus else [])],
            egress=[Rule((servers,), tcp(self._settings.port)), Rule((anywhere(),), tcp(443))],
            opts=self.child(depends_on=[self._namespace]),
        )


_IS_TENANT = {"key": TENANT_LABEL, "operator": "Exists"}
