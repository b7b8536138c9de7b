"""A NAT instance: an EC2 instance that translates addresses instead of a NAT gateway."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from config.network import NatInstance as NatInstanceSettings

ANYWHERE = "0.0.0.0/0"
DISK_GIB = 8
"""Size of the root volume in GiB: that of the AMI."""


class NatInstance(Component):
    """An Auto Scaling group of one instance, whose network interface and Elastic IP remain when it is replaced.

    The launch template names the network interface, which limits the group to one instance in the interface's zone.
    Routes lead to the interface, so that an instance needs no IAM permission to take over. The group terminates an
    instance before it launches another, because the interface can be attached only once:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/advanced-settings-for-your-launch-template.html
    """

    TOKEN: ClassVar[str] = "ai-platform:network:NatInstance"

    def __init__(
        self,
        name: str,
        settings: NatInstanceSettings,
        *,
        label: str,
        zone: str,
        subnet_id: pulumi.Input[str],
        vpc_id: pulumi.Input[str],
        vpc_cidr: str,
        private_cidrs: Sequence[str],
        default_tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the component. `label` is the physical name of its group, and the Name tag of all its parts."""
        super().__init__(name, opts)
        self._settings = settings
        self._tags = named(label)
        self.interface = aws.ec2.NetworkInterface(
            name,
            subnet_id=subnet_id,
            description=f"NAT instance {label}",
            security_groups=[self._security_group(label, vpc_id, private_cidrs)],
            # It forwards what is neither from nor for itself.
            source_dest_check=False,
            tags=self._tags,
            opts=self.child(),
        )
        address = aws.ec2.Eip(name, domain="vpc", tags=self._tags, opts=self.child())
        association = aws.ec2.EipAssociation(
            name, allocation_id=address.allocation_id, network_interface_id=self.interface.id, opts=self.child()
        )
        template = self._template(label, vpc_cidr, private_cidrs, default_tags)
        self.group = aws.autoscaling.Group(
            name,
            name=label,
            # Of an existing network interface, in place of subnets.
            availability_zones=[zone],
            min_size=1,
            max_size=1,
            desired_capacity=1,
            health_check_type="EC2",
            instance_maintenance_policy=aws.autoscaling.GroupInstanceMaintenancePolicyArgs(
                min_healthy_percentage=0, max_healthy_percentage=100
            ),
            launch_template=aws.autoscaling.GroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            instance_refresh=aws.autoscaling.GroupInstanceRefreshArgs(
                strategy="Rolling",
                preferences=aws.autoscaling.GroupInstanceRefreshPreferencesArgs(
                    min_healthy_percentage=0, max_healthy_percentage=100
                ),
            ),
            # The provider's default tags do not apply to Auto Scaling groups.
            tags=[
                aws.autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=False)
                for key, value in {**default_tags, **self._tags}.items()
            ],
            # Without its address, an instance cannot install packages.
            opts=self.child(depends_on=[association]),
        )
        self.finish(network_interface_id=self.interface.id)

    def _security_group(
        self, label: str, vpc_id: pulumi.Input[str], private_cidrs: Sequence[str]
    ) -> pulumi.Output[str]:
        group = aws.ec2.SecurityGroup(
            self.name,
            vpc_id=vpc_id,
            name_prefix=f"{label}-",
            description="NAT instance",
            tags=self._tags,
            opts=self.child(),
        )
        for cidr in private_cidrs:
            aws.vpc.SecurityGroupIngressRule(
                f"{self.name}-{cidr.replace('/', '-')}",
                security_group_id=group.id,
                description="Traffic of private subnets to the internet",
                ip_protocol="-1",
                cidr_ipv4=cidr,
                opts=self.child(),
            )
        aws.vpc.SecurityGroupEgressRule(
            f"{self.name}-internet",
            security_group_id=group.id,
            description="Traffic of private subnets to the internet",
            ip_protocol="-1",
            cidr_ipv4=ANYWHERE,
            opts=self.child(),
        )
        return group.id

    def _template(
        self, label: str, vpc_cidr: str, private_cidrs: Sequence[str], default_tags: Mapping[str, str]
    ) -> aws.ec2.LaunchTemplate:
        settings = self._settings
        return aws.ec2.LaunchTemplate(
            self.name,
            name_prefix=f"{label}-"[:100],
            update_default_version=True,
            # Resolved when an instance is launched: a replaced instance has the newest packages.
            image_id=f"resolve:ssm:{settings.ami_parameter()}",
            instance_type=settings.instance_type,
            instance_initiated_shutdown_behavior="terminate",
            network_interfaces=[
                aws.ec2.LaunchTemplateNetworkInterfaceArgs(
                    device_index=0, network_interface_id=self.interface.id, delete_on_termination="false"
                )
            ],
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name="/dev/xvda",
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_size=DISK_GIB, volume_type="gp3", encrypted="true", delete_on_termination="true"
                    ),
                )
            ],
            user_data=base64.b64encode(user_data(vpc_cidr, private_cidrs).encode()).decode(),
            tag_specifications=[
                # The Auto Scaling group creates instances and volumes, so the provider does not tag them.
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags={**default_tags, **self._tags})
                for kind in ("instance", "volume")
            ],
            tags=self._tags,
            opts=self.child(),
        )


def user_data(vpc_cidr: str, private_cidrs: Sequence[str]) -> str:
    """Return the cloud-init user data: the rules, and a systemd service that applies them at each boot."""
    source = files("components.network") / "files"
    written = {
        "/etc/platform/nat.nft": rules(vpc_cidr, private_cidrs),
        "/usr/local/lib/platform/nat.sh": (source / "nat.sh").read_text(encoding="utf-8"),
        "/etc/systemd/system/platform-nat.service": (source / "platform-nat.service").read_text(encoding="utf-8"),
    }
    document = {
        "write_files": [{"path": path, "content": content, "permissions": "0644"} for path, content in written.items()],
        "runcmd": [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", "platform-nat.service"]],
    }
    return "#cloud-config\n" + json.dumps(document, indent=1) + "\n"


def rules(vpc_cidr: str, private_cidrs: Sequence[str]) -> str:
    """Return the nftables rules: private subnets reach what is outside the VPC, and receive only responses."""
    return f"""\
table ip platform
delete table ip platform
table ip platform {{
  set private {{
    type ipv4_addr
    flags interval
    auto-merge
    elements = {{ {", ".join(private_cidrs)} }}
  }}
  chain forward {{
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    ip saddr @private ip daddr != {vpc_cidr} accept
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr @private ip daddr != {vpc_cidr} masquerade
  }}
}}
"""
