"""EC2 instances outside the cluster: section `ai-platform:instances`."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.instance_types import instance_kind, newest_ami
from catalog.reading.model import Model
from catalog.volumes import EBS, Volume, derived_iops
from config.cluster import AccessPolicy
from config.secrets import SecretKey
from config.types.arns import KmsKeyArn
from config.types.aws import AvailabilityZone, InstanceType, KeyPairName
from config.types.names import Name, Tags
from config.types.network import Cidr
from config.types.programs import AbsolutePath, EnvironmentVariable, Image
from config.types.references import InstanceRef, RepositoryRef, ScheduleRef
from config.types.text import matching
from config.types.times import RetentionDays

Port = Annotated[int, Field(ge=1, le=65535)]

SSH_PORT = 22

AmiId = Annotated[
    str, matching(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?", "is not an AMI ID; write it like ami-0123456789abcdef0")
]
ImageTag = Annotated[
    str,
    matching(r"(?!latest$)\w[\w.-]{0,127}", "is not a fixed tag; write it like prod-20250714-1752, without latest"),
]
FolderName = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", "is not a directory name; write it without a slash, like models")
]


class PublishedPort(Model):
    """A published port of a container."""

    host: Port
    """Port of the instance."""

    container: Port | None = None
    """Port of the container. Default: the port of the instance."""

    def inside(self) -> int:
        """Return the port of the container."""
        return self.container or self.host


class Container(Model):
    """A container that the instance runs, started at boot and restarted when it exits."""

    image: Image | None = None
    """Image with registry and tag, for an image outside the repositories of this stack."""

    repository: RepositoryRef | None = None
    """A key of `repositories`, instead of `image`."""

    tag: ImageTag | None = None
    """Tag in the repository."""

    command: tuple[str, ...] = ()
    """Arguments of the entrypoint. Default: those of the image."""

    ports: tuple[PublishedPort, ...] = ()
    """Published ports; set inbound rules for them in `allowFrom`."""

    environment: dict[EnvironmentVariable, str] = {}
    """Plain environment variables."""

    secrets: dict[EnvironmentVariable, SecretKey] = {}
    """Environment variables from `secrets`, read with the instance's role at each start and not stored on disk."""

    gpus: bool = False
    """Whether it has access to all GPUs of the instance."""

    shared_memory_gib: int | None = Field(default=None, ge=1, le=1024)
    """Size of /dev/shm in GiB, for processes that share GPUs. Default: 64 MiB, Docker's default."""

    memory_gib: int | None = Field(default=None, ge=1, le=24576)
    """Memory limit in GiB. Default: none."""

    mounts: dict[AbsolutePath, FolderName] = {}
    """Directories of the data volume, by mount path in the container."""


class DataVolume(Model):
    """An encrypted gp3 data volume, which is kept when the instance is replaced."""

    size_gib: int = Field(ge=1, le=65536)
    """Size in GiB. It can be increased; the file system is extended at the next boot."""

    iops: int | None = Field(default=None, ge=3000, le=80000)
    """IOPS. Default: 3000, or what `throughput` requires."""

    throughput: int = Field(default=125, ge=125, le=2000)
    """Throughput in MiB/s."""

    path: AbsolutePath = "/data"
    """Mount path."""

    kms_key_arn: KmsKeyArn | None = None
    """KMS key of the volume. Default: the account's aws/ebs key."""

    final_snapshot: bool = True
    """Whether a snapshot is created on deletion."""

    def volume(self) -> Volume:
        """Return the volume that is requested."""
        asked = Volume("gp3", self.size_gib, self.iops, self.throughput)
        return asked._replace(iops=derived_iops(asked) or EBS["gp3"].baseline)


class Opening(Model):
    """An inbound rule of an instance. Access from the whole internet is rejected."""

    port: Port
    """Port, or first port of a range."""

    to_port: Port | None = None
    """Last port of a range. Default: the first port."""

    nodes: bool = False
    """Allow the nodes of the cluster and their pods."""

    instances: tuple[InstanceRef, ...] = ()
    """Allow these entries of `instances`, such as the bastion."""

    cidrs: tuple[Cidr, ...] = ()
    """Networks."""

    def last(self) -> int:
        """Return the last port."""
        return self.to_port or self.port


