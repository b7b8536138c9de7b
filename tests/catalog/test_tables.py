"""Tables of what AWS has, against the models of botocore and the data of moto and cfn-lint."""

import json
import re
from importlib.resources import files

import botocore.session
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from catalog.aws.regions import NO_CONTROL_PLANE, SOME_ACCOUNTS, ZONES, may_be_new
from catalog.node_classes import families
from catalog.offers import sold
from catalog.volumes import EBS, RDS
from config.nodes import AmiType
from config.types.times import RETENTION_DAYS
from tests.each import each

SESSION = botocore.session.get_session()


def documented(service: str, operation: str, member: str) -> str:
    shape = SESSION.get_service_model(service).operation_model(operation).input_shape.members[member]
    return re.sub(r"<[^>]+>|,", "", shape.documentation)


@each("name", EBS)
def test_limits_of_ebs_are_those_of_the_service_model(name: str) -> None:
    limits = EBS[name]
    sizes = re.search(rf"\b{name}:\s*(\d+) - (\d+)\s*GiB", documented("ec2", "CreateVolume", "Size"))
    assert sizes is not None
    assert limits.gib == tuple(map(int, sizes.groups()))
    iops = re.search(
        rf"\b{name}:\s*(\d+)\s*(?:\(\s*default\s*\)\s*)?- (\d+)", documented("ec2", "CreateVolume", "Iops")
    )
    assert limits.iops == (tuple(map(int, iops.groups())) if iops else None)


def test_throughput_of_gp3_is_that_of_the_service_model() -> None:
    found = re.search(r"(\d+) - (\d+)\s*MiB/s", documented("ec2", "CreateVolume", "Throughput"))
    assert found is not None
    assert EBS["gp3"].throughput == tuple(map(int, found.groups()))


@each(("kind", "words"), [("gp2", "gp2 gp3"), ("gp3", "gp2 gp3"), ("io1", "io1 io2"), ("io2", "io1 io2")])
def test_sizes_of_rds_are_those_of_the_service_model(kind: str, words: str) -> None:
    text = documented("rds", "CreateDBInstance", "AllocatedStorage").partition("RDS for PostgreSQL")[2]
    found = re.search(rf"\({words}\): Must be an integer from (\d+) to (\d+)", text)
    assert found is not None
    assert RDS[kind].gib == tuple(map(int, found.groups()))


def test_regions_are_those_of_the_commercial_partition() -> None:
    assert set(ZONES) == set(SESSION.get_available_regions("ec2"))


def test_zones_include_those_of_moto_and_of_the_offers() -> None:
    for region, zones in RegionsAndZonesBackend.zones.items():
        assert {zone.name[-1] for zone in zones} <= set(ZONES.get(region, "abc")), region
    offered = {zone for name in ("t3.large", "m5.large") for zones in sold(name).values() for zone in zones}
    assert offered <= {f"{region}{letter}" for region, letters in ZONES.items() for letter in letters}
    assert not SOME_ACCOUNTS & offered
    assert {zone[:-1] for zone in NO_CONTROL_PLANE} == {"us-east-1", "us-west-1", "ca-central-1"}


@each(
    ("region", "new"),
    [
        ("us-west-3", True),
        ("eu-west-4", True),
        ("sa-west-1", True),
        ("us-west-7", False),
        ("us-middle-1", False),
        ("xx-west-1", False),
    ],
)
def test_region_can_be_new_only_as_the_next_of_its_place(region: str, new: bool) -> None:
    assert may_be_new(region) is new


def test_retention_days_are_those_of_the_service_model() -> None:
    text = documented("logs", "PutRetentionPolicy", "retentionInDays")
    shape = SESSION.get_service_model("logs").shape_for("Days")
    days = {int(one) for one in re.findall(r"\b\d+\b", text + re.sub(r"<[^>]+>", "", shape.documentation))}
    assert set(RETENTION_DAYS) <= days


def test_ami_types_are_values_of_the_service_model() -> None:
    assert set(AmiType.__args__) <= set(SESSION.get_service_model("eks").shape_for("AMITypes").enum)


def _cfn_lint(folder: str, file: str) -> dict[str, object]:
    path = files("cfnlint") / "data" / "schemas" / "extensions" / folder / file
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_node_types_of_elasticache_are_those_of_cfn_lint() -> None:
    given = json.dumps(_cfn_lint("aws_elasticache_cachecluster", "cachenodetype_enum.json"))
    for family, found in families("elasticache").items():
        assert set(found.sizes) == set(re.findall(rf"cache\.{family}\.([a-z0-9]+)", given)), family


def test_instance_classes_of_rds_are_those_of_cfn_lint() -> None:
    given = json.dumps(_cfn_lint("aws_rds_dbinstance", "dbinstanceclass_enum.json"))
    for family, found in families("rds").items():
        assert set(found.sizes) <= set(re.findall(rf"db\.{family}\.([a-z0-9]+)", given)), family
