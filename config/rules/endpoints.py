"""Names of the services of VPC endpoints."""

from collections.abc import Iterator

from catalog.endpoint_services import AS_OF, BY_GATEWAY, SERVICES, WORLDWIDE, meant
from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack


def services(stack: Stack) -> Iterator[Problem]:
    """Services have interface endpoints. A name that the table lacks, and that resembles none, is a warning."""
    for index, name in enumerate(stack.settings.network.endpoints.interface):
        path: Path = ("network", "endpoints", "interface", index)
        if name in BY_GATEWAY:
            yield Problem(
                path,
                f"{name} has a gateway endpoint, which is free, and EC2 gives its interface endpoint no private DNS "
                f"name; set {name.removesuffix('-fips')} in gateway, and remove this",
                because=(("network", "endpoints", "gateway"),),
            )
        elif name in WORLDWIDE:
            yield Problem(
                path,
                f"{name} is not a service of a region: its endpoint com.amazonaws.{name} is only in us-east-1; remove "
                "it",
            )
        if name in SERVICES:
            continue
        service = meant(name)
        if service is not None:
            yield Problem(path, f"unknown endpoint service {name!r}; did you mean {service}?")
        else:
            yield Problem(
                path,
                f"{name} is not in the table of endpoint services of {AS_OF}; check with `aws ec2 "
                "describe-vpc-endpoint-services`",
                severity="warning",
            )


RULES: tuple[Rule, ...] = (services,)
