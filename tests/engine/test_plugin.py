"""The AWS stub refuses what AWS refuses. Needs no engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tests.aws.operations import OPERATIONS
from tests.aws.remote import aws_resources
from tests.components.base import STACKS, recorded
from tests.engine.needed import PROGRAMS, charts, find_programs
from tests.engine.plugin import wire
from tests.engine.plugin.account import MOST_ATTEMPTS, Account, RefusedError, _still_said
from tests.engine.plugin.cloud import Thing
from tests.engine.plugin.provider import Provider
from tests.engine.plugin.rules import AGAIN
from tests.engine.plugin.uses import TARGETS, leaves
from tests.parts.place import MissingPartError

VPC, SUBNET, ROLE = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:iam/role:Role"
REPOSITORY = "aws:ecr/repository:Repository"
GROUP, RULE = "aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
DATABASE = "aws:rds/instance:Instance"
TRUST = '{"Version": "2012-10-17", "Statement": []}'
_pb: Any = provider_pb2


def _urn(type_: str, name: str = "one") -> str:
    return f"urn:pulumi:dev::ai-platform::{type_}::{name}"


@pytest.fixture
def account(tmp_path: Path) -> Account:
    (tmp_path / "control-plane.json").write_text('{"endpoint": "https://127.0.0.1:6443"}')
    return Account(tmp_path)


def _make(account: Account, type_: str, logical: str = "one", /, **inputs: Any) -> Thing:
    return account.create(type_, _urn(type_, logical), inputs)


def _refusal(account: Account, type_: str, logical: str = "one", /, **inputs: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        _make(account, type_, logical, **inputs)
    return str(refused.value)


def test_reference_to_a_missing_resource_is_refused(account: Account) -> None:
    refusal = _refusal(account, SUBNET, vpcId="vpc-0123456789abcdef0", cidrBlock="10.0.0.0/24")
    assert "InvalidVpcID.NotFound: vpcId vpc-0123456789abcdef0 does not exist" in refusal
    assert account.cloud.living() == []


def test_network_is_deleted_only_without_subnets(account: Account) -> None:
    network = _make(account, VPC, cidrBlock="10.0.0.0/16")
    subnet = _make(account, SUBNET, vpcId=network.id, cidrBlock="10.0.0.0/24")
    with pytest.raises(
        RefusedError, match=f"DependencyViolation: aws:ec2/vpc:Vpc {network.id} is used by .*Subnet one"
    ):
        account.delete(VPC, network.id, network.urn)
    account.delete(SUBNET, subnet.id, subnet.urn)
    account.delete(VPC, network.id, network.urn)
    assert account.cloud.living() == []


def test_security_group_in_a_rule_of_another_is_not_deleted(account: Account) -> None:
    network = _make(account, VPC, cidrBlock="10.0.0.0/16")
    one, other = (
        _make(account, GROUP, name, namePrefix=name, description=name, vpcId=network.id) for name in ("one", "other")
    )
    ports: dict[str, Any] = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    _make(account, RULE, securityGroupId=one.id, referencedSecurityGroupId=other.id, **ports)
    with pytest.raises(RefusedError, match="DependencyViolation"):
        account.delete(GROUP, other.id, other.urn)


def test_duplicate_role_name_is_refused(account: Account) -> None:
    _make(account, ROLE, name="shop-nodes", assumeRolePolicy=TRUST)
    assert "EntityAlreadyExists" in _refusal(account, ROLE, "two", name="shop-nodes", assumeRolePolicy=TRUST)


def test_repository_name_is_unique_per_region(account: Account) -> None:
    inputs: dict[str, Any] = {"name": "pages", "encryptionConfigurations": [{"encryptionType": "AES256"}]}
    here = _make(account, REPOSITORY, **inputs)
    account.configure({"region": "us-east-1"})
    there = _make(account, REPOSITORY, "copy", **inputs)
    assert (here.id, here.region, there.region) == (there.id, "us-west-2", "us-east-1")
    assert "EntityAlreadyExists" in _refusal(account, REPOSITORY, "two", **inputs)
    account.delete(REPOSITORY, there.id, there.urn)
    assert [thing.region for thing in account.cloud.living()] == ["us-west-2"]


def test_computed_value_in_a_structure_survives_an_update() -> None:
    before = {"name": "shop", "vpcConfig": {"subnetIds": ["a", "b"], "publicAccessCidrs": ["1.2.3.4/32"]}}
    outputs = {**before, "arn": "arn", "vpcConfig": {**before["vpcConfig"], "clusterSecurityGroupId": "sg-1"}}  # type: ignore[dict-item]
    after = {"name": "shop", "vpcConfig": {"subnetIds": ["a", "b"]}}
    assert _still_said(before, outputs, after) == {
        "name": "shop",
        "arn": "arn",
        "vpcConfig": {"subnetIds": ["a", "b"], "clusterSecurityGroupId": "sg-1"},
    }


def test_overlapping_subnets_are_refused(account: Account) -> None:
    network = _make(account, VPC, cidrBlock="10.0.0.0/16")
    _make(account, SUBNET, vpcId=network.id, cidrBlock="10.0.0.0/24")
    refusal = _refusal(account, SUBNET, "two", vpcId=network.id, cidrBlock="10.0.0.0/24")
    assert "InvalidSubnet.Conflict" in refusal


def test_resource_without_a_name_is_created_again_on_replacement(account: Account) -> None:
    ids = {_make(account, VPC, cidrBlock="10.0.0.0/16").id for _ in range(2)}
    assert len(ids) == 2
    assert {thing.id for thing in account.cloud.living(VPC)} == ids


def test_protected_database_is_not_deleted(account: Account) -> None:
    inputs: dict[str, Any] = {
        "identifier": "runs",
        "instanceClass": "db.t4g.small",
        "engine": "postgres",
        "skipFinalSnapshot": True,
    }
    database = _make(account, DATABASE, **inputs, deletionProtection=True)
    with pytest.raises(RefusedError, match="Cannot delete protected DB Instance"):
        account.delete(DATABASE, database.id, database.urn)
    account.update(DATABASE, database.id, {**inputs, "deletionProtection": False})
    account.delete(DATABASE, database.id, database.urn)
    assert account.cloud.living() == []


def test_name_of_a_deleted_secret_is_reserved_for_a_while(account: Account) -> None:
    secret = _make(account, SECRET, name="shop/admin", recoveryWindowInDays=7)
    account.delete(SECRET, secret.id, secret.urn)
    refusal = _refusal(account, SECRET, name="shop/admin", recoveryWindowInDays=7)
    assert "already scheduled for deletion" in refusal


def test_cluster_needs_the_policy_of_its_role(account: Account) -> None:
    role = _make(account, ROLE, name="shop-eks", assumeRolePolicy=TRUST)
    refusal = _refusal(
        account, "aws:eks/cluster:Cluster", name="shop", roleArn=role.outputs["arn"], vpcConfig={"subnetIds": []}
    )
    assert "lacks AmazonEKSClusterPolicy" in refusal


def test_invalid_request_is_refused_with_operation_and_reason(account: Account) -> None:
    refusal = _refusal(account, ROLE, name="n" * 65, assumeRolePolicy=TRUST)
    assert "creating aws:iam/role:Role: StatusCode: 400, ValidationException: iam:CreateRole: RoleName" in refusal


def test_throttled_call_is_retried_until_the_attempts_are_used_up(account: Account) -> None:
    account.cloud.fail("iam:CreateRole", "throttle", MOST_ATTEMPTS - 1)
    role = _make(account, ROLE, name="shop-nodes", assumeRolePolicy=TRUST)
    assert len(account.cloud.notes("fault")) == MOST_ATTEMPTS - 1
    account.cloud.fail("iam:DeleteRole", "error", MOST_ATTEMPTS)
    with pytest.raises(
        RefusedError, match=r"IAM: DeleteRole, exceeded maximum number of attempts, 25.*StatusCode: 500"
    ):
        account.delete(ROLE, role.id, role.urn)
    account.delete(ROLE, role.id, role.urn)


def test_request_with_a_lost_answer_has_been_executed(account: Account) -> None:
    account.cloud.fail("answer of iam:CreateRole", "lost", 1)
    assert "connection reset" in _refusal(account, ROLE, name="shop-nodes", assumeRolePolicy=TRUST)
    assert [thing.id for thing in account.cloud.living()] == ["shop-nodes"]


def test_log_holds_no_secret(account: Account) -> None:
    secret = _make(account, SECRET, name="shop/admin")
    password = account.answer("aws:secretsmanager/getRandomPassword:getRandomPassword", {})["randomPassword"]
    _make(account, VERSION, secretId=secret.outputs["arn"], secretString=password)
    assert account.cloud.passwords() == [password]
    assert password not in (account.cloud.folder / "aws.jsonl").read_text()


def test_preview_returns_unknown_for_computed_values(account: Account) -> None:
    properties = wire.struct({"cidrBlock": "10.0.0.0/16"})
    answer = Provider(account, "7").Create(_pb.CreateRequest(urn=_urn(VPC), properties=properties, preview=True), None)
    outputs = wire.plain(answer.properties)
    assert outputs["cidrBlock"] == "10.0.0.0/16"
    assert outputs["arn"] == wire.UNKNOWN
    assert answer.id == ""
    assert account.cloud.living() == []


@pytest.mark.parametrize(
    ("old", "new", "replaces", "first_delete"),
    [
        ({"name": "a", "description": "x"}, {"name": "a", "description": "y"}, [], False),
        ({"name": "a"}, {"name": "b"}, ["name"], False),
        ({"name": "a", "path": "/"}, {"name": "a", "path": "/b/"}, ["path"], True),
        ({"name": "a"}, {"name": "a"}, [], False),
    ],
)
def test_immutable_property_change_replaces_the_resource(
    account: Account, old: Mapping[str, Any], new: Mapping[str, Any], replaces: list[str], first_delete: bool
) -> None:
    request = _pb.DiffRequest(urn=_urn(ROLE), old_inputs=wire.struct(dict(old)), news=wire.struct(dict(new)))
    answer = Provider(account, "7").Diff(request, None)
    assert list(answer.replaces) == replaces
    assert answer.deleteBeforeReplace == first_delete
    assert list(answer.diffs) == [name for name in new if old[name] != new[name]]


def test_manually_deleted_resource_is_read_as_missing(account: Account) -> None:
    network = _make(account, VPC, cidrBlock="10.0.0.0/16")
    request = _pb.ReadRequest(urn=network.urn, id=network.id)
    assert Provider(account, "7").Read(request, None).id == network.id
    account.cloud.delete_by_hand(VPC, network.urn)
    assert Provider(account, "7").Read(request, None).id == ""


def test_every_reference_path_occurs_in_a_stack() -> None:
    found: set[str] = set()
    users = {user for kinds in TARGETS.values() for kind in kinds for user in (*kind.users, *kind.mentioned)}
    for stack in STACKS:
        for type_, _, inputs in aws_resources(iter(recorded(stack).plan.resources)):
            found |= {
                user for user in users if user.startswith(f"{type_} ") and any(leaves(inputs, user.partition(" ")[2]))
            }
    assert users - found == set()
    assert TARGETS.keys() | AGAIN <= OPERATIONS.keys()


def test_missing_program_is_named_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPartError, match=f"{', '.join(PROGRAMS)} not on PATH: https://www.pulumi.com/"):
        find_programs()


def test_missing_chart_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHARTS_DIR", str(tmp_path))
    with pytest.raises(MissingPartError, match=r"CHARTS_DIR lacks .*cluster-autoscaler-\d.*`helm pull` gets them"):
        charts()
