"""What the load balancer controller may do."""

import pulumi

from components.identity.policy import Statement
from components.ingress.route import TARGET_TAG

CLUSTER_TAG = "elbv2.k8s.aws/cluster"
"""The controller tags with it what it makes, so that its rights can end there."""


def binding_statements(region: str, account_id: pulumi.Input[str], cluster_name: str) -> tuple[Statement, ...]:
    """Rights to put pods into the target groups that Pulumi made for this cluster, and nothing else."""
    groups = pulumi.Output.format("arn:aws:elasticloadbalancing:{0}:{1}:targetgroup/*/*", region, account_id)
    return (
        Statement(
            "DescribeWhatHasNoResourceLevelRights",
            (
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ),
            ("*",),
            {"StringEquals": {"aws:RequestedRegion": region}},
        ),
        Statement(
            "BindPodsToTargetGroups",
            ("elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"),
            (groups,),
            {"StringEquals": {f"aws:ResourceTag/{TARGET_TAG}": cluster_name}},
        ),
    )


def ingress_statements(
    region: str, account_id: pulumi.Input[str], cluster_name: str, vpc_id: pulumi.Input[str]
) -> tuple[Statement, ...]:
    """Rights to make load balancers from Ingress objects; changes end at what carries this cluster's tag.

    After the controller's own policy, without WAF, Shield, Cognito and network load balancers:
    https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
    """
    ours = {"StringEquals": {f"aws:ResourceTag/{CLUSTER_TAG}": cluster_name}}
    asked = {"StringEquals": {f"aws:RequestTag/{CLUSTER_TAG}": cluster_name}}

    def balancing(*kinds: str) -> tuple[pulumi.Output[str], ...]:
        return tuple(
            pulumi.Output.format("arn:aws:elasticloadbalancing:{0}:{1}:{2}", region, account_id, kind) for kind in kinds
        )

    balancers = balancing("loadbalancer/app/*/*", "targetgroup/*/*")
    listeners = balancing("listener/app/*/*/*", "listener-rule/app/*/*/*/*")
    security_groups = (pulumi.Output.format("arn:aws:ec2:{0}:{1}:security-group/*", region, account_id),)
    vpc = (pulumi.Output.format("arn:aws:ec2:{0}:{1}:vpc/{2}", region, account_id, vpc_id),)
    certificates = (pulumi.Output.format("arn:aws:acm:{0}:{1}:certificate/*", region, account_id),)
    actions = "elasticloadbalancing:"
    return (
        _describe(region),
        Statement("ReadCertificates", ("acm:DescribeCertificate",), certificates),
        Statement("ListSecurityGroups", ("ec2:GetSecurityGroupsForVpc",), vpc),
        Statement("CreateBalancers", (f"{actions}CreateLoadBalancer", f"{actions}CreateTargetGroup"), balancers, asked),
        Statement(
            "ChangeBalancers",
            tuple(
                f"{actions}{action}"
                for action in (
                    "DeleteLoadBalancer",
                    "DeleteTargetGroup",
                    "ModifyLoadBalancerAttributes",
                    "ModifyTargetGroup",
                    "ModifyTargetGroupAttributes",
                    "RegisterTargets",
                    "DeregisterTargets",
                    "SetIpAddressType",
                    "SetSecurityGroups",
                    "SetSubnets",
                    "CreateListener",
                    "AddTags",
                    "RemoveTags",
                )
            ),
            balancers,
            ours,
        ),
        Statement("TagNewBalancers", (f"{actions}AddTags",), balancers, asked),
        Statement(
            "ChangeListeners",
            tuple(
                f"{actions}{action}"
                for action in (
                    "DeleteListener",
                    "ModifyListener",
                    "ModifyListenerAttributes",
                    "AddListenerCertificates",
                    "RemoveListenerCertificates",
                    "CreateRule",
                    "DeleteRule",
                    "ModifyRule",
                    "SetRulePriorities",
                    "AddTags",
                    "RemoveTags",
                )
            ),
            listeners,
        ),
        Statement("CreateSecurityGroups", ("ec2:CreateSecurityGroup",), (*security_groups, *vpc)),
        Statement(
            "TagNewSecurityGroups",
            ("ec2:CreateTags",),
            security_groups,
            {
                "StringEquals": {
                    "ec2:CreateAction": "CreateSecurityGroup",
                    f"aws:RequestTag/{CLUSTER_TAG}": cluster_name,
                }
            },
        ),
        Statement(
            "ChangeSecurityGroups",
            (
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:RevokeSecurityGroupIngress",
                "ec2:DeleteSecurityGroup",
                "ec2:CreateTags",
                "ec2:DeleteTags",
            ),
            security_groups,
            ours,
        ),
        Statement(
            "OpenNodes",
            ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"),
            security_groups,
            {"StringEquals": {f"aws:ResourceTag/kubernetes.io/cluster/{cluster_name}": "owned"}},
        ),
    )


def _describe(region: str) -> Statement:
    return Statement(
        "DescribeWhatHasNoResourceLevelRights",
        (
            "acm:ListCertificates",
            "ec2:DescribeAccountAttributes",
            "ec2:DescribeAddresses",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInstances",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeTags",
            "ec2:DescribeVpcs",
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
        ),
        ("*",),
        {"StringEquals": {"aws:RequestedRegion": region}},
    )
