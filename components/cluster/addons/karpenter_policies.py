"""The IAM policies of Karpenter.

The six policies of https://karpenter.sh/v1.14/reference/cloudformation/ with the same scope. Create actions require the
tags of this cluster in the request. Modify and delete actions are limited to resources with these tags.
"""

from collections.abc import Mapping

import pulumi

from components.identity.policy import Statement

POOL_TAG = "karpenter.sh/nodepool"
CLASS_TAG = "karpenter.k8s.aws/ec2nodeclass"
CLUSTER_NAME_TAG = "eks:eks-cluster-name"
REGION_TAG = "topology.kubernetes.io/region"

MADE_OF = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
"""EC2 resource types that are created with a node."""


def karpenter_statements(
    region: str,
    account_id: pulumi.Input[str],
    cluster_name: str,
    *,
    node_role_arn: pulumi.Input[str],
    queue_arn: pulumi.Input[str],
) -> Mapping[str, tuple[Statement, ...]]:
    """Return the statements of each policy, by the suffix of its name."""
    cluster_arn = pulumi.Output.format("arn:aws:eks:{0}:{1}:cluster/{2}", region, account_id, cluster_name)
    return {
        "node-lifecycle": _node_lifecycle(region, account_id, cluster_name),
        "iam-integration": _iam_integration(region, account_id, cluster_name, node_role_arn),
        "eks-integration": (Statement("AllowAPIServerEndpointDiscovery", ("eks:DescribeCluster",), (cluster_arn,)),),
        "interruption": (
            Statement(
                "AllowInterruptionQueueActions",
                ("sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"),
                (queue_arn,),
            ),
        ),
        "zonal-shift": (
            Statement(
                "AllowZonalShiftStatusReadOnly",
                ("arc-zonal-shift:GetManagedResource",),
                ("*",),
                {"StringEquals": {"arc-zonal-shift:ResourceIdentifier": cluster_arn}},
            ),
        ),
        "resource-discovery": _resource_discovery(region, account_id),
    }


def _node_lifecycle(region: str, account_id: pulumi.Input[str], cluster_name: str) -> tuple[Statement, ...]:
    def own(*kinds: str) -> tuple[pulumi.Output[str], ...]:
        return tuple(pulumi.Output.format("arn:aws:ec2:{0}:{1}:{2}/*", region, account_id, kind) for kind in kinds)

    owned = f"kubernetes.io/cluster/{cluster_name}"
    is_ours = {
        "StringEquals": {f"aws:ResourceTag/{owned}": "owned"},
        "StringLike": {f"aws:ResourceTag/{POOL_TAG}": "*"},
    }
    made_ours = {f"aws:RequestTag/{owned}": "owned", f"aws:RequestTag/{CLUSTER_NAME_TAG}": cluster_name}
    of_a_pool = {f"aws:RequestTag/{POOL_TAG}": "*"}
    return (
        Statement(
            "AllowScopedEC2InstanceAccessActions",
            ("ec2:RunInstances", "ec2:CreateFleet"),
            (
                f"arn:aws:ec2:{region}::image/*",
                f"arn:aws:ec2:{region}::snapshot/*",
                *own("security-group", "subnet", "capacity-reservation", "placement-group"),
            ),
        ),
        Statement(
            "AllowScopedEC2LaunchTemplateAccessActions",
            ("ec2:RunInstances", "ec2:CreateFleet"),
            own("launch-template"),
            is_ours,
        ),
        Statement(
            "AllowScopedEC2InstanceActionsWithTags",
            ("ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"),
            own(*MADE_OF),
            {"StringEquals": made_ours, "StringLike": of_a_pool},
        ),
        Statement(
            "AllowScopedResourceCreationTagging",
            ("ec2:CreateTags",),
            own(*MADE_OF),
            {
                "StringEquals": {
                    **made_ours,
                    "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
                },
                "StringLike": of_a_pool,
            },
        ),
        Statement(
            "AllowScopedResourceTagging",
            ("ec2:CreateTags",),
            own("instance"),
            {
                **is_ours,
                "StringEqualsIfExists": {f"aws:RequestTag/{CLUSTER_NAME_TAG}": cluster_name},
                "ForAllValues:StringEquals": {"aws:TagKeys": [CLUSTER_NAME_TAG, "karpenter.sh/nodeclaim", "Name"]},
            },
        ),
        Statement(
            "AllowScopedDeletion",
            ("ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"),
            own("instance", "launch-template"),
            is_ours,
        ),
    )


def _iam_integration(
    region: str, account_id: pulumi.Input[str], cluster_name: str, node_role_arn: pulumi.Input[str]
) -> tuple[Statement, ...]:
    profiles = (pulumi.Output.format("arn:aws:iam::{0}:instance-profile/*", account_id),)
    owned = f"kubernetes.io/cluster/{cluster_name}"
    is_ours = {f"aws:ResourceTag/{owned}": "owned", f"aws:ResourceTag/{REGION_TAG}": region}
    made_ours = {
        f"aws:RequestTag/{owned}": "owned",
        f"aws:RequestTag/{CLUSTER_NAME_TAG}": cluster_name,
        f"aws:RequestTag/{REGION_TAG}": region,
    }
    return (
        Statement(
            "AllowPassingInstanceRole",
            ("iam:PassRole",),
            (node_role_arn,),
            {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
        Statement(
            "AllowScopedInstanceProfileCreationActions",
            ("iam:CreateInstanceProfile",),
            profiles,
            {"StringEquals": made_ours, "StringLike": {f"aws:RequestTag/{CLASS_TAG}": "*"}},
        ),
        Statement(
            "AllowScopedInstanceProfileTagActions",
            ("iam:TagInstanceProfile",),
            profiles,
            {
                "StringEquals": {**is_ours, **made_ours},
                "StringLike": {f"aws:ResourceTag/{CLASS_TAG}": "*", f"aws:RequestTag/{CLASS_TAG}": "*"},
            },
        ),
        Statement(
            "AllowScopedInstanceProfileActions",
            ("iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"),
            profiles,
            {"StringEquals": is_ours, "StringLike": {f"aws:ResourceTag/{CLASS_TAG}": "*"}},
        ),
    )


def _resource_discovery(region: str, account_id: pulumi.Input[str]) -> tuple[Statement, ...]:
    return (
        Statement(
            "AllowRegionalReadActions",
            (
                "ec2:DescribeCapacityReservations",
                "ec2:DescribeImages",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceStatus",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplates",
                "ec2:DescribePlacementGroups",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSpotPriceHistory",
                "ec2:DescribeSubnets",
            ),
            ("*",),
            {"StringEquals": {"aws:RequestedRegion": region}},
        ),
        Statement("AllowSSMReadActions", ("ssm:GetParameter",), (f"arn:aws:ssm:{region}::parameter/aws/service/*",)),
        # The Pricing API of one region serves all regions, and instance profiles are global.
        Statement("AllowPricingReadActions", ("pricing:GetProducts",), ("*",)),
        Statement("AllowUnscopedInstanceProfileListAction", ("iam:ListInstanceProfiles",), ("*",)),
        Statement(
            "AllowInstanceProfileReadActions",
            ("iam:GetInstanceProfile",),
            (pulumi.Output.format("arn:aws:iam::{0}:instance-profile/*", account_id),),
        ),
    )
