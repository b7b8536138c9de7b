"""Every IAM document of every stack: least privilege, linted, within IAM's sizes."""

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

import parliament
import pytest

from aiplatform.preview.plan import UNKNOWN, Resource
from tests.components.base import BOTH, EVERY_STACK, STACKS, recorded, settings_of

REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
WITHOUT_RESOURCE_RIGHTS = {
    # Actions whose row in the reference names no resource type, so that IAM takes nothing but `*` for them.
    f"{REFERENCE}list_awscertificatemanager.html": {"acm:ListCertificates"},
    f"{REFERENCE}list_amazoncloudwatch.html": {
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData",
    },
    f"{REFERENCE}list_amazoncloudwatchlogs.html": {"logs:DescribeLogGroups"},
    f"{REFERENCE}list_amazonelasticcontainerregistry.html": {"ecr:GetAuthorizationToken"},
    f"{REFERENCE}list_amazonec2autoscaling.html": {
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
    },
    f"{REFERENCE}list_amazonec2.html": {
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcs",
        "ec2:GetInstanceTypesFromInstanceRequirements",
    },
    f"{REFERENCE}list_elasticloadbalancingv2.html": {
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListenerCertificates",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeSSLPolicies",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:DescribeTrustStores",
    },
}
WITHOUT_A_REGION = {
    # Asked of one place in the world, or ended by another condition; all of Karpenter's:
    # https://karpenter.sh/v1.14/reference/cloudformation/
    "arc-zonal-shift:GetManagedResource": {"StringEquals": {"arc-zonal-shift:ResourceIdentifier"}},
    "iam:ListInstanceProfiles": {},
    "pricing:GetProducts": {},
}
STAR_ALLOWED = {action for actions in WITHOUT_RESOURCE_RIGHTS.values() for action in actions}
OF_AMAZON = ("image", "snapshot", "parameter/aws/service", "foundation-model/")
"""What belongs to no account of ours."""

