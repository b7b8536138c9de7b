"""The component of Kafka."""

from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.certificates import ServerCertificate
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Ports, Rule, namespace, network, pods
from components.kubernetes.pods import labels, selector
from components.workloads.kafka.balancer import KafkaBalancer
from components.workloads.kafka.environment import domain
from components.workloads.kafka.servers import APP, KafkaServers, Server, brokers, entry, quorum
from components.workloads.kafka.topics import KafkaTopics
from components.workloads.kafka.users import KafkaUsers
from components.workloads.workload import Workload
from config.workloads.kafka import (
    BOOTSTRAP,
    BROKER_PODS,
    CONTROLLER_PODS,
    NAMESPACE,
    OUTSIDE_POD_PORT,
    PORT,
    ZOOKEEPER_PEER_PORTS,
    ZOOKEEPER_PORT,
    KafkaLoadBalancer,
    internal_servers,
    outside_host,
)
from config.workloads.kafka import CONTROLLER_PORT as CONTROLLERS_PORT
from config.workloads.kafka import Kafka as KafkaSettings


class Kafka(Component, Workload):
    """A namespace with the brokers and their quorum, ingress from environments, and a load balancer for instances.

    Inside the cluster no login is required: the network policies allow the pods of `environments` only.
    """

    TOKEN: ClassVar[str] = "ai-platform:workloads:Kafka"

    def __init__(
        self,
        name: str,
        settings: KafkaSettings,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._namespace = Namespace(f"{name}-namespace", namespace=NAMESPACE, opts=self.child())
        self._user_labels, self._topic_labels = labels(APP, "users"), labels(APP, "topics")
        self._certificate = self._certified()
        deciding = quorum(settings, project=context.project)
        serving = brokers(
            settings,
            project=context.project,
            private_domain=context.settings.private_domain(),
            kubernetes_version=context.settings.cluster.version,
        )
        policies = self._policies(deciding, serving)
        before = [*policies, *([self._certificate.synced.resource] if self._certificate else [])]
        first = self._servers(f"{name}-{deciding.part}", deciding, after=before)
        last = self._servers(f"{name}-{serving.part}", serving, after=[*before, first.pods])
        entry(f"{name}-bootstrap", service=BOOTSTRAP, port=PORT, opts=self.child(depends_on=[self._namespace]))
        self.outputs: dict[str, pulumi.Input[str]] = {"kafka_bootstrap_servers": internal_servers()}
        if settings.load_balancer is not None:
            self._outside(f"{name}-outside", settings.load_balancer, last, policies)
        if settings.topics:
            KafkaTopics(
                "kafka-topics",
                settings,
                labels=self._topic_labels,
                certificate=self._certificate,
                opts=self.child(depends_on=[self._namespace, *policies, last.pods]),
            )
        self.finish()

    def _servers(self, name: str, server: Server, *, after: list[pulumi.Resource]) -> KafkaServers:
        return KafkaServers(
            name,
            server=server,
            node_selector=self._settings.node_selector,
            storage_class=self._context.settings.addons.ebs_csi.storage_class(),
            certificate=self._certificate,
            opts=self.child(depends_on=[self._namespace, *after]),
        )

    def _certified(self) -> ServerCertificate | None:
        """Create the certificate of all brokers and controllers, so that their number can change without another."""
        context = self._context
        if not self._settings.tls:
            return None
        names = [f"*.{domain(BROKER_PODS)}", f"*.{domain(CONTROLLER_PODS)}", domain(BOOTSTRAP)]
        if self._settings.load_balancer is not None:
            names.append(outside_host(context.settings.private_domain()))
        return ServerCertificate(
            "kafka-certificate",
            authority=context.authority,
            names=names,
            namespace=NAMESPACE,
            project=context.project,
            region=context.region,
            provider=context.cluster.identity_provider,
            labels=labels(APP, "certificate"),
            opts=self.child(depends_on=[self._namespace]),
        )

    def _outside(
        self, name: str, balancer: KafkaLoadBalancer, serving: KafkaServers, policies: list[pulumi.Resource]
    ) -> None:
        context = self._context
        host = outside_host(context.settings.private_domain())
        KafkaBalancer(
            name,
            self._settings,
            balancer=balancer,
            project=context.project,
            host=host,
            zone_id=context.private_zone(),
            vpc_id=context.network.vpc_id,
            subnet_ids=list(context.network.subnet_of_each_zone("private").values()),
            cluster_name=context.settings.cluster_name(),
            node_security_group_id=context.cluster.security_groups.node_id,
            server_groups=context.server_groups,
            protected=context.settings.ingress.deletion_protection,
            logs=context.balancer_logs(),
            opts=self.child(depends_on=[self._namespace]),
        )
        if balancer.users:
            KafkaUsers(
                "kafka-users",
                self._settings,
                balancer=balancer,
                context=context,
                labels=self._user_labels,
                certificate=self._certificate,
                opts=self.child(depends_on=[self._namespace, *policies, serving.pods]),
            )
        self.outputs["kafka_outside_bootstrap_servers"] = f"{host}:{balancer.port}"

    def _policies(self, deciding: Server, serving: Server) -> list[pulumi.Resource]:
        """Create the network policies."""
        settings, context = self._settings, self._context
        broker, decider = pods(selector(serving.labels)), pods(selector(deciding.labels))
        clients: Ports = (("TCP", PORT),)
        callers: list[Any] = [namespace(context.settings.namespace(one)) for one in settings.environments]
        own, outside = self._own(), []
        after = self.child(depends_on=[self._namespace])
        found: list[pulumi.Resource] = []
        for job, given in self._jobs().items():
            callers.append(pods(selector(given)))
            to_brokers = [Rule((broker,), clients)]
            found.append(self._namespace.allow(job, pods=selector(given), egress=to_brokers, opts=after))
        if settings.load_balancer is not None:
            # The load balancer has one address in each subnet, which AWS selects.
            balancers = tuple(map(network, context.settings.network.private_cidrs()))
            outside = [Rule(balancers, (("TCP", OUTSIDE_POD_PORT),))]
        asked = Rule((decider,), own[:1])
        return [
            *found,
            self._namespace.allow(
                serving.app,
                pods=selector(serving.labels),
                ingress=[Rule((broker, *callers), clients), *outside],
                egress=[Rule((broker,), clients), asked],
                opts=after,
            ),
            self._namespace.allow(
                deciding.app,
                pods=selector(deciding.labels),
                ingress=[Rule((broker,), own[:1]), Rule((decider,), own)],
                egress=[Rule((decider,), own)],
                opts=after,
            ),
        ]

    def _jobs(self) -> dict[str, dict[str, str]]:
        """Return the labels of each Job that connects to brokers."""
        balancer = self._settings.load_balancer
        return {
            **({"kafka-users": self._user_labels} if balancer is not None and balancer.users else {}),
            **({"kafka-topics": self._topic_labels} if self._settings.topics else {}),
        }

    def _own(self) -> Ports:
        """Return the ports of the quorum's pods, with the port for brokers first."""
        if self._settings.controllers == "kraft":
            return (("TCP", CONTROLLERS_PORT),)
        return (("TCP", ZOOKEEPER_PORT), *(("TCP", port) for port in ZOOKEEPER_PEER_PORTS))
