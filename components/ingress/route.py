"""The way from the load balancer to a workload's pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.component import Component, named
from components.ingress.load_balancer import HTTP, LoadBalancer
from components.naming import LOAD_BALANCER_LIMIT, fit

DRAINING_SECONDS = 30
TARGET_TAG = "ai-platform/cluster"
"""The controller may register pods only in target groups that carry this tag with the cluster's name."""


NODE_PORT_SUFFIX = "-node-port"
"""Of the Service that opens a port on every node, after the name of the one that pods use."""


class Route(Component):
    """Host and path rule, target group, the binding of the Service's pods to it, and the host's DNS record.

    Without `zone_id` there is no record, and without `node_security_group_id` no opening: others have made them.
    `pod_port` is where the pods listen if not on the Service's port, `health_port` where they answer health checks if
    not there: its opening is the caller's. With `node_port_pods` requests go to a port that Kubernetes opens on every
    node, and from there to the pods with these labels; else they go to the pods themselves.
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
        namespace: str,
        service: str,
        port: int,
        health_path: str,
        priority: int,
        pod_port: int | None = None,
        health_port: int | None = None,
        host: str | None = None,
        path: str = "/",
        zone_id: pulumi.Input[str] | None = None,
        node_port_pods: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        target_name = fit(f"{project}-{name}", LOAD_BALANCER_LIMIT)
        pod_port = pod_port or port
        target_type = "ip" if node_port_pods is None else "instance"
        group = aws.lb.TargetGroup(
            name,
            name=target_name,
            vpc_id=vpc_id,
            # Each node is registered with the port that Kubernetes chooses for it, whatever stands here.
            port=pod_port if node_port_pods is None else HTTP,
            protocol="HTTP",
            target_type=target_type,
            deregistration_delay=DRAINING_SECONDS,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                path=health_path,
                port=str(health_port) if health_port else "traffic-port",
                protocol="HTTP",
                matcher="200",
                interval=15,
                timeout=5,
            ),
            tags=named(target_name, {TARGET_TAG: cluster_name}),
            opts=self.child(),
        )
        rule = aws.lb.ListenerRule(
            name,
            listener_arn=balancer.listener.arn,
            priority=priority,
            conditions=_conditions(host, path),
            actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)],
            opts=self.child(),
        )
        if node_security_group_id is not None:
            open_port(name, balancer, node_security_group_id, pod_port, opts=self.child())
        bound: list[pulumi.Resource] = [rule]
        if node_port_pods is not None:
            opened = self._node_port(namespace, service, pod_port, node_port_pods)
            service, port = f"{service}{NODE_PORT_SUFFIX}", pod_port
            bound.append(opened)
        self._bind(
            group, bound, target_type=target_type, vpc_id=vpc_id, namespace=namespace, service=service, port=port
        )
        if host is not None and zone_id is not None:
            alias(name, zone_id=zone_id, host=host, balancer=balancer, opts=self.child())
        scheme = "https" if balancer.encrypted else "http"
        self.url: pulumi.Output[str] = pulumi.Output.format("{0}://{1}{2}", scheme, host or balancer.dns_name, path)
        self.finish(url=self.url)

    def _node_port(
        self, namespace: str, service: str, port: int, pods: Mapping[str, str]
    ) -> kubernetes.core.v1.Service:
        """A Service of its own, so that the one that pods use stays as it is."""
        return kubernetes.core.v1.Service(
            f"{self.name}{NODE_PORT_SUFFIX}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=f"{service}{NODE_PORT_SUFFIX}", namespace=namespace),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                type="NodePort",
                # Pods see the load balancer's address, which their network policies let in; nodes without a pod fail
                # the health checks and get no requests.
                external_traffic_policy="Local",
                selector=dict(pods),
                ports=[kubernetes.core.v1.ServicePortArgs(name="http", port=port, target_port=port)],
            ),
            opts=self.child(),
        )

    def _bind(
        self,
        group: aws.lb.TargetGroup,
        after: Sequence[pulumi.Resource],
        *,
        target_type: str,
        vpc_id: pulumi.Input[str],
        namespace: str,
        service: str,
        port: int,
    ) -> None:
        """Have the controller keep the Service's pods in the target group, which a listener has to use before."""
        kubernetes.apiextensions.CustomResource(
            self.name,
            api_version="elbv2.k8s.aws/v1beta1",
            kind="TargetGroupBinding",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=service, namespace=namespace),
            spec={
                "serviceRef": {"name": service, "port": port},
                "targetGroupARN": group.arn,
                "targetType": target_type,
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
    """Let the load balancer reach the pods. The bindings name no `networking`: the rules are in the preview."""
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
    """The DNS record that leads a host to the load balancer."""
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
    """A rule needs one condition at least: the host, or every path."""
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
