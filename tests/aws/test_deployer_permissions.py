"""IAM allows the deployer of a stack every request of its plan, and none of the attacks."""

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import parliament
import pytest

from aiplatform.iam.boundary import boundary_policy
from aiplatform.iam.permissions import LIMIT, POLICIES, deployer_policies, deployer_values, reader_policies
from aiplatform.preview.plan import Plan
from tests.aws.operations import OPERATIONS
from tests.aws.permissions.attacks import Attack, attacks
from tests.aws.permissions.authorized import Asked, Place, asked_of, known, later
from tests.aws.permissions.evaluate import Policy, as_list, permitted
from tests.aws.remote import aws_resources
from tests.aws.requests import Inputs, Request, requests_of
from tests.components.base import EVERY_STACK, recorded
from tests.parts.counts import proven

ACCOUNT = "123456789012"


@functools.cache
def values(stack: str) -> dict[str, str]:
    """The placeholders of a stack's policies."""
    settings = recorded(stack).settings
    return dict(deployer_values(settings, "state-bucket", settings.project.account_id or ACCOUNT, stack))


@functools.cache
def deployer(stack: str) -> list[Policy]:
    """The policies of the deploying role."""
    return list(deployer_policies(recorded(stack).plan, values(stack)))


def place(stack: str) -> Place:
    known = values(stack)
    roles = recorded(stack).all("aws:iam/role:Role")
    return Place(
        region=known["region"],
        account=known["account"],
        project=known["project"],
        tag=known["tag"],
        tags={"c": known["cluster"]},
        boundary={one.inputs["name"]: known["boundary"] for one in roles},
        paths={one.inputs["name"]: one.inputs.get("path", "/") for one in roles},
        existing=frozenset(str(one.inputs["id"]) for one in recorded(stack).plan.reads),
    )


def physical(inputs: Inputs) -> str:
    """The name by which later requests refer to a resource."""
    named = (str(inputs[key]) for key in ("name", "identifier", "replicationGroupId") if inputs.get(key))
    begins = f"{inputs['namePrefix']}0a1b2c3" if "namePrefix" in inputs else "ours"
    return next(named, begins)


def requests(plan: Plan, known: Mapping[str, str]) -> Iterator[tuple[str, Request]]:
    """Every request that creates a resource of the plan, and those that change and delete it later.

    Roles of a stack without a boundary get it here; tests/components/test_boundary.py has the program's own.
    """
    tags = {"Project": known["tag"]}
    for type_, name, recorded_inputs in aws_resources(iter(plan.resources)):
        # A recording has another account than some stack files.
        inputs = json.loads(json.dumps(recorded_inputs).replace(ACCOUNT, known["account"]))
        bound = {"permissionsBoundary": known["boundary"], **inputs} if type_ == "aws:iam/role:Role" else inputs
        found = requests_of(OPERATIONS[type_], name, bound, identifier=physical(inputs), default_tags=tags)
        for request in found.requests:
            yield f"{type_} {name}", request
            for changed in later(request):
                yield f"{type_} {name}", changed


def questions(stack: str) -> Iterator[tuple[str, Asked]]:
    where = place(stack)
    for name, request in requests(recorded(stack).plan, values(stack)):
        for asked in asked_of(request, where):
            yield name, asked


@EVERY_STACK
def test_deployer_may_send_every_request_of_its_plan(stack: str) -> None:
    asked = list(questions(stack))
    refused = {
        f"{name}: {one.action} {one.resource}: {dict(one.context)}"
        for name, one in asked
        if not permitted(deployer(stack), one.action, one.resource, one.context)
    }
    assert refused == set()
    proven("questions to IAM about requests of stacks", len(asked))


def attacked(stack: str) -> list[Attack]:
    return list(attacks(values(stack)))


@EVERY_STACK
def test_deployer_may_do_nothing_of_the_attacks(stack: str) -> None:
    found = attacked(stack)
    assert len(found) >= 60
    assert [one.what for one in found if permitted(deployer(stack), one.action, one.resource, one.context)] == []
    proven("attacks that the deployer's policies refuse", len(found))


def test_attacks_are_actions_of_iam() -> None:
    assert [one.action for one in attacked("prod") if not known(one.action)] == []


@pytest.mark.parametrize("sid", ["RolesWithTheBoundary", "Keys", "Secrets", "Databases", "Buckets", "Machines"])
def test_attacks_succeed_without_the_condition_or_the_name(sid: str) -> None:
    # The list would prove nothing if it was refused for another reason.
    without = json.loads(json.dumps(deployer("prod")))
    for policy in without:
        policy["Statement"] = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
        for statement in policy["Statement"]:
            if statement["Sid"] == sid:
                statement.pop("Condition", None)
                statement["Resource"] = "*"
    done = [one.what for one in attacked("prod") if permitted(without, one.action, one.resource, one.context)]
    assert done != []


