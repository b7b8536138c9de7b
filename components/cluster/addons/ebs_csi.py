"""The EBS CSI driver."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.cluster.addons.addon import SYSTEM_NAMESPACE, AddonContext, AddonType, Installed, eks_addon
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import EVERYWHERE, Chart, SystemPods, Values, controller
from config.addons import STORAGE_CLASS
from config.addons import EbsCsi as EbsCsiSettings


class EbsCsi(Component, Installed):
    """The EBS CSI driver with its IAM role, and the default StorageClass."""

    TOKEN: ClassVar[str] = "ai-platform:addons:EbsCsi"

    def __init__(
        self,
        name: str,
        settings: EbsCsiSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-ebs-csi-controller",
            account=ServiceAccount(SYSTEM_NAMESPACE, "ebs-csi-controller-sa"),
            provider=context.cluster.identity_provider,
            managed_policies=["service-role/AmazonEBSCSIDriverPolicy"],
            create_service_account=False,
            opts=self.child(),
        )
        driver = eks_addon(
            name,
            settings,
            context,
            addon="aws-ebs-csi-driver",
            configuration={"controller": {"replicaCount": context.replicas}},
            role_arn=identity.annotated_role_arn(),
            opts=self.child(depends_on=identity.policies),
        )
        self.installed: list[pulumi.Resource] = [driver]
        if settings.default_storage_class:
            storage_class = kubernetes.storage.v1.StorageClass(
                name,
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=STORAGE_CLASS, annotations={"storageclass.kubernetes.io/is-default-class": "true"}
                ),
                provisioner="ebs.csi.aws.com",
                parameters={
                    "type": "gp3",
                    "encrypted": "true",
                    "csi.storage.k8s.io/fstype": "ext4",
                    **volume_tags(context.settings.backup_tags()),
                },
                # The volume is created in the zone of its pod.
                volume_binding_mode="WaitForFirstConsumer",
                allow_volume_expansion=True,
                reclaim_policy=settings.reclaim_policy or ("Retain" if context.settings.is_protected() else "Delete"),
                # The API server refuses an update of the field, which the provider does not know. Volumes stay.
                opts=pulumi.ResourceOptions.merge(
                    self.child(depends_on=[driver]),
                    pulumi.ResourceOptions(replace_on_changes=["reclaimPolicy"], delete_before_replace=True),
                ),
            )
            self.installed.append(storage_class)
        self.outputs = {"ebs_csi_irsa_role_arn": identity.role_arn}
        self.finish(role_arn=identity.role_arn)


def volume_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a StorageClass that tags new volumes. Existing volumes do not get the tags.

    https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
    """
    return {f"tagSpecification_{number}": f"{key}={value}" for number, (key, value) in enumerate(tags.items(), start=1)}


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods of the driver.

    https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/values.yaml
    """
    asked = {"cpu": "10m", "memory": "40Mi"}
    replicas = values.get("controller", {}).get("replicaCount", 2)
    yield controller("ebs-csi-controller", [asked] * 6, replicas)
    yield SystemPods("ebs-csi-node", [asked] * 3, tolerations=EVERYWHERE, host_network=True)


ADDON = AddonType(EbsCsi, {"aws-ebs-csi-driver": Chart(_pods)}, gives="storage")
