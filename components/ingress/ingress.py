"""The load balancer, its certificate and DNS records, and the routes of workloads."""

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.log_target import LogTarget
from components.base.naming import web_acl_name
from components.ingress.certificate import Certificate
from components.ingress.destination import Destination
from components.ingress.ingress_object import IngressObject
from components.ingress.load_balancer import LoadBalancer
from components.ingress.priorities import listener_priority
from components.ingress.route import Route, alias, open_port
from components.ingress.web_acl import WebAcl
from components.ingress.zone import Zone
from components.network.vpc import Network
from config.settings import Settings


class Ingress(Component):
    """The DNS zone, certificate and load balancer, and the routes of workloads."""

    TOKEN: ClassVar[str] = "ai-platform:ingress:Ingress"
    FORMERLY: ClassVar[tuple[str, ...]] = ("ai-platform:ingress:Entrance",)

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        network: Network,
        cluster_name: str,
        node_security_group_id: pulumi.Input[str],
        hosts: Sequence[str],
        logs: LogTarget | None = None,
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
        self._logs = logs
        ingress = settings.ingress
        self.zone: Zone | None = None
        if ingress.domain is not None:
            self.zone = Zone(f"{name}-zone", ingress.zone, domain=ingress.domain, opts=self.child())
        self.certificate_arn = self._certificate(hosts)
        self.web_acl_arn: pulumi.Output[str] | None = None
        acl_name = web_acl_name(settings)
        if ingress.waf is not None and acl_name is not None:
            self.web_acl_arn = WebAcl(f"{name}-waf", ingress.waf, acl_name=acl_name, opts=self.child()).arn
        self.balancer: LoadBalancer | None = None
        if ingress.owner == "pulumi":
            self.balancer = LoadBalancer(
                f"{name}-alb",
                ingress,
                project=settings.project.name,
                vpc_id=network.vpc_id,
                vpc_cidrs=settings.network.vpc_cidrs(),
                subnet_ids=self._subnet_ids(),
                certificate_arn=self.certificate_arn,
                logs=logs,
                web_acl_arn=self.web_acl_arn,
                # A load balancer requires the internet gateway until it is deleted.
                opts=self.child(depends_on=network.ways_out),
            )
            self._open_as_asked(self.balancer)
        self.finish()

    def _open_as_asked(self, balancer: LoadBalancer) -> None:
        """Create the security group rules from the load balancer to the nodes.

        The rules allow the ports in the stack file, and the ports of NodePort Services if these are the targets.
        """
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
        """Return the CIDR blocks of the load balancer's subnets, which are the source of its requests to pods."""
        network = self._settings.network
        return network.public_cidrs() if self._settings.ingress.internet_facing else network.private_cidrs()

    def own_name(self) -> pulumi.Output[str] | None:
        """Return the DNS name of the load balancer, or None if Pulumi does not own it."""
        return self.balancer.dns_name if self.balancer else None

    def _open(self, balancer: LoadBalancer, port: int) -> None:
        """Create the rules of a port that belong to this component, once: AWS rejects a duplicate rule."""
        if port not in self._ports:
            self._ports.add(port)
            open_port(f"{self.name}-{port}", balancer, self._node_security_group_id, port, opts=self.child())

    def route(
        self,
        name: str,
        destination: Destination,
        *,
        host: str | None,
        path: str = "/",
        shared: bool = False,
        opts: pulumi.ResourceOptions,
    ) -> pulumi.Output[str]:
        """Create a route from a host to the pods of a Service and return its URL. None matches every host.

        A `shared` route has its host or port in common with other routes. AWS allows one DNS record for a host and one
        security group rule for a port. These then belong to this component and outlive each route.
        """
        self._routes += 1
        if self.balancer is None:
            return self._by_controller(name, destination, host, path, shared=shared, opts=opts)
        return self._by_pulumi(self.balancer, name, destination, host, path, shared=shared, opts=opts)

    def _by_controller(
        self,
        name: str,
        destination: Destination,
        host: str | None,
        path: str,
        *,
        shared: bool,
        opts: pulumi.ResourceOptions,
    ) -> pulumi.Output[str]:
        ingress = IngressObject(
            name,
            self._settings.ingress,
            project=self._settings.project.name,
            destination=destination,
            host=host,
            path=path,
            vpc_cidrs=self._settings.network.vpc_cidrs(),
            subnet_ids=self._subnet_ids(),
            certificate_arn=self.certificate_arn,
            logs=self._logs,
            web_acl_arn=self.web_acl_arn,
            zone_id=self._zone_id(shared=shared),
            order=self._routes,
            opts=opts,
        )
        if shared:
            self._record_once(host, ingress.own_name)
        return ingress.url

    def _by_pulumi(
        self,
        balancer: LoadBalancer,
        name: str,
        destination: Destination,
        host: str | None,
        path: str,
        *,
        shared: bool,
        opts: pulumi.ResourceOptions,
    ) -> pulumi.Output[str]:
        by_node_port = self._settings.ingress.targets == "instance"
        opened = by_node_port or destination.reached in self._ports
        if shared and not by_node_port:
            self._open(balancer, destination.reached)
        self._ports.add(destination.reached)
        if destination.health_port is not None:
            self._open(balancer, destination.health_port)
        if shared:
            self._record_once(host, None)
        return Route(
            name,
            project=self._settings.project.name,
            balancer=balancer,
            vpc_id=self._network.vpc_id,
            cluster_name=self._cluster_name,
            node_security_group_id=None if shared or opened else self._node_security_group_id,
            destination=destination,
            host=host,
            path=path,
            zone_id=self._zone_id(shared=shared),
            priority=self._priority(name, host, path),
            by_node_port=by_node_port,
            opts=opts,
        ).url

    def _subnet_ids(self) -> Sequence[pulumi.Input[str]]:
        """Return the subnets of the load balancer."""
        network = self._network
        return network.public_subnet_ids if self._settings.ingress.internet_facing else network.private_subnet_ids

    def _zone_id(self, *, shared: bool) -> pulumi.Input[str] | None:
        """Return the zone for a route's DNS record; None if the record is shared or if there is no zone."""
        return None if shared or self.zone is None else self.zone.zone_id

    def _priority(self, name: str, host: str | None, path: str) -> int:
        priority = listener_priority(name, host, path, self._priorities)
        self._priorities.add(priority)
        return priority

    def _record_once(self, host: str | None, balancer: pulumi.Input[str] | None) -> None:
        """Create the DNS record of a host that several routes share.

        The record is an alias of Pulumi's load balancer, or a CNAME of the controller's load balancer.
        """
        if self.zone is None or host is None or host in self._hosts:
            return
        self._hosts.add(host)
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
