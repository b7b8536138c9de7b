"""000: the deployer has a policy that allows the plan and no more."""

import json
from typing import Any

import pytest

from aiplatform.iam.permissions import deployer_policies, deployer_values
from tests.aws.permissions.evaluate import as_list, permitted
from tests.components.base import recorded
from tests.requirements.query import Planned

ACCOUNT = "123456789012"


@pytest.fixture(scope="module")
def policies() -> list[dict[str, Any]]:
    """The policies as the deployer of the stack mlflow gets them."""
    recording = recorded("mlflow")
    values = deployer_values(recording.settings, "mlops-terraform-state", ACCOUNT, "mlflow")
    return deployer_policies(recording.plan, values)


@pytest.mark.requirement("000-iam-03")
def test_deployer_may_change_every_service_of_the_document(policies: list[dict[str, Any]]) -> None:
    statements = {one["Sid"]: one for policy in policies for one in policy["Statement"]}
    services = {
        action.partition(":")[0]
        for sid, one in statements.items()
        if one["Effect"] == "Allow" and not sid.startswith("Look")
        for action in as_list(one["Action"])
    }
    assert {"eks", "ec2", "rds", "s3", "iam", "acm", "secretsmanager", "logs", "kms"} <= services
    # All of EKS, as the document states, on the cluster of the project.
    kinds = ("access-entry", "addon", "nodegroup", "podidentityassociation")
    here = f"arn:aws:eks:us-west-2:{ACCOUNT}"
    assert statements["KubernetesClusters"]["Action"] == "eks:*"
    assert sorted(statements["KubernetesClusters"]["Resource"]) == sorted(
        [f"{here}:cluster/mdpg-mlops-eks", *(f"{here}:{kind}/mdpg-mlops-eks/*" for kind in kinds)]
    )


@pytest.mark.requirement("000-iam-09")
def test_deployer_attaches_the_policies_of_the_plan_and_not_administrator_access(
    mlflow: Planned, policies: list[dict[str, Any]]
) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/mdpg-mlops-eks-node"
    context = {
        "aws:ResourceTag/Project": "MLOps Platform",
        "iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/mdpg-mlops-boundary",
    }
    attached = {policy for one in mlflow.all("aws:iam/role:Role") for policy in mlflow.attached(one.inputs["name"])}

    def attachable(arn: str) -> bool:
        return permitted(policies, "iam:AttachRolePolicy", role, {**context, "iam:PolicyARN": arn})

    assert len(attached) > 3
    assert all(attachable(json.loads(json.dumps(arn))) for arn in attached)
    assert not attachable("arn:aws:iam::aws:policy/AdministratorAccess")


@pytest.mark.requirement("000-iam-09")
def test_every_role_of_the_plan_has_the_boundary(mlflow: Planned) -> None:
    boundaries = {role.inputs.get("permissionsBoundary") for role in mlflow.all("aws:iam/role:Role")}
    assert boundaries == {f"arn:aws:iam::{ACCOUNT}:policy/mdpg-mlops-boundary"}
