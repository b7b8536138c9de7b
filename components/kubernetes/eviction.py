"""Annotations that keep autoscalers from removing the node of a pod."""

from collections.abc import Iterable, Mapping

from config.node_pools import NodePool

NOT_EVICTED = {
    # https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
}
UNDISTURBED = {
    # https://karpenter.sh/docs/concepts/disruption/#pod-level-controls
    "karpenter.sh/do-not-disrupt": "true",
    **NOT_EVICTED,
}
"""Annotations of pods whose work is lost with their node. No autoscaler removes the node while they run."""


def kept_in_place(pools: Iterable[NodePool]) -> Mapping[str, str]:
    """Return the annotations of a server with GPUs that can run on nodes of `pools`: no autoscaler moves it.

    `do-not-disrupt` also delays the replacement of nodes with an older AMI, so that it is set only where the pool moves
    running pods.
    """
    return UNDISTURBED if any(pool.moves_pods() for pool in pools) else NOT_EVICTED
