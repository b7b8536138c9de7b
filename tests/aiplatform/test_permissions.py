"""`aiplatform permissions`: the policies of the deployer cover every name of a stack and are valid for IAM."""

import fnmatch
import json
from pathlib import Path
from typing import Any

import parliament
import pytest
from typer.testing import CliRunner, Result

from aiplatform.cli.main import app
from aiplatform.errors import FINE, WRONG, CallError
from aiplatform.iam.permissions import KINDS, LIMIT, deployer_policies
from aiplatform.preview.plan import Plan, Resource
from tests.components.base import EVERY_STACK, recorded
from tests.config.base import ROOT

VALUES = {
    "project": "shop",
    "region": "ap-northeast-2",
    "account": "111122223333",
    "stateBucket": "shop-state",
    "secondRegion": "us-west-2",
    "smsRegion": "ap-northeast-1",
}
SERVERS = {**VALUES, "project": "plant", "account": "123456789012"}


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


def test_stack_with_project_names_needs_only_the_rule() -> None:
    policies = deployer_policies(plan(("aws:s3/bucket:Bucket", {"bucket": "shop-artifacts"})), VALUES)
    assert allowed(policies, "Buckets") == ["arn:aws:s3:::shop-*", "arn:aws:s3:::shop-*/*"]


@pytest.mark.parametrize(
    ("type_", "inputs", "sid", "arns"),
    [
        (
            "eks:index:Cluster",
            {"name": "My_Cluster"},
            "KubernetesClusters",
            ("eks:{}:*/My_Cluster", "eks:{}:*/My_Cluster/*"),
        ),
        ("aws:ecr/repository:Repository", {"name": "backend"}, "Images", ("ecr:{}:repository/backend",)),
        ("aws:lambda/function:Function", {"name": "startstop"}, "Functions", ("lambda:{}:function:startstop",)),
        (
            "aws:cloudwatch/logGroup:LogGroup",
            {"name": "/aws/lambda/startstop"},
            "Logs",
            ("logs:{}:log-group:/aws/lambda/startstop", "logs:{}:log-group:/aws/lambda/startstop:*"),
        ),
        ("aws:rds/instance:Instance", {"identifier": "main"}, "Databases", ("rds:{}:*:main",)),
        ("aws:secretsmanager/secret:Secret", {"name": "a/b"}, "Secrets", ("secretsmanager:{}:secret:a/b-??????",)),
    ],
)
def test_other_name_is_allowed_exactly(type_: str, inputs: dict[str, str], sid: str, arns: tuple[str, ...]) -> None:
    without, policies = (deployer_policies(plan(*made), VALUES) for made in ((), ((type_, inputs),)))
    added = [one for one in allowed(policies, sid) if one not in allowed(without, sid)]
    assert added == [f"arn:aws:{arn.format('ap-northeast-2:111122223333')}" for arn in arns]
    others = {key: one for key, one in statements(policies).items() if key != sid}
    assert others == {key: one for key, one in statements(without).items() if key != sid}


def test_role_with_another_name_allows_the_policies_that_the_plan_attaches() -> None:
    role = ("aws:iam/role:Role", {"name": "eks-cluster-role"})
    reader = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
    attached = ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"policyArn": reader})
    policies = deployer_policies(plan(role, attached), VALUES)
    arn = "arn:aws:iam::111122223333:role/eks-cluster-role"
    assert arn in allowed(policies, "RolesOfThisProject")
    assert arn in allowed(policies, "PoliciesThatTheseRolesMayGet")
    patterns = statements(policies)["PoliciesThatTheseRolesMayGet"]["Condition"]["ArnLike"]["iam:PolicyARN"]
    assert reader in patterns
    assert not [one for one in patterns if fnmatch.fnmatchcase("arn:aws:iam::aws:policy/AdministratorAccess", one)]


@EVERY_STACK
def test_names_of_a_plan_are_allowed_in_policies_that_iam_accepts(stack: str) -> None:
    planned = recorded(stack).plan
    project = json.loads(recorded(stack).one("pulumi:providers:aws", "aws").inputs["defaultTags"])["tags"]["Project"]
    values = {**VALUES, "project": project}
    policies = deployer_policies(planned, values)
    patterns = [one for sid in statements(policies) if sid != "Look" for one in allowed(policies, sid) if one != "*"]
    kinds = {kind.type: kind for kind in KINDS if not kind.elsewhere}
    for kind in kinds.values():
        names = [
            one.inputs.get(kind.field) or f"{one.inputs['namePrefix']}1"
            for one in planned.resources
            if one.type == kind.type
        ]
        for name in names:
            example = kind.exact[0].replace("${name}", name).replace("??????", "a1b2c3")
            for key, value in values.items():
                example = example.replace(f"${{{key}}}", value)
            assert any(fnmatch.fnmatchcase(example, pattern) for pattern in patterns), example
    for policy in policies:
        assert len(json.dumps(policy, separators=(",", ":"))) <= LIMIT


def test_policies_of_servers_with_other_names_are_valid() -> None:
    policies = deployer_policies(recorded("servers").plan, SERVERS)
    assert "arn:aws:lambda:ap-northeast-2:123456789012:function:eks-ec2-startstop" in allowed(policies, "Functions")
    assert allowed(policies, "Images") == [
        "arn:aws:ecr:ap-northeast-2:123456789012:repository/plant/*",
        "arn:aws:ecr:ap-northeast-2:123456789012:repository/backend",
    ]
    for policy in policies:
        analyzed = parliament.analyze_policy_string(json.dumps(policy))
        assert analyzed.is_valid is True
        assert {finding.issue for finding in analyzed.findings} <= {"RESOURCE_STAR", "RESOURCE_MISMATCH"}


def test_statement_with_too_many_names_is_reported() -> None:
    many = [("aws:ecr/repository:Repository", {"name": f"repository-{number:03}"}) for number in range(100)]
    with pytest.raises(CallError, match="Images is longer than the 6144 characters of a policy; give names by rule"):
        deployer_policies(plan(*many), VALUES)


def test_patterns_occur_in_the_policies() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "aiplatform/iam/data").glob("deployer-policy*.json")
    )
    assert [kind.pattern for kind in KINDS if json.dumps(kind.pattern) not in text] == []


def permissions(out: Path, *arguments: str) -> Result:
    """The command for a stack without `project.accountId`."""
    call = ["permissions", "--stack", "mlflow", "--state-bucket", "mlops-state", "--out", str(out), *arguments]
    return CliRunner().invoke(app, call)


def test_permissions_writes_one_file_for_each_policy(tmp_path: Path) -> None:
    result = permissions(tmp_path, "--account", "111122223333")
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == [f"mlflow-deployer-{number}.json" for number in range(1, len(written) + 1)]
    line = f"Written to {tmp_path}: {len(written)} policies for the role that deploys mlflow\n"
    assert (result.exit_code, result.stdout) == (FINE, line)
    assert "arn:aws:s3:::mlops-state" in "".join(path.read_text() for path in tmp_path.iterdir())


def test_permissions_writes_nothing_without_an_account(tmp_path: Path) -> None:
    result = permissions(tmp_path)
    line = "mlflow: has no project.accountId; set it, or pass --account\n"
    assert (result.exit_code, result.stderr) == (WRONG, line)
    assert list(tmp_path.iterdir()) == []
