"""Nodes: managed node groups, and the settings that Karpenter's node pools share with them.

AMI type, taint and labels are derived from the instance types.
"""

from typing import Literal

from pydantic import Field

from catalog.gpus import accelerator
from catalog.instance_types import InstanceKind, gpus, instance_kind, instance_store_gib
from catalog.reading.model import Model
from catalog.volumes import Volume, derived_iops
from config.types.aws import InstanceType, KeyPairName
from config.types.names import LabelKey, LabelValue, Tags
from config.types.programs import AmiRelease
from config.types.references import ScheduleRef

GPU_TAINT_KEY = "nvidia.com/gpu"
GPU_LABEL = "nvidia.com/gpu.present"
"""The label that the DaemonSet of the device plugin selects: https://github.com/NVIDIA/k8s-device-plugin"""

ACCELERATOR_LABEL = "k8s.amazonaws.com/accelerator"
"""The label by which Cluster Autoscaler knows a GPU node, and waits for its GPUs:
https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#gpu-node-groups"""

DERIVED_LABELS = (GPU_LABEL, ACCELERATOR_LABEL)

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
"""Values of the EKS API; rules reject those of AL2 with the end of support."""


class Scaling(Model):
    """Size of a node group; the autoscaler changes `desired` between `min` and `max`."""

    min: int = Field(ge=0, le=450)
    """Minimum nodes; a group with 0 nodes has no cost."""

    desired: int = Field(ge=0, le=450)
    """Initial nodes."""

    max: int = Field(ge=1, le=450)
    """Maximum nodes."""


class Taint(Model):
    """A taint, which repels pods without a toleration."""

    key: LabelKey
    """Key of the taint."""

    value: LabelValue = ""
    """Value of the taint."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"
    """Effect on pods that do not tolerate it."""


class Disk(Model):
    """The root volume of a node, encrypted."""

    size_gib: int = Field(ge=20, le=65536)
    """Size in GiB, for container images, and on GPU nodes for the weights of models."""

    type: Literal["gp3", "gp2", "io1", "io2"] = "gp3"
    """Volume type; gp3 is enough unless a workload requires io2."""

    iops: int | None = Field(default=None, ge=100, le=256000)
    """Provisioned IOPS: required by io1 and io2, not supported by gp2. Default: the baseline of gp3, or what
    `throughput` requires."""

    throughput: int | None = Field(default=None, ge=125, le=2000)
    """Throughput of a gp3 volume in MiB/s."""

    def volume(self) -> Volume:
        """Return the volume that is requested."""
        asked = Volume(self.type, self.size_gib, self.iops, self.throughput)
        return asked._replace(iops=derived_iops(asked))


class Nodes(Model):
    """Settings that node groups and node pools share, and values that are derived from the instance types."""

    instance_types: tuple[InstanceType, ...] = Field(min_length=1, max_length=20)
    """Instance types with the same architecture and GPUs, of similar size. Set several for Spot, because a single type
    can be unavailable."""

    operating_system: Literal["AL2023", "BOTTLEROCKET"] = "AL2023"
    """Operating system: Amazon Linux 2023 or Bottlerocket."""

    disk: Disk | None = None
    """Root volume. Default: 30 GiB, or 200 GiB with GPUs and without `instanceStore`, for images with CUDA and the
    weights of models."""

    instance_store: Literal["RAID0"] | None = None
    """RAID0 combines the NVMe instance store disks to one disk for images and ephemeral storage of pods. It is faster
    than EBS, has no extra cost, and is empty on each new node."""

    labels: dict[LabelKey, LabelValue] = {}
    """Node labels, in addition to derived ones."""

    taints: tuple[Taint, ...] = ()
    """Node taints, in addition to derived ones."""

    tags: Tags = {}
    """Tags, in addition to the platform's."""

    zones: tuple[str, ...] = ()
    """Zones of its nodes. Default: all zones with a private subnet."""

    max_pods: int = Field(default=110, ge=8, le=250)
    """Maximum pods of a node; with prefix delegation it can exceed the number of the node's addresses."""

    def kind(self) -> InstanceKind:
        """Return architecture and accelerator of the first instance type; rules check that all types agree."""
        return instance_kind(self.instance_types[0])

    def has_gpus(self) -> bool:
        """Return whether its nodes have NVIDIA GPUs."""
        return self.kind().accelerator == "nvidia"

    def gpus_per_node(self) -> int:
        """Return the minimum number of GPUs of a node over its instance types; rules refuse types without any among
        others."""
        return min(filter(None, map(gpus, self.instance_types)), default=0)

    def needs_device_plugin(self) -> bool:
        """Return whether GPU nodes need the device plugin: Bottlerocket's NVIDIA variant includes it, AL2023's does
        not."""
        return self.has_gpus() and self.operating_system == "AL2023"

    def all_labels(self) -> dict[str, str]:
        """Return its labels and the label of GPU nodes."""
        return {**self.labels, **({GPU_LABEL: "true"} if self.has_gpus() else {})}

    def all_taints(self) -> tuple[Taint, ...]:
        """Return its taints and the taint of GPU nodes."""
        if not self.has_gpus() or any(taint.key == GPU_TAINT_KEY for taint in self.taints):
            return self.taints
        return (*self.taints, Taint(key=GPU_TAINT_KEY, value="true", effect="NoSchedule"))

    def root_disk(self) -> Disk:
        """Return the root volume, set or default."""
        return self.disk or Disk(size_gib=200 if self.has_gpus() and self.instance_store is None else 30)

    def pods_disk_gib(self, instance_type: str) -> int:
        """Return the size in GiB of the disk with images and ephemeral storage, for a node of this instance type."""
        store = instance_store_gib(instance_type) if self.instance_store is not None else None
        return store or self.root_disk().size_gib


class NodeGroup(Nodes):
    """An entry of section `ai-platform:nodeGroups`; its key is the name of the node group in EKS."""

    capacity: Literal["onDemand", "spot"] = "onDemand"
    """Capacity type: On-Demand, or Spot, which is cheaper and can be interrupted with two minutes' notice."""

    scaling: Scaling
    """Minimum, initial and maximum nodes."""

    ami_type: AmiType | None = None
    """AMI type. Default: derived from operating system and instance types, which an explicit value must match."""

    release_version: AmiRelease | None = None
    """Release of the AMI, such as `1.36.4-20260930`. Default: the one of the Kubernetes version in
    catalog/data/eks-releases.yaml. Another release replaces the nodes one by one."""

    key_pair: KeyPairName | None = None
    """Key pair of the account, for SSH from an instance with `nodesSsh`; Session Manager requires none."""

    schedule: ScheduleRef | None = None
    """Schedule (a key of `schedules`) by which the group is scaled to 0 nodes and back."""

    def all_labels(self) -> dict[str, str]:
        """Return its labels and those of GPU nodes, for the device plugin and for Cluster Autoscaler."""
        labels = super().all_labels()
        return {**labels, ACCELERATOR_LABEL: accelerator(self.instance_types[0])} if self.has_gpus() else labels

    def derived_ami_type(self) -> str:
        """Return the AMI type of the operating system, architecture and accelerator."""
        kind = self.kind()
        arm = kind.architecture == "arm64"
        if self.operating_system == "BOTTLEROCKET":
            return f"BOTTLEROCKET_{'ARM_64' if arm else 'x86_64'}{'_NVIDIA' if kind.accelerator == 'nvidia' else ''}"
        variant = {"nvidia": "NVIDIA", "neuron": "NEURON", "none": "STANDARD"}[kind.accelerator]
        return f"AL2023_{'ARM_64' if arm else 'x86_64'}_{variant}"
