"""The pods of servers and of Sentinels, with stable names and a volume each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.data.certificates import AUTHORITY, MOUNT, ServerCertificate, certificate_mount
from components.identity.secret_access import SyncedSecret
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    environment,
    in_order,
    mount,
    pod_security,
    resources,
    volume,
)
from components.kubernetes.stateful import apart, claim, stateful_set
from components.workloads.redis.configuration import CLIENT_COMMANDS, CLIENT_COMMANDS_ON_SENTINELS
from components.workloads.redis.names import (
    CONFIGURATION,
    GRACE_SECONDS,
    LEAVE_SECONDS,
    SENTINELS_SERVICE,
    SERVERS_SERVICE,
    USER_ID,
    domain,
)
from config.workloads.redis import GROUP, NAMESPACE, SENTINEL, SENTINEL_PORT, SERVER, Redis
from config.workloads.resources import Amounts, Resources

SENTINEL_RESOURCES = Resources(requests=Amounts(cpu="50m", memory="64Mi"), limits=Amounts(memory="128Mi"))
SENTINEL_STORAGE = "1Gi"
"""Minimum of EBS: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp3-ebs-volume-type"""

SETTLE_SECONDS = 10
"""Seconds until the next pod is updated: the time in which Sentinels detect the previous one."""


@dataclass(frozen=True)
class Kind:
    """Settings of servers or of Sentinels."""

    name: str
    """Name of the StatefulSet and of its container."""

    service: str
    script: str
    folder: str
    """Mount path of its volume."""

    port: int
    count: int
    storage: str
    amounts: Resources
    rights: str
    """Permitted commands of clients."""

    ready: str
    """Argument of its readiness probe."""

    leaves: bool
    """Whether it hands over to another pod before it terminates."""

    def names(self) -> dict[str, str]:
        """Return its pods and their DNS names."""
        return {pod: f"{pod}.{domain(self.service)}" for pod in (f"{self.name}-{one}" for one in range(self.count))}


def servers(settings: Redis) -> Kind:
    """Return the settings of the primary and its replicas."""
    return Kind(
        name=SERVER,
        service=SERVERS_SERVICE,
        script="server.sh",
        folder="/data",
        port=settings.port,
        count=settings.replicas,
        storage=settings.storage,
        amounts=settings.resources,
        rights=CLIENT_COMMANDS,
        ready="ready",
        leaves=True,
    )


def sentinels(settings: Redis) -> Kind:
    """Return the settings of the Sentinels, which elect the primary."""
    return Kind(
        name=SENTINEL,
        service=SENTINELS_SERVICE,
        script="sentinel.sh",
        folder="/state",
        port=SENTINEL_PORT,
        count=settings.sentinels,
        storage=SENTINEL_STORAGE,
        amounts=SENTINEL_RESOURCES,
        rights=CLIENT_COMMANDS_ON_SENTINELS,
        ready="alive",
        leaves=False,
    )


def pods(
    name: str,
    kind: Kind,
    settings: Redis,
    *,
    labels: Mapping[str, str],
    files: Mapping[str, str],
    login: SyncedSecret,
    addresses: Mapping[str, pulumi.Input[str]],
    certificate: ServerCertificate | None,
    storage_class: str | None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.apps.v1.StatefulSet:
    """Create the StatefulSet. Its pods get the `addresses` of all pods by their names."""
    return stateful_set(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=kind.name, namespace=NAMESPACE, labels=dict(labels)),
        labels=labels,
        service=kind.service,
        replicas=kind.count,
        pod=_pod(kind, settings, labels, login, addresses=addresses, certificate=certificate),
        claims=[claim("data", kind.storage, labels, storage_class=storage_class)],
        settle_seconds=SETTLE_SECONDS,
        annotations={CONFIGURATION_ANNOTATION: configuration_hash(files)},
        opts=opts,
    )


def _pod(
    kind: Kind,
    settings: Redis,
    labels: Mapping[str, str],
    login: SyncedSecret,
    *,
    addresses: Mapping[str, pulumi.Input[str]],
    certificate: ServerCertificate | None,
) -> kubernetes.core.v1.PodSpecArgs:
    return kubernetes.core.v1.PodSpecArgs(
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=GRACE_SECONDS,
        security_context=pod_security(USER_ID),
        node_selector=dict(settings.node_selector) or None,
        topology_spread_constraints=apart(labels),
        # A Sentinel that waits two seconds for a response is inactive for the next thirty (TILT mode). So it does not
        # use the cluster's DNS, of which a part may be lost with the primary:
        # https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#tilt-mode
        host_aliases=[
            kubernetes.core.v1.HostAliasArgs(ip=address, hostnames=[name]) for name, address in addresses.items()
        ],
        containers=[_container(kind, settings, login, certificate)],
        volumes=[
            volume("running", empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(medium="Memory", size_limit="1Mi")),
            volume("configuration", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=CONFIGURATION)),
            *([certificate.volume()] if certificate else []),
        ],
    )


def _container(
    kind: Kind, settings: Redis, login: SyncedSecret, certificate: ServerCertificate | None
) -> kubernetes.core.v1.ContainerArgs:
    leave = kubernetes.core.v1.LifecycleArgs(
        pre_stop=kubernetes.core.v1.LifecycleHandlerArgs(exec_=_command("sh", "/configuration/leave.sh"))
    )
    return kubernetes.core.v1.ContainerArgs(
        name=kind.name,
        image=settings.image,
        command=["sh", f"/configuration/{kind.script}"],
        env=in_order(_variables(kind, settings, login)),
        ports=[kubernetes.core.v1.ContainerPortArgs(name="redis", container_port=kind.port)],
        resources=resources(kind.amounts),
        # It waits for a majority of the Sentinels, and then loads its log.
        startup_probe=_probe("alive", period=5, failures=120),
        readiness_probe=_probe(kind.ready, period=5, failures=3),
        liveness_probe=_probe("alive", period=10, failures=6),
        lifecycle=leave if kind.leaves else None,
        security_context=container_security(),
        volume_mounts=[
            mount("data", kind.folder),
            mount("running", "/run/redis"),
            mount("configuration", "/configuration", read_only=True),
            *([certificate_mount()] if certificate else []),
        ],
    )


def _variables(kind: Kind, settings: Redis, login: SyncedSecret) -> Sequence[kubernetes.core.v1.EnvVarArgs]:
    return [
        _field("POD_NAME", "metadata.name"),
        _field("POD_IP", "status.podIP"),
        *environment(
            {
                "GROUP": GROUP,
                "QUORUM": str(settings.agreeing()),
                "SERVERS": str(settings.replicas),
                "SENTINELS": str(settings.sentinels),
                "SERVERS_DOMAIN": domain(SERVERS_SERVICE),
                "SENTINELS_DOMAIN": domain(SENTINELS_SERVICE),
                "SERVER_PORT": str(settings.port),
                "SENTINEL_PORT": str(SENTINEL_PORT),
                "OWN_PORT": str(kind.port),
                "LEAVE_SECONDS": str(LEAVE_SECONDS),
                "CALLER_RIGHTS": kind.rights,
                **({"TLS_OPTIONS": f"--tls --cacert {MOUNT}/{AUTHORITY}"} if settings.tls else {}),
                **(settings.environment if kind.name == SERVER else {}),
            }
        ),
        *login.environment({"REDIS_PASSWORD": "password", "PLATFORM_PASSWORD": "platform"}),
    ]


def _field(name: str, path: str) -> kubernetes.core.v1.EnvVarArgs:
    source = kubernetes.core.v1.EnvVarSourceArgs(field_ref=kubernetes.core.v1.ObjectFieldSelectorArgs(field_path=path))
    return kubernetes.core.v1.EnvVarArgs(name=name, value_from=source)


def _command(*words: str) -> kubernetes.core.v1.ExecActionArgs:
    return kubernetes.core.v1.ExecActionArgs(command=list(words))


def _probe(what: str, *, period: int, failures: int) -> kubernetes.core.v1.ProbeArgs:
    return kubernetes.core.v1.ProbeArgs(
        exec_=_command("sh", "/configuration/probe.sh", what),
        period_seconds=period,
        timeout_seconds=5,
        failure_threshold=failures,
    )
