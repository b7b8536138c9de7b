"""The EFS CSI driver."""

from collections.abc import Iterator
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.cluster.addons.addon import SYSTEM_NAMESPACE, AddonContext, AddonType, Installed, eks_addon
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import CRITICAL, EVERYWHERE, Chart, SystemPods, Values
from config.addons import Addon as AddonSettings

CONTROLLER_REQUESTS = {"cpu": "10m", "memory": "64Mi"}
"""Resource requests of each of the controller's three containers.

The controller provisions access points for claims, and no claim of the platform uses this. The default request of the
add-on is 200m each, 1.2 cores in total: https://github.com/aws/containers-roadmap/issues/2758
"""


class EfsCsi(Component, Installed):
    """The EFS CSI driver with its IAM role. It mounts the access points that the platform creates.

    There is no StorageClass: volumes reference an access point.
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
            # EKS assigns the role of an add-on to all its service accounts:
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
            # The add-on always runs two replicas: EKS rejects `replicaCount`.
            # https://github.com/aws/containers-roadmap/issues/2415
            configuration={"controller": {"resources": {"requests": CONTROLLER_REQUESTS}}},
            role_arn=identity.annotated_role_arn(),
            opts=self.child(depends_on=identity.policies),
        )
        self.installed = [addon]
        self.finish(role_arn=identity.role_arn)


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods of the driver.

    https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/charts/aws-efs-csi-driver/values.yaml
    The add-on runs two controllers. The requests apply to each of their three containers; the default is a fifth of a
    core: https://github.com/aws/containers-roadmap/issues/2758
    """
    asked = values.get("controller", {}).get("resources", {}).get("requests", {"cpu": "200m"})
    yield SystemPods("efs-csi-controller", [asked] * 3, replicas=2, priority_class=CRITICAL)
    yield SystemPods("efs-csi-node", [{}] * 3, tolerations=EVERYWHERE, host_network=True)


ADDON = AddonType(EfsCsi, {"aws-efs-csi-driver": Chart(_pods)}, gives="controllers")