MANAGED_POLICY_LIMIT, TRUST_LIMIT, INLINE_LIMIT = 6144, 2048, 10240
"""Characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

POLICIES = ("aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy")
TRUSTED_SERVICES = {
    # Which service may take on which role, by the role's logical name.
    "backups": "backup.amazonaws.com",
    "cluster": "eks.amazonaws.com",
    "node-role": "ec2.amazonaws.com",
    "karpenter-node-role": "ec2.amazonaws.com",
    "network-flow-logs": "vpc-flow-logs.amazonaws.com",
    "sleep": "scheduler.amazonaws.com",
    "sleep-function": "lambda.amazonaws.com",
    "alarms-channel": "chatbot.amazonaws.com",
}
LOG_DELIVERY = {
    "logging.s3.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
}
OF_MANY = {
    r"instance-[a-z0-9-]+": "ec2.amazonaws.com",
    r"bucket-[a-z0-9-]+-replica": "s3.amazonaws.com",
    r"(?:database|aurora)-[a-z0-9-]+-monitoring": "monitoring.rds.amazonaws.com",
}
"""The same for roles that a stack may have several of."""


@functools.cache
def policies(stack: str) -> tuple[tuple[Resource, dict[str, Any]], ...]:
    found = [resource for type_ in POLICIES for resource in recorded(stack).all(type_)]
    return tuple((resource, json.loads(resource.inputs["policy"])) for resource in found)


def statements(stack: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource, document in policies(stack):
        for statement in document["Statement"]:
            yield f"{resource.name}: {statement['Sid']}", statement


@functools.cache
def trusts(stack: str) -> dict[str, dict[str, Any]]:
    return {role.name: json.loads(role.inputs["assumeRolePolicy"]) for role in recorded(stack).all("aws:iam/role:Role")}


def compact(document: str) -> int:
    return len(json.dumps(json.loads(document), separators=(",", ":")))


@EVERY_STACK
def test_every_stack_has_roles(stack: str) -> None:
    # The checks below would compare nothing.
    assert len(trusts(stack)) >= 2
    assert stack == "bare" or len(policies(stack)) >= 4


@EVERY_STACK
def test_no_statement_allows_every_action_of_a_service(stack: str) -> None:
    wide = [(where, action) for where, item in statements(stack) for action in item["Action"] if "*" in action]
    assert wide == []


@EVERY_STACK
def test_statements_name_resources_where_the_service_supports_them(stack: str) -> None:
    for where, statement in statements(stack):
        stars = [resource for resource in statement["Resource"] if not resource.startswith("arn:")]
        if stars:
            assert statement["Resource"] == ["*"], where
            assert set(statement["Action"]) <= STAR_ALLOWED | WITHOUT_A_REGION.keys(), where


@EVERY_STACK
def test_statements_without_resources_are_limited_to_the_region(stack: str) -> None:
    region = recorded(stack).settings.project.region
    for where, statement in statements(stack):
        if statement["Resource"] == ["*"] and not set(statement["Action"]) <= WITHOUT_A_REGION.keys():
            assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": region}}, where


@EVERY_STACK
def test_arns_have_region_and_account_unless_the_service_omits_them(stack: str) -> None:
    region = recorded(stack).settings.project.region
    for where, statement in statements(stack):
        for arn in statement["Resource"]:
            if arn == "*":
                continue
            _, partition, service, arn_region, account, name = arn.split(":", 5)
            assert partition == "aws", where
            if service != "s3":
                # A provider has a region of its own, and AWS gives an inference profile its regions.
                profiles = "bedrock:InferenceProfileArn" in str(statement.get("Condition"))
                assert service == "bedrock" or arn_region == ("" if service == "iam" else region), where
                assert (arn_region == "*") == profiles, where
                assert account.isdigit() or (account == "" and name.startswith(OF_AMAZON)), where
            assert name not in {"*", "*/*"}, where


@EVERY_STACK
def test_statements_without_a_region_have_the_conditions_of_karpenter(stack: str) -> None:
    for where, statement in statements(stack):
        if set(statement["Action"]) <= WITHOUT_A_REGION.keys():
            (action,) = statement["Action"]
            conditions = {key: set(values) for key, values in statement.get("Condition", {}).items()}
            assert conditions == WITHOUT_A_REGION[action], where


def test_actions_without_resource_permissions_are_all_in_use() -> None:
    used = {
        action
        for stack in STACKS
        for _, statement in statements(stack)
        if statement["Resource"] == ["*"]
        for action in statement["Action"]
    }
    assert used == STAR_ALLOWED | WITHOUT_A_REGION.keys()


def known_to_have_no_resources(action: str) -> bool:
    service, _, name = action.partition(":")
    for entry in parliament.iam_definition:
        if entry["prefix"] == service:
            for privilege in entry["privileges"]:
                if privilege["privilege"] == name:
                    return not any(item["resource_type"] for item in privilege["resource_types"])
    return True  # newer than parliament's data


def test_actions_without_resource_permissions_agree_with_parliament() -> None:
    assert [action for action in sorted(STAR_ALLOWED) if not known_to_have_no_resources(action)] == []


def is_expected(finding: parliament.finding.Finding) -> bool:
    """Actions of listeners are for both kinds of balancers; the controller here makes none of the network kind. A model
    of Bedrock is one resource of several kinds.

    Parliament knows no resource of SetWebAcl, which AWS's own example has:
    https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html
    """
    if finding.issue == "MISMATCHED_TYPE_BUT_USABLE":
        # As https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html writes it.
        return "StringEquals" in str(finding.detail)
    if finding.issue != "RESOURCE_MISMATCH":
        return False
    return all(
        item["action"] == "elasticloadbalancing:SetWebAcl"
        or "/net/" in item["required_format"]
        or "/gwy/" in item["required_format"]
        or item["action"].startswith("bedrock:InvokeModel")
        for item in finding.detail
    )


IN_SEVERAL_STATEMENTS = {"ec2:CreateFleet", "ec2:RunInstances"}
"""Karpenter's launches need rights to several kinds of resources, each with conditions of its own."""


def expected_of_karpenter(finding: parliament.finding.Finding) -> bool:
    if finding.issue == "RESOURCE_STAR":
        return set(finding.detail) <= WITHOUT_A_REGION.keys()
    if finding.issue != "RESOURCE_MISMATCH":
        return False
    # Parameters of AWS itself are in no account, and parliament wants one there.
    return {item["action"] for item in finding.detail} <= {*IN_SEVERAL_STATEMENTS, "ssm:GetParameter"}


@EVERY_STACK
def test_policies_are_linted_with_parliament(stack: str) -> None:
    for resource, _ in policies(stack):
        analyzed = parliament.analyze_policy_string(resource.inputs["policy"])
        assert analyzed.is_valid, resource.urn
        expected = expected_of_karpenter if resource.name.startswith("karpenter-") else is_expected
        assert [str(item) for item in analyzed.findings if not expected(item)] == [], resource.urn


