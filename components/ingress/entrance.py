"""How requests come in: one load balancer for all hosts, whoever owns it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.ingress.certificate import Certificate
from components.ingress.ingress_object import IngressObject
from components.ingress.load_balancer import LoadBalancer
from components.ingress.priorities import listener_priority
from components.ingress.route import Route, alias, open_port
from components.ingress.zone import Zone
from components.kubernetes.pods import selector
from components.network.vpc import Network
from config.settings import Settings


class Entrance(Component):
    """Zone, certificate and load balancer, and the routes that workloads ask for."""

    TOKEN: ClassVar[str] = "ai-platform:ingress:Entrance"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        network: Network,
        cluster_name: str,
        node_security_group_id: pulumi.Input[str],
        hosts: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._network = network
        self._cluster_name = cluster_name
        self._node_security_group_id = node_security_group_id
        self._routes = 0
        self._priorities: set[int] = set()
        self._ports: set[int] = set()
        self._hosts: set[str] = set()
        ingress = settings.ingress
        self.zone: Zone | None = None
        if ingress.domain is not None:
            self.zone = Zone(f"{name}-zone", ingress.zone, domain=ingress.domain, opts=self.child())
        self.certificate_arn = self._certificate(hosts)
        self.balancer: LoadBalancer | None = None
        if ingress.owner == "pulumi":
            self.balancer = LoadBalancer(
                f"{name}-alb",
                ingress,
                project=settings.project.name,
                vpc_id=network.vpc_id,
                vpc_cidr=str(settings.network.cidr),
                subnet_ids=network.public_subnet_ids if ingress.internet_facing else network.private_subnet_ids,
                certificate_arn=self.certificate_arn,
                # A load balancer needs its Internet Gateway until the end.
                opts=self.child(depends_on=network.ways_out),
            )
            self._open_as_asked(self.balancer)
        self.finish()

    def _open_as_asked(self, balancer: LoadBalancer) -> None:
        """Open the ports of the nodes that the stack file opens to the load balancer, and those of NodePort Services if
        these are its targets."""
        nodes, targets = self._settings.cluster.security_groups.nodes, self._settings.ingress.targets
        for opening in nodes.load_balancer_ingress(node_ports=targets == "instance"):
            if opening.protocol == "tcp":
                self._ports.update(range(opening.from_port, opening.last() + 1))
            open_port(
                f"{self.name}-{opening.label()}",
                balancer,
                self._node_security_group_id,
                opening.from_port,
                to_port=opening.last(),
                protocol=opening.protocol,
                description=opening.description,
                opts=self.child(),
            )

    def _certificate(self, hosts: Sequence[str]) -> pulumi.Input[str] | None:
        ingress = self._settings.ingress
        if ingress.domain is None or self.zone is None:
            return None
        if ingress.certificate_arn is not None:
            return ingress.certificate_arn
        names = list(dict.fromkeys(hosts)) or [ingress.domain]
        return Certificate(f"{self.name}-certificate", hosts=names, zone_id=self.zone.zone_id, opts=self.child()).arn

    def source_cidrs(self) -> list[str]:
        """Where the load balancer's requests to pods come from: its own subnets."""
        network = self._settings.network
        return network.public_cidrs() if self._settings.ingress.internet_facing else network.private_cidrs()

    def own_name(self) -> pulumi.Output[str] | None:
        """The load balancer's DNS name, where Pulumi owns it."""
        return self.balancer.dns_name if self.balancer else None

    def _open(self, balancer: LoadBalancer, port: int) -> None:
        """Open a port that is the entrance's own, once: AWS takes a rule a single time."""
        if port not in self._ports:
            self._ports.add(port)
            open_port(f"{self.name}-{port}", balancer, self._node_security_group_id, port, opts=self.child())

    def route(
        self,
        name: str,
        *,
        namespace: str,
        service: str,
        port: int,
        health_path: str,
        labels: Mapping[str, str],
        host: str | None,
        path: str = "/",
        shared: bool = False,
        pod_port: int | None = None,
        health_port: int | None = None,
        opts: pulumi.ResourceOptions,
    ) -> pulumi.Output[str]:
        """Lead a host, or everything without one, to a Service's pods; the address that people use.

        A route that is `shared` has its host or its port together with others: what AWS takes once alone (the DNS
        record of a host, the opening of a port) then belongs to the entrance, and outlives each of them. `pod_port` is
        where pods listen if not on the Service's port, `health_port` where they answer health checks if not there.
        """
        zone_id = self.zone.zone_id if self.zone else None
        self._routes += 1
        if self.balancer is None:
            ingress = IngressObject(
                name,
                self._settings.ingress,
                project=self._settings.project.name,
                namespace=namespace,
                service=service,
                port=port,
                health_path=health_path,
                labels=labels,
                host=host,
                path=path,
                health_port=health_port,
                vpc_cidr=str(self._settings.network.cidr),
                subnet_ids=self._network.public_subnet_ids
                if self._settings.ingress.internet_facing
                else self._network.private_subnet_ids,
                certificate_arn=self.certificate_arn,
                zone_id=None if shared else zone_id,
                order=self._routes,
                opts=opts,
            )
            if shared and host is not None and host not in self._hosts:
                self._hosts.add(host)
                self._record(host, ingress.own_name)
            return ingress.url
        by_node_port = self._settings.ingress.targets == "instance"
        reached = pod_port or port
        opened = by_node_port or reached in self._ports
        if shared and not by_node_port:
            self._open(self.balancer, reached)
        self._ports.add(reached)
        if health_port is not None:
            self._open(self.balancer, health_port)
        if shared and host is not None and host not in self._hosts:
            self._hosts.add(host)
            self._record(host, None)
        return Route(
            name,
            project=self._settings.project.name,
            balancer=self.balancer,
            vpc_id=self._network.vpc_id,
            cluster_name=self._cluster_name,
            node_security_group_id=None if shared or opened else self._node_security_group_id,
            namespace=namespace,
            service=service,
            port=port,
            health_path=health_path,
            pod_port=pod_port,
            health_port=health_port,
            host=host,
            path=path,
            zone_id=None if shared else zone_id,
            priority=self._priority(name, host, path),
            node_port_pods=selector(labels) if by_node_port else None,
            opts=opts,
        ).url

    def _priority(self, name: str, host: str | None, path: str) -> int:
        priority = listener_priority(name, host, path, self._priorities)
        self._priorities.add(priority)
        return priority

    def _record(self, host: str, balancer: pulumi.Input[str] | None) -> None:
        """The DNS record of a host that several routes share: Pulumi's load balancer, or the controller's by name."""
        if self.zone is None:
            return
        name = f"{self.name}-{host}"
        if self.balancer is not None:
            alias(name, zone_id=self.zone.zone_id, host=host, balancer=self.balancer, opts=self.child())
        elif balancer is not None:
            aws.route53.Record(
                name,
                zone_id=self.zone.zone_id,
                name=host,
                type="CNAME",
                ttl=300,
                records=[balancer],
                opts=self.child(),
            )
