"""A Kubernetes API that only nodes and pods reach."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from aiplatform.preview.plan import Plan
from config.settings import Settings


def private_endpoint(plan: Plan, settings: Settings) -> Iterator[Finding]:
    """Yield a warning if no network outside the cluster can use the API: `pulumi up` creates Kubernetes objects."""
    endpoint = settings.cluster.endpoint
    if endpoint.public or endpoint.private_cidrs:
        return
    for one in plan.resources:
        if one.type == "eks:index:Cluster":
            yield Finding(
                "private-endpoint",
                "warning",
                one.urn,
                "only nodes and pods reach the Kubernetes API, which pulumi up, kubectl and aiplatform verify call",
                "set the network of the machine that runs them, in the VPC or connected to it, in "
                "cluster.endpoint.privateCidrs",
            )
