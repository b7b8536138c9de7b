"""Stores that exist already: docs/example-existing.yaml uses a bucket, a repository and a secret of its company."""

import json
from functools import cache
from pathlib import Path

import pulumi

from aiplatform.cost.pricer import bill
from aiplatform.iam.boundary import boundary_policy
from aiplatform.iam.permissions import deployer_values
from aiplatform.preview.plan import Plan
from aiplatform.preview.record import record_function
from catalog.prices import load_prices
from catalog.reading.document import parse
from components.platform import Platform
from config.loader import load
from config.settings import NAMESPACE, Settings
from tests.config.base import ROOT, TODAY

EXAMPLE = Path(ROOT) / "docs" / "example-existing.yaml"
BUCKET = "arn:aws:s3:::acme-ml-artifacts"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shared/slack-a1B2c3"  # noqa: S105, a name


@cache
def settings() -> Settings:
    return load(parse(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name, NAMESPACE), today=TODAY).settings


@cache
def plan() -> Plan:
    def build() -> None:
        for name, value in Platform("acme-ai", settings()).outputs.items():
            pulumi.export(name, value)

    return record_function(build, stack="company", account="111122223333")


def made(type_: str) -> list[str]:
    return [one.name for one in plan().resources if one.type == type_]


def test_existing_stores_are_not_created() -> None:
    assert [one.name for one in plan().resources if one.type.startswith(("aws:s3/", "aws:ecr/"))] == []
    assert "secret-slack" not in made("aws:secretsmanager/secret:Secret")
    components = {one.name: one for one in plan().resources if not one.custom}
    assert {"bucket-artifacts", "repository-api", "secret-slack"} <= components.keys()


def test_workload_has_the_same_permissions_on_an_existing_bucket_and_its_key() -> None:
    (policy,) = (
        json.loads(one.inputs["policy"])
        for one in plan().resources
        if one.type == "aws:iam/policy:Policy" and one.name == "mlflow-s3-access"
    )
    allowed = {
        (action, resource)
        for one in policy["Statement"]
        for action in _list(one["Action"])
        for resource in _list(one["Resource"])
    }
    assert {("s3:ListBucket", BUCKET), ("s3:PutObject", f"{BUCKET}/*"), ("kms:GenerateDataKey", KEY)} <= allowed


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_outputs_name_existing_stores() -> None:
    outputs = plan().outputs
    assert (outputs["s3_bucket_name"], outputs["s3_bucket_arn"]) == ("acme-ml-artifacts", BUCKET)
    assert outputs["ecr_repository_url"] == "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shared/api"
    # Nothing about them has to be known from AWS.
    assert not {"s3_bucket_name", "s3_bucket_arn", "ecr_repository_url"} & plan().after_up


def test_permissions_boundary_allows_existing_stores() -> None:
    values = deployer_values(settings(), "state", None, "company")
    statements = boundary_policy(plan(), values).document["Statement"]
    s3 = next(one for one in statements if one["Sid"] == "OwnS3")
    assert {BUCKET, f"{BUCKET}/*"} <= set(s3["Resource"])
    secrets = next(one for one in statements if one["Sid"] == "OwnSecretsmanager")
    assert SECRET in secrets["Resource"]


def test_existing_stores_have_no_line_in_the_bill() -> None:
    found = bill(plan(), settings().costs, load_prices(), today=TODAY, settings=settings())
    names = {line.owner.component for line in found.lines} | {one.urn.rpartition("::")[2] for one in found.missing}
    assert not {"bucket-artifacts", "repository-api", "secret-slack"} & names


def test_names_of_existing_stores_are_those_of_their_arns() -> None:
    named = settings()
    assert (named.bucket_name("artifacts"), named.repository_name("api"), named.secret_name("slack")) == (
        "acme-ml-artifacts",
        "shared/api",
        "shared/slack",
    )
