"""Servers with GPUs and a single replica: what a drain of their node costs."""

import math
from collections.abc import Iterator

from aiplatform.finding import Finding
from aiplatform.findings.rules.pods import pod_specs
from aiplatform.findings.rules.rule import Inputs
from aiplatform.findings.rules.values import mapping, sequence
from aiplatform.fit.pods import objects, workloads
from aiplatform.preview.plan import Plan
from catalog.creation_times import creation_times
from catalog.quantities import GPU

DEFAULT_GRACE = 30
"""Seconds: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination"""


def single_replicas(plan: Plan) -> Iterator[Finding]:
    """Yield an info for each server with GPUs whose only replica a drain of its node ends."""
    given = objects(plan)
    found = {one.urn: one.object for one in given}
    servers = [one for one in workloads(given) if not (one.ends or one.everywhere) and one.replicas.minimum == 1]
    for server in servers:
        gpus = sum(one.asks(GPU) * one.replicas.minimum for one in servers if one.urn == server.urn)
        if not gpus or server.part == "worker":
            continue
        pod = next(pod_specs(found[server.urn]), {})
        yield Finding(
            "single-replica",
            "info",
            server.urn,
            f"{server.identity} has one replica: when its node is drained, for an update or a Spot interruption, it "
            f"completes responses for up to {pod.get('terminationGracePeriodSeconds', DEFAULT_GRACE)} seconds, and "
            f"then requests fail for about {_node_minutes()} minutes until there is a node, and until the pod has "
            f"started, at most {math.ceil(_startup_seconds(pod) / 60)} minutes",
            f"set a minimum of 2 replicas, which takes {gpus} more GPU{'' if gpus == 1 else 's'}, or update nodes "
            "outside working hours",
        )


def _node_minutes() -> int:
    return math.ceil(creation_times().types["eks:index:ManagedNodeGroup"].seconds / 60)


def _startup_seconds(pod: Inputs) -> int:
    """Return how long the slowest container may take to start."""
    probes = [mapping(mapping(one).get("startupProbe")) for one in sequence(pod.get("containers"))]
    return max(
        (int(one.get("failureThreshold", 3)) * int(one.get("periodSeconds", 10)) for one in probes if one), default=0
    )
