"""Plain EC2 servers: section `ai-platform:instances`."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.instance_types import instance_kind
from catalog.reading.model import Model
from config.cluster import AccessPolicy
from config.secrets import SecretKey
from config.types.aws import Arn, AvailabilityZone, InstanceType, KeyPairName
from config.types.names import Name, TagKey, TagValue
from config.types.network import Cidr
from config.types.programs import AbsolutePath, EnvironmentVariable, Image
from config.types.references import InstanceRef, RepositoryRef, ScheduleRef
from config.types.text import matching
from config.types.times import RetentionDays

Port = Annotated[int, Field(ge=1, le=65535)]

SSH_PORT = 22

AmiId = Annotated[
    str, matching(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?", "is no AMI; write its id, like ami-0123456789abcdef0")
]
ImageTag = Annotated[
    str,
    matching(
        r"(?!latest$)\w[\w.-]{0,127}", "is no tag that stays; write one like prod-20250714-1752, and never latest"
    ),
]
FolderName = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", "is no name of a folder; write it without a slash, like models")
]


class PublishedPort(Model):
    """A port of the server that leads into a container."""

    host: Port
    """The server's port."""

    container: Port | None = None
    """The container's port; the same as the server's when left out."""

    def inside(self) -> int:
        """The container's port."""
        return self.container or self.host


class Container(Model):
    """A container that the server starts, at each boot and whenever it ends."""

    image: Image | None = None
    """The image with registry and tag, where it is in no repository of this stack."""

    repository: RepositoryRef | None = None
    """A key of `repositories`, in the place of `image`."""

    tag: ImageTag | None = None
    """The tag in that repository."""

    command: tuple[str, ...] = ()
    """Arguments for the image's entry point; its own when left out."""

    ports: tuple[PublishedPort, ...] = ()
    """Ports of the server that lead into it; `allowFrom` says who reaches them."""

    environment: dict[EnvironmentVariable, str] = {}
    """Plain environment variables."""

    secrets: dict[EnvironmentVariable, SecretKey] = {}
    """Environment variables from `secrets`, read by the server's role at each start and written down nowhere."""

    gpus: bool = False
    """Gives it all GPUs of the server."""

    shared_memory_gib: int | None = Field(default=None, ge=1, le=1024)
    """Size of /dev/shm, which processes that share GPUs need; Docker's 64 MiB when left out."""

    memory_gib: int | None = Field(default=None, ge=1, le=24576)
    """The most memory it gets; all of the server when left out."""

    mounts: dict[AbsolutePath, FolderName] = {}
    """Folders of the data volume by the place where the container sees them."""


class DataVolume(Model):
    """An encrypted gp3 volume of its own, which stays when the server is replaced."""

    size_gib: int = Field(ge=1, le=16384)
    """Its size; it may grow, and the file system grows with it at the next boot."""

    iops: int = Field(default=3000, ge=3000, le=80000)
    """Operations a second."""

    throughput: int = Field(default=125, ge=125, le=2000)
    """MiB a second."""

    path: AbsolutePath = "/data"
    """Where it is mounted."""

    kms_key_arn: Arn | None = None
    """The key that encrypts it; the account's aws/ebs key when left out."""

    final_snapshot: bool = True
    """Makes a snapshot when it is deleted."""


class Opening(Model):
    """Who reaches a port, and nobody else does. The whole internet never can."""

    port: Port
    """The port, or the first of several."""

    to_port: Port | None = None
    """The last port of several."""

    nodes: bool = False
    """The nodes of the cluster, and with them its pods."""

    instances: tuple[InstanceRef, ...] = ()
    """Other instances by name, such as the bastion."""

    cidrs: tuple[Cidr, ...] = ()
    """Networks."""

    def last(self) -> int:
        """The last port."""
        return self.to_port or self.port


