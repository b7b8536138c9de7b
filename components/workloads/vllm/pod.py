"""The pods of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.models import Published
from components.identity.secret_access import SyncedSecret
from components.kubernetes.eviction import kept_in_place
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    environment,
    in_order,
    mount,
    pod_security,
    probe,
    resources,
    sleep_first,
    volume,
)
from components.kubernetes.scaling import spread
from components.workloads.vllm.arguments import COMMAND, arguments, template_in_image, variables
from components.workloads.vllm.names import (
    MODELS,
    SCRATCH,
    SHARED_MEMORY,
    TEMPLATE,
    TEMPLATES,
    USER_ID,
    template_config,
)
from config.node_pools import NodePool
from config.nodes import Nodes, Taint
from config.timeouts import PRE_STOP_SECONDS, Timeouts
from config.workloads.vllm import Pods, VllmModel

GROUP_LABEL = "eks.amazonaws.com/nodegroup"
POOL_LABEL = "karpenter.sh/nodepool"
GROUP_NAME_LABEL = "leaderworkerset.sigs.k8s.io/name"
HEALTH = "/health"
"""It requires no key."""

STARTUP_PERIOD = 10
SCRATCH_SIZE = "20Gi"
"""Size of compiled kernels and of libraries' caches, a few GiB."""

SCRATCH_REQUEST = "5Gi"


