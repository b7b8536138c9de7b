"""A route from the load balancer to the pods of a workload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.base.component import Component, named
from components.base.naming import LOAD_BALANCER_LIMIT, fit
from components.ingress.destination import Destination
from components.ingress.load_balancer import HTTP, LoadBalancer
from components.kubernetes.pods import selector

TARGET_TAG = "ai-platform/cluster"
"""Tag key of target groups; the value is the cluster's name. The controller can register pods only in these groups."""


NODE_PORT_SUFFIX = "-node-port"
"""Suffix of the NodePort Service's name, after the name of the workload's Service."""


class Route(Component):
    """A listener rule for host and path, a target group, its TargetGroupBinding, and the DNS record of the host.

    Without `zone_id` the route creates no DNS record, and without `node_security_group_id` no security group rules:
    then they exist elsewhere. The caller creates the rules for a health check port. With `by_node_port` requests go to
    a NodePort on every node and from there to the pods. Otherwise they go directly to the pods.
    """

    TOKEN: ClassVar[str] = "ai-platform:ingress:Route"

    def __init__(
        self,
        name: str,
        *,
        project: str,
        balancer: LoadBalancer,
        vpc_id: pulumi.Input[str],
        cluster_name: str,
        node_security_group_id: pulumi.Input[str] | None,
        destination: Destination,
        priority: int,
        host: str | None = None,
        path: str = "/",
        zone_id: pulumi.Input[str] | None = None,
        by_node_port: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._destination = destination
        self._by_node_port = by_node_port
        group = self._target_group(fit(f"{project}-{name}", LOAD_BALANCER_LIMIT), vpc_id, cluster_name)
        rule = aws.lb.ListenerRule(
            name,
            listener_arn=balancer.listener.arn,
            priority=priority,
            conditions=_conditions(host, path),
            actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)],
            opts=self.child(),
        )
        if node_security_group_id is not None:
            open_port(name, balancer, node_security_group_id, destination.reached, opts=self.child())
        self._bind(group, [rule, *([self._node_port()] if by_node_port else [])], vpc_id)
        if host is not None and zone_id is not None:
            alias(name, zone_id=zone_id, host=host, balancer=balancer, opts=self.child())
        scheme = "https" if balancer.encrypted else "http"
        self.url: pulumi.Output[str] = pulumi.Output.format("{0}://{1}{2}", scheme, host or balancer.dns_name, path)
        self.finish(url=self.url)

    def _target_group(self, target_name: str, vpc_id: pulumi.Input[str], cluster_name: str) -> aws.lb.TargetGroup:
        destination = self._destination
        return aws.lb.TargetGroup(
            self.name,
            name=target_name,
            vpc_id=vpc_id,
            # With NodePort the controller registers each node with the port that Kubernetes allocates, not this port.
            port=HTTP if self._by_node_port else destination.reached,
            protocol="HTTP",
            target_type=self._target_type(),
            deregistration_delay=destination.timeouts.deregistration_delay,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                path=destination.health_path,
                port=str(destination.health_port) if destination.health_port else "traffic-port",
                protocol="HTTP",
                matcher="200",
                interval=15,
                timeout=5,
            ),
            tags=named(target_name, {TARGET_TAG: cluster_name}),
            opts=self.child(),
        )

    def _target_type(self) -> str:
        return "instance" if self._by_node_port else "ip"

    def _node_port(self) -> kubernetes.core.v1.Service:
        """Create a separate NodePort Service, so that the workload's Service is unchanged."""
        destination = self._destination
        return kubernetes.core.v1.Service(
            f"{self.name}{NODE_PORT_SUFFIX}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=f"{destination.service}{NODE_PORT_SUFFIX}", namespace=destination.namespace
            ),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                type="NodePort",
                # Preserves the load balancer's source address, which the pods' network policies allow. Nodes without a
                # pod fail the health checks and get no requests.
                external_traffic_policy="Local",
                selector=selector(destination.labels),
                ports=[
                    kubernetes.core.v1.ServicePortArgs(
                        name="http", port=destination.reached, target_port=destination.reached
                    )
                ],
            ),
            opts=self.child(),
        )

    def _bind(self, group: aws.lb.TargetGroup, after: Sequence[pulumi.Resource], vpc_id: pulumi.Input[str]) -> None:
        """Create the TargetGroupBinding by which the controller registers the Service's pods in the target group.

        A listener must reference the target group first.
        """
        destination = self._destination
        service, port = destination.service, destination.port
        if self._by_node_port:
            service, port = f"{service}{NODE_PORT_SUFFIX}", destination.reached
        kubernetes.apiextensions.CustomResource(
            self.name,
            api_version="elbv2.k8s.aws/v1beta1",
            kind="TargetGroupBinding",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=service, namespace=destination.namespace),
            spec={
                "serviceRef": {"name": service, "port": port},
                "targetGroupARN": group.arn,
                "targetType": self._target_type(),
                "ipAddressType": "ipv4",
                "vpcID": vpc_id,
            },
            opts=self.child(depends_on=after),
        )


def open_port(
    name: str,
    balancer: LoadBalancer,
    node_security_group_id: pulumi.Input[str],
    port: int,
    *,
    to_port: int | None = None,
    protocol: str = "tcp",
    description: str = "",
    opts: pulumi.ResourceOptions,
) -> None:
    """Create the security group rules from the load balancer to the pods.

    The TargetGroupBindings set no `networking`, so that previews show the rules.
    """
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-from-load-balancer",
        security_group_id=node_security_group_id,
        description=description or f"Load balancer to {name}",
        ip_protocol=protocol,
        from_port=port,
        to_port=to_port or port,
        referenced_security_group_id=balancer.security_group.id,
        opts=opts,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-to-pods",
        security_group_id=balancer.security_group.id,
        description=description or f"Pods of {name}",
        ip_protocol=protocol,
        from_port=port,
        to_port=to_port or port,
        referenced_security_group_id=node_security_group_id,
        opts=opts,
    )


def alias(
    name: str, *, zone_id: pulumi.Input[str], host: str, balancer: LoadBalancer, opts: pulumi.ResourceOptions
) -> aws.route53.Record:
    """Create the DNS alias record of a host for the load balancer."""
    return aws.route53.Record(
        name,
        zone_id=zone_id,
        name=host,
        type="A",
        aliases=[
            aws.route53.RecordAliasArgs(name=balancer.dns_name, zone_id=balancer.zone_id, evaluate_target_health=True)
        ],
        opts=opts,
    )


def _conditions(host: str | None, path: str) -> list[aws.lb.ListenerRuleConditionArgs]:
    """Return the conditions of a listener rule. It requires at least one condition: the host or a path pattern."""
    conditions = []
    if host is not None:
        conditions.append(
            aws.lb.ListenerRuleConditionArgs(host_header=aws.lb.ListenerRuleConditionHostHeaderArgs(values=[host]))
        )
    if host is None or path != "/":
        values = ["/*"] if path == "/" else [path.rstrip("/"), f"{path.rstrip('/')}/*"]
        conditions.append(
            aws.lb.ListenerRuleConditionArgs(path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=values))
        )
    return conditions
