"""The StatefulSets of brokers, and of their controllers or ZooKeepers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.data.certificates import ServerCertificate, certificate_mount
from components.kubernetes.pods import (
    container_security,
    environment,
    in_order,
    labels,
    mount,
    pod_security,
    resources,
    selector,
    volume,
)
from components.kubernetes.scaling import disruption_budget
from components.kubernetes.stateful import apart, claim, headless, stateful_set
from components.workloads.kafka.environment import DATA, broker, controller, zookeeper
from config.workloads.kafka import (
    BROKER_PODS,
    BROKERS,
    CONTROLLER_PODS,
    CONTROLLER_PORT,
    CONTROLLERS,
    NAMESPACE,
    OUTSIDE_POD_PORT,
    PORT,
    ZOOKEEPER_PEER_PORTS,
    ZOOKEEPER_PODS,
    ZOOKEEPER_PORT,
    ZOOKEEPERS,
    Kafka,
    knows_zones,
)
from config.workloads.resources import Resources

APP = "kafka"
USER_ID = 1000
"""User `appuser` of the images."""

SCRIPTS = {file.name: file.read_text(encoding="utf-8") for file in (Path(__file__).parent / "files").glob("*.sh")}
CLIENTS = "clients"
"""Name of the port for the clients of a pod."""

STARTUP_MINUTES = 30
"""A broker that was killed replays its topics, at about ten seconds a gigabyte."""

GRACE_SECONDS = 180
"""Time for a broker to transfer its leadership and close its files, in seconds; otherwise it replays all files."""

SETTLE_SECONDS = 60
"""In seconds. A broker listens before it has caught up, and the load balancer takes half a minute to register it."""


@dataclass(frozen=True)
class Server:
    """Settings of one kind of pod."""

    app: str
    """Name of the StatefulSet; its pods have ordinals."""

    service: str
    part: str
    image: str
    count: int
    script: str
    environment: Mapping[str, str]
    ports: Mapping[str, int]
    resources: Resources
    storage: str
    mounts: Mapping[str, str | None]
    """Mount paths of the volume, and the subfolder of each."""

    ready: Sequence[str] | None = None
    """Command of the readiness probe; without it, the probe opens a connection."""

    grace_seconds: int = 60
    settle_seconds: int = 10
    labels: Mapping[str, str] = field(default_factory=dict)
    encrypted: bool = True
    """Whether it has the certificate of Kafka, if there is one."""

    zone_variable: str | None = None
    """Variable with the zone of the pod; none by default."""


def brokers(settings: Kafka, *, project: str, private_domain: str, kubernetes_version: str) -> Server:
    """Return the settings of the brokers.

    With its zone as rack, Kafka spreads the replicas of a partition over zones, however many brokers there are.
    """
    outside = {"outside": OUTSIDE_POD_PORT} if settings.load_balancer is not None else {}
    return Server(
        app=BROKERS,
        service=BROKER_PODS,
        part="broker",
        image=settings.broker_image(),
        count=settings.brokers,
        script="broker.sh",
        environment=broker(settings, project=project, private_domain=private_domain),
        ports={CLIENTS: PORT, **outside},
        resources=settings.resources,
        storage=settings.storage,
        mounts={DATA: None},
        grace_seconds=GRACE_SECONDS,
        settle_seconds=SETTLE_SECONDS,
        labels=labels(APP, "broker"),
        zone_variable="KAFKA_BROKER_RACK" if knows_zones(kubernetes_version) else None,
    )


def quorum(settings: Kafka, *, project: str) -> Server:
    """Return the settings of the controllers or ZooKeepers, which elect the brokers' leaders."""
    if settings.controllers == "kraft":
        return Server(
            app=CONTROLLERS,
            service=CONTROLLER_PODS,
            part="controller",
            image=settings.broker_image(),
            count=settings.quorum,
            script="controller.sh",
            environment=controller(settings, project=project),
            ports={CLIENTS: CONTROLLER_PORT},
            resources=settings.quorum_resources,
            storage=settings.quorum_storage,
            mounts={DATA: None},
            labels=labels(APP, "controller"),
        )
    peers, elections = ZOOKEEPER_PEER_PORTS
    return Server(
        app=ZOOKEEPERS,
        service=ZOOKEEPER_PODS,
        part="zookeeper",
        image=settings.zookeeper_image,
        count=settings.quorum,
        script="zookeeper.sh",
        environment=zookeeper(settings),
        ports={CLIENTS: ZOOKEEPER_PORT, "peers": peers, "elections": elections},
        resources=settings.quorum_resources,
        storage=settings.quorum_storage,
        mounts={"/var/lib/zookeeper/data": "data", "/var/lib/zookeeper/log": "log"},
        ready=["bash", "-euc", SCRIPTS["zookeeper-ready.sh"]],
        encrypted=False,
        labels=labels(APP, "zookeeper"),
    )