class Server(Model):
    """Named in section `ai-platform:instances`: EC2 instances of one kind beside the cluster.

    They are reached by Session Manager without a key, and by each other and by pods under a private name.
    """

    role: Literal["server", "bastion"] = "server"
    """A bastion is the way in for people: an Elastic IP, SSH from the networks in `allowFrom`, kubectl and AWS CLI."""

    instance_type: InstanceType
    """Such as t3.medium, or g5.xlarge for one with a GPU."""

    ami: AmiId | None = None
    """An Amazon Linux 2023 image to start from. Left out: the newest of Amazon Linux 2023, or with GPUs the newest
    Deep Learning Base image, as it was when the instance was made; newer ones replace nothing by themselves."""

    tier: Literal["public", "private"] | None = None
    """The kind of subnet; public for a bastion and private for a server when left out. A public one brings an address,
    and still only those in `allowFrom` get in."""

    zones: tuple[AvailabilityZone, ...] = Field(min_length=1)
    """Where the instances stand, one zone after the other. A zone may lack a type of instance with GPUs: ask
    `aws ec2 describe-instance-type-offerings --location-type availability-zone`."""

    count: int = Field(default=1, ge=1, le=20)
    """How many of them."""

    disk_gib: int | None = Field(default=None, ge=8, le=16384)
    """The root volume, which holds the images; 20, or 100 with GPUs when left out."""

    data: DataVolume | None = None
    """A volume for what has to stay, one for each instance."""

    containers: dict[Name, Container] = {}
    """What runs on it, by name."""

    allow_from: tuple[Opening, ...] = ()
    """Who reaches which port."""

    internet_ports: tuple[Port, ...] = (443,)
    """TCP ports of the internet that it may call itself; in the VPC it may call all. Add 80 for package mirrors
    without TLS, which Amazon Linux 2023 has none of."""

    elastic_ip: bool = False
    """A public address that stays; a bastion always has one."""

    key_pair: KeyPairName | None = None
    """A key pair of the account, for SSH; Session Manager needs none."""

    cluster_access: AccessPolicy | None = None
    """The EKS access policy of its role: what kubectl may do there. None when left out."""

    nodes_ssh: bool = False
    """Lets SSH from it reach the nodes of the cluster."""

    log_retention_days: RetentionDays = 30
    """How long CloudWatch keeps what its containers say."""

    schedule: ScheduleRef | None = None
    """The schedule by which it is stopped and started; its volumes stay."""

    tags: dict[TagKey, TagValue] = {}
    """Tags of its instances and volumes, beside the platform's."""

    def is_bastion(self) -> bool:
        """Whether people come in by it."""
        return self.role == "bastion"

    def stands_in(self) -> Literal["public", "private"]:
        """The kind of its subnet."""
        return self.tier or ("public" if self.is_bastion() else "private")

    def has_gpus(self) -> bool:
        """Whether it has NVIDIA GPUs."""
        return instance_kind(self.instance_type).accelerator == "nvidia"

    def has_elastic_ip(self) -> bool:
        """Whether its public address stays."""
        return self.elastic_ip or self.is_bastion()

    def root_gib(self) -> int:
        """The size of the root volume."""
        return self.disk_gib or (100 if self.has_gpus() else 20)

    def ami_parameter(self) -> str:
        """The public parameter that names the newest AMI.

        https://docs.aws.amazon.com/linux/al2023/ug/ec2.html,
        https://docs.aws.amazon.com/dlami/latest/devguide/aws-deep-learning-x86-base-gpu-ami-amazon-linux-2023.html
        """
        architecture = instance_kind(self.instance_type).architecture
        if self.has_gpus():
            base = "base-oss-nvidia-driver-gpu-amazon-linux-2023"
            return f"/aws/service/deeplearning/ami/{architecture}/{base}/latest/ami-id"
        return f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"

    def ports_for_nodes(self) -> list[int]:
        """The ports that are open to nodes, and with them to pods."""
        openings = (opening for opening in self.allow_from if opening.nodes)
        return sorted({port for opening in openings for port in range(opening.port, opening.last() + 1)})

    def names(self, key: str) -> list[str]:
        """The name of each instance: the key, with a number where there are several."""
        return [key] if self.count == 1 else [f"{key}-{number}" for number in range(1, self.count + 1)]

    def zone_of(self, number: int) -> str:
        """The zone of an instance, counted from 0."""
        return self.zones[number % len(self.zones)]
