"""Targets of the VPC CNI that it does not read."""

from tests.config.refused.case import Case

NODES = "  ai-platform:nodeGroups:\n"
SOURCE = "https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/prefix-and-ip-target.md"


def _warm(text: str, line: str, source: str = SOURCE) -> Case:
    given = f"  ai-platform:addons:\n    vpcCni: {{{text}}}\n"
    return Case(((NODES, given + NODES),), (f"12: addons.vpcCni{line}",), source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "interfaces with prefixes": _warm(
        "warm: {interfaces: 1}", ".warm.interfaces: has no effect with prefixDelegation true; set warm.prefixes"
    ),
    "prefixes without prefixes": _warm(
        "prefixDelegation: false, warm: {prefixes: 1}",
        ".warm.prefixes: has no effect with prefixDelegation false; set warm.interfaces",
    ),
    "prefixes and addresses": _warm(
        "warm: {prefixes: 1, addresses: 2}",
        ".warm.prefixes: has no effect with warm.addresses, which the CNI uses instead; remove one",
    ),
    "interfaces and minimum": _warm(
        "prefixDelegation: false, warm: {interfaces: 0, minimumAddresses: 10}",
        ".warm.interfaces: has no effect with warm.minimumAddresses, which the CNI uses instead; remove one",
    ),
    "no prefix at all": _warm("warm: {prefixes: 0}", ".warm.prefixes: 0 is too small; the minimum is 1"),
}