@dataclass(frozen=True)
class ModelPods:
    """Common settings of all pods of a model."""

    model: str
    """Name of the model."""

    settings: VllmModel
    known: Published
    pods: Pods
    nodes: Nodes
    served_name: str
    port: int
    region: str
    weights_from: pulumi.Input[str]
    keys: SyncedSecret
    claim: str | None
    """The claim with the weights; None if they are in a folder of the node, or are not stored."""

    service_account: str | None
    timeouts: Timeouts

    def metadata(self, labels: Mapping[str, str]) -> kubernetes.meta.v1.ObjectMetaArgs:
        """Return labels, and annotations that keep the node while the model runs."""
        pools = [self.nodes] if isinstance(self.nodes, NodePool) else []
        annotations: dict[str, pulumi.Input[str]] = dict(kept_in_place(pools))
        if self.template is not None:
            annotations[CONFIGURATION_ANNOTATION] = configuration_hash(self.template)
        return kubernetes.meta.v1.ObjectMetaArgs(labels=dict(labels), annotations=annotations)

    @property
    def template(self) -> Mapping[str, str] | None:
        """Return the contents of the ConfigMap with the chat template; None if it is in the image, or the model's."""
        text = self.settings.chat_template
        return None if text is None or template_in_image(self.settings) else {TEMPLATE.rpartition("/")[2]: text}

    def spec(self, labels: Mapping[str, str], *, worker: bool = False) -> kubernetes.core.v1.PodSpecArgs:
        """Return a pod: a server, or a worker of one."""
        return kubernetes.core.v1.PodSpecArgs(
            service_account_name=self.service_account,
            automount_service_account_token=False,
            # A Service's name in the environment could be a setting, such as VLLM_PORT.
            enable_service_links=False,
            termination_grace_period_seconds=self.timeouts.grace_period,
            security_context=pod_security(USER_ID),
            node_selector=self._node_selector(),
            tolerations=tolerations(self.nodes.all_taints()),
            # GPUs are used in any zone that has capacity.
            topology_spread_constraints=None if self.pods.nodes > 1 else spread(labels, strict=False),
            affinity=self._one_zone() if self.pods.nodes > 1 else None,
            containers=[self._container(worker=worker)],
            volumes=self._volumes(),
        )

    def _node_selector(self) -> dict[str, str]:
        return {POOL_LABEL if isinstance(self.nodes, NodePool) else GROUP_LABEL: self.settings.node_group}

    def _one_zone(self) -> kubernetes.core.v1.AffinityArgs:
        """Return an affinity that prefers one zone for pods that exchange a layer's results.

        Traffic within a zone has less latency and no price.
        """
        term = kubernetes.core.v1.PodAffinityTermArgs(
            topology_key="topology.kubernetes.io/zone",
            label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels={GROUP_NAME_LABEL: self.model}),
        )
        return kubernetes.core.v1.AffinityArgs(
            pod_affinity=kubernetes.core.v1.PodAffinityArgs(
                preferred_during_scheduling_ignored_during_execution=[
                    kubernetes.core.v1.WeightedPodAffinityTermArgs(weight=100, pod_affinity_term=term)
                ]
            )
        )

    def _container(self, *, worker: bool) -> kubernetes.core.v1.ContainerArgs:
        settings = self.settings
        answers = not worker
        return kubernetes.core.v1.ContainerArgs(
            name="server",
            image=settings.image,
            command=list(COMMAND),
            args=arguments(
                settings,
                self.known,
                self.pods,
                served_name=self.served_name,
                port=self.port,
                weights_from=self.weights_from,
                timeouts=self.timeouts,
                worker=worker,
            ),
            env=in_order(
                [
                    *environment(variables(settings, self.region, self.timeouts)),
                    *self.keys.environment(
                        {
                            "VLLM_API_KEY": "api-key",
                            **({"HF_TOKEN": "token"} if settings.token_secret is not None else {}),
                        }
                    ),
                    *([_own_address()] if self.pods.nodes > 1 else []),
                ]
            ),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=self.port)] if answers else None,
            resources=resources(
                settings.resources, scratch=settings.weights.on_node() or SCRATCH_REQUEST, gpus=self.pods.gpus
            ),
            startup_probe=probe(HEALTH, period=STARTUP_PERIOD, failures=settings.startup_minutes * 60 // STARTUP_PERIOD)
            if answers
            else None,
            readiness_probe=probe(HEALTH, period=10, failures=3) if answers else None,
            # A long step is not a failure: the process exits on a failure.
            liveness_probe=probe(HEALTH, period=20, failures=6) if answers else None,
            # A worker outlives the responses of its server, which needs its GPUs until then.
            lifecycle=sleep_first(PRE_STOP_SECONDS if answers else PRE_STOP_SECONDS + self.timeouts.drain),
            security_context=container_security(),
            volume_mounts=[
                mount("scratch", SCRATCH),
                mount("shared-memory", SHARED_MEMORY),
                *([mount("models", MODELS)] if settings.weights.streamed is None else []),
                *([mount("templates", TEMPLATES, read_only=True)] if self.template is not None else []),
            ],
        )

    def _volumes(self) -> Sequence[kubernetes.core.v1.VolumeArgs]:
        settings = self.settings
        empty = kubernetes.core.v1.EmptyDirVolumeSourceArgs
        found = [
            volume("scratch", empty_dir=empty(size_limit=SCRATCH_SIZE)),
            volume("shared-memory", empty_dir=empty(medium="Memory", size_limit=settings.shared_memory)),
        ]
        if self.claim is not None:
            claim = kubernetes.core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=self.claim)
            found.append(volume("models", persistent_volume_claim=claim))
        elif settings.weights.on_node() is not None:
            found.append(volume("models", empty_dir=empty(size_limit=settings.weights.on_node())))
        if self.template is not None:
            source = kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=template_config(self.model))
            found.append(volume("templates", config_map=source))
        return found


def _own_address() -> kubernetes.core.v1.EnvVarArgs:
    return kubernetes.core.v1.EnvVarArgs(
        name="VLLM_HOST_IP",
        value_from=kubernetes.core.v1.EnvVarSourceArgs(
            field_ref=kubernetes.core.v1.ObjectFieldSelectorArgs(field_path="status.podIP")
        ),
    )


def tolerations(taints: Sequence[Taint]) -> list[kubernetes.core.v1.TolerationArgs]:
    """Return a toleration for every taint of a group's nodes."""
    return [
        kubernetes.core.v1.TolerationArgs(key=taint.key, operator="Exists", effect=taint.effect)
        for taint in taints
        if taint.effect != "PreferNoSchedule"
    ]
