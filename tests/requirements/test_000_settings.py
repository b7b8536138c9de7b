"""000: the document's variables as settings, outputs, and its verification by a plan."""

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from catalog.versions import MLFLOW_IMAGE
from tests.config.base import ROOT, STACK_FILES
from tests.requirements.query import Planned


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """The stack file's sections as they are written."""
    text = (STACK_FILES / "Pulumi.mlflow.yaml").read_text(encoding="utf-8")
    config = YAML(typ="safe", pure=True).load(text)["config"]
    return {key.removeprefix("ai-platform:"): value for key, value in config.items()}


@pytest.mark.requirement("000-nam-02", "000-nam-03", "000-nam-04", "000-nam-05", "000-ops-05")
@pytest.mark.deviates("000-sct-06")
def test_stack_file_has_every_variable_of_the_example_and_no_secret(written: dict[str, Any]) -> None:
    project, database = written["project"], written["databases"]["mlflow"]
    assert (project["region"], project["environment"], project["name"]) == ("us-west-2", "production", "mdpg-mlops")
    assert written["cluster"]["name"] == "mdpg-mlops-eks"
    assert database["masterUsername"] == "mlflow"
    # db_password has no counterpart: RDS makes it.
    assert [key for key in database if "password" in key.lower()] == []


@pytest.mark.requirement("000-ops-05")
def test_example_with_every_setting_is_shipped_and_has_no_secret() -> None:
    # tests/config/test_example.py proves that no setting is missing from it.
    text = (ROOT / "docs" / "example-stack.yaml").read_text(encoding="utf-8")
    example = YAML(typ="safe", pure=True).load(text)
    assert example.keys() == {"config"}
    assert {"ai-platform:project", "ai-platform:network", "ai-platform:cluster"} <= example["config"].keys()
    assert [line for line in text.splitlines() if "secure:" in line or "password:" in line.lower()] == []


@pytest.mark.requirement("000-nam-06", "000-ops-05")
def test_network_addresses_are_settings(written: dict[str, Any]) -> None:
    network = written["network"]
    assert network["cidr"] == "10.0.0.0/16"
    assert {tier: [(item["cidr"], item["zone"]) for item in items] for tier, items in network["subnets"].items()} == {
        "public": [("10.0.1.0/24", "us-west-2a"), ("10.0.2.0/24", "us-west-2b"), ("10.0.3.0/24", "us-west-2c")],
        "private": [("10.0.11.0/24", "us-west-2a"), ("10.0.12.0/24", "us-west-2b"), ("10.0.13.0/24", "us-west-2c")],
    }


@pytest.mark.requirement("000-nam-02", "000-nam-03", "000-nam-05")
def test_region_environment_and_cluster_name_reach_the_plan(mlflow: Planned) -> None:
    assert mlflow.region == "us-west-2"
    assert mlflow.provider_tags["Environment"] == "production"
    assert mlflow.one("eks:index:Cluster").inputs["name"] == "mdpg-mlops-eks"


@pytest.mark.deviates("000-ops-06")
def test_pulumi_and_aws_provider_are_pinned_to_a_current_version() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = {match[1]: match[2] for line in lines if (match := re.match(r"(pulumi[a-z-]*)==([\d.]+)", line))}
    assert pinned.keys() == {"pulumi", "pulumi-aws", "pulumi-eks", "pulumi-kubernetes", "pulumi-policy"}
    # Pulumi's AWS provider 7 is the 6 of the document's tool; 6 was its 5.
    assert int(pinned["pulumi-aws"].partition(".")[0]) >= 7
    assert ":latest" not in MLFLOW_IMAGE


@pytest.mark.requirement("000-out-01", "000-out-02", "000-out-03", "000-ver-02")
def test_cluster_outputs(mlflow: Planned) -> None:
    outputs = mlflow.outputs
    assert re.fullmatch(r"https://[0-9A-Z.a-z]+\.us-west-2\.eks\.amazonaws\.com", outputs["cluster_endpoint"])
    assert outputs["cluster_name"] == "mdpg-mlops-eks"
    assert re.fullmatch(
        r"https://oidc\.eks\.us-west-2\.amazonaws\.com/id/[0-9A-F]{32}", outputs["cluster_oidc_issuer_url"]
    )
    assert outputs["cluster_oidc_issuer_url"].startswith("https://oidc.eks.") is True


