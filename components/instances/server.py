"""One kind of server: its IAM role and its instances with their volumes, addresses and DNS records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from catalog.images import repository_arn
from components.base.component import UNREPORTED, Component, named
from components.base.naming import ROLE_LIMIT, fit
from components.data.repository import PULL
from components.identity.access import secret_statement
from components.identity.policy import Statement, policy_document, service_trust
from components.instances.user_data import Place, user_data
from config.instances import DataVolume
from config.instances import Server as ServerSettings

DATA_DEVICE = "/dev/sdf"
"""Device name of the data volume: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html"""

RECORD_TTL = 60
"""TTL in seconds. It is short because a replaced server gets another address."""


@dataclass(frozen=True)
class ServerContext:
    """The platform resources that a server uses."""

    project: str
    region: str
    account_id: pulumi.Input[str]
    cluster_name: str
    cluster_arn: pulumi.Input[str]
    kubectl: str
    zone_id: pulumi.Input[str]
    """The ID of the private hosted zone."""

    domain: str
    place: Callable[[str], str]
    """Returns the place of an image, such as the stack's registry."""

    repositories: Mapping[str, tuple[pulumi.Input[str], pulumi.Input[str]]]
    """The ARN and URL of each image repository, by key."""

    secret_arns: Mapping[str, pulumi.Input[str]]
    """The ARN of each secret, by key."""