def reader(stack: str) -> list[Policy]:
    return list(reader_policies(recorded(stack).plan, values(stack)))


@EVERY_STACK
def test_reader_sees_and_changes_nothing(stack: str) -> None:
    verbs = ("Describe", "Get", "List", "View")
    actions = {
        action.partition(":")[2]
        for policy in reader(stack)
        for one in policy["Statement"]
        if one["Effect"] == "Allow"
        for action in as_list(one["Action"])
    }
    assert [one for one in sorted(actions) if not one.startswith(verbs)] == []
    assert [
        one.what for one in attacked(stack) if permitted(reader(stack), one.action, one.resource, one.context)
    ] == []


@EVERY_STACK
def test_reader_reads_no_value_of_a_secret(stack: str) -> None:
    known_values = values(stack)
    secret = f"arn:aws:secretsmanager:{known_values['region']}:{known_values['account']}:secret"
    context = {"aws:ResourceTag/Project": known_values["tag"]}
    for name in (f"{known_values['project']}/a-x", "rds!db-x"):
        assert not permitted(reader(stack), "secretsmanager:GetSecretValue", f"{secret}:{name}", context)
    own = f"{secret}:{known_values['project']}/a-x"
    assert not permitted(reader(stack), "ssm:GetParameter", "arn:aws:ssm:us-east-1:1:parameter/password", {})
    if recorded(stack).all("aws:secretsmanager/secret:Secret"):
        assert permitted(reader(stack), "secretsmanager:DescribeSecret", own, context)
        assert permitted(deployer(stack), "secretsmanager:GetSecretValue", own, context)


@EVERY_STACK
def test_boundary_allows_the_actions_of_the_roles_and_no_way_up(stack: str) -> None:
    known_values = values(stack)
    boundary = boundary_policy(recorded(stack).plan, known_values)
    assert boundary.unknown == ()
    documents = [boundary.document]
    for one in attacked(stack):
        if one.action.partition(":")[0] in {"iam", "kms", "s3", "secretsmanager", "sts"}:
            assert not permitted(documents, one.action, one.resource, one.context), one.what
    project, account = known_values["project"], known_values["account"]
    own = {"aws:ResourceTag/Project": known_values["tag"], "aws:RequestedRegion": known_values["region"]}
    for resource in recorded(stack).all("aws:iam/policy:Policy") + recorded(stack).all("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(resource.inputs["policy"])["Statement"]:
            for action in as_list(statement["Action"]):
                if action.partition(":")[0] not in {"iam", "kms", "s3", "secretsmanager"}:
                    assert permitted(documents, action, f"arn:aws:x:::{project}-{account}", own), action


@EVERY_STACK
def test_permissions_are_within_the_limits_and_linted(stack: str) -> None:
    documents = [*deployer(stack), *reader(stack), boundary_policy(recorded(stack).plan, values(stack)).document]
    assert len(deployer(stack)) <= POLICIES
    sids = [one["Sid"] for policy in deployer(stack) for one in policy["Statement"]]
    assert len(sids) == len(set(sids))
    for policy in documents:
        assert len(json.dumps(policy, separators=(",", ":"))) <= LIMIT
    found = {str(one.issue) for one in issues(documents)}
    assert found <= QUIET, found


def issues(documents: list[Policy]) -> Iterator[Any]:
    for policy in documents:
        for finding in parliament.analyze_policy_string(json.dumps(policy)).findings:
            # The table has Elastic Load Balancing twice, and parliament reads the older one:
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
            if "elasticloadbalancing:CreateAction" not in str(finding.detail):
                yield finding


QUIET = {
    # An action that is checked for several resources has them in several statements; those that only look have `*`.
    "RESOURCE_MISMATCH",
    "RESOURCE_STAR",
}


def test_services_that_a_plan_lacks_are_left_out() -> None:
    def services(stack: str) -> set[str]:
        return {
            action.partition(":")[0]
            for policy in deployer(stack)
            for one in policy["Statement"]
            if one["Effect"] == "Allow"
            for action in as_list(one["Action"])
        }

    assert services("bare") == {"autoscaling", "ec2", "eks", "iam", "kms", "logs", "s3", "ssm", "sts"}
    assert {"backup", "budgets", "chatbot", "elasticache", "sns"} <= services("openwebui") - services("prod")