@pytest.mark.requirement("000-out-04", "000-ver-02")
@pytest.mark.deviates("000-out-05")
def test_database_outputs_are_secret_and_hold_no_password(mlflow: Planned) -> None:
    assert (mlflow.outputs["rds_endpoint"], mlflow.outputs["rds_connection_string"]) == ("[secret]", "[secret]")
    endpoint = mlflow.secret_outputs["rds_endpoint"]
    assert endpoint == mlflow.attribute(mlflow.one("aws:rds/instance:Instance"), "endpoint")
    assert endpoint.startswith("mdpg-mlops-mlflow-db.") is True
    assert endpoint.rpartition(":")[2] == "5432"
    # The password is in the secret behind db_secret_arn: in a URL it would be in the state, and break on `@` or `/`.
    url = mlflow.secret_outputs["rds_connection_string"]
    assert url == f"postgresql://mlflow_app@{endpoint}/mlflow?sslmode=require"
    secret = mlflow.one("aws:secretsmanager/secret:Secret", name="mdpg-mlops/mlflow/db-password")
    assert mlflow.outputs["db_secret_arn"] == mlflow.attribute(secret, "arn")


@pytest.mark.requirement("000-out-06", "000-out-07", "000-ver-02")
def test_bucket_outputs(mlflow: Planned) -> None:
    assert mlflow.outputs["s3_bucket_name"] == "mdpg-mlops-mlflow-artifacts"
    assert mlflow.outputs["s3_bucket_arn"] == "arn:aws:s3:::mdpg-mlops-mlflow-artifacts"


@pytest.mark.requirement("000-out-08", "000-out-09", "000-out-10")
@pytest.mark.parametrize(
    ("output", "role"),
    [
        ("mlflow_irsa_role_arn", "mdpg-mlops-mlflow-s3-access"),
        ("alb_controller_role_arn", "mdpg-mlops-alb-ingress-controller"),
        ("ebs_csi_irsa_role_arn", "mdpg-mlops-ebs-csi-controller"),
    ],
)
def test_role_outputs(mlflow: Planned, output: str, role: str) -> None:
    assert mlflow.outputs[output] == mlflow.attribute(mlflow.role(role), "arn")


@pytest.mark.requirement("000-ver-01")
def test_plan_shows_the_resources_of_the_document(mlflow: Planned) -> None:
    counts = {
        type_: len(mlflow.all(type_))
        for type_ in (
            "aws:ec2/vpc:Vpc",
            "aws:ec2/subnet:Subnet",
            "aws:ec2/natGateway:NatGateway",
            "eks:index:Cluster",
            "aws:rds/instance:Instance",
            "aws:s3/bucket:Bucket",
        )
    }
    assert list(counts.values()) == [1, 6, 3, 1, 1, 1]
    assert len(mlflow.all("eks:index:ManagedNodeGroup")) >= 1
    groups = {group.inputs["tags"]["Name"] for group in mlflow.all("aws:ec2/securityGroup:SecurityGroup")}
    assert {"mdpg-mlops-eks-cluster-sg", "mdpg-mlops-eks-node-sg", "mdpg-mlops-rds-sg"} <= groups
    roles = {role.inputs["name"] for role in mlflow.all("aws:iam/role:Role")}
    assert {"mdpg-mlops-mlflow-s3-access", "mdpg-mlops-ebs-csi-controller"} <= roles


@pytest.mark.requirement("000-ver-04", "000-ops-15")
def test_kubeconfig_is_for_this_cluster_and_gets_its_token_from_aws(mlflow: Planned) -> None:
    # Without an alias the context is called after the cluster's ARN.
    assert mlflow.outputs["kubeconfig_command"] == "aws eks update-kubeconfig --region us-west-2 --name mdpg-mlops-eks"
    # A token proves who somebody is; the access entry lets them in.
    principals = {entry.inputs["principalArn"] for entry in mlflow.all("aws:eks/accessEntry:AccessEntry")}
    people = {
        value for name, value in mlflow.outputs.items() if re.fullmatch(r"ml(ops)?[-_]engineer[-_]\d_role_arn", name)
    }
    assert principals == people
