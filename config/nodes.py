"""Nodes: managed node groups, and what Karpenter's node pools share with them.

What follows from the instance types (AMI, taint, labels) is derived, never written twice.
"""

from typing import Literal

from pydantic import Field

from catalog.instance_types import InstanceKind, gpus, instance_kind, instance_store_gib
from catalog.reading.model import Model
from config.types.aws import InstanceType, KeyPairName
from config.types.names import LabelKey, LabelValue, TagKey, TagValue
from config.types.references import ScheduleRef

GPU_TAINT_KEY = "nvidia.com/gpu"
GPU_LABEL = "nvidia.com/gpu.present"
"""The device plugin's DaemonSet selects this label: https://github.com/NVIDIA/k8s-device-plugin"""

AmiType = Literal[
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NVIDIA",
    "AL2023_ARM_64_NVIDIA",
    "AL2023_x86_64_NEURON",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64_NVIDIA",
    "BOTTLEROCKET_ARM_64_NVIDIA",
    "AL2_x86_64",
    "AL2_x86_64_GPU",
    "AL2_ARM_64",
]
"""The values of the EKS API; the loader refuses those of AL2, with the date."""


class Scaling(Model):
    """How many nodes; the autoscaler moves `desired` between the others."""

    min: int = Field(ge=0, le=450)
    """The fewest nodes; zero costs nothing while nobody needs one."""

    desired: int = Field(ge=0, le=450)
    """The nodes at first."""

    max: int = Field(ge=1, le=450)
    """The most nodes."""


class Taint(Model):
    """Keeps pods without the toleration away, as Kubernetes writes it."""

    key: LabelKey
    """Its key."""

    value: LabelValue = ""
    """Its value."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"
    """What happens to pods that do not tolerate it."""


class Disk(Model):
    """The root volume of a node, encrypted."""

    size_gib: int = Field(ge=20, le=16384)
    """Its size. A node needs room for its images, and a GPU node for the model's weights."""

    type: Literal["gp3", "gp2", "io2"] = "gp3"
    """The volume type; gp3 unless a workload has been measured to need io2."""

    iops: int | None = Field(default=None, ge=3000, le=80000)
    """Operations a second; the type's own when left out."""

    throughput: int | None = Field(default=None, ge=125, le=2000)
    """MiB/s of a gp3 volume."""


class Nodes(Model):
    """What node groups and Karpenter's node pools share. What follows from the instance types is derived here."""

    instance_types: tuple[InstanceType, ...] = Field(min_length=1, max_length=20)
    """Alike in processor, GPUs and size. Spot needs several, or it waits for capacity."""

    operating_system: Literal["AL2023", "BOTTLEROCKET"] = "AL2023"
    """Amazon Linux 2023 or Bottlerocket."""

    disk: Disk | None = None
    """30 GiB, or 200 GiB with GPUs (images with CUDA and a model's weights do not fit the default of 20) unless
    `instanceStore` holds those."""

    instance_store: Literal["RAID0"] | None = None
    """RAID0 makes one disk of the NVMe disks that are part of the machine, for images and all that pods write on the
    node; the root volume keeps the rest. It is faster, costs nothing more, and is empty on each new node."""

    labels: dict[LabelKey, LabelValue] = {}
    """Labels of its nodes, beside those that are derived."""

    taints: tuple[Taint, ...] = ()
    """Taints of its nodes, beside those that are derived."""

    tags: dict[TagKey, TagValue] = {}
    """Its tags, beside the platform's."""

    zones: tuple[str, ...] = ()
    """The zones of its nodes; all with a private subnet when left out."""

    max_pods: int = Field(default=110, ge=8, le=250)
    """More than a small node's addresses allow by themselves: the VPC CNI hands out prefixes."""

    def kind(self) -> InstanceKind:
        """Processor and accelerator of the first instance type; the loader has checked that all agree."""
        return instance_kind(self.instance_types[0])

    def has_gpus(self) -> bool:
        """Whether its nodes offer NVIDIA GPUs."""
        return self.kind().accelerator == "nvidia"

    def gpus_per_node(self) -> int:
        """The fewest GPUs that a node of this group has."""
        return min(gpus(instance_type) for instance_type in self.instance_types)

    def needs_device_plugin(self) -> bool:
        """Bottlerocket's NVIDIA variant brings the device plugin, AL2023's does not."""
        return self.has_gpus() and self.operating_system == "AL2023"

    def all_labels(self) -> dict[str, str]:
        """Its labels and the one that marks GPU nodes."""
        return {**self.labels, **({GPU_LABEL: "true"} if self.has_gpus() else {})}

    def all_taints(self) -> tuple[Taint, ...]:
        """Its taints and the one that keeps other pods off GPU nodes."""
        if not self.has_gpus() or any(taint.key == GPU_TAINT_KEY for taint in self.taints):
            return self.taints
        return (*self.taints, Taint(key=GPU_TAINT_KEY, value="true", effect="NoSchedule"))

    def root_disk(self) -> Disk:
        """The root volume, given or by default."""
        return self.disk or Disk(size_gib=200 if self.has_gpus() and self.instance_store is None else 30)

    def pods_disk_gib(self, instance_type: str) -> int:
        """The disk of a node of this type on which images and the files of pods lie."""
        store = instance_store_gib(instance_type) if self.instance_store is not None else None
        return store or self.root_disk().size_gib


class NodeGroup(Nodes):
    """Named in section `ai-platform:nodeGroups`; the key is the name of the node group in EKS."""

    capacity: Literal["onDemand", "spot"] = "onDemand"
    """On demand, or Spot: cheaper, and taken away at two minutes' notice."""

    scaling: Scaling
    """How many nodes."""

    ami_type: AmiType | None = None
    """Derived from operating system and instance types; a value given here has to agree with them."""

    key_pair: KeyPairName | None = None
    """A key pair of the account, for SSH from an instance with `nodesSsh`; Session Manager needs none."""

    schedule: ScheduleRef | None = None
    """The schedule by which the group sleeps with no node at all."""

    def derived_ami_type(self) -> str:
        """The AMI type that operating system, processor and accelerator ask for."""
        kind = self.kind()
        arm = kind.architecture == "arm64"
        if self.operating_system == "BOTTLEROCKET":
            return f"BOTTLEROCKET_{'ARM_64' if arm else 'x86_64'}{'_NVIDIA' if kind.accelerator == 'nvidia' else ''}"
        variant = {"nvidia": "NVIDIA", "neuron": "NEURON", "none": "STANDARD"}[kind.accelerator]
        return f"AL2023_{'ARM_64' if arm else 'x86_64'}_{variant}"
