"""Network ACLs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from config.network import NetworkAcl as NetworkAclSettings
from config.network import NetworkAclRule


class NetworkAcl(Component):
    """The network ACL of one tier's subnets."""

    TOKEN: ClassVar[str] = "ai-platform:network:NetworkAcl"

    def __init__(
        self,
        name: str,
        settings: NetworkAclSettings,
        *,
        vpc_id: pulumi.Input[str],
        acl_name: str,
        subnet_ids: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        acl = aws.ec2.NetworkAcl(
            name, vpc_id=vpc_id, subnet_ids=list(subnet_ids), tags=named(acl_name), opts=self.child()
        )
        for egress, rules in ((False, settings.ingress), (True, settings.egress)):
            for rule in rules:
                self._rule(acl, rule, egress=egress)
        self.finish(network_acl_id=acl.id)

    def _rule(self, acl: aws.ec2.NetworkAcl, rule: NetworkAclRule, *, egress: bool) -> None:
        all_protocols = rule.protocol == "all"
        aws.ec2.NetworkAclRule(
            f"{self.name}-{'egress' if egress else 'ingress'}-{rule.number}",
            network_acl_id=acl.id,
            rule_number=rule.number,
            egress=egress,
            protocol="-1" if all_protocols else rule.protocol,
            rule_action=rule.action,
            cidr_block=str(rule.cidr),
            from_port=None if all_protocols else rule.from_port,
            to_port=None if all_protocols else rule.to_port,
            icmp_type=-1 if rule.protocol == "icmp" else None,
            icmp_code=-1 if rule.protocol == "icmp" else None,
            opts=self.child(),
        )
