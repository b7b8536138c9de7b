"""The network load balancer: connections to the brokers from instances outside the cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.base.component import Component, named
from components.base.log_target import LogTarget
from components.base.naming import LOAD_BALANCER_LIMIT, fit
from components.ingress.load_balancer import access_logs
from components.ingress.route import TARGET_TAG
from components.workloads.kafka.servers import entry
from config.workloads.kafka import BROKERS, NAMESPACE, OUTSIDE_POD_PORT, Kafka, KafkaLoadBalancer

IDLE_SECONDS = 660
"""Idle timeout of the load balancer, in seconds.

Clients close idle connections after 540 seconds, and brokers after 600: https://kafka.apache.org/documentation/ With
the load balancer's default of 350 seconds clients would keep connections that no longer work.
"""

DRAINING_SECONDS = 30


class KafkaBalancer(Component):
    """An internal load balancer with a bootstrap port, and a port for each broker.

    A Kafka client requests the addresses of all brokers from any of them, and then connects to each. To clients of the
    listener EXTERNAL, brokers return this load balancer's name and their own port. The load balancer's security group
    allows the listed instances only. To brokers, connections come from the load balancer's addresses.
    """

    TOKEN: ClassVar[str] = "ai-platform:workloads:KafkaBalancer"

    def __init__(
        self,
        name: str,
        settings: Kafka,
        *,
        balancer: KafkaLoadBalancer,
        project: str,
        host: str,
        zone_id: pulumi.Input[str],
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        cluster_name: str,
        node_security_group_id: pulumi.Input[str],
        server_groups: Mapping[str, pulumi.Input[str]],
        protected: bool = False,
        logs: LogTarget | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the load balancer. `server_groups` maps the keys of all instances to their security groups."""
        super().__init__(name, opts)
        self._project = project
        self._vpc_id = vpc_id
        self._cluster_name = cluster_name
        # The target of each port: all brokers, or one.
        self._ways: dict[int, tuple[str, str | None]] = {
            balancer.port: ("kafka-outside", None),
            **{
                balancer.broker_port(number): (f"kafka-outside-{number}", f"{BROKERS}-{number}")
                for number in range(settings.brokers)
            },
        }
        group = self._security_group(balancer, node_security_group_id, server_groups)
        balancer_name = fit(f"{project}-kafka", LOAD_BALANCER_LIMIT)
        self.balancer = aws.lb.LoadBalancer(
            name,
            name=balancer_name,
            load_balancer_type="network",
            internal=True,
            security_groups=[group.id],
            subnets=list(subnet_ids),
            # Each broker is in one zone, and a client can use the address of any zone.
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=protected or None,
            # Of its TCP listeners the log is empty; the flow logs of the VPC have their connections.
            access_logs=access_logs(logs),
            tags=named(balancer_name),
            opts=self.child(depends_on=[logs.policy] if logs else []),
        )
        for port, (service, pod) in self._ways.items():
            self._way(port, service, pod)
        aws.route53.Record(
            name,
            zone_id=zone_id,
            name=host,
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=self.balancer.dns_name, zone_id=self.balancer.zone_id, evaluate_target_health=True
                )
            ],
            opts=self.child(),
        )
        self.finish()

    def _security_group(
        self,
        balancer: KafkaLoadBalancer,
        node_security_group_id: pulumi.Input[str],
        server_groups: Mapping[str, pulumi.Input[str]],
    ) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            self.name,
            vpc_id=self._vpc_id,
            name_prefix=f"{self._project}-kafka-",
            description="Load balancer of Kafka",
            tags=named(f"{self._project}-kafka-sg"),
            opts=self.child(),
        )
        for key in balancer.instances:
            for port in self._ways:
                aws.vpc.SecurityGroupIngressRule(
                    f"{self.name}-{key}-{port}",
                    security_group_id=group.id,
                    description=f"EC2 instances {key}",
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    referenced_security_group_id=server_groups[key],
                    opts=self.child(),
                )
        aws.vpc.SecurityGroupEgressRule(
            f"{self.name}-to-pods",
            security_group_id=group.id,
            description="Brokers",
            ip_protocol="tcp",
            from_port=OUTSIDE_POD_PORT,
            to_port=OUTSIDE_POD_PORT,
            referenced_security_group_id=node_security_group_id,
            opts=self.child(),
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self.name}-from-load-balancer",
            security_group_id=node_security_group_id,
            description="Load balancer of Kafka to brokers",
            ip_protocol="tcp",
            from_port=OUTSIDE_POD_PORT,
            to_port=OUTSIDE_POD_PORT,
            referenced_security_group_id=group.id,
            opts=self.child(),
        )
        return group

    def _way(self, port: int, service: str, pod: str | None) -> None:
        """Create a listener, and a target group in which the controller registers the pods of a Service."""
        target_name = fit(f"{self._project}-{service}", LOAD_BALANCER_LIMIT)
        name = f"{self.name}-{port}"
        group = aws.lb.TargetGroup(
            name,
            name=target_name,
            vpc_id=self._vpc_id,
            port=OUTSIDE_POD_PORT,
            protocol="TCP",
            target_type="ip",
            # Brokers allow the load balancer's addresses: those of instances are not known.
            preserve_client_ip="false",
            deregistration_delay=DRAINING_SECONDS,
            health_check=aws.lb.TargetGroupHealthCheckArgs(protocol="TCP", port="traffic-port", interval=10),
            tags=named(target_name, {TARGET_TAG: self._cluster_name}),
            opts=self.child(),
        )
        listener = aws.lb.Listener(
            name,
            load_balancer_arn=self.balancer.arn,
            port=port,
            protocol="TCP",
            tcp_idle_timeout_seconds=IDLE_SECONDS,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)],
            opts=self.child(),
        )
        reached = entry(name, service=service, port=OUTSIDE_POD_PORT, pod=pod, opts=self.child())
        kubernetes.apiextensions.CustomResource(
            name,
            api_version="elbv2.k8s.aws/v1beta1",
            kind="TargetGroupBinding",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=service, namespace=NAMESPACE),
            spec={
                "serviceRef": {"name": service, "port": OUTSIDE_POD_PORT},
                "targetGroupARN": group.arn,
                "targetType": "ip",
                "ipAddressType": "ipv4",
                "vpcID": self._vpc_id,
            },
            opts=self.child(depends_on=[listener, reached]),
        )
