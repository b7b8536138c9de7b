"""A network that exists: read, compared and left by the engine; and a VPC that it imports."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.engine import Engine
from tests.engine.needed import write_programs
from tests.engine.plugin.cloud import Cloud

pytestmark = pytest.mark.usefixtures("parts")

PROGRAM = """\
import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.base.importing import Imports
from components.network.vpc import Network
from config.network import Network as Settings

told = json.loads(Path("network.json").read_text())
imports = Imports(told.get("import", {}))
made = Network(
    "network",
    Settings.model_validate_json(json.dumps(told["network"])),
    vpc_name="acme",
    cluster_name="acme-eks",
    region="us-west-2",
    account_id="123456789012",
    opts=pulumi.ResourceOptions(
        providers=[aws.Provider("aws", region="us-west-2")], transformations=imports.transformations()
    ),
)
imports.check()
pulumi.export("vpc", made.vpc_id)
pulumi.export("private", made.private_subnet_ids)
"""
VPC, SUBNET, TAG = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/tag:Tag"
ZONES = ["us-west-2a", "us-west-2b"]
MADE = {"cidr": "10.0.0.0/16", "zones": ZONES, "nat": "none", "flowLogs": None}


class Company:
    """An account in which one stack has created a VPC."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "account").mkdir()
        write_programs(folder / "bin", folder / "account")
        self.cloud = Cloud(folder / "account")
        owner = self.engine("owner", network=MADE)
        owner.up().succeeded()
        outputs = next(one["outputs"] for one in owner.resources() if one["type"] == "pulumi:pulumi:Stack")
        self.vpc, self.private = str(outputs["vpc"]), [str(one) for one in outputs["private"]]

    def engine(self, name: str, **told: Mapping[str, Any]) -> Engine:
        """Return a stack of the network alone."""
        (self.folder / name).mkdir()
        engine = Engine(self.folder / name, "dev", self.folder / "bin", {})
        (engine.project / "__main__.py").write_text(PROGRAM, encoding="utf-8")
        tell(engine, **told)
        return engine

    def existing(self, **more: object) -> dict[str, Any]:
        """Return the settings of the VPC as it is."""
        cidrs = {one.id: one.inputs["cidrBlock"] for one in self.cloud.living(SUBNET)}
        return {
            "vpcId": self.vpc,
            "cidr": "10.0.0.0/16",
            "subnets": {
                "private": [
                    {"id": one, "cidr": cidrs[one], "zone": zone, "route": "natGateway"}
                    for one, zone in zip(self.private, ZONES, strict=True)
                ]
            },
            **more,
        }


def tell(engine: Engine, **told: Any) -> None:
    (engine.project / "network.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture(scope="module")
def company(parts: object, tmp_path_factory: pytest.TempPathFactory) -> Company:  # noqa: ARG001, it skips
    return Company(tmp_path_factory.mktemp("company"))


def test_existing_network_is_read_compared_and_left(company: Company) -> None:
    before = {(one.type, one.id) for one in company.cloud.living()}
    platform = company.engine("platform", network=company.existing())
    platform.up().succeeded()
    made = [one for one in company.cloud.living() if (one.type, one.id) not in before]
    assert {one.type for one in made} == {TAG}
    assert {one.inputs["resourceId"] for one in made} == set(company.private)
    assert set(platform.up().succeeded().changes) <= {"same", "read"}
    changed = company.existing()
    changed["subnets"]["private"][0]["zone"] = "us-west-2c"
    tell(platform, network=changed)
    failed = platform.preview()
    assert failed.status != 0
    assert f"network: {company.private[0]} is in the zone us-west-2a, and not us-west-2c" in failed.errors
    tell(platform, network={**company.existing(), "vpcId": "vpc-0123456789abcdef0"})
    assert "vpc-0123456789abcdef0" in platform.preview().errors
    tell(platform, network=company.existing())
    platform.destroy().succeeded()
    left = {(one.type, one.id) for one in company.cloud.living()}
    assert before <= left, "the network is its owner's"
    assert {one.inputs["key"] for one in company.cloud.living(TAG)} == {"kubernetes.io/role/internal-elb"}


def test_vpc_is_imported_without_a_replacement(company: Company) -> None:
    imports = {f"{VPC}::network": company.vpc}
    for subnet in company.cloud.living(SUBNET):
        imports[f"{SUBNET}::{subnet.urn.rpartition('::')[2]}"] = subnet.id
    subnets = {one.id for one in company.cloud.living(SUBNET)}
    platform = company.engine("importing", network=MADE)
    tell(platform, **{"network": MADE, "import": imports})
    run = platform.up().succeeded()
    assert run.changes["import"] == 1 + len(subnets)
    assert {one.id for one in company.cloud.living(VPC)} == {company.vpc}
    assert {one.id for one in company.cloud.living(SUBNET)} == subnets
    assert set(platform.up().succeeded().changes) <= {"same"}
