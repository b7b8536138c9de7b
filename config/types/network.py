"""Networks, ports, URL paths, and names of security groups, hosted zones, TLS policies and services."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Annotated

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from config.types.text import matching, quoted


def _parse_network(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9.]+/[0-9]{1,2}", value):
        raise ValueError(f"{quoted(value)} is not a network; write address/prefix, like 10.0.4.0/24")
    try:
        network = IPv4Network(value, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise ValueError(f"{value} is not a network; write address/prefix, like 10.0.4.0/24") from None
    address = IPv4Address(value.split("/")[0])
    if network.network_address != address:
        raise ValueError(f"{value} has host bits set; the network is {network}")
    return network


Cidr = Annotated[
    IPv4Network,
    PlainValidator(_parse_network),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\.\d+\.\d+\.\d+/\d+$", "examples": ["10.0.4.0/24"]}),
]
"""An IPv4 network in CIDR notation, without host bits."""

Port = Annotated[int, Field(ge=1024, le=65535)]
"""A port above 1023: lower ports require a privileged user."""

UrlPath = Annotated[str, matching(r"/|(?:/[A-Za-z0-9._~-]+)+", "is not a URL path; write it like /health or /api/v1")]

SecurityGroupName = Annotated[
    str,
    matching(
        r"(?!sg-)(?!default$)[A-Za-z0-9 ._:/()#,@+=&;{}!$*-]{1,200}",
        "is not a security group name; write at most 200 letters, digits and hyphens, not beginning with sg-",
    ),
]

HostedZoneId = Annotated[
    str, matching(r"Z[A-Z0-9]{1,31}", "is not a hosted zone ID; write it like Z0123456789ABCDEFGHIJ")
]

TlsPolicy = Annotated[
    str,
    matching(
        r"ELBSecurityPolicy-TLS13-1-[23][A-Za-z0-9-]*",
        "is not a current TLS policy; use ELBSecurityPolicy-TLS13-1-2-... or ELBSecurityPolicy-TLS13-1-3-...",
    ),
]

ServiceName = Annotated[
    str, matching(r"[a-z0-9][a-z0-9.-]{0,62}", "is not the name of an AWS service; write it like ecr.api or sts")
]
"""The service name of a VPC endpoint, without the prefix com.amazonaws.<region>."""
