"""The IAM policies of the AWS Load Balancer Controller."""

import pulumi

from components.identity.policy import Statement
from components.ingress.route import TARGET_TAG

CLUSTER_TAG = "elbv2.k8s.aws/cluster"
"""Tag key of all resources that the controller creates. It limits the permissions of the controller."""


def binding_statements(region: str, account_id: pulumi.Input[str], cluster_name: str) -> tuple[Statement, ...]:
    """Return statements that allow only the registration of pods in this cluster's target groups."""
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


CHANGE_BALANCERS = (
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
CHANGE_LISTENERS = (
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
OPEN_SECURITY_GROUPS = ("AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress")
CHANGE_SECURITY_GROUPS = (*OPEN_SECURITY_GROUPS, "DeleteSecurityGroup", "CreateTags", "DeleteTags")


def ingress_statements(
    region: str,
    account_id: pulumi.Input[str],
    cluster_name: str,
    vpc_id: pulumi.Input[str],
    *,
    web_acl: str | None = None,
) -> tuple[Statement, ...]:
    """Return statements that allow the controller to create load balancers from Ingresses.

    Changes are limited to resources with this cluster's tag. The statements are based on the controller's own policy,
    without Shield, Cognito and Network Load Balancers, and without WAF unless there is a web ACL:
    https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
    """
    certificates = pulumi.Output.format("arn:aws:acm:{0}:{1}:certificate/*", region, account_id)
    return (
        _describe(region),
        Statement("ReadCertificates", ("acm:DescribeCertificate",), (certificates,)),
        _service_linked_role(account_id),
        *_balancing(region, account_id, cluster_name),
        *_security_groups(region, account_id, cluster_name, vpc_id),
        *(_web_acls(region, account_id, web_acl) if web_acl is not None else ()),
    )


def _web_acls(region: str, account_id: pulumi.Input[str], name: str) -> tuple[Statement, ...]:
    """Return the statements that associate the platform's web ACL with load balancers.

    The actions have no condition key for tags of load balancers:
    https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html
    """
    balancers = pulumi.Output.format("arn:aws:elasticloadbalancing:{0}:{1}:loadbalancer/app/*/*", region, account_id)
    acls = pulumi.Output.format("arn:aws:wafv2:{0}:{1}:regional/webacl/{2}/*", region, account_id, name)
    look = ("wafv2:GetWebACL", "wafv2:GetWebACLForResource")
    change = ("wafv2:AssociateWebACL", "wafv2:DisassociateWebACL")
    return (
        Statement("LookAtWebAcls", look, (acls, balancers)),
        Statement("AssociateWebAcls", change, (acls, balancers)),
        Statement("SetWebAcls", ("elasticloadbalancing:SetWebAcl",), (balancers,)),
    )


def _service_linked_role(account_id: pulumi.Input[str]) -> Statement:
    """Return the statement for the first load balancer of an account, which needs the service-linked role:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html
    """
    service = "elasticloadbalancing.amazonaws.com"
    role = f"arn:aws:iam::{{0}}:role/aws-service-role/{service}/AWSServiceRoleForElasticLoadBalancing"
    return Statement(
        "CreateServiceLinkedRole",
        ("iam:CreateServiceLinkedRole",),
        (pulumi.Output.format(role, account_id),),
        {"StringEquals": {"iam:AWSServiceName": service}},
    )


def _actions(service: str, actions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{service}:{action}" for action in actions)


def _balancing(region: str, account_id: pulumi.Input[str], cluster_name: str) -> tuple[Statement, ...]:
    ours = {"StringEquals": {f"aws:ResourceTag/{CLUSTER_TAG}": cluster_name}}
    asked = {"StringEquals": {f"aws:RequestTag/{CLUSTER_TAG}": cluster_name}}
    service = "elasticloadbalancing"

    def arns(*kinds: str) -> tuple[pulumi.Output[str], ...]:
        return tuple(
            pulumi.Output.format("arn:aws:{0}:{1}:{2}:{3}", service, region, account_id, kind) for kind in kinds
        )

    balancers = arns("loadbalancer/app/*/*", "targetgroup/*/*")
    listeners = arns("listener/app/*/*/*", "listener-rule/app/*/*/*/*")
    create = _actions(service, ("CreateLoadBalancer", "CreateTargetGroup"))
    return (
        Statement("CreateBalancers", create, balancers, asked),
        Statement("ChangeBalancers", _actions(service, CHANGE_BALANCERS), balancers, ours),
        Statement("TagNewBalancers", _actions(service, ("AddTags",)), balancers, asked),
        Statement("ChangeListeners", _actions(service, CHANGE_LISTENERS), listeners),
    )


def _security_groups(
    region: str, account_id: pulumi.Input[str], cluster_name: str, vpc_id: pulumi.Input[str]
) -> tuple[Statement, ...]:
    groups = (pulumi.Output.format("arn:aws:ec2:{0}:{1}:security-group/*", region, account_id),)
    vpc = (pulumi.Output.format("arn:aws:ec2:{0}:{1}:vpc/{2}", region, account_id, vpc_id),)
    new = {"ec2:CreateAction": "CreateSecurityGroup", f"aws:RequestTag/{CLUSTER_TAG}": cluster_name}
    ours = {f"aws:ResourceTag/{CLUSTER_TAG}": cluster_name}
    nodes = {f"aws:ResourceTag/kubernetes.io/cluster/{cluster_name}": "owned"}
    return (
        Statement("ListSecurityGroups", ("ec2:GetSecurityGroupsForVpc",), vpc),
        Statement("CreateSecurityGroups", ("ec2:CreateSecurityGroup",), (*groups, *vpc)),
        Statement("TagNewSecurityGroups", ("ec2:CreateTags",), groups, {"StringEquals": new}),
        Statement("ChangeSecurityGroups", _actions("ec2", CHANGE_SECURITY_GROUPS), groups, {"StringEquals": ours}),
        Statement("OpenNodes", _actions("ec2", OPEN_SECURITY_GROUPS), groups, {"StringEquals": nodes}),
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
