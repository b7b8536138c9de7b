"""Regions, zones, accounts and names of AWS resources."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator

from catalog.aws.regions import NO_CONTROL_PLANE
from config.types.text import matching, quoted


@dataclass(frozen=True)
class InTable:
    """Marks a value of a table in the catalog: a region, a zone or the service of a VPC endpoint."""

    of: str


Region = Annotated[
    str,
    matching(
        r"(?!cn-|us-gov-|us-iso|eu-isoe-)[a-z]{2}(?:-[a-z]+)+-\d",
        "is not an AWS region of the commercial partition; write it like us-west-2",
    ),
    InTable("regions"),
]


def _not_an_id(value: str) -> str:
    if re.fullmatch(r"[a-z]+\d-az\d+", value):
        unfit = "; EKS has no control plane there" if value in NO_CONTROL_PLANE.values() else ""
        raise ValueError(
            f"{quoted(value)} is the ID of an availability zone; write its name in your account, like us-west-2a, "
            f"which `aws ec2 describe-availability-zones` shows{unfit}"
        )
    return value


AvailabilityZone = Annotated[
    str,
    AfterValidator(_not_an_id),
    matching(r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]", "is not an availability zone; write it like us-west-2a"),
    InTable("zones"),
]

AccountId = Annotated[str, matching(r"\d{12}", "is not an AWS account ID; write 12 digits in quotes")]

QuotaCode = Annotated[
    str, matching(r"L-[0-9A-F]{8}", "is not a quota code of Service Quotas; write it like L-1216C47A")
]

RoleName = Annotated[
    str, matching(r"[\w+=,.@-]{1,64}", "is not an IAM role name; write at most 64 letters, digits and +=,.@_-")
]

RolePath = Annotated[
    str,
    matching(
        r"(?!/aws-)/(?:[\w+=,.@-]{1,128}/){0,4}",
        "is not a path of IAM roles; write it like /platform/, not beginning with /aws-",
    ),
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

VpcId = Annotated[
    str, matching(r"vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})", "is not a VPC ID; write it like vpc-0a1b2c3d4e5f67890")
]

SubnetId = Annotated[
    str, matching(r"subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})", "is not a subnet ID; write it like subnet-0a1b2c3d4e5f67890")
]

RouteTableId = Annotated[
    str, matching(r"rtb-(?:[0-9a-f]{8}|[0-9a-f]{17})", "is not a route table ID; write it like rtb-0a1b2c3d4e5f67890")
]

InstanceType = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|metal|\d*xlarge|metal-\d+xl)",
        "is not an EC2 instance type; write it like t3.medium",
    ),
]

ProfileName = Annotated[
    str, matching(r"[\w.@:+-]{1,128}", "is not a profile name; write at most 128 letters, digits and _.@:+-")
]
"""A profile of ~/.aws/config: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"""

KeyPairName = Annotated[str, matching(r"[ -~]{1,255}", "is not a key pair name; write at most 255 ASCII characters")]

ClusterName = Annotated[
    str,
    matching(
        r"(?!sg-)[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
        "is not an EKS cluster name; write at most 100 letters, digits, hyphens and underscores, not beginning with "
        "sg-, which no security group may",
    ),
]

VpcName = Annotated[
    str,
    matching(
        r"(?!sg-)[A-Za-z0-9_.-]{1,128}",
        "is not a name from which those of a role, a log group and a security group can be derived; write at most 128 "
        "letters, digits and _.-, not beginning with sg-, like shop-vpc",
    ),
]

LogGroupName = Annotated[
    str,
    matching(
        r"(?!(?i:aws/)).*", "begins with aws/, which CloudWatch Logs reserves; choose another name, like /aws/vpc/shop"
    ),
    matching(
        r"[A-Za-z0-9_/.#-]{1,512}",
        "is not a log group name; write at most 512 letters, digits and _/.#-, like /aws/application/shop",
    ),
]

TopicName = Annotated[
    str, matching(r"[A-Za-z0-9_-]{1,240}", "is not a topic name; write at most 240 letters, digits, _ and -")
]
"""16 characters fewer than SNS accepts, for a suffix: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"""

LogGroupClass = Literal["STANDARD", "INFREQUENT_ACCESS"]
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html"""
