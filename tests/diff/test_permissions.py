"""Who can newly do what, worked out by hand."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from aiplatform.diff.sections.rights import lines
from aiplatform.iam.grants import Grant, gained, grants, in_words
from tests.diff.changed import Resources, changed, side, told

POLICY = "aws:iam/policy:Policy mlflow-s3-access"
TRUSTED = "aws:iam/role:Role mlflow-s3-access"
ROLE = "role mdpg-mlops-mlflow-s3-access"
BUCKET = "arn:aws:s3:::mdpg-mlops-mlflow-artifacts"


def _difference(change: Callable[[Resources], None], stack: str = "mlflow") -> list[str]:
    return told(lines(side(stack), changed(stack, change)))


def _statements(change: Callable[[list[dict[str, Any]]], None], key: str = POLICY, field: str = "policy") -> list[str]:
    def edit(found: Resources) -> None:
        document = json.loads(found[key]["inputs"][field])
        change(document["Statement"])
        found[key]["inputs"][field] = json.dumps(document)

    return _difference(edit)


def test_equal_statements_in_another_order_are_no_difference() -> None:
    def reorder(found: list[dict[str, Any]]) -> None:
        found.reverse()
        for one in found:
            one["Action"].reverse()
            one["Sid"] = f"Other{one['Sid']}"

    assert _statements(reorder) == []


def test_divided_and_joined_statements_are_no_difference() -> None:
    def divide(found: list[dict[str, Any]]) -> None:
        found[:] = [{**one, "Action": action} for one in found for action in one["Action"]]

    assert _statements(divide) == []


def test_wider_action_is_reported_as_all_of_its_service() -> None:
    assert _statements(lambda found: found[0].update(Action="s3:*")) == [
        f"warning: {ROLE}: newly may call every action of s3 on {BUCKET}"
    ]


def test_wider_resource_is_reported_with_its_actions() -> None:
    assert _statements(lambda found: found[0].update(Resource="*")) == [
        f"warning: {ROLE}: newly may call s3:ListBucket on every resource"
    ]


def test_narrower_resource_is_lost() -> None:
    assert _statements(lambda found: found[0].update(Resource=f"{BUCKET}-logs")) == [
        f"warning: {ROLE}: newly may call s3:ListBucket on {BUCKET}-logs",
        f"info: {ROLE}: may no longer call s3:ListBucket on {BUCKET}",
    ]


def test_every_action_on_every_resource_is_an_error() -> None:
    assert _statements(lambda found: found.append({"Effect": "Allow", "Action": "*", "Resource": "*"})) == [
        f"error: {ROLE}: newly may call every action of AWS on every resource"
    ]


def test_dropped_condition_is_reported_with_the_condition() -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/team": "ml"}}

    def conditioned(found: Resources) -> None:
        document = json.loads(found[POLICY]["inputs"]["policy"])
        document["Statement"][0]["Condition"] = condition
        found[POLICY]["inputs"]["policy"] = json.dumps(document)

    with_condition = changed("mlflow", conditioned)
    (line,) = told(lines(with_condition, side("mlflow")))
    assert line == (
        f"warning: {ROLE}: newly may call s3:ListBucket on {BUCKET}, no longer only if aws:PrincipalTag/team "
        "StringEquals ml"
    )
    (line,) = told(lines(side("mlflow"), with_condition))
    assert line.startswith(f"info: {ROLE}: may no longer call s3:ListBucket on {BUCKET}")


def test_statement_that_denies_is_no_gain_and_its_removal_is_a_warning() -> None:
    deny = {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}

    def denying(found: Resources) -> None:
        document = json.loads(found[POLICY]["inputs"]["policy"])
        document["Statement"].append(deny)
        found[POLICY]["inputs"]["policy"] = json.dumps(document)

    assert _difference(denying) == [f"info: {ROLE}: is newly denied s3:DeleteObject on every resource"]
    assert told(lines(changed("mlflow", denying), side("mlflow"))) == [
        f"warning: {ROLE}: is no longer denied s3:DeleteObject on every resource"
    ]


def test_trust_without_its_condition_is_reported() -> None:
    (line,) = _statements(lambda given: given[0].pop("Condition"), TRUSTED, "assumeRolePolicy")
    assert line.startswith(f"warning: {ROLE}: newly can be assumed by arn:aws:iam::123456789012:oidc-provider/")
    assert line.endswith(", without the former condition")


def test_trust_of_another_service_account_or_every_principal_is_reported() -> None:
    def other(found: list[dict[str, Any]]) -> None:
        found[0]["Condition"] = json.loads(json.dumps(found[0]["Condition"]).replace(":mlflow", ":other"))

    assert _statements(other, TRUSTED, "assumeRolePolicy") == [
        f"warning: {ROLE}: newly can be assumed by service account ml-platform:other",
        f"info: {ROLE}: can no longer be assumed by service account ml-platform:mlflow",
    ]
    everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    assert _statements(lambda found: found.append(everybody), TRUSTED, "assumeRolePolicy") == [
        f"error: {ROLE}: newly can be assumed by every principal of AWS"
    ]


def test_removed_boundary_is_an_error() -> None:
    def change(found: Resources) -> None:
        found["aws:iam/role:Role cluster"]["inputs"].pop("permissionsBoundary")

    (line,) = _difference(change)
    assert line.startswith("error: role mdpg-mlops-eks-cluster: no longer has the permissions boundary arn:aws:iam::")


def test_managed_policy_is_reported_by_name() -> None:
    def change(found: Resources) -> None:
        one = next(one for one in found.values() if one["type"].endswith(":RolePolicyAttachment"))
        one = {**one, "urn": one["urn"] + "-2", "name": "two", "inputs": {**one["inputs"]}}
        one["inputs"] |= {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "role": "mdpg-mlops-eks-node"}
        found["two"] = one

    assert _difference(change) == [
        "warning: role mdpg-mlops-eks-node: newly has the AWS managed policy AdministratorAccess"
    ]


ENTRY = "aws:eks/accessEntry:AccessEntry cluster-access-ml-engineer-1"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation cluster-access-ml-engineer-1"


def test_wider_access_entry_is_reported_with_its_scope() -> None:
    principal = "principal arn:aws:iam::123456789012:role/mdpg-mlops-access-ml-engineer-1"

    def change(found: Resources) -> None:
        found[ASSOCIATION]["inputs"]["accessScope"] = {"type": "cluster"}

    def group(found: Resources) -> None:
        found[ENTRY]["inputs"]["kubernetesGroups"] = ["developers"]

    assert _difference(change) == [
        f"warning: {principal}: newly has access policy AmazonEKSViewPolicy in the cluster",
    ]
    assert _difference(group) == [f"warning: {principal}: newly has group developers in the cluster"]


def test_added_access_entry_is_a_new_principal() -> None:
    def change(found: Resources) -> None:
        for key in (ENTRY, ASSOCIATION):
            del found[key]

    before = changed("mlflow", change)
    (line,) = [line for line in told(lines(before, side("mlflow"))) if "principal" in line]
    assert line.startswith("warning: principal arn:aws:iam::123456789012:role/mdpg-mlops-access-ml-engineer-1: ")
    assert line.endswith(": is new and has access policy AmazonEKSViewPolicy in namespace ml-platform")


def _executing(found: Resources) -> dict[str, Any]:
    """The rule of tenants for pods/exec."""
    for one in found.values():
        if one["type"].endswith(":ClusterRole"):
            for rule in one["inputs"]["rules"]:
                if "pods/exec" in rule.get("resources", ()):
                    return {"rule": rule}
    raise AssertionError("no role has pods/exec")


def test_added_verbs_are_reported_for_each_subject() -> None:
    found = _difference(lambda given: _executing(given)["rule"]["verbs"].append("delete"), "dev")
    verbs = "newly has delete pods/exec, pods/portforward in namespace"
    assert f"warning: group tenant-team01: {verbs} team01" in found
    assert f"warning: service account team02/default-editor: {verbs} team02" in found
    assert all("delete pods/exec" in line for line in found)


def test_order_of_verbs_and_rules_makes_no_difference() -> None:
    def change(found: Resources) -> None:
        for one in found.values():
            if one["type"].endswith((":ClusterRole", ":Role")) and "rules" in one["inputs"]:
                one["inputs"]["rules"].reverse()
                for rule in one["inputs"]["rules"]:
                    rule["verbs"].reverse()

    assert _difference(change, "dev") == []


def test_new_binding_to_an_unknown_role_names_the_role() -> None:
    def change(found: Resources) -> None:
        one = next(one for one in found.values() if one["type"].endswith(":ClusterRoleBinding"))
        inputs = {
            **one["inputs"],
            "metadata": {"name": "admins"},
            "roleRef": {"kind": "ClusterRole", "name": "cluster-admin", "apiGroup": "rbac.authorization.k8s.io"},
            "subjects": [{"kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"}],
        }
        found["admins"] = {**one, "name": "admins", "urn": one["urn"] + "-admins", "inputs": inputs}

    assert _difference(change, "dev") == ["warning: user eve: is new and has ClusterRole cluster-admin in the cluster"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"Action": "s3:*", "Resource": "*"}, {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}, []),
        ({"Action": "S3:getobject", "Resource": "*"}, {"Action": "s3:GetObject", "Resource": "*"}, []),
        (
            {"Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*"},
            {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::a/b"},
            ["s3:PutObject on arn:aws:s3:::a/b"],
        ),
        (
            {"Action": "s3:GetObject", "Resource": "*"},
            {"NotAction": "iam:*", "Resource": "*"},
            ["all but iam:* on every resource"],
        ),
    ],
)
def test_statement_is_gained_only_where_no_other_covers_it(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    sides = [list(grants({"Statement": {"Effect": "Allow", **one}})) for one in (before, after)]
    assert [text for _, text in in_words(gained(*sides))] == expected


def test_unknown_policy_document_has_no_grants() -> None:
    assert list(grants("[unknown]")) == list(grants(None)) == []
    assert Grant("Allow", "*", "*", "", "").is_everything
