"""`project.import`: resources that Pulumi takes over instead of creating them."""

import pulumi
import pytest

from aiplatform.preview.plan import Plan
from aiplatform.preview.record import record_function
from catalog.reading.document import parse
from components.platform import Platform
from config.loader import load
from config.settings import NAMESPACE
from tests.config.base import TODAY, edited

BUCKET = "aws:s3/bucket:Bucket::bucket-artifacts"
VPC = "urn:pulumi:bad::ai-platform::ai-platform:platform:Platform$ai-platform:network:Network$aws:ec2/vpc:Vpc::network"


def planned(**imports: str) -> Plan:
    table = "".join(f"      {key}: {identifier}\n" for key, identifier in imports.items())
    text = edited(("    region: us-west-2\n", f"    region: us-west-2\n    import:\n{table}"))
    settings = load(parse(text, "Pulumi.bad.yaml", NAMESPACE), today=TODAY).settings
    return record_function(lambda: Platform("shop", settings), stack="bad")


def test_resources_are_imported_by_type_and_name_or_by_urn() -> None:
    plan = planned(**{BUCKET: "shop-data", VPC: "vpc-0a1b2c3d4e5f60718"})
    imported = {f"{one.type}::{one.name}": one.options["import"] for one in plan.resources if "import" in one.options}
    assert imported == {BUCKET: "shop-data", "aws:ec2/vpc:Vpc::network": "vpc-0a1b2c3d4e5f60718"}
    # What refers to it has the ID already.
    subnets = [one.inputs["vpcId"] for one in plan.resources if one.type == "aws:ec2/subnet:Subnet"]
    assert set(subnets) == {"vpc-0a1b2c3d4e5f60718"}


def test_unknown_resource_is_named_with_the_nearest_one() -> None:
    with pytest.raises(pulumi.RunError) as failed:
        planned(**{"aws:s3/bucket:Bucket::bucket-artifact": "shop-data", "other:x/y:Z::none": "any"})
    assert sorted(str(failed.value).splitlines()) == [
        "project.import: the stack has no resource aws:s3/bucket:Bucket::bucket-artifact; did you mean "
        "aws:s3/bucket:Bucket::bucket-artifacts?",
        "project.import: the stack has no resource other:x/y:Z::none; plan.json has the types and names of its "
        "resources",
    ]


def test_stack_without_imports_has_none() -> None:
    assert [one for one in planned(**{BUCKET: "shop-data"}).resources if "import" in one.options][1:] == []