class KafkaServers(Component):
    """Pods of one kind, with stable names, volumes and a disruption budget: one pod at a time can be unavailable."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:KafkaServers"

    def __init__(
        self,
        name: str,
        *,
        server: Server,
        node_selector: Mapping[str, str],
        storage_class: str | None,
        certificate: ServerCertificate | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._server = server
        self._certificate = certificate if server.encrypted else None
        service = headless(
            name,
            metadata=self._metadata(server.service),
            labels=server.labels,
            ports=server.ports,
            opts=self.child(),
        )
        disruption_budget(name, metadata=self._metadata(server.app), labels=server.labels, opts=self.child())
        self.pods = stateful_set(
            name,
            metadata=self._metadata(server.app),
            labels=server.labels,
            service=server.service,
            replicas=server.count,
            pod=self._pod(node_selector),
            claims=[claim("data", server.storage, server.labels, storage_class=storage_class)],
            settle_seconds=server.settle_seconds,
            opts=self.child(depends_on=[service]),
        )
        """Dependents start after all pods are ready."""

        self.finish()

    def _metadata(self, name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=NAMESPACE, labels=dict(self._server.labels))

    def _pod(self, node_selector: Mapping[str, str]) -> kubernetes.core.v1.PodSpecArgs:
        return kubernetes.core.v1.PodSpecArgs(
            automount_service_account_token=False,
            # The image would read a Service's variables as settings of Kafka.
            enable_service_links=False,
            termination_grace_period_seconds=self._server.grace_seconds,
            node_selector=dict(node_selector) or None,
            topology_spread_constraints=apart(self._server.labels),
            security_context=pod_security(USER_ID),
            containers=[self._container()],
            volumes=[
                volume(one, empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=size))
                for one, size in (("scratch", "256Mi"), ("configuration", "16Mi"), ("logs", "1Gi"))
            ]
            + ([self._certificate.volume()] if self._certificate else []),
        )

    def _container(self) -> kubernetes.core.v1.ContainerArgs:
        server = self._server
        listens = kubernetes.core.v1.TCPSocketActionArgs(port=CLIENTS)
        probe = kubernetes.core.v1.ProbeArgs
        return kubernetes.core.v1.ContainerArgs(
            name=server.part,
            image=server.image,
            command=["bash", "-euc", SCRIPTS[server.script]],
            env=in_order([*environment(server.environment), *_zone(server.zone_variable)]),
            ports=[
                kubernetes.core.v1.ContainerPortArgs(name=port, container_port=number)
                for port, number in server.ports.items()
            ],
            resources=resources(server.resources),
            security_context=container_security(),
            startup_probe=probe(
                tcp_socket=listens, period_seconds=5, timeout_seconds=5, failure_threshold=STARTUP_MINUTES * 12
            ),
            readiness_probe=probe(
                tcp_socket=None if server.ready else listens,
                exec_=kubernetes.core.v1.ExecActionArgs(command=list(server.ready)) if server.ready else None,
                period_seconds=10,
                timeout_seconds=5,
                failure_threshold=3,
            ),
            liveness_probe=probe(tcp_socket=listens, period_seconds=20, timeout_seconds=5, failure_threshold=6),
            volume_mounts=[
                mount("scratch", "/tmp"),  # noqa: S108, its own volume
                # The image's script writes its configuration here, and Java its own log.
                mount("configuration", "/etc/kafka"),
                mount("logs", "/var/log/kafka"),
                *([certificate_mount()] if self._certificate else []),
                *(
                    kubernetes.core.v1.VolumeMountArgs(name="data", mount_path=path, sub_path=folder)
                    for path, folder in server.mounts.items()
                ),
            ],
        )


def _zone(variable: str | None) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return the variable with the zone of the pod's node."""
    if variable is None:
        return []
    label = kubernetes.core.v1.ObjectFieldSelectorArgs(field_path="metadata.labels['topology.kubernetes.io/zone']")
    source = kubernetes.core.v1.EnvVarSourceArgs(field_ref=label)
    return [kubernetes.core.v1.EnvVarArgs(name=variable, value_from=source)]


def entry(
    name: str, *, service: str, port: int, pod: str | None = None, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.Service:
    """Create a Service of all ready brokers, or of a single one."""
    found = labels(APP, "broker")
    one = {"statefulset.kubernetes.io/pod-name": pod} if pod is not None else {}
    target = CLIENTS if port == PORT else "outside"
    return kubernetes.core.v1.Service(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=service, namespace=NAMESPACE, labels=found),
        spec=kubernetes.core.v1.ServiceSpecArgs(
            selector={**selector(found), **one},
            ports=[kubernetes.core.v1.ServicePortArgs(name=target, port=port, target_port=target)],
        ),
        opts=opts,
    )