class Server(Component):
    """The instances of one kind. `instance_ids` and `public_addresses` have the instance names as keys.

    A change of the user data replaces an instance. The old instance is deleted first, because its data volume can be
    attached only once. The new instance has the same volume and the same name.
    """

    TOKEN: ClassVar[str] = "ai-platform:instances:Server"

    def __init__(
        self,
        name: str,
        settings: ServerSettings,
        *,
        key: str,
        context: ServerContext,
        subnet_ids: Mapping[str, pulumi.Input[str]],
        security_group_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the component. `subnet_ids` maps each zone to a subnet of the server's tier."""
        super().__init__(name, opts)
        self._settings = settings
        self._key = key
        self._around = context
        self._log_group = self._logs()
        self.role = self._make_role()
        self._profile = aws.iam.InstanceProfile(
            name, name=fit(f"{context.project}-{key}-instance", ROLE_LIMIT), role=self.role.name, opts=self.child()
        )
        self._access()
        self._ami = self._image()
        self.instances: dict[str, aws.ec2.Instance] = {}
        self.public_addresses: dict[str, pulumi.Output[str]] = {}
        for number, label in enumerate(settings.names(key)):
            zone = settings.zone_of(number)
            self._instance(label, zone, subnet_ids[zone], security_group_id)
        self._names()
        self.instance_ids: dict[str, pulumi.Output[str]] = {label: made.id for label, made in self.instances.items()}
        self.finish(instance_ids=self.instance_ids)

    def _logs(self) -> aws.cloudwatch.LogGroup | None:
        """Create the log group of the containers. Errors before a container starts are only in the server's journal."""
        if not self._settings.containers:
            return None
        return aws.cloudwatch.LogGroup(
            self.name,
            name=self._log_group_name(),
            retention_in_days=self._settings.log_retention_days,
            opts=self.child(),
        )

    def _log_group_name(self) -> str:
        return f"/aws/ec2/{self._around.project}-{self._key}"

    # --- IAM permissions ---

    def _make_role(self) -> aws.iam.Role:
        project, key = self._around.project, self._key
        role = aws.iam.Role(
            self.name,
            name=fit(f"{project}-{key}-instance", ROLE_LIMIT),
            description=f"EC2 instances {key}",
            assume_role_policy=service_trust("ec2.amazonaws.com"),
            opts=self.child(),
        )
        aws.iam.RolePolicyAttachment(
            f"{self.name}-AmazonSSMManagedInstanceCore",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            opts=self.child(),
        )
        statements = self._statements()
        if statements:
            aws.iam.RolePolicy(self.name, role=role.id, policy=policy_document(*statements), opts=self.child())
        return role

    def _statements(self) -> list[Statement]:
        settings, around = self._settings, self._around
        found = []
        repositories = dict.fromkeys(one.repository for one in settings.containers.values() if one.repository)
        images = [around.place(one.image) for one in settings.containers.values() if one.image]
        pulled = [
            *(around.repositories[each][0] for each in repositories),
            *dict.fromkeys(arn for image in images if (arn := repository_arn(image)) is not None),
        ]
        if pulled:
            # The action supports no resource: the token is valid for the account. The next statement limits its use.
            region = {"StringEquals": {"aws:RequestedRegion": around.region}}
            found.append(Statement("LogIn", ("ecr:GetAuthorizationToken",), ("*",), region))
            found.append(Statement("Pull", PULL, tuple(pulled)))
        secrets = dict.fromkeys(key.secret for one in settings.containers.values() for key in one.secrets.values())
        if secrets:
            arns = tuple(around.secret_arns[each] for each in secrets)
            found.append(secret_statement("ReadSecrets", *arns))
        if self._log_group is not None:
            streams = pulumi.Output.format(
                "arn:aws:logs:{0}:{1}:log-group:{2}:log-stream:*",
                around.region,
                around.account_id,
                self._log_group_name(),
            )
            found.append(Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (streams,)))
        if settings.is_bastion() or settings.cluster_access is not None:
            found.append(Statement("WriteKubeconfig", ("eks:DescribeCluster",), (around.cluster_arn,)))
        return found

    def _access(self) -> None:
        settings, around = self._settings, self._around
        if settings.cluster_access is None:
            return
        entry = aws.eks.AccessEntry(
            self.name,
            cluster_name=around.cluster_name,
            principal_arn=self.role.arn,
            type="STANDARD",
            opts=self.child(),
        )
        aws.eks.AccessPolicyAssociation(
            self.name,
            cluster_name=around.cluster_name,
            principal_arn=entry.principal_arn,
            policy_arn=f"arn:aws:eks::aws:cluster-access-policy/{settings.cluster_access}",
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=self.child(depends_on=[entry]),
        )

    # --- EC2 instances ---

    def _image(self) -> pulumi.Input[str]:
        settings = self._settings
        if settings.ami is not None:
            return settings.ami
        found = aws.ssm.get_parameter_output(
            name=settings.ami_parameter(), opts=pulumi.InvokeOptions(parent=self)
        ).insecure_value
        return found.apply(lambda ami: ami or UNREPORTED)

    def _instance(
        self, label: str, zone: str, subnet_id: pulumi.Input[str], security_group_id: pulumi.Input[str]
    ) -> None:
        settings, around = self._settings, self._around
        name = f"{self.name}-{label}"
        tags = named(f"{around.project}-{label}", settings.tags)
        volume = self._volume(name, settings.data, zone, tags) if settings.data is not None else None
        public = settings.stands_in() == "public"
        # A newer AMI, or the missing public address of a stopped server, must not replace the instance.
        ignored = ["associatePublicIpAddress", *([] if settings.ami else ["ami"])]
        instance = aws.ec2.Instance(
            name,
            ami=self._ami,
            instance_type=settings.instance_type,
            subnet_id=subnet_id,
            vpc_security_group_ids=[security_group_id],
            associate_public_ip_address=public,
            iam_instance_profile=self._profile.name,
            key_name=settings.key_pair,
            # Containers on Docker's bridge network are one hop further, so they cannot get the server's credentials.
            metadata_options=aws.ec2.InstanceMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=aws.ec2.InstanceRootBlockDeviceArgs(
                encrypted=True, volume_type="gp3", volume_size=settings.root_gib(), delete_on_termination=True
            ),
            instance_market_options=_market(settings),
            user_data=self._user_data(label, volume),
            user_data_replace_on_change=True,
            tags=tags,
            opts=_replaced_in_place(self.child(ignore_changes=ignored)),
        )
        self.instances[label] = instance
        if volume is not None:
            aws.ec2.VolumeAttachment(
                name,
                instance_id=instance.id,
                volume_id=volume.id,
                device_name=DATA_DEVICE,
                # Stops the instance first, so that no process still writes to the volume.
                stop_instance_before_detaching=True,
                opts=_replaced_in_place(self.child()),
            )
        if settings.has_elastic_ip():
            address = aws.ec2.Eip(name, domain="vpc", tags=tags, opts=self.child())
            aws.ec2.EipAssociation(
                name, allocation_id=address.allocation_id, instance_id=instance.id, opts=self.child()
            )
            self.public_addresses[label] = address.public_ip

    def _volume(self, name: str, data: DataVolume, zone: str, tags: Mapping[str, str]) -> aws.ebs.Volume:
        return aws.ebs.Volume(
            name,
            availability_zone=zone,
            encrypted=True,
            kms_key_id=data.kms_key_arn,
            type="gp3",
            size=data.size_gib,
            iops=data.volume().iops,
            throughput=data.throughput,
            final_snapshot=data.final_snapshot,
            tags={**tags, "Name": f"{tags['Name']}-data"},
            opts=self.child(),
        )

    def _user_data(self, label: str, volume: aws.ebs.Volume | None) -> pulumi.Output[str]:
        settings, around = self._settings, self._around
        place = Place(
            region=around.region,
            cluster_name=around.cluster_name,
            kubectl=around.kubectl,
            log_group=self._log_group_name(),
            host=label,
        )
        images = {
            name: pulumi.Output.concat(around.repositories[one.repository][1], ":", one.tag or "")
            if one.repository
            else around.place(one.image or "")
            for name, one in settings.containers.items()
        }
        secrets = {
            key.secret: around.secret_arns[key.secret]
            for one in settings.containers.values()
            for key in one.secrets.values()
        }
        known = pulumi.Output.all(volume.id if volume is not None else "", images, secrets)
        return known.apply(
            lambda found: user_data(settings, place, volume_id=found[0], images=found[1], secret_arns=found[2])
        )

    def _names(self) -> None:
        """Create the DNS records: one for all instances of the key, and one for each instance if there are several."""
        addresses = {label: instance.private_ip for label, instance in self.instances.items()}
        records = {self._key: list(addresses.values())}
        if self._settings.count > 1:
            records |= {label: [address] for label, address in addresses.items()}
        for label, values in records.items():
            aws.route53.Record(
                f"{self.name}-{label}-name",
                zone_id=self._around.zone_id,
                name=f"{label}.{self._around.domain}",
                type="A",
                ttl=RECORD_TTL,
                records=values,
                opts=self.child(),
            )


def _market(settings: ServerSettings) -> aws.ec2.InstanceInstanceMarketOptionsArgs | None:
    """Return the options of a Spot instance; None for On-Demand. Only a persistent request can be stopped."""
    if not settings.is_spot():
        return None
    behavior = settings.on_interruption()
    return aws.ec2.InstanceInstanceMarketOptionsArgs(
        market_type="spot",
        spot_options=aws.ec2.InstanceInstanceMarketOptionsSpotOptionsArgs(
            instance_interruption_behavior=behavior,
            spot_instance_type="persistent" if behavior == "stop" else "one-time",
        ),
    )


def _replaced_in_place(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return the options with `delete_before_replace` set."""
    opts.delete_before_replace = True
    return opts
