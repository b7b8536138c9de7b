"""Images and weights of models that nodes pull from the internet at each start, through NAT gateways."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from aiplatform.cost.bill import NOTHING, SIZES, Sizes
from aiplatform.cost.index import NODE_GROUPS, Context, group_name
from aiplatform.cost.pricing.compute import node_hours
from aiplatform.cost.pricing.pools import NODE_POOL, nodes_of
from catalog.instance_types import sizes
from config.model_memory import kept, published, weights

STARTS, HOURS = "nodeStartsPerMonth", "startedNodeHours"
IMAGES, GPU_IMAGES = "nodeImagesGb", "gpuNodeImagesGb"
_GB = 10**9
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_ECR = ".dkr.ecr."


class _Nodes(NamedTuple):
    """Nodes of a group, or of one shape of a pool."""

    types: Sequence[str]
    hours: Sizes
    assumed: tuple[str, ...]
    running: Decimal
    """Hours of a month in which a node runs that no pod keeps waiting."""

    days: Decimal | None
    """Running days of a month, on each of which a node starts; None without a schedule."""


def pulled(context: Context) -> tuple[Sizes, tuple[str, ...]]:
    """Return the GB a month that nodes pull, and the assumptions that they depend on.

    A node that a schedule stops starts on each running day; of a group or pool that starts with 0 nodes, one starts for
    each few hours; other nodes start when they are replaced. The disk of a node is deleted with it. Images from ECR do
    not pass NAT gateways where a gateway endpoint for S3 has their layers, and weights only where the disk of the node
    keeps them.
    """
    total, assumed = NOTHING, dict[str, None]()
    own = _own_registry(context)
    for nodes in _nodes(context):
        gpus = any(type_ in sizes() and sizes()[type_].gpus for type_ in nodes.types)
        images = GPU_IMAGES if gpus else IMAGES
        each = (Decimal(0) if own else context.assumed(images)) + (weights_gb(context) if gpus else 0)
        if each:
            least, usual, most = (_starts(nodes.hours.at(size), nodes, context) for size in SIZES)
            # A node that always runs starts less often than one that comes and goes.
            total += Sizes(min(least, usual), usual, max(usual, most)) * each
            assumed |= dict.fromkeys((*(() if own else (images,)), *nodes.assumed, *_depends(nodes)))
    return total, tuple(assumed)


def _nodes(context: Context) -> Iterator[_Nodes]:
    for group in context.of(*NODE_GROUPS):
        name = group_name(group)
        hours, assumed = node_hours(group, context)
        share = context.group_hours(name)
        days = context.group_days(name) if share < 1 else None
        types = tuple(group.inputs.get("instanceTypes") or ())
        yield _Nodes(types, hours, assumed, context.hours_per_month * share, days)
    for pool in context.of(NODE_POOL) if context.settings is not None else ():
        for types, hours, assumed in nodes_of(pool, context):
            yield _Nodes(types, hours, assumed, context.hours_per_month, None)


def _starts(hours: Decimal, nodes: _Nodes, context: Context) -> Decimal:
    if not nodes.running:
        return Decimal(0)
    if hours < nodes.running:
        return hours / context.assumed(HOURS)
    return hours / nodes.running * (context.assumed(STARTS) if nodes.days is None else nodes.days)


def _depends(nodes: _Nodes) -> Iterator[str]:
    """Yield the assumption about starts that the expected size depends on."""
    if nodes.hours.expected and nodes.hours.expected < nodes.running:
        yield HOURS
    elif nodes.hours.expected and nodes.days is None:
        yield STARTS


def _own_registry(context: Context) -> bool:
    """Return whether images come from ECR, and their layers from S3 without NAT gateways."""
    registry = (context.settings.images.registry if context.settings is not None else None) or ""
    endpoints = (one.inputs for one in context.of(_ENDPOINT))
    gateways = (one for one in endpoints if one.get("vpcEndpointType") != "Interface")
    return _ECR in registry and any(str(one.get("serviceName")).endswith(".s3") for one in gateways)


def weights_gb(context: Context) -> Decimal:
    """Return the GB of weights that a node with GPUs downloads at a start: the average of the replicas of models
    without another storage than the node's disk. A model without figures counts nothing.
    """
    serving = context.settings.workloads.vllm if context.settings is not None else None
    models = [one for one in (serving.models.values() if serving is not None else ()) if one.weights.on_node()]
    known = [(max(1, one.least()), one, found) for one in models if (found := published(one)) is not None]
    replicas = sum(count for count, _, _ in known)
    size = sum(count * weights(found.figures, kept(one, found.stored)) for count, one, found in known)
    return Decimal(size) / _GB / replicas if replicas else Decimal(0)
