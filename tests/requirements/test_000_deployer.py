"""000: the deployer has a policy that allows the plan and no more."""

import fnmatch
import json
import string
from typing import Any

import parliament
import pytest

from tests.config.base import ROOT
from tests.requirements.query import Planned

ACCOUNT = "123456789012"
PREFIXES = {"vpc": "ec2", "lb": "elasticloadbalancing", "cloudwatch": "logs"}
"""IAM's name of a service where Pulumi has another one."""

LIMIT = 6144
"""Characters of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


DOCUMENTS = (
    "deployer-policy.json",
    "deployer-policy-identities.json",
    "deployer-policy-recovery.json",
    "deployer-policy-alarms.json",
)
"""One for IAM, one for backups and a second region, one for alarms, one for all else: one policy is too short."""


def document(name: str) -> str:
    """A document as the deployer of the stack mlflow gets it."""
    text = (ROOT / "aiplatform" / "iam" / "data" / name).read_text(encoding="utf-8")
    values = {
        "account": ACCOUNT,
        "region": "us-west-2",
        "project": "mdpg-mlops",
        "stateBucket": "mlops-terraform-state",
        "secondRegion": "us-east-1",
        "smsRegion": "us-east-1",
    }
    return string.Template(text).substitute(values)


@pytest.fixture(scope="module")
def statements() -> dict[str, dict[str, Any]]:
    """The statements of all documents by their ids."""
    found = [statement for name in DOCUMENTS for statement in json.loads(document(name))["Statement"]]
    assert len(found) == len({statement["Sid"] for statement in found})
    return {statement["Sid"]: statement for statement in found}


def writable(statements: dict[str, dict[str, Any]], service: str) -> list[str]:
    """The resources of a service that may be changed."""
    return [
        resource
        for sid, statement in statements.items()
        if sid != "Look" and as_list(statement["Action"])[0].startswith(f"{service}:")
        for resource in as_list(statement["Resource"])
    ]


@pytest.mark.requirement("000-iam-03")
def test_deployer_may_change_every_service_of_the_plan(mlflow: Planned, statements: dict[str, dict[str, Any]]) -> None:
    allowed = {
        action.partition(":")[0]
        for sid, statement in statements.items()
        if sid != "Look"
        for action in as_list(statement["Action"])
    }
    made = {"eks"} | {
        resource.type.removeprefix("aws:").partition("/")[0]
        for resource in mlflow.plan.resources
        if resource.type.startswith("aws:")
    }
    assert {PREFIXES.get(service, service) for service in made} - allowed == set()
    assert {"eks", "ec2", "rds", "s3", "iam", "acm", "secretsmanager", "logs", "kms"} <= allowed
    # All of EKS, as the document states, on the clusters of the project.
    assert (statements["KubernetesClusters"]["Action"], statements["KubernetesClusters"]["Resource"]) == (
        "eks:*",
        f"arn:aws:eks:us-west-2:{ACCOUNT}:*/mdpg-mlops-*",
    )


@pytest.mark.requirement("000-iam-03")
@pytest.mark.parametrize(
    ("type_", "field", "arn"),
    [
        ("aws:iam/role:Role", "name", "arn:aws:iam::{account}:role/{name}"),
        ("aws:iam/policy:Policy", "name", "arn:aws:iam::{account}:policy/{name}"),
        ("aws:s3/bucket:Bucket", "bucket", "arn:aws:s3:::{name}"),
        ("aws:rds/instance:Instance", "identifier", "arn:aws:rds:us-west-2:{account}:db:{name}"),
        ("aws:rds/subnetGroup:SubnetGroup", "name", "arn:aws:rds:us-west-2:{account}:subgrp:{name}"),
        ("eks:index:Cluster", "name", "arn:aws:eks:us-west-2:{account}:cluster/{name}"),
        ("aws:cloudwatch/logGroup:LogGroup", "name", "arn:aws:logs:us-west-2:{account}:log-group:{name}"),
        (
            "aws:secretsmanager/secret:Secret",
            "name",
            "arn:aws:secretsmanager:us-west-2:{account}:secret:{name}-a1b2c3",
        ),
    ],
)
def test_deployer_may_change_the_names_of_the_plan(
    mlflow: Planned, statements: dict[str, dict[str, Any]], type_: str, field: str, arn: str
) -> None:
    patterns = writable(statements, service=arn.split(":")[2])
    names = [resource.inputs[field] for resource in mlflow.all(type_)]
    arns = [arn.format(account=ACCOUNT, name=name) for name in names]
    assert len(arns) > 0
    assert [one for one in arns if not any(fnmatch.fnmatchcase(one, pattern) for pattern in patterns)] == []


@pytest.mark.requirement("000-iam-09")
def test_deployer_is_no_administrator(statements: dict[str, dict[str, Any]]) -> None:
    wide = {
        sid: [action for action in as_list(statement["Action"]) if action.endswith(":*") or action == "*"]
        for sid, statement in statements.items()
        if statement["Resource"] == "*"
    }
    assert {sid: actions for sid, actions in wide.items() if actions} == {"LoadBalancers": ["elasticloadbalancing:*"]}
    changing_iam = [
        resource
        for sid, statement in statements.items()
        if sid != "Look" and as_list(statement["Action"])[0].startswith("iam:")
        for resource in as_list(statement["Resource"])
    ]
    assert sorted(set(changing_iam)) == [
        f"arn:aws:iam::{ACCOUNT}:instance-profile/mdpg-mlops-*",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/*",
        f"arn:aws:iam::{ACCOUNT}:policy/mdpg-mlops-*",
        f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/*",
        f"arn:aws:iam::{ACCOUNT}:role/mdpg-mlops-*",
    ]


@pytest.mark.requirement("000-iam-09")
def test_deployer_attaches_the_policies_of_the_plan_and_not_administrator_access(
    mlflow: Planned, statements: dict[str, dict[str, Any]]
) -> None:
    patterns = statements["PoliciesThatTheseRolesMayGet"]["Condition"]["ArnLike"]["iam:PolicyARN"]
    attached = {policy for role in mlflow.all("aws:iam/role:Role") for policy in mlflow.attached(role.inputs["name"])}

    def refused(arns: set[str]) -> set[str]:
        return {arn for arn in arns if not any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns)}

    assert refused(attached) == set()
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert refused({administrator}) == {administrator}


@pytest.mark.requirement("000-iam-03")
def test_every_policy_document_of_the_deployer_is_tested() -> None:
    assert {file.name for file in (ROOT / "aiplatform" / "iam" / "data").glob("deployer-policy*.json")} == set(
        DOCUMENTS
    )


@pytest.mark.requirement("000-iam-03")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_policy_is_valid_for_iam(name: str) -> None:
    policy = document(name)
    assert len(json.dumps(json.loads(policy), separators=(",", ":"))) <= LIMIT
    analyzed = parliament.analyze_policy_string(policy)
    assert analyzed.is_valid is True
    slips = {finding.issue for finding in analyzed.findings}
    # Wide actions on named resources; an action or a resource that is not there would be something else.
    assert slips <= {"RESOURCE_STAR", "RESOURCE_MISMATCH"}
