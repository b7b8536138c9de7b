"""Networks of the private endpoint of the Kubernetes API."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html"
NODES = "10: cluster.endpoint.private: must be true: nodes would reach the Kubernetes API through their NAT gateways, whose addresses are not in publicCidrs, and could not join the cluster; remove it, or set private: true"
PLACE = "10: cluster.endpoint.privateCidrs"


def _endpoint(text: str, *lines: str) -> Case:
    return Case((("endpoint: {public: false}", f"endpoint: {{{text}}}"),), lines, SOURCE)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "private endpoint: a public network": _endpoint(
        "public: false, privateCidrs: [198.51.100.0/24]",
        f"{PLACE}[0]: 198.51.100.0/24 is not a private network, and the private endpoint has private addresses; set a network of the VPC or one that is connected to it, or use publicCidrs",
    ),
    "private endpoint: the world": _endpoint(
        "public: false, privateCidrs: [0.0.0.0/0]",
        f"{PLACE}[0]: 0.0.0.0/0 is not a private network, and the private endpoint has private addresses; set a network of the VPC or one that is connected to it, or use publicCidrs",
    ),
    "private endpoint: disabled": _endpoint(
        "private: false, publicCidrs: [198.51.100.0/24], privateCidrs: [10.1.0.0/16]",
        NODES,
        f"{PLACE}: has no effect with private: false; remove it, or private: false",
    ),
    "private endpoint: twice": _endpoint(
        "public: false, privateCidrs: [10.1.0.0/16, 10.1.0.0/16]", f"{PLACE}: has a duplicate entry; remove one"
    ),
}
