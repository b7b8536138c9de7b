"""Interface endpoints only where they cost less than the NAT gateway's data."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject


def ideas(subject: Subject) -> Iterator[Idea]:
    """Remove interface endpoints of a network with NAT gateways, each of which has a price for each zone and hour."""
    network = subject.settings.network
    endpoints = network.endpoints
    if not network.is_isolated() and endpoints.has_interface():
        changes = [(("network", "endpoints", "interface"), []), (("network", "endpoints", "addMissing"), False)]
        loss = "a path to AWS services that does not leave the VPC; their traffic uses the NAT gateway"
        yield Idea("network.endpoints: remove the interface endpoints", tuple(changes), None, loss)
