"""The component of Redis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import UNREPORTED, Component
from components.context.context import WorkloadContext
from components.data.certificates import ServerCertificate
from components.data.secret import Secret, versions
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Ports, Rule, namespace, pods
from components.kubernetes.pods import labels, selector
from components.kubernetes.scaling import disruption_budget
from components.kubernetes.stateful import headless
from components.workloads.redis.configuration import files
from components.workloads.redis.names import APP, CONFIGURATION, SENTINELS_SERVICE, SERVERS_SERVICE, domain
from components.workloads.redis.pods import Kind, sentinels, servers
from components.workloads.redis.pods import pods as stateful_pods
from components.workloads.workload import Workload
from config.workloads.redis import NAMESPACE, SENTINEL, SENTINEL_PORT, sentinel_address
from config.workloads.redis import Redis as RedisSettings

POD_LABEL = "statefulset.kubernetes.io/pod-name"
"""https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-name-label"""


class Redis(Component, Workload):
    """Servers and Sentinels in their own namespace, with ingress from the environments of the stack file.

    There are two passwords. The password of clients is in the stack's secret, and gives access to data only. Servers,
    Sentinels and administrators log in with the other one (`<project>/redis/platform`), as the user `platform`.

    A new password of clients restarts the pods one after the other, without loss of data. The platform's password is
    also used for replication: the rollout of a new one stops at the first pod, until an administrator deletes all pods
    at once.

    Deleting the StatefulSets keeps the volumes. Deleting the namespace deletes them.
    """

    TOKEN: ClassVar[str] = "ai-platform:workloads:Redis"

    def __init__(
        self,
        name: str,
        settings: RedisSettings,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._labels = {"server": labels(APP, "server"), "sentinel": labels(APP, "sentinel")}
        self._namespace = Namespace(f"{name}-namespace", namespace=NAMESPACE, opts=self.child())
        login = self._login()
        data = files(settings)
        configuration = kubernetes.core.v1.ConfigMap(
            name,
            metadata=self._metadata(CONFIGURATION, labels(APP, "configuration")),
            data=data,
            opts=self.child(depends_on=[self._namespace]),
        )
        certificate = self._certified()
        encrypted = [certificate.synced.resource] if certificate else []
        ready = [configuration, login.resource, *encrypted, *self._network_policies()]
        kinds = {"server": servers(settings), "sentinel": sentinels(settings)}
        addresses = {name: address for part, kind in kinds.items() for name, address in self._addresses(part, kind)}
        for part, kind in kinds.items():
            given = self._labels[part]
            names = headless(
                f"{name}-{part}-names",
                metadata=self._metadata(kind.service, given),
                labels=given,
                ports={"redis": kind.port},
                opts=self.child(depends_on=[self._namespace]),
            )
            made = stateful_pods(
                f"{name}-{part}",
                kind,
                settings,
                labels=given,
                files=data,
                login=login,
                addresses=addresses,
                certificate=certificate,
                storage_class=context.settings.addons.ebs_csi.storage_class(),
                opts=self.child(depends_on=[names, *ready]),
            )
            disruption_budget(
                f"{name}-{part}",
                metadata=self._metadata(kind.name, given),
                labels=given,
                opts=self.child(depends_on=[made]),
            )
        self._any_sentinel()
        self.outputs: dict[str, pulumi.Input[str]] = {"redis_sentinels": sentinel_address()}
        self.finish(**self.outputs)

    def _certified(self) -> ServerCertificate | None:
        """Create the certificate of all servers and Sentinels, so that their number can change without another."""
        context = self._context
        if not self._settings.tls:
            return None
        names = [f"*.{domain(service)}" for service in (SERVERS_SERVICE, SENTINELS_SERVICE)]
        return ServerCertificate(
            f"{self.name}-certificate",
            authority=context.authority,
            names=[*names, domain(SENTINEL)],
            namespace=NAMESPACE,
            project=context.project,
            region=context.region,
            provider=context.cluster.identity_provider,
            labels=labels(APP, "certificate"),
            opts=self.child(depends_on=[self._namespace]),
        )

    def _metadata(self, name: str, given: dict[str, str]) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=NAMESPACE, labels=given)

    def _login(self) -> SyncedSecret:
        """Sync the password of clients, which the stack file sets, and the password of servers."""
        context = self._context
        clients = context.secrets[self._settings.secret]
        platform = Secret(
            f"{self.name}-platform",
            secret_name=f"{context.project}/{APP}/platform",
            description="Redis: the user platform of servers, Sentinels and administrators",
            generated=("password",),
            opts=self.child(waits=False),
        )
        access = SecretAccess(
            f"{self.name}-secrets",
            role_name=f"{context.project}-{APP}-secrets",
            namespace=NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[clients.arn, platform.arn],
            labels=labels(APP, "secrets"),
            opts=self.child(depends_on=[self._namespace]),
        )
        return access.external_secret(
            "redis-passwords",
            {"password": (clients.arn, "password"), "platform": (platform.arn, "password")},
            version=versions([clients, platform]),
        )

    def _addresses(self, part: str, kind: Kind) -> Iterator[tuple[str, pulumi.Output[str]]]:
        """Yield the name of each pod, and the address of its Service, which does not change with the pod."""
        for pod, name in kind.names().items():
            service = self._service(
                f"{self.name}-{pod}",
                pod,
                part,
                kubernetes.core.v1.ServiceSpecArgs(
                    publish_not_ready_addresses=True,
                    selector={**selector(self._labels[part]), POD_LABEL: pod},
                    ports=[kubernetes.core.v1.ServicePortArgs(name="redis", port=kind.port, target_port="redis")],
                ),
                # Its pod is created later, and requires the address.
                annotations={"pulumi.com/skipAwait": "true"},
            )
            yield name, service.spec.apply(lambda spec: (spec and spec.cluster_ip) or UNREPORTED)

    def _any_sentinel(self) -> None:
        """Create a Service of all Sentinels: clients request the primary and the other Sentinels from any of them."""
        self._service(
            f"{self.name}-any-sentinel",
            SENTINEL,
            "sentinel",
            kubernetes.core.v1.ServiceSpecArgs(
                selector=selector(self._labels["sentinel"]),
                ports=[kubernetes.core.v1.ServicePortArgs(name="redis", port=SENTINEL_PORT, target_port="redis")],
            ),
        )

    def _service(
        self,
        resource: str,
        name: str,
        part: str,
        spec: kubernetes.core.v1.ServiceSpecArgs,
        *,
        annotations: Mapping[str, str] | None = None,
    ) -> kubernetes.core.v1.Service:
        return kubernetes.core.v1.Service(
            resource,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=name, namespace=NAMESPACE, labels=self._labels[part], annotations=annotations
            ),
            spec=spec,
            opts=self.child(depends_on=[self._namespace]),
        )

    def _network_policies(self) -> list[pulumi.Resource]:
        settings = self._context.settings
        callers = [namespace(settings.namespace(one)) for one in self._settings.environments]
        own = {part: pods(selector(given)) for part, given in self._labels.items()}
        ports: dict[str, Ports] = {
            "server": (("TCP", self._settings.port),),
            "sentinel": (("TCP", SENTINEL_PORT),),
        }
        after = self.child(depends_on=[self._namespace])
        return [
            self._namespace.allow(
                f"redis-{part}",
                pods=selector(self._labels[part]),
                ingress=[Rule((*callers, *own.values()), ports[part])],
                egress=[Rule((own[other],), ports[other]) for other in own],
                opts=after,
            )
            for part in own
        ]
