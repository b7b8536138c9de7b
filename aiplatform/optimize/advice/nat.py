"""Fewer NAT gateways."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject


def ideas(subject: Subject) -> Iterator[Idea]:
    """Use a single NAT gateway instead of one for each zone."""
    network = subject.settings.network
    if network.nat == "perZone" and len(network.nat_zones()) > 1:
        zone = network.nat_zones()[0]
        yield Idea(
            f"network.nat: use a single NAT gateway, in {zone}",
            ((("network", "nat"), "single"),),
            "ha",
            f"without {zone}, nodes of the other zones have no internet access; traffic of other zones pays "
            "cross-zone transfer",
        )