class Server(Model):
    """An entry of section `ai-platform:instances`: EC2 instances of one kind outside the cluster.

    They support Session Manager, which requires no key pair, and have DNS records in the private hosted zone.
    """

    role: Literal["server", "bastion"] = "server"
    """Role: a bastion has an Elastic IP, SSH access from the networks in `allowFrom`, kubectl and the AWS CLI."""

    instance_type: InstanceType
    """Instance type, such as t3.medium, or g5.xlarge with a GPU."""

    ami: AmiId | None = None
    """AMI with Amazon Linux 2023. Default: the newest Amazon Linux 2023 AMI, or with GPUs the newest Deep Learning Base
    AMI, when the instance is created; a newer AMI does not replace the instance."""

    tier: Literal["public", "private"] | None = None
    """Subnet tier. Default: public for a bastion, private for a server. An instance in a public subnet has a public IP
    address, and still only allows the sources in `allowFrom`."""

    zones: tuple[AvailabilityZone, ...] = Field(min_length=1)
    """Zones of the instances, in turn. Some zones do not offer types with GPUs; check with
    `aws ec2 describe-instance-type-offerings --location-type availability-zone`."""

    count: int = Field(default=1, ge=1, le=20)
    """Number of instances."""

    disk_gib: int | None = Field(default=None, ge=8, le=65536)
    """Size of the root volume in GiB, which has the container images. Default: 20, or 100 with GPUs."""

    data: DataVolume | None = None
    """Data volume of each instance; none by default."""

    containers: dict[Name, Container] = {}
    """Containers by name."""

    allow_from: tuple[Opening, ...] = ()
    """Inbound rules."""

    internet_ports: tuple[Port, ...] = (443,)
    """TCP ports on the internet to which it can connect; in the VPC it can connect to all ports. Add 80 for package
    repositories without TLS, which Amazon Linux 2023 does not need."""

    elastic_ip: bool = False
    """Whether it has an Elastic IP; a bastion always has one."""

    key_pair: KeyPairName | None = None
    """Key pair of the account for SSH; Session Manager requires none."""

    cluster_access: AccessPolicy | None = None
    """EKS access policy of its role, for kubectl. Default: none."""

    nodes_ssh: bool = False
    """Whether nodes of the cluster allow SSH from it."""

    log_retention_days: RetentionDays = 30
    """Retention of container logs in CloudWatch, in days."""

    capacity: Literal["onDemand", "spot"] = "onDemand"
    """Capacity type: On-Demand, or Spot, which is cheaper and can be interrupted with two minutes' notice.

    There can be no capacity at the start, too: EC2 then refuses the instance, or a `schedule` starts it only later.
    Another type or capacity replaces the instance; its data volume is kept. After a Spot instance is replaced or
    destroyed, check with `aws ec2 describe-spot-instance-requests --filters Name=state,Values=open,active` that its
    request was cancelled: a request that is left open starts an instance outside the stack.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-requests.html
    """

    interruption: Literal["stop", "terminate"] | None = None
    """What EC2 does when it interrupts a Spot instance. Default: stop.

    `stop` is a persistent request: EC2 keeps the volumes and the private address, and starts the instance when its
    zone has capacity for its type again; until then it cannot be started. `terminate` is a one-time request: the
    next `pulumi up --refresh` creates another instance, and a schedule cannot stop it. Hibernation is not supported:
    types with GPUs do not hibernate.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html
    """

    schedule: ScheduleRef | None = None
    """Schedule of stop and start (a key of `schedules`); volumes are kept."""

    tags: Tags = {}
    """Tags of its instances and volumes, in addition to the platform's."""

    def is_bastion(self) -> bool:
        """Return whether it is a bastion."""
        return self.role == "bastion"

    def stands_in(self) -> Literal["public", "private"]:
        """Return the tier of its subnet."""
        return self.tier or ("public" if self.is_bastion() else "private")

    def is_spot(self) -> bool:
        """Return whether it is a Spot instance."""
        return self.capacity == "spot"

    def on_interruption(self) -> Literal["stop", "terminate"]:
        """Return what EC2 does when it interrupts a Spot instance."""
        return self.interruption or "stop"

    def has_gpus(self) -> bool:
        """Return whether it has NVIDIA GPUs."""
        return instance_kind(self.instance_type).accelerator == "nvidia"

    def has_elastic_ip(self) -> bool:
        """Return whether it has an Elastic IP."""
        return self.elastic_ip or self.is_bastion()

    def root_gib(self) -> int:
        """Return the size of the root volume in GiB."""
        return self.disk_gib or (100 if self.has_gpus() else 20)

    def ami_parameter(self) -> str:
        """Return the public SSM parameter of the newest AMI.

        https://docs.aws.amazon.com/linux/al2023/ug/ec2.html,
        https://docs.aws.amazon.com/dlami/latest/devguide/aws-deep-learning-x86-base-gpu-ami-amazon-linux-2023.html
        """
        architecture = instance_kind(self.instance_type).architecture
        if self.has_gpus():
            base = "base-oss-nvidia-driver-gpu-amazon-linux-2023"
            return f"/aws/service/deeplearning/ami/{architecture}/{base}/latest/ami-id"
        return newest_ami(architecture)

    def ports_for_nodes(self) -> list[int]:
        """Return the ports with an inbound rule for nodes and pods."""
        openings = (opening for opening in self.allow_from if opening.nodes)
        return sorted({port for opening in openings for port in range(opening.port, opening.last() + 1)})

    def names(self, key: str) -> list[str]:
        """Return the name of each instance: the key, numbered if there are several."""
        return [key] if self.count == 1 else [f"{key}-{number}" for number in range(1, self.count + 1)]

    def zone_of(self, number: int) -> str:
        """Return the zone of an instance by its number, from 0."""
        return self.zones[number % len(self.zones)]
