"""The subnets of a VPC. Deployed subnets cannot move, so the layouts here are frozen."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.network import Network
from config.subnets import carve


@st.composite
def vpcs(draw: st.DrawFn) -> IPv4Network:
    prefix = draw(st.integers(min_value=16, max_value=25))
    return IPv4Network((draw(st.integers(min_value=0, max_value=2**32 - 1)) >> (32 - prefix) << (32 - prefix), prefix))


ZONES = st.integers(min_value=1, max_value=4)
VPCS_WITH_DATA = vpcs().filter(lambda vpc: vpc.prefixlen <= 24)

steady = settings(deadline=None, derandomize=True)


@steady
@given(vpc=vpcs(), zones=ZONES)
def test_subnets_are_in_the_vpc_once_per_zone_and_tier(vpc: IPv4Network, zones: int) -> None:
    tiers = carve(vpc, zones)
    assert (len(tiers.public), len(tiers.private)) == (zones, zones)
    assert all(subnet.subnet_of(vpc) for subnet in tiers.public + tiers.private)


@steady
@given(vpc=vpcs(), zones=ZONES)
def test_subnets_do_not_overlap(vpc: IPv4Network, zones: int) -> None:
    tiers = carve(vpc, zones)
    assert not [pair for pair in combinations(tiers.public + tiers.private, 2) if pair[0].overlaps(pair[1])]


@steady
@given(vpc=vpcs(), zones=ZONES)
def test_subnet_sizes_are_valid_for_aws(vpc: IPv4Network, zones: int) -> None:
    tiers = carve(vpc, zones)
    assert {16 <= subnet.prefixlen <= 28 for subnet in tiers.public + tiers.private} == {True}
    assert {subnet.prefixlen for subnet in tiers.private} == {min(vpc.prefixlen + 3, 28)}
    assert {subnet.prefixlen for subnet in tiers.public} == {min(vpc.prefixlen + 8, 28)}


@steady
@given(vpc=vpcs(), zones=st.integers(min_value=1, max_value=3))
def test_added_zone_moves_no_subnet(vpc: IPv4Network, zones: int) -> None:
    # A moved subnet would be replaced.
    before, after = carve(vpc, zones), carve(vpc, zones + 1)
    assert after.public[:zones] == before.public
    assert after.private[:zones] == before.private


@steady
@given(vpc=VPCS_WITH_DATA, zones=ZONES)
def test_data_subnets_are_in_the_vpc_once_per_zone_and_do_not_overlap(vpc: IPv4Network, zones: int) -> None:
    tiers = carve(vpc, zones, data=True)
    assert len(tiers.data) == zones
    assert all(subnet.subnet_of(vpc) for subnet in tiers.data)
    assert {subnet.prefixlen for subnet in tiers.data} == {min(vpc.prefixlen + 8, 28)}
    everything = tiers.public + tiers.private + tiers.data
    assert not [pair for pair in combinations(everything, 2) if pair[0].overlaps(pair[1])]


@steady
@given(vpc=VPCS_WITH_DATA, zones=st.integers(min_value=1, max_value=3))
def test_added_zone_or_data_tier_moves_no_subnet(vpc: IPv4Network, zones: int) -> None:
    without, before, after = carve(vpc, zones), carve(vpc, zones, data=True), carve(vpc, zones + 1, data=True)
    assert (before.public, before.private) == (without.public, without.private)
    assert (after.public[:zones], after.private[:zones], after.data[:zones]) == before[:3]
    assert without.data == ()


@steady
@given(vpc=vpcs().filter(lambda vpc: vpc.prefixlen <= 23), zones=ZONES)
def test_control_plane_subnets_do_not_overlap_and_move_none(vpc: IPv4Network, zones: int) -> None:
    before, tiers = carve(vpc, zones, data=True), carve(vpc, zones, data=True, control_plane=True)
    assert tiers[:3] == before[:3]
    assert before.control_plane == ()
    assert [subnet.prefixlen for subnet in tiers.control_plane] == [28] * zones
    assert all(subnet.subnet_of(vpc) for subnet in tiers.control_plane)
    everything = tiers.public + tiers.private + tiers.data + tiers.control_plane
    assert not [pair for pair in combinations(everything, 2) if pair[0].overlaps(pair[1])]
    if zones < 4:
        more = carve(vpc, zones + 1, control_plane=True)
        assert more.control_plane[:zones] == tiers.control_plane


@pytest.mark.parametrize(
    ("vpc", "zones", "control_plane"),
    [
        ("10.0.0.0/16", 3, ["10.0.224.0/28", "10.0.224.16/28", "10.0.224.32/28"]),
        ("192.168.4.0/23", 2, ["192.168.5.192/28", "192.168.5.208/28"]),
    ],
)
def test_control_plane_layout_is_frozen(vpc: str, zones: int, control_plane: list[str]) -> None:
    tiers = carve(IPv4Network(vpc), zones, control_plane=True)
    assert [str(subnet) for subnet in tiers.control_plane] == control_plane
    with pytest.raises(ValueError, match="use a /23 or larger"):
        carve(IPv4Network("10.0.0.0/24"), zones, control_plane=True)


def test_control_plane_cidrs_exist_only_with_its_own_subnets() -> None:
    assert _network().control_plane_cidrs() == []
    assert _network(control_plane_subnets=True).control_plane_cidrs() == [
        "10.0.224.0/28",
        "10.0.224.16/28",
        "10.0.224.32/28",
    ]


@steady
@given(vpc=vpcs())
def test_three_eighths_of_the_vpc_stay_unassigned(vpc: IPv4Network) -> None:
    tiers = carve(vpc, 4)
    behind = list(vpc.subnets(prefixlen_diff=3))[5:]
    if vpc.prefixlen <= 23:
        assert not any(free.overlaps(subnet) for free in behind for subnet in tiers.public + tiers.private)


FROZEN = {
    ("10.0.0.0/16", 3): (
        ["10.0.128.0/24", "10.0.129.0/24", "10.0.130.0/24"],
        ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"],
    ),
    ("10.10.0.0/16", 2): (["10.10.128.0/24", "10.10.129.0/24"], ["10.10.0.0/19", "10.10.32.0/19"]),
    ("172.31.16.0/20", 4): (
        ["172.31.24.0/28", "172.31.24.16/28", "172.31.24.32/28", "172.31.24.48/28"],
        ["172.31.16.0/23", "172.31.18.0/23", "172.31.20.0/23", "172.31.22.0/23"],
    ),
    ("192.168.5.0/24", 2): (["192.168.5.128/28", "192.168.5.144/28"], ["192.168.5.0/27", "192.168.5.32/27"]),
    ("192.168.5.0/25", 4): (
        ["192.168.5.64/28", "192.168.5.80/28", "192.168.5.96/28", "192.168.5.112/28"],
        ["192.168.5.0/28", "192.168.5.16/28", "192.168.5.32/28", "192.168.5.48/28"],
    ),
}


@pytest.mark.parametrize(("vpc", "zones"), FROZEN)
def test_subnet_layout_is_frozen(vpc: str, zones: int) -> None:
    # Deployed addresses must not move.
    tiers = carve(IPv4Network(vpc), zones)
    public, private = FROZEN[vpc, zones]
    assert [str(subnet) for subnet in tiers.public] == public
    assert [str(subnet) for subnet in tiers.private] == private


@pytest.mark.parametrize(
    ("vpc", "zones", "data"),
    [
        ("10.0.0.0/16", 3, ["10.0.192.0/24", "10.0.193.0/24", "10.0.194.0/24"]),
        ("172.31.16.0/20", 4, ["172.31.28.0/28", "172.31.28.16/28", "172.31.28.32/28", "172.31.28.48/28"]),
        ("192.168.5.0/24", 4, ["192.168.5.192/28", "192.168.5.208/28", "192.168.5.224/28", "192.168.5.240/28"]),
    ],
)
def test_data_subnet_layout_is_frozen(vpc: str, zones: int, data: list[str]) -> None:
    # A subnet group cannot leave its subnets.
    assert [str(subnet) for subnet in carve(IPv4Network(vpc), zones, data=True).data] == data


def test_smallest_vpc_with_a_data_tier_is_twice_as_large() -> None:
    message = "10.0.0.0/25 is too small to divide; use a /24 or larger, or set network.subnets"
    with pytest.raises(ValueError, match=f"^{message}$"):
        carve(IPv4Network("10.0.0.0/25"), 2, data=True)


@pytest.mark.parametrize(
    ("vpc", "zones", "message"),
    [
        ("10.0.0.0/26", 2, "10.0.0.0/26 is too small to divide; use a /25 or larger, or set network.subnets"),
        ("10.0.0.0/16", 0, "0 zones are not supported; use one to four"),
        ("10.0.0.0/16", 5, "5 zones are not supported; use one to four"),
    ],
)
def test_vpc_that_cannot_be_divided_is_refused_with_the_reason(vpc: str, zones: int, message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(") + "$"):
        carve(IPv4Network(vpc), zones)


def _network(**values: object) -> Network:
    return Network.model_validate(
        {"cidr": "10.0.0.0/16", "zones": ("us-west-2a", "us-west-2b", "us-west-2c")} | values, strict=False
    )


def test_zones_and_carved_networks_are_paired_in_file_order() -> None:
    tiers = _network().tiers()
    assert [(subnet.zone, str(subnet.cidr)) for subnet in tiers.private] == [
        ("us-west-2a", "10.0.0.0/19"),
        ("us-west-2b", "10.0.32.0/19"),
        ("us-west-2c", "10.0.64.0/19"),
    ]


def test_databases_use_data_subnets_or_else_private_ones() -> None:
    assert _network().data_cidrs() == ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"]
    assert _network(data_subnets=True).data_cidrs() == ["10.0.192.0/24", "10.0.193.0/24", "10.0.194.0/24"]
    by_hand = {
        "private": [{"cidr": "10.0.9.0/24", "zone": "us-west-2b"}],
        "data": [{"cidr": "10.0.10.0/24", "zone": "us-west-2b"}],
    }
    assert _network(subnets=by_hand).data_cidrs() == ["10.0.10.0/24"]


def test_given_subnets_are_kept() -> None:
    given_by_hand = {"private": [{"cidr": "10.0.9.0/24", "zone": "us-west-2b"}]}
    tiers = _network(subnets=given_by_hand).tiers()
    assert [(str(subnet.cidr), subnet.zone) for subnet in tiers.private] == [("10.0.9.0/24", "us-west-2b")]
    assert tiers.public == ()


@pytest.mark.parametrize(
    ("nat", "zones"),
    [("perZone", ("us-west-2a", "us-west-2b", "us-west-2c")), ("single", ("us-west-2a",)), ("none", ())],
)
def test_nat_gateway_zones_follow_the_setting(nat: str, zones: tuple[str, ...]) -> None:
    assert _network(nat=nat).nat_zones() == zones


def test_zone_with_two_public_subnets_has_one_nat_gateway() -> None:
    public = [{"cidr": f"10.0.{index}.0/24", "zone": "us-west-2a"} for index in (1, 2)]
    private = [{"cidr": "10.0.9.0/24", "zone": "us-west-2b"}]
    assert _network(subnets={"public": public, "private": private}).nat_zones() == ("us-west-2a",)
