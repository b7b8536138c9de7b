"""Invalid values of the networks of a VPC and its gateways: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "a network with a prefix that there is none of": (
        (("10.0.0.0/16", "10.0.0.0/33"),),
        ("7: network.cidr: 10.0.0.0/33 is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "a network with host bits": (
        (("10.0.0.0/16", "10.0.1.0/16"),),
        ("7: network.cidr: 10.0.1.0/16 has host bits set; the network is 10.0.0.0/16",),
    ),
    "a network without a prefix": (
        (("10.0.0.0/16", "10.0.0.0"),),
        ("7: network.cidr: '10.0.0.0' is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "a VPC too large": (
        (("10.0.0.0/16", "10.0.0.0/8"),),
        ("7: network.cidr: 10.0.0.0/8 is not a valid size of a VPC; use /16 to /28",),
    ),
    "a VPC too small to divide": (
        (("10.0.0.0/16", "10.0.0.0/26"),),
        ("7: network.cidr: 10.0.0.0/26 is too small to be divided; use a /25 or larger, or set network.subnets",),
    ),
    "a VPC too small": (
        (("10.0.0.0/16", "10.0.0.0/29"),),
        ("7: network.cidr: 10.0.0.0/29 is not a valid size of a VPC; use /16 to /28",),
    ),
    "NAT without a public subnet": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n",
            ),
        ),
        ("6: network.nat: perZone requires a public subnet; add one to network.subnets.public, or set none",),
    ),
}
# fmt: on
