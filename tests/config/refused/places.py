"""Combinations and values that AWS rejects: regions, zones, networks and endpoints."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a zone that the region lacks": Case(
        (("us-west-2b", "us-west-2z"),),
        ("8: network.zones[1]: unknown zone 'us-west-2z'; choose us-west-2a, us-west-2b, us-west-2c or us-west-2d",),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "the zone after the last": Case(
        (("us-west-2b", "us-west-2e"),),
        ("8: network.zones[1]: unknown zone 'us-west-2e'; choose us-west-2a, us-west-2b, us-west-2c or us-west-2d",),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "a fourth zone in Ireland": Case(
        (("region: us-west-2\n", "region: eu-west-1\n"), ("us-west-2a, us-west-2b", "eu-west-1a, eu-west-1d")),
        ("8: network.zones[1]: unknown zone 'eu-west-1d'; choose eu-west-1a, eu-west-1b or eu-west-1c",),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "a region that AWS lacks": Case(
        (("region: us-west-2\n", "region: us-west-7\n"), ("us-west-2a, us-west-2b", "us-west-7a, us-west-7b")),
        ("5: project.region: unknown region 'us-west-7'; did you mean us-west-2?",),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "a misspelled region of a replica": Case(
        (("artifacts: {}", "artifacts: {replicateTo: eu-wset-1}"),),
        ("22: buckets.artifacts.replicateTo: unknown region 'eu-wset-1'; did you mean eu-west-1?",),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "a region in a direction that is none": Case(
        (("region: us-west-2\n", "region: us-middle-1\n"), ("us-west-2a, us-west-2b", "us-middle-1a, us-middle-1b")),
        ("5: project.region: unknown region 'us-middle-1'; did you mean us-west-1?",),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "warning: a region that can be new": Case(
        (("region: us-west-2\n", "region: us-west-3\n"), ("us-west-2a, us-west-2b", "us-west-3a, us-west-3b")),
        (
            "5: project.region: us-west-3 is not in the table of regions of 2026-11; check that AWS has it, because its zones, instance types and prices are not checked",
        ),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "the ID of a zone without control planes": Case(
        (("us-west-2b", "use1-az3"),),
        (
            "8: network.zones[1]: 'use1-az3' is the ID of an availability zone; write its name in your account, like us-west-2a, which `aws ec2 describe-availability-zones` shows; EKS has no control plane there",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    ),
    "the ID of a zone": Case(
        (("us-west-2b", "usw2-az1"),),
        (
            "8: network.zones[1]: 'usw2-az1' is the ID of an availability zone; write its name in your account, like us-west-2a, which `aws ec2 describe-availability-zones` shows",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    ),
    "warning: a zone usually without control planes": Case(
        (("region: us-west-2\n", "region: us-east-1\n"), ("us-west-2a, us-west-2b", "us-east-1a, us-east-1e")),
        (
            "8: network.zones: us-east-1e is use1-az3 in most accounts, where EKS has no control plane; check with `aws ec2 describe-availability-zones` before you deploy, or set other zones in cluster.zones",
        ),
        "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    ),
    "warning: a zone that some accounts have": Case(
        (
            ("region: us-west-2\n", "region: ap-northeast-1\n"),
            ("us-west-2a, us-west-2b", "ap-northeast-1a, ap-northeast-1b"),
        ),
        (
            "8: network.zones[1]: only some accounts have ap-northeast-1b; check with `aws ec2 describe-availability-zones` before you deploy",
        ),
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    ),
    "a control plane in one zone": Case(
        (("    endpoint", "    zones: [us-west-2a]\n    endpoint"),),
        ("10: cluster.zones: has one zone; EKS requires two",),
        "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    ),
    "a control plane in a zone without subnets": Case(
        (("    endpoint", "    zones: [us-west-2a, us-west-2d]\n    endpoint"),),
        ("10: cluster.zones[1]: us-west-2d has no subnet for the control plane; did you mean us-west-2b?",),
        "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    ),
    "a control plane twice in a zone": Case(
        (("    endpoint", "    zones: [us-west-2a, us-west-2a, us-west-2b]\n    endpoint"),),
        ("10: cluster.zones[1]: duplicate zone us-west-2a",),
        "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    ),
    "an endpoint that nodes cannot reach": Case(
        (("public: false", "public: true, private: false, publicCidrs: [52.20.30.0/24]"),),
        (
            "10: cluster.endpoint.private: must be true: nodes would reach the Kubernetes API through their NAT gateways, whose addresses are not in publicCidrs, and could not join the cluster; remove it, or set private: true",
        ),
        "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2149",
    ),
    "a VPC of link-local addresses": Case(
        (("10.0.0.0/16", "169.254.0.0/16"),),
        (
            "7: network.cidr: 169.254.0.0/16 is reserved for link-local addresses, such as the instance metadata; use a network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "a VPC of loopback addresses": Case(
        (("10.0.0.0/16", "127.0.0.0/16"),),
        (
            "7: network.cidr: 127.0.0.0/16 is reserved for loopback; use a network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "a VPC of multicast addresses": Case(
        (("10.0.0.0/16", "224.0.0.0/16"),),
        (
            "7: network.cidr: 224.0.0.0/16 is reserved for multicast and future use; use a network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "a VPC of addresses that services reserve": Case(
        (("10.0.0.0/16", "198.19.0.0/16"),),
        (
            "7: network.cidr: 198.19.0.0/16 overlaps 198.19.0.0/16, which AWS services reserve; use a network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "warning: a VPC of Docker's addresses": Case(
        (("10.0.0.0/16", "172.17.0.0/16"),),
        (
            "7: network.cidr: 172.17.0.0/16 overlaps 172.17.0.0/16, the network of Docker, as in Cloud9 and SageMaker; use another network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "a VPC of Docker's addresses with containers": Case(
        (
            ("10.0.0.0/16", "172.17.0.0/16"),
            (
                "",
                "  ai-platform:instances:\n    s: {instanceType: t3.small, zones: [us-west-2a], containers: {web: {image: 'ghcr.io/shop/web:1'}}}\n",
            ),
        ),
        (
            "7: network.cidr: 172.17.0.0/16 overlaps 172.17.0.0/16, the network of Docker, also on the instances s; use another network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "warning: a VPC of public addresses": Case(
        (("10.0.0.0/16", "52.10.0.0/16"),),
        (
            "7: network.cidr: 52.10.0.0/16 is public: its owner's addresses cannot be reached from the VPC; use a network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "a hyphen in the service of an endpoint": Case(
        (("us-west-2b]\n", "us-west-2b]\n    endpoints: {interface: [ecr-api]}\n"),),
        ("9: network.endpoints.interface[0]: unknown endpoint service 'ecr-api'; did you mean ecr.api?",),
        "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    ),
    "another name of the service of an endpoint": Case(
        (("us-west-2b]\n", "us-west-2b]\n    endpoints: {interface: [cloudwatch-logs, elb, efs]}\n"),),
        (
            "9: network.endpoints.interface[0]: unknown endpoint service 'cloudwatch-logs'; did you mean logs?",
            "9: network.endpoints.interface[1]: unknown endpoint service 'elb'; did you mean elasticloadbalancing?",
            "9: network.endpoints.interface[2]: unknown endpoint service 'efs'; did you mean elasticfilesystem?",
        ),
        "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    ),
    "the whole name of the service of an endpoint": Case(
        (("us-west-2b]\n", "us-west-2b]\n    endpoints: {interface: [com.amazonaws.us-west-2.sts]}\n"),),
        (
            "9: network.endpoints.interface[0]: unknown endpoint service 'com.amazonaws.us-west-2.sts'; did you mean sts?",
        ),
        "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    ),
    "warning: a service that can be new": Case(
        (("us-west-2b]\n", "us-west-2b]\n    endpoints: {interface: [quantumledger]}\n"),),
        (
            "9: network.endpoints.interface[0]: quantumledger is not in the table of endpoint services of 2026-11; check with `aws ec2 describe-vpc-endpoint-services`",
        ),
        "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    ),
}
# fmt: on