def test_parliament_reports_an_unknown_action() -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObjekt"], "Resource": ["arn:aws:s3:::a/*"]}],
    }
    found = {item.issue for item in parliament.analyze_policy_string(json.dumps(document)).findings}
    assert found == {"UNKNOWN_ACTION"}


@EVERY_STACK
def test_bucket_policies_only_deny_but_for_services_that_deliver_logs(stack: str) -> None:
    account = settings_of(stack).project.account_id or "123456789012"
    for resource in recorded(stack).all("aws:s3/bucketPolicy:BucketPolicy"):
        document = json.loads(resource.inputs["policy"])
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow":
                assert resource.name.startswith("access-logs"), resource.name
                assert statement["Principal"]["Service"] in LOG_DELIVERY
                assert account in json.dumps(statement["Condition"])
        assert parliament.analyze_policy_string(resource.inputs["policy"]).is_valid


@EVERY_STACK
def test_policy_documents_stay_within_the_size_limits_of_iam(stack: str) -> None:
    recording = recorded(stack)
    for type_, limit in zip(POLICIES, (MANAGED_POLICY_LIMIT, INLINE_LIMIT), strict=True):
        assert max((compact(item.inputs["policy"]) for item in recording.all(type_)), default=0) <= limit
    for role in recording.all("aws:iam/role:Role"):
        assert compact(role.inputs["assumeRolePolicy"]) <= TRUST_LIMIT, role.urn
        assert len(role.inputs.get("description", "")) <= 1000


@EVERY_STACK
def test_role_has_at_most_ten_managed_policies(stack: str) -> None:
    roles = [item.inputs["role"] for item in recorded(stack).all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    assert max(map(roles.count, roles)) <= 10


@EVERY_STACK
def test_trust_policy_has_one_statement_for_one_kind_of_principal(stack: str) -> None:
    for name, document in trusts(stack).items():
        (statement,) = document["Statement"]
        assert statement["Effect"] == "Allow", name
        assert len(statement["Principal"]) == 1, name
        assert "*" not in json.dumps(statement["Principal"]), name


@EVERY_STACK
def test_services_are_trusted_by_name_and_only_where_needed(stack: str) -> None:
    for name, document in trusts(stack).items():
        (statement,) = document["Statement"]
        service = statement["Principal"].get("Service")
        if service == "pods.eks.amazonaws.com":
            assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"], name
        elif service is not None:
            wanted = next((one for kind, one in OF_MANY.items() if re.fullmatch(kind, name)), None)
            wanted = wanted or TRUSTED_SERVICES[name]
            assert service == wanted, name
            assert statement["Action"] == ["sts:AssumeRole"], name


@EVERY_STACK
def test_federated_trust_names_one_audience_and_service_account_by_equality(stack: str) -> None:
    for name, document in trusts(stack).items():
        (statement,) = document["Statement"]
        if "Federated" not in statement["Principal"]:
            continue
        issuer = statement["Principal"]["Federated"].split("oidc-provider/")[1]
        assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"], name
        assert set(statement["Condition"]) == {"StringEquals"}, name
        conditions = statement["Condition"]["StringEquals"]
        assert set(conditions) == {f"{issuer}:aud", f"{issuer}:sub"}, name
        assert conditions[f"{issuer}:aud"] == "sts.amazonaws.com", name
        assert "*" not in conditions[f"{issuer}:sub"], name


@EVERY_STACK
def test_only_access_roles_trust_the_account(stack: str) -> None:
    # Whom the account's own policies let, as for every role that people share; there is no narrower condition that
    # fits people and CI alike.
    for name, document in trusts(stack).items():
        (statement,) = document["Statement"]
        if "AWS" in statement["Principal"]:
            assert name.startswith("cluster-access-") or re.fullmatch(r"tenant-[a-z0-9-]+-person", name), name
            assert statement["Principal"]["AWS"].endswith(":root"), name


@EVERY_STACK
@BOTH
def test_service_accounts_do_not_share_roles(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    accounts = recording.all("kubernetes:core/v1:ServiceAccount")
    described = [
        role.inputs["description"]
        for role in recording.all("aws:iam/role:Role")
        if role.inputs.get("description", "").startswith("Service account ")
    ]
    assert len(set(described)) == len(described)
    for account in accounts:
        metadata = account.inputs["metadata"]
        name = metadata["name"]
        if (
            name in ("default-viewer", "dex")
            or name.endswith("-router")
            or metadata["namespace"] == "tenant-suspension"
        ):
            assert "annotations" not in metadata, "who only looks, or asks the API server, has no business in AWS"
            continue
        assert f"Service account {metadata['namespace']}/{metadata['name']}" in described


@EVERY_STACK
def test_first_preview_leaves_only_documents_with_new_values_unknown(stack: str) -> None:
    known, unknown = recorded(stack), recorded(stack, True)
    for role in known.all("aws:iam/role:Role"):
        trust = unknown.by_urn[role.urn].inputs["assumeRolePolicy"]
        (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        # The account is asked for before anything is built: a condition on it is known.
        known_before = set(statement.get("Condition", {}).get("StringEquals", {})) == {"aws:SourceAccount"}
        rests_on_the_cloud = "Federated" in statement["Principal"] or ("Condition" in statement and not known_before)
        assert trust == (UNKNOWN if rests_on_the_cloud else role.inputs["assumeRolePolicy"]), role.urn


WANTED = {
    "mlflow-s3-access": {
        "ListArtifacts": ({"s3:ListBucket"}, ["arn:aws:s3:::ai-dev-artifacts"]),
        "KeepArtifacts": (
            {
                "s3:GetObject",
                "s3:PutObject",
                "s3:DeleteObject",
                "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts",
            },
            ["arn:aws:s3:::ai-dev-artifacts/*"],
        ),
    },
    "cluster-access-developer": {
        "WriteKubeconfig": ({"eks:DescribeCluster"}, ["arn:aws:eks:us-west-2:123456789012:cluster/ai-dev-eks"])
    },
    "external-secrets": {
        "ReadPlatformSecrets": (
            {"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"},
            ["arn:aws:secretsmanager:us-west-2:123456789012:secret:ai-dev/platform/*"],
        )
    },
    "sleep": {
        "StopAndStartDatabases": (
            {"rds:StopDBInstance", "rds:StartDBInstance"},
            ["arn:aws:rds:us-west-2:123456789012:db:ai-dev-metadata-db"],
        ),
        "ResizeNodeGroups": (
            {"eks:UpdateNodegroupConfig"},
            [
                "arn:aws:eks:us-west-2:123456789012:nodegroup/ai-dev-eks/gpu/*",
                "arn:aws:eks:us-west-2:123456789012:nodegroup/ai-dev-eks/system/*",
            ],
        ),
    },
}


@pytest.mark.parametrize("name", WANTED)
def test_role_document_is_complete(name: str) -> None:
    (document,) = (document for resource, document in policies("dev") if resource.name == name)
    assert {item["Sid"]: (set(item["Action"]), item["Resource"]) for item in document["Statement"]} == WANTED[name]


def test_workload_reads_its_own_secrets_only() -> None:
    (document,) = (document for resource, document in policies("mlflow") if resource.name == "mlflow-secrets")
    (statement,) = document["Statement"]
    names = sorted(arn.split(":secret:")[1].rsplit("-", 1)[0] for arn in statement["Resource"])
    users = ["ml-engineer-1", "mlops-engineer-1", "mlops-engineer-2"]
    assert names == sorted(
        [
            "mdpg-mlops/mlflow/db-password",
            "mdpg-mlops/mlflow/admin",
            "mdpg-mlops/mlflow/server",
            *(f"mdpg-mlops/mlflow/users/{user}" for user in users),
        ]
    )


def test_autoscaler_resizes_groups_of_its_cluster_only() -> None:
    (document,) = (document for resource, document in policies("dev") if resource.name == "cluster-autoscaler")
    changes = {item["Sid"]: item for item in document["Statement"]}["ResizeGroupsOfThisCluster"]
    assert set(changes["Action"]) == {
        "autoscaling:SetDesiredCapacity",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
    }
    assert changes["Condition"]["StringEquals"] == {
        "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
        "aws:ResourceTag/k8s.io/cluster-autoscaler/ai-dev-eks": "owned",
    }


def test_load_balancer_controller_binds_target_groups_of_its_cluster_only() -> None:
    (document,) = (document for resource, document in policies("prod") if resource.name == "load-balancer-controller")
    binding = {item["Sid"]: item for item in document["Statement"]}["BindPodsToTargetGroups"]
    group = recorded("prod").inputs("aws:lb/targetGroup:TargetGroup")
    (condition,) = binding["Condition"]["StringEquals"].items()
    assert condition == ("aws:ResourceTag/ai-platform/cluster", group["tags"]["ai-platform/cluster"])
    created = [action for item in document["Statement"] for action in item["Action"] if ":Create" in action]
    assert created == [], "with a load balancer of Pulumi's it makes none"


def test_controller_with_ingresses_changes_resources_with_its_cluster_tag_only() -> None:
    for where, statement in statements("controller"):
        # SetWebAcls has no condition key for tags; AssociateWebAcls is held to the platform's web ACL.
        if not where.startswith("load-balancer-controller") or "ChangeListeners" in where or "SetWebAcls" in where:
            continue
        if any(
            action.split(":")[1].startswith(("Delete", "Modify", "Set", "Revoke")) for action in statement["Action"]
        ):
            assert any("ResourceTag" in key for key in statement["Condition"]["StringEquals"]), where
