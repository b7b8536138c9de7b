"""Which add-ons a cluster gets, and in which order."""

from typing import ClassVar

import pulumi

from components.base.component import Component
from components.cluster.addons.addon import AddonContext
from components.cluster.addons.cloudwatch_observability import CloudwatchObservability
from components.cluster.addons.cluster_autoscaler import ClusterAutoscaler
from components.cluster.addons.ebs_csi import EbsCsi
from components.cluster.addons.efs_csi import EfsCsi
from components.cluster.addons.external_secrets import ExternalSecrets
from components.cluster.addons.keda import Keda, scales
from components.cluster.addons.leader_worker_set import LeaderWorkerSet, spans_nodes
from components.cluster.addons.load_balancer_controller import LoadBalancerController
from components.cluster.addons.managed_addon import ManagedAddon
from components.cluster.addons.nvidia_device_plugin import NvidiaDevicePlugin, needing_device_plugin
from components.cluster.addons.vpc_cni import VpcCni
from config.addons import Addon


class NodeAddons(Component):
    """What a node reads when it starts, and so has to be there before the first one."""

    TOKEN: ClassVar[str] = "ai-platform:addons:NodeAddons"

    def __init__(self, name: str, *, context: AddonContext, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        wanted = context.settings.addons
        self.installed: list[pulumi.Resource] = []
        """What nodes wait for."""
        if wanted.vpc_cni.enabled:
            cni = VpcCni("vpc-cni", wanted.vpc_cni, context=context, opts=self.child())
            self.installed.append(cni.addon)
        if wanted.kube_proxy.enabled:
            proxy = ManagedAddon("kube-proxy", wanted.kube_proxy, context=context, opts=self.child())
            self.installed.append(proxy.addon)
        if context.settings.cluster.workload_identity == "podIdentity":
            agent = ManagedAddon("eks-pod-identity-agent", Addon(), context=context, opts=self.child())
            self.installed.append(agent.addon)
        self.finish()


class ClusterAddons(Component):
    """What runs on the nodes."""

    TOKEN: ClassVar[str] = "ai-platform:addons:ClusterAddons"

    def __init__(self, name: str, *, context: AddonContext, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        wanted = context.settings.addons
        self.controllers: list[pulumi.Resource] = []
        """What workloads have to wait for, and outlive at a destroy."""
        self.storage: list[pulumi.Resource] = []
        """What volumes need, at their making and until they are gone."""
        self.outputs: dict[str, pulumi.Input[str]] = {}
        if wanted.coredns.enabled:
            # Two even where the rest has one: without names nothing works.
            replicas = {"replicaCount": max(2, context.replicas)}
            names = ManagedAddon("coredns", wanted.coredns, context=context, configuration=replicas, opts=self.child())
            self.controllers.append(names.addon)
        if wanted.metrics_server.enabled:
            ManagedAddon(
                "metrics-server",
                wanted.metrics_server,
                context=context,
                configuration={"replicas": context.replicas},
                opts=self.child(),
            )
        if wanted.cloudwatch_observability.enabled:
            CloudwatchObservability(
                "cloudwatch-observability",
                wanted.cloudwatch_observability,
                context=context,
                opts=self.child(depends_on=self.controllers),
            )
        self._storage(context)
        self._scaling(context)
        self._operators(context)
        self.finish()

    def _storage(self, context: AddonContext) -> None:
        settings = context.settings.addons.ebs_csi
        if settings.enabled:
            driver = EbsCsi("ebs-csi", settings, context=context, opts=self.child())
            self.outputs["ebs_csi_irsa_role_arn"] = driver.role_arn
            self.storage.extend(driver.installed)
        files = context.settings.addons.efs_csi
        if files.enabled and context.settings.file_systems:
            mounts = EfsCsi("efs-csi", files, context=context, opts=self.child())
            self.controllers.append(mounts.addon)

    def _scaling(self, context: AddonContext) -> None:
        wanted = context.settings.addons
        if wanted.cluster_autoscaler.enabled:
            ClusterAutoscaler("cluster-autoscaler", wanted.cluster_autoscaler, context=context, opts=self.child())
        if wanted.nvidia_device_plugin.enabled and needing_device_plugin(context.settings):
            NvidiaDevicePlugin("nvidia-device-plugin", wanted.nvidia_device_plugin, context=context, opts=self.child())

    def _operators(self, context: AddonContext) -> None:
        wanted = context.settings.addons
        if wanted.load_balancer_controller.enabled:
            controller = LoadBalancerController(
                "load-balancer-controller",
                wanted.load_balancer_controller,
                context=context,
                opts=self.child(depends_on=self.controllers),
            )
            self.outputs["alb_controller_role_arn"] = controller.role_arn
            self.controllers.append(controller.release)
        if wanted.external_secrets.enabled:
            secrets = ExternalSecrets(
                "external-secrets",
                wanted.external_secrets,
                context=context,
                opts=self.child(depends_on=self.controllers[:1]),
            )
            self.controllers.append(secrets.release)
        self._of_models(context)

    def _of_models(self, context: AddonContext) -> None:
        """What language models need beside the rest: their objects are of kinds that these charts bring."""
        wanted, names = context.settings.addons, self.controllers[:1]
        if wanted.keda.enabled and scales(context.settings):
            keda = Keda("keda", wanted.keda, context=context, opts=self.child(depends_on=names))
            self.controllers.append(keda.release)
        if wanted.leader_worker_set.enabled and spans_nodes(context.settings):
            groups = LeaderWorkerSet(
                "leader-worker-set", wanted.leader_worker_set, context=context, opts=self.child(depends_on=names)
            )
            self.controllers.append(groups.release)
