"""Load balancers: created by Pulumi, or by a controller for Kubernetes objects."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.growth import by_routed_replicas
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

_ALB = "alb.ingress.kubernetes.io"
_NLB = "service.beta.kubernetes.io/aws-load-balancer"
INTERNET_FACING = "internet-facing"


def load_balancer(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield hours, capacity units, and a public address in each subnet if the load balancer is internet-facing.

    https://aws.amazon.com/elasticloadbalancing/pricing/, https://aws.amazon.com/vpc/pricing/
    """
    kind = "nlb" if found.inputs.get("loadBalancerType") == "network" else "alb"
    subnets = len(found.inputs.get("subnets") or found.inputs.get("subnetMappings") or ())
    yield from _balancer(kind, 0 if found.inputs.get("internal") else subnets, context)


def ingress(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield an ALB, which the load balancer controller creates for each Ingress, or for each group of Ingresses."""
    annotations = _annotations(found)
    group = annotations.get(f"{_ALB}/group.name")
    if group is not None and _first_of_group(found, group, context) is not found:
        return
    public = annotations.get(f"{_ALB}/scheme") == INTERNET_FACING
    listed = [each for each in annotations.get(f"{_ALB}/subnets", "").split(",") if each.strip()]
    yield from _balancer("alb", (len(listed) or _public_subnets(context)) if public else 0, context)


def service(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield an NLB, which the load balancer controller creates for a Service of type LoadBalancer; others are free."""
    if (found.inputs.get("spec") or {}).get("type") == "LoadBalancer":
        public = _annotations(found).get(f"{_NLB}-scheme") == INTERNET_FACING
        yield from _balancer("nlb", _public_subnets(context) if public else 0, context)


def _balancer(kind: str, addresses: int, context: Context) -> Iterator[Usage]:
    hours = context.hours_per_month
    grown = by_routed_replicas(context) if kind == "alb" else always(1)
    units = {"alb": ("alb_lcu_hour", "LCU-h"), "nlb": ("nlb_nlcu_hour", "NLCU-h")}[kind]
    yield Usage(f"{kind}_hour", "h", always(hours))
    yield Usage(*units, grown * (context.assumed("lcu") * hours), ("lcu",))
    if addresses:
        yield Usage("public_ipv4_hour", "address-h", always(addresses * hours))


def _annotations(found: Resource) -> Mapping[str, str]:
    annotations = (found.inputs.get("metadata") or {}).get("annotations") or {}
    return {key: str(value) for key, value in annotations.items()}


def _first_of_group(found: Resource, group: str, context: Context) -> Resource:
    """Return the first Ingress of a group by namespace and name, to which the shared load balancer is charged."""
    sharing = (each for each in context.of(found.type) if _annotations(each).get(f"{_ALB}/group.name") == group)
    return min(sharing, key=_namespaced_name)


def _namespaced_name(found: Resource) -> tuple[str, str]:
    metadata = found.inputs.get("metadata") or {}
    return str(metadata.get("namespace")), str(metadata.get("name"))


def _public_subnets(context: Context) -> int:
    """Return the number of subnets with the tag of public load balancers, all of which the controller uses."""
    tag = "kubernetes.io/role/elb"
    existing = [each for each in context.of("aws:ec2/tag:Tag") if each.inputs.get("key") == tag]
    made = [each for each in context.of("aws:ec2/subnet:Subnet") if tag in (each.inputs.get("tags") or {})]
    return len(existing) + len(made)


BALANCING: Mapping[str, PricingRule] = {
    "aws:lb/loadBalancer:LoadBalancer": load_balancer,
    "kubernetes:networking.k8s.io/v1:Ingress": ingress,
    "kubernetes:core/v1:Service": service,
}
