"""Data transfer inside the VPC and out of it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.pulls import pulled
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

_NAT = "aws:ec2/natGateway:NatGateway"
_VPC = "aws:ec2/vpc:Vpc"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"

FREE_OUT_GB = 100
"""Free GB a month and account, over all regions: https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer"""

OUT_TIERS: tuple[tuple[str, int | None], ...] = (
    ("data_transfer_out_first_10tb_gb", 10 * 1024),
    ("data_transfer_out_next_40tb_gb", 40 * 1024),
    ("data_transfer_out_next_100tb_gb", 100 * 1024),
    ("data_transfer_out_over_150tb_gb", None),
)
"""Price items of data transfer out, with the GB of each tier, from the same source."""


def nat_gateway(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield hours, and an equal share of the data that all NAT gateways process: the assumed traffic, and what nodes
    pull at their starts. The public address is an Elastic IP
    with its own line.

    https://aws.amazon.com/vpc/pricing/
    """
    gateways = len(context.by_type[_NAT])
    yield Usage("nat_gateway_hour", "h", always(context.hours_per_month))
    more, assumed = pulled(context)
    gigabytes = (always(context.assumed("natGbPerMonth")) + more) * (Decimal(1) / gateways)
    note = f"{more.expected / gateways:.0f} GB of images and weights" if more.any() else ""
    yield Usage("nat_gateway_gb", "GB", gigabytes, ("natGbPerMonth", *assumed), note)


def endpoint(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield interface endpoints by hour and zone, and an equal share of the processed data; gateway endpoints are free.

    https://aws.amazon.com/privatelink/pricing/
    """
    if not _is_interface(found):
        return
    zones = len(found.inputs.get("subnetIds") or ())
    yield Usage("vpc_endpoint_interface_hour", "endpoint-AZ-h", always(zones * context.hours_per_month))
    shared = sum(map(_is_interface, context.of(_ENDPOINT)))
    gigabytes = context.assumed("endpointGbPerMonth") / shared
    yield Usage("vpc_endpoint_interface_gb", "GB", always(gigabytes), ("endpointGbPerMonth",))


def _is_interface(found: Resource) -> bool:
    return found.inputs.get("vpcEndpointType") == "Interface"


def internet(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield data transfer to the internet beyond the free part, by price tier."""
    assumed = ("dataTransferOutGb",)
    left = max(Decimal(0), context.assumed("dataTransferOutGb") - FREE_OUT_GB)
    for item, most in OUT_TIERS:
        part = left if most is None else min(left, Decimal(most))
        if part or item == OUT_TIERS[0][0]:
            yield Usage(item, "GB", always(part), assumed, f"the first {FREE_OUT_GB} GB are free")
        left -= part


def vpc(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield data transfer between zones, which is billed in both directions, from the page for data transfer out."""
    gigabytes = 2 * context.assumed("crossZoneGb")
    yield Usage("data_transfer_cross_az_gb_each_direction", "GB", always(gigabytes), ("crossZoneGb",), "both ends")


TRAFFIC = frozenset({_VPC})
"""Types of existing resources with a price for what the platform does in them."""

NETWORK: Mapping[str, PricingRule] = {
    _NAT: nat_gateway,
    _ENDPOINT: endpoint,
    "aws:ec2/internetGateway:InternetGateway": internet,
    _VPC: vpc,
}
