"""`aiplatform permissions`: names of a plan in the policies; tests/aws/test_deployer_permissions.py simulates them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from aiplatform.cli.main import app
from aiplatform.errors import FINE, WRONG, CallError
from aiplatform.iam.boundary import boundary_policy
from aiplatform.iam.names import KINDS
from aiplatform.iam.permissions import DATA, deployer_policies
from aiplatform.preview.plan import Plan, Resource
from config.rules.backend import ADVICE
from tests.config.base import ROOT

VALUES = {
    "project": "shop",
    "tag": "shop",
    "stack": "any",
    "region": "ap-northeast-2",
    "account": "111122223333",
    "cluster": "shop-eks",
    "boundary": "arn:aws:iam::111122223333:policy/shop-boundary",
    "deployer": "arn:aws:iam::111122223333:role/ci",
    "role": "arn:aws:iam::111122223333:role",
    "stateBucket": "shop-state",
}
HERE = "ap-northeast-2:111122223333"


def plan(*resources: tuple[str, dict[str, Any]]) -> Plan:
    """A plan of these types and inputs."""
    made = (
        Resource(f"urn:{number}", type_, f"one-{number}", None, None, (), inputs)
        for number, (type_, inputs) in enumerate(resources)
    )
    return Plan("ai-platform", "any", tuple(made), {})


def statements(policies: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All statements by their ids."""
    return {one["Sid"]: one for policy in policies for one in policy["Statement"]}


def allowed(policies: list[dict[str, Any]], sid: str) -> list[str]:
    """The resources of a statement."""
    found = statements(policies)[sid]["Resource"]
    return [found] if isinstance(found, str) else found


@pytest.mark.parametrize(
    ("type_", "project", "inputs", "sid", "arns"),
    [
        (
            "aws:ecr/repository:Repository",
            {"name": "shop/api"},
            {"name": "backend"},
            "Images",
            ["ecr:*:111122223333:repository/backend"],
        ),
        (
            "aws:lambda/function:Function",
            {"name": "shop-stop"},
            {"name": "startstop"},
            "Functions",
            [f"lambda:{HERE}:function:startstop"],
        ),
        (
            "aws:cloudwatch/logGroup:LogGroup",
            {"name": "/aws/eks/shop-eks/cluster"},
            {"name": "/aws/lambda/startstop"},
            "Logs",
            [f"logs:{HERE}:log-group:/aws/lambda/startstop", f"logs:{HERE}:log-group:/aws/lambda/startstop:*"],
        ),
        (
            "aws:rds/instance:Instance",
            {"identifier": "shop-db"},
            {"identifier": "main"},
            "Databases",
            [f"rds:{HERE}:*:main"],
        ),
        (
            "aws:secretsmanager/secret:Secret",
            {"name": "shop/x"},
            {"name": "a/b"},
            "Secrets",
            [f"secretsmanager:{HERE}:secret:a/b-??????"],
        ),
        ("aws:iam/role:Role", {"name": "shop-eks"}, {"name": "eks-role"}, "Roles", ["iam::111122223333:role/eks-role"]),
        ("aws:sns/topic:Topic", {"name": "shop-alarms"}, {"name": "alarms"}, "Topics", ["sns:*:111122223333:alarms"]),
        (
            "aws:kms/alias:Alias",
            {"name": "alias/shop-eks"},
            {"name": "alias/eks"},
            "AliasesOfKeys",
            ["kms:*:111122223333:alias/eks"],
        ),
    ],
)
def test_other_name_is_allowed_exactly(
    type_: str, project: dict[str, str], inputs: dict[str, str], sid: str, arns: list[str]
) -> None:
    without, policies = (deployer_policies(plan((type_, one)), VALUES) for one in (project, inputs))
    added = [one for one in allowed(policies, sid) if one not in allowed(without, sid)]
    assert added == [f"arn:aws:{arn}" for arn in arns]


def test_buckets_are_allowed_by_name_alone() -> None:
    policies = deployer_policies(plan(("aws:s3/bucket:Bucket", {"bucket": "shop-artifacts"})), VALUES)
    assert allowed(policies, "Buckets") == ["arn:aws:s3:::shop-artifacts", "arn:aws:s3:::shop-artifacts/*"]


def test_keys_of_the_stack_file_are_allowed_by_arn() -> None:
    arn = f"arn:aws:kms:{HERE}:key/1234abcd"
    policies = deployer_policies(plan(("aws:rds/instance:Instance", {"identifier": "a", "kmsKeyId": arn})), VALUES)
    assert allowed(policies, "KeysOfTheStackFile") == [arn]


def test_deployer_of_the_stack_file_cannot_change_itself() -> None:
    policies = deployer_policies(plan(("aws:ec2/vpc:Vpc", {})), VALUES)
    assert VALUES["deployer"] in allowed(policies, "NeverTheOwnRights")


