"""Regions, zones, accounts, ARNs and names of AWS resources."""

from typing import Annotated

from config.types.text import matching

Region = Annotated[
    str,
    matching(
        r"(?!cn-|us-gov-|us-iso|eu-isoe-)[a-z]{2}(?:-[a-z]+)+-\d",
        "is not an AWS region of the commercial partition; write it like us-west-2",
    ),
]

AvailabilityZone = Annotated[
    str, matching(r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]", "is not an availability zone; write it like us-west-2a")
]

AccountId = Annotated[str, matching(r"\d{12}", "is not an AWS account ID; write 12 digits in quotes")]

Arn = Annotated[
    str,
    matching(
        r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:.+",
        "is not an ARN; write it like arn:aws:iam::111122223333:role/name",
    ),
]

RoleName = Annotated[
    str, matching(r"[\w+=,.@-]{1,64}", "is not an IAM role name; write at most 64 letters, digits and +=,.@_-")
]

RolePath = Annotated[
    str, matching(r"/(?:[\w+=,.@-]{1,128}/){0,4}", "is not a path of IAM roles; write it like /platform/")
]

ManagedPolicy = Annotated[
    str,
    matching(
        r"(?:arn:aws:iam::(?:\d{12}|aws):policy/(?:[\w+=,.@-]+/)*)?[\w+=,.@-]{1,128}",
        "is neither the name nor the ARN of a managed policy; write it like shop-boundary or "
        "arn:aws:iam::111122223333:policy/shop-boundary",
    ),
]

ManagedPolicyName = Annotated[
    str, matching(r"[\w+=,.@-]{1,128}", "is not an IAM policy name; write at most 128 letters, digits and +=,.@_-")
]

PolicyName = Annotated[
    str,
    matching(
        r"(?:service-role/|job-function/)?[\w+=,.@-]{1,128}",
        "is not the name of an AWS managed policy; write it like AmazonEKSWorkerNodePolicy",
    ),
]

InstanceType = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|metal|\d*xlarge|metal-\d+xl)",
        "is not an EC2 instance type; write it like t3.medium",
    ),
]

KeyPairName = Annotated[str, matching(r"[ -~]{1,255}", "is not a key pair name; write at most 255 ASCII characters")]

ClusterName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
        "is not an EKS cluster name; write at most 100 letters, digits, hyphens and underscores",
    ),
]

LogGroupName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_/.#-]{1,512}",
        "is not a log group name; write at most 512 letters, digits and _/.#-, like /aws/application/shop",
    ),
]

TopicName = Annotated[
    str, matching(r"[A-Za-z0-9_-]{1,240}", "is not a topic name; write at most 240 letters, digits, _ and -")
]
"""16 characters fewer than SNS accepts, for a suffix: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"""
