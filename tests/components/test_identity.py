"""The IAM role of a service account: IRSA with the exact subject, Pod Identity with its association."""

import json

import pytest

from aiplatform.preview.plan import UNKNOWN
from components.base.naming import fit
from components.identity.policy import Statement
from components.identity.workload_identity import IdentityProvider, ServiceAccount, WorkloadIdentity
from tests.components.base import BOTH, Found, alone, recorded

ISSUER = "oidc.eks.us-west-2.amazonaws.com/id/ABC"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"
ROLE, ACCOUNT = "aws:iam/role:Role", "kubernetes:core/v1:ServiceAccount"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def identity(
    mode: str,
    *,
    unknown: bool = False,
    create: bool = True,
    statements: tuple[Statement, ...] = (),
    shared_with: tuple[str, ...] = (),
) -> Found:
    provider = IdentityProvider(mode, "shop-eks", PROVIDER, ISSUER)  # type: ignore[arg-type]
    return alone(
        lambda: WorkloadIdentity(
            "reader",
            role_name="shop-reader",
            account=ServiceAccount("team", "reader"),
            provider=provider,
            statements=statements,
            managed_policies=["service-role/AmazonEBSCSIDriverPolicy"],
            create_service_account=create,
            shared_with=shared_with,
            labels={"app": "reader"},
        ),
        unknown=unknown,
    )


@BOTH
def test_irsa_trusts_exactly_one_service_account_and_audience(unknown: bool) -> None:
    found = identity("irsa", unknown=unknown)
    assert json.loads(found.inputs(ROLE)["assumeRolePolicy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": PROVIDER},
                "Action": ["sts:AssumeRoleWithWebIdentity"],
                "Condition": {
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER}:sub": "system:serviceaccount:team:reader",
                    }
                },
            }
        ],
    }
    assert found.all(ASSOCIATION) == []
    annotations = found.inputs(ACCOUNT)["metadata"]["annotations"]
    wanted = UNKNOWN if unknown else "arn:aws:iam::123456789012:role/shop-reader"
    assert annotations == {"eks.amazonaws.com/role-arn": wanted}


@BOTH
def test_pod_identity_trusts_the_service_and_its_association_names_the_account(unknown: bool) -> None:
    found = identity("podIdentity", unknown=unknown)
    (statement,) = json.loads(found.inputs(ROLE)["assumeRolePolicy"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }
    association = found.inputs(ASSOCIATION)
    assert [association[key] for key in ("clusterName", "namespace", "serviceAccount")] == [
        "shop-eks",
        "team",
        "reader",
    ]
    assert found.inputs(ACCOUNT)["metadata"].get("annotations", {}) == {}, "an annotation would win over it"


@BOTH
def test_service_account_of_a_chart_is_not_created_twice(unknown: bool) -> None:
    assert identity("irsa", unknown=unknown, create=False).all(ACCOUNT) == []


def test_policy_is_left_out_without_statements() -> None:
    assert identity("irsa").all("aws:iam/policy:Policy") == []
    (attachment,) = identity("irsa").all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attachment.inputs["policyArn"] == "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"


def test_policy_of_the_statements_is_named_after_the_role() -> None:
    conditions = {"StringEquals": {"aws:RequestedRegion": "us-west-2"}}
    found = identity("irsa", statements=(Statement("Read", ("s3:GetObject",), ("arn:aws:s3:::a/*",), conditions),))
    policy = found.inputs("aws:iam/policy:Policy")
    assert policy["name"] == "shop-reader"
    assert json.loads(policy["policy"])["Statement"] == [
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": ["arn:aws:s3:::a/*"],
            "Condition": conditions,
        }
    ]


@BOTH
def test_pods_depend_on_their_pod_identity(unknown: bool) -> None:
    # A pod that starts earlier never gets the role.
    recording = recorded("controller", unknown)
    consumers = {
        "kubernetes:helm.sh/v3:Release": {"cluster-autoscaler", "external-secrets", "load-balancer-controller"},
        "eks:index:Addon": {"ebs-csi", "vpc-cni"},
    }
    for type_, names in consumers.items():
        for name in names:
            assert recording.one(ASSOCIATION, name).urn in recording.before(recording.one(type_, name)), name
    server = recording.one("kubernetes:apps/v1:Deployment")
    assert recording.one(ASSOCIATION, "mlflow-s3-access").urn in recording.before(server)


@pytest.mark.parametrize("stack", ["dev", "controller"])
@BOTH
def test_addon_depends_on_its_role_policies(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for item in [*recording.all("kubernetes:helm.sh/v3:Release"), *recording.all("eks:index:Addon")]:
        attached = [
            attachment.urn
            for attachment in recording.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            if attachment.name == item.name or attachment.name.startswith(f"{item.name}-Amazon")
        ]
        assert set(attached) <= recording.before(item), item.name


@BOTH
def test_secret_stores_use_irsa_in_both_modes(unknown: bool) -> None:
    # The operator authenticates with a token.
    recording = recorded("controller", unknown)
    stores = recording.all("kubernetes:external-secrets.io/v1:SecretStore")
    assert {item.name for item in stores} == {"mlflow-secrets", "mlflow-database-setup"}
    for item in stores:
        provider = item.inputs["spec"]["provider"]["aws"]
        assert provider["region"] == "eu-central-1"
        assert provider["auth"] == {"jwt": {"serviceAccountRef": {"name": item.name}}}
        account = recording.one(ACCOUNT, item.name)
        assert "eks.amazonaws.com/role-arn" in account.inputs["metadata"]["annotations"]


@pytest.mark.parametrize("name", ["a" * 64, "a" * 65, "a" * 200, "a-" * 40])
def test_long_name_is_cut_to_its_limit_and_stays_unique(name: str) -> None:
    assert len(fit(name, 64)) <= 64
    assert fit(name, 64) == fit(name, 64)
    assert fit(name + "x", 64) != fit(name, 64)
    assert "--" not in fit(name, 64)


def test_short_name_is_unchanged() -> None:
    assert fit("shop-reader", 64) == "shop-reader"


@BOTH
def test_shared_role_of_an_addon_trusts_each_of_its_service_accounts(unknown: bool) -> None:
    trust = json.loads(identity("irsa", unknown=unknown, shared_with=("writer",)).inputs(ROLE)["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Condition"]["StringEquals"] == {
        f"{ISSUER}:aud": "sts.amazonaws.com",
        f"{ISSUER}:sub": ["system:serviceaccount:team:reader", "system:serviceaccount:team:writer"],
    }
    associations = identity("podIdentity", unknown=unknown, shared_with=("writer",)).all(ASSOCIATION)
    assert {item.name: item.inputs["serviceAccount"] for item in associations} == {
        "reader": "reader",
        "reader-writer": "writer",
    }