def test_snapshot_of_the_stack_file_is_restored() -> None:
    arn = f"arn:aws:rds:{HERE}:snapshot:theirs"
    inputs = {"identifier": "shop-db", "snapshotIdentifier": arn}
    policies = deployer_policies(plan(("aws:rds/instance:Instance", inputs)), VALUES)
    assert arn in allowed(policies, "SnapshotsToRestore")


def test_attached_managed_policies_are_those_of_the_plan() -> None:
    reader = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
    attached = ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"policyArn": reader})
    condition = statements(deployer_policies(plan(attached), VALUES))["PoliciesThatTheseRolesMayGet"]["Condition"]
    own = "arn:aws:iam::111122223333:policy/shop-*"
    assert condition["ArnLike"]["iam:PolicyARN"] == [own, reader]


def test_roles_are_passed_to_the_service_that_they_trust() -> None:
    trust = {"Statement": [{"Principal": {"Service": "lambda.amazonaws.com"}}]}
    role = ("aws:iam/role:Role", {"name": "shop-stop", "assumeRolePolicy": json.dumps(trust)})
    passed = statements(deployer_policies(plan(role), VALUES))["PassLambdaRoles"]
    assert passed["Resource"] == ["arn:aws:iam::111122223333:role/shop-stop"]
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com"]}}


def test_records_are_those_of_the_zones_and_hosts() -> None:
    record = ("aws:route53/record:Record", {"name": "chat.shop.example"})
    zone = ("aws:route53/zone:Zone", {"name": "shop.internal"})
    condition = statements(deployer_policies(plan(record, zone), VALUES))["Names"]["Condition"]
    names = condition["ForAllValues:StringLike"]["route53:ChangeResourceRecordSetsNormalizedRecordNames"]
    assert names == ["*.shop.internal", "chat.shop.example", "shop.internal"]


def test_statement_with_too_many_names_is_reported() -> None:
    many = [("aws:s3/bucket:Bucket", {"bucket": f"some-bucket-{number:03}"}) for number in range(100)]
    with pytest.raises(CallError, match="Buckets is longer than the 6144 characters of a policy; give names by rule"):
        deployer_policies(plan(*many), VALUES)


def test_boundary_names_the_managed_policies_it_does_not_know() -> None:
    unknown = "arn:aws:iam::aws:policy/AmazonBedrockFullAccess"
    attached = ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"policyArn": unknown})
    assert boundary_policy(plan(attached), VALUES).unknown == (unknown,)


def test_patterns_occur_in_the_policies() -> None:
    folder = ROOT / "aiplatform/iam/data"
    text = "".join((folder / f"{name}.json").read_text(encoding="utf-8") for name in DATA)
    assert [kind.pattern for kind in KINDS if json.dumps(kind.pattern) not in text] == []
    assert {path.stem for path in folder.glob("*.json")} == {*DATA, "managed"}


def permissions(out: Path, *arguments: str) -> Result:
    """The command for a stack without `project.accountId`."""
    call = ["permissions", "--stack", "mlflow", "--state-bucket", "mlops-state", "--out", str(out), *arguments]
    return CliRunner().invoke(app, call)


def test_permissions_writes_one_file_for_each_policy(tmp_path: Path) -> None:
    (tmp_path / "mlflow-deployer-9.json").write_text("{}")
    result = permissions(tmp_path, "--account", "111122223333")
    written = {path.name.rstrip("0123456789.json") for path in tmp_path.iterdir()}
    assert written == {"mlflow-boundary", "mlflow-deployer-", "mlflow-preview-"}
    assert not (tmp_path / "mlflow-deployer-9.json").exists()
    count = len(list(tmp_path.glob("mlflow-deployer-*")))
    assert (result.exit_code, result.stdout) == (
        FINE,
        f"Written to {tmp_path}: the permissions boundary arn:aws:iam::111122223333:policy/mdpg-mlops-boundary, "
        f"{count} policies for the role that deploys mlflow, and 1 for a role that previews it\n",
    )
    assert "arn:aws:s3:::mlops-state" in "".join(path.read_text() for path in tmp_path.iterdir())


def test_permissions_writes_nothing_without_an_account(tmp_path: Path) -> None:
    result = permissions(tmp_path)
    line = "mlflow: has no project.accountId; set it, or pass --account\n"
    assert (result.exit_code, result.stderr) == (WRONG, line)
    assert list(tmp_path.iterdir()) == []


def test_permissions_refuses_a_state_bucket_of_the_stack_itself(tmp_path: Path) -> None:
    call = ["permissions", "--stack", "mlflow", "--account", "111122223333", "--out", str(tmp_path), "--state-bucket"]
    result = CliRunner().invoke(app, [*call, "mdpg-mlops-mlflow-artifacts"])
    assert result.exit_code == WRONG
    assert (
        result.stderr.splitlines()[-1]
        == f"mlflow: has the state bucket mdpg-mlops-mlflow-artifacts as a resource: {ADVICE}"
    )
    assert list(tmp_path.iterdir()) == []
