"""NAT instances: types that EC2 lacks or a region does not offer, and settings without effect."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.offline_mistakes import MIRROR
from tests.config.refused.case import Case

_AT = "    zones: [us-west-2a, us-west-2b]\n"
_NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html"
_TYPES = "https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html"


def _set(text: str) -> tuple[tuple[str, str], ...]:
    return ((_AT, _AT + text),)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a NAT instance without NAT": Case(
        (
            *_set("    nat: none\n    natInstance: {}\n    endpoints: {addMissing: true}\n"),
            ("", f"  ai-platform:images: {{registry: '{MIRROR}'}}\n"),
        ),
        ("10: network.natInstance: has no effect with network.nat: none; set perZone or single, or remove it",),
        _NAT,
    ),
    "a NAT instance with GPUs": Case(
        _set("    natInstance: {instanceType: g5.xlarge}\n"),
        (
            "9: network.natInstance.instanceType: g5.xlarge has accelerators, which a NAT instance does not use; use t4g.micro",
        ),
        _NAT,
    ),
    "a NAT instance of an unknown size": Case(
        _set("    natInstance: {instanceType: t4g.nanno}\n"),
        ("9: network.natInstance.instanceType: 't4g.nanno' is not an EC2 instance type; write it like t3.medium",),
        _TYPES,
    ),
    "a NAT instance of a family that EC2 lacks": Case(
        _set("    natInstance: {instanceType: t4q.nano}\n"),
        ("9: network.natInstance.instanceType: unknown instance type 't4q.nano'; did you mean t4g.nano?",),
        _TYPES,
    ),
    "a NAT instance of a service": Case(
        _set("    natInstance: {instanceType: db.t4g.micro}\n"),
        ("9: network.natInstance.instanceType: 'db.t4g.micro' is not an EC2 instance type; write it like t3.medium",),
        _TYPES,
    ),
}
# fmt: on
