"""The application load balancer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.log_target import BALANCERS, LogTarget
from components.base.naming import LOAD_BALANCER_LIMIT, fit, physical
from config.ingress import Ingress as IngressSettings

HTTP, HTTPS = 80, 443


def access_logs(logs: LogTarget | None) -> aws.lb.LoadBalancerAccessLogsArgs | None:
    """Return the access logs of a load balancer, which is created after the policy of the bucket."""
    return aws.lb.LoadBalancerAccessLogsArgs(bucket=logs.bucket_name, prefix=BALANCERS, enabled=True) if logs else None


class LoadBalancer(Component):
    """The load balancer, its security group and listeners. A request that matches no rule gets status 404.

    With a certificate it listens on port 443 and redirects port 80 to it. Without a certificate it is internal and
    listens on port 80. Pulumi owns it: previews show it, the bill includes it, and a destroy deletes it.
    """

    TOKEN: ClassVar[str] = "ai-platform:ingress:LoadBalancer"

    def __init__(
        self,
        name: str,
        settings: IngressSettings,
        *,
        project: str,
        vpc_id: pulumi.Input[str],
        vpc_cidrs: Sequence[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        certificate_arn: pulumi.Input[str] | None,
        logs: LogTarget | None = None,
        web_acl_arn: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self.encrypted = certificate_arn is not None
        self.security_group = self._security_group(project, vpc_id, vpc_cidrs)
        self.balancer = aws.lb.LoadBalancer(
            name,
            name=fit(f"{project}-alb", LOAD_BALANCER_LIMIT),
            load_balancer_type="application",
            internal=not settings.internet_facing,
            security_groups=[self.security_group.id],
            subnets=list(subnet_ids),
            idle_timeout=settings.idle_timeout_seconds,
            drop_invalid_header_fields=True,
            enable_deletion_protection=settings.deletion_protection,
            access_logs=access_logs(logs),
            connection_logs=aws.lb.LoadBalancerConnectionLogsArgs(
                bucket=logs.bucket_name, prefix=BALANCERS, enabled=True
            )
            if logs
            else None,
            tags=named(f"{project}-alb"),
            opts=self.child(depends_on=[logs.policy] if logs else []),
        )
        if web_acl_arn is not None:
            aws.wafv2.WebAclAssociation(
                name, resource_arn=self.balancer.arn, web_acl_arn=web_acl_arn, opts=self.child()
            )
        if certificate_arn is not None:
            self._redirect()
            self.listener = self._listener(HTTPS, certificate_arn)
        else:
            self.listener = self._listener(HTTP, None)
        self.dns_name: pulumi.Output[str] = self.balancer.dns_name
        self.zone_id: pulumi.Output[str] = self.balancer.zone_id
        self.finish(dns_name=self.dns_name)

    def _security_group(
        self, project: str, vpc_id: pulumi.Input[str], vpc_cidrs: Sequence[str]
    ) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            self.name,
            vpc_id=vpc_id,
            description="Load balancer",
            tags=named(self._settings.security_group or f"{project}-alb-sg"),
            **physical(self._settings.security_group, f"{project}-alb-"),
            opts=self.child(),
        )
        ports = (HTTP, HTTPS) if self.encrypted else (HTTP,)
        for source in list(dict.fromkeys(map(str, self._settings.inbound_cidrs))) or vpc_cidrs:
            for port in ports:
                aws.vpc.SecurityGroupIngressRule(
                    f"{self.name}-{port}-{source.replace('/', '-')}",
                    security_group_id=group.id,
                    description="Clients",
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    cidr_ipv4=source,
                    opts=self.child(),
                )
        return group

    def _listener(self, port: int, certificate_arn: pulumi.Input[str] | None) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self.name}-{port}",
            load_balancer_arn=self.balancer.arn,
            port=port,
            protocol="HTTPS" if certificate_arn is not None else "HTTP",
            certificate_arn=certificate_arn,
            ssl_policy=self._settings.tls_policy if certificate_arn is not None else None,
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="fixed-response",
                    fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="text/plain", message_body="Nothing is served here.", status_code="404"
                    ),
                )
            ],
            opts=self.child(),
        )

    def _redirect(self) -> None:
        aws.lb.Listener(
            f"{self.name}-{HTTP}",
            load_balancer_arn=self.balancer.arn,
            port=HTTP,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        port=str(HTTPS), protocol="HTTPS", status_code="HTTP_301"
                    ),
                )
            ],
            opts=self.child(),
        )
