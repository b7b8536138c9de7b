"""Fewer NAT gateways, and NAT instances in their place."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject

TYPES = {"t4g.micro": "64 Mbit/s", "t4g.nano": "32 Mbit/s"}
"""Instance types, and the bandwidth that they always have:
https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html"""


def ideas(subject: Subject) -> Iterator[Idea]:
    """Use a single NAT gateway instead of one for each zone, and NAT instances instead of NAT gateways."""
    network = subject.settings.network
    zones = network.nat_zones()
    if network.nat == "perZone" and len(zones) > 1:
        what = "instance" if network.nat_instance else "gateway"
        yield Idea(
            f"network.nat: use a single NAT {what}, in {zones[0]}",
            ((("network", "nat"), "single"),),
            "ha",
            f"without {zones[0]}, nodes of the other zones have no internet access; traffic of other zones pays "
            "cross-zone transfer",
        )
    for instance_type, bandwidth in TYPES.items() if zones and network.nat_instance is None else ():
        if subject.machine(instance_type) is not None:
            yield Idea(
                f"network.natInstance: use a {instance_type} as NAT instance instead of "
                f"{'each' if len(zones) > 1 else 'the'} NAT gateway",
                ((("network", "natInstance", "instanceType"), instance_type),),
                "ha",
                f"a service level, bandwidth ({bandwidth} with bursts of 5 Gbit/s remain of 5 Gbit/s), internet access "
                "for minutes while an instance is replaced, and the public addresses of the gateways",
            )
