"""Volumes on EFS."""

from collections.abc import Iterator
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.cluster.addons.addon import SYSTEM_NAMESPACE, AddonContext, AddonType, Installed, eks_addon
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import CRITICAL, EVERYWHERE, Chart, SystemPods, Values
from config.addons import Addon as AddonSettings

CONTROLLER_REQUESTS = {"cpu": "10m", "memory": "64Mi"}
"""Of each of the controller's three containers; it makes access points for claims that ask for one, and here none does.

The add-on by itself asks for 200m each, 1.2 cores in all: https://github.com/aws/containers-roadmap/issues/2758
"""


class EfsCsi(Component, Installed):
    """The EFS CSI driver with its role. It mounts the access points that the platform makes.

    There is no StorageClass: volumes are claimed by the name of an access point.
    """

    TOKEN: ClassVar[str] = "ai-platform:addons:EfsCsi"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-efs-csi-controller",
            account=ServiceAccount(SYSTEM_NAMESPACE, "efs-csi-controller-sa"),
            # EKS gives the role of an add-on to all its service accounts:
            # https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html
            shared_with=["efs-csi-node-sa"],
            provider=context.cluster.identity_provider,
            managed_policies=["service-role/AmazonEFSCSIDriverPolicy"],
            create_service_account=False,
            opts=self.child(),
        )
        addon = eks_addon(
            name,
            settings,
            context,
            addon="aws-efs-csi-driver",
            # The number of replicas is no setting of this add-on, which runs two: EKS refuses `replicaCount`.
            # https://github.com/aws/containers-roadmap/issues/2415
            configuration={"controller": {"resources": {"requests": CONTROLLER_REQUESTS}}},
            role_arn=identity.annotated_role_arn(),
            opts=self.child(depends_on=identity.policies),
        )
        self.installed = [addon]
        self.finish(role_arn=identity.role_arn)


def _pods(values: Values) -> Iterator[SystemPods]:
    """https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/charts/aws-efs-csi-driver/values.yaml

    The add-on runs two controllers, and what is asked for holds for each of their three containers; by itself a fifth
    of a core: https://github.com/aws/containers-roadmap/issues/2758
    """
    asked = values.get("controller", {}).get("resources", {}).get("requests", {"cpu": "200m"})
    yield SystemPods("efs-csi-controller", [asked] * 3, replicas=2, priority_class=CRITICAL)
    yield SystemPods("efs-csi-node", [{}] * 3, tolerations=EVERYWHERE, host_network=True)


ADDON = AddonType(EfsCsi, {"aws-efs-csi-driver": Chart(_pods)}, gives="controllers")
