"""The zones that offer an instance type: the table against its source, and look-ups."""

import gzip
import json
from collections import defaultdict
from importlib.metadata import version
from importlib.resources import files

import pytest

from catalog.instance_types import family, sizes
from catalog.offers import _lines, regions, sold

TABLE = (files("catalog") / "data" / "instance-offers.csv").read_text(encoding="utf-8")


@pytest.mark.skipif(f"moto {version('moto')} " not in TABLE, reason="another release of moto has newer offers")
def test_offers_of_every_type_are_those_of_the_source() -> None:
    offered: dict[str, set[str]] = defaultdict(set)
    folder = files("moto") / "ec2" / "resources" / "instance_type_offerings" / "availability-zone"
    for file in folder.iterdir():
        for one in json.loads(gzip.decompress(file.read_bytes())):
            if one["InstanceType"] in sizes():
                offered[one["InstanceType"]].add(one["Location"])
    table = {one: {zone for zones in sold(one).values() for zone in zones} for one in sizes()}
    assert table == {one: offered[one] for one in sizes()}


def test_every_line_is_a_family_or_type_of_the_instance_table() -> None:
    known = {*sizes(), *map(family, sizes())}
    assert [line for line in _lines() if line not in known] == []


def test_zone_of_seoul_lacks_types_of_the_others() -> None:
    assert sold("g5.xlarge")["ap-northeast-2"] == {f"ap-northeast-2{letter}" for letter in "acd"}
    assert len(sold("t3.large")["ap-northeast-2"]) == 4


@pytest.mark.parametrize("instance_type", ["m99.large", "nonsense"])
def test_unknown_type_has_no_offers(instance_type: str) -> None:
    assert sold(instance_type) == {}


def test_thirty_regions_are_known() -> None:
    assert {"us-east-1", "us-west-2", "ap-northeast-2", "eu-west-1"} < regions()
    assert len(regions()) == 30
