"""IAM permissions of users in AWS, in addition to the cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.data.repository import PULL
from components.identity.policy import Condition, Statement, policy_document
from config.cluster import AwsPermission
from config.settings import Settings

PUSH = (
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:InitiateLayerUpload",
    "ecr:ListImages",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
"""Actions that push images and list pushed images:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"""

SHELL = "SSM-SessionManagerRunShell"
"""The Session Manager document of a shell:
https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html"""


@dataclass(frozen=True)
class Scope:
    """The scope of permissions: the region, the account and the platform's own resource names."""

    project: str
    region: str
    account_id: pulumi.Input[str]
    repositories: tuple[str, ...]
    log_groups: tuple[str, ...]
    """Names, or prefixes followed by `*`."""

    def arn(self, service: str, resource: str) -> pulumi.Output[str]:
        """Return the ARN of a resource in this region and account."""
        return pulumi.Output.format("arn:aws:{0}:{1}:{2}:{3}", service, self.region, self.account_id, resource)

    def anywhere(self) -> Condition:
        """Return the condition for actions that support no resource."""
        return {"StringEquals": {"aws:RequestedRegion": self.region}}


class AwsPermissions(Component):
    """An IAM policy of the role of a user or team. Each statement is limited to resources of this platform."""

    TOKEN: ClassVar[str] = "ai-platform:cluster:AwsPermissions"
    FORMERLY: ClassVar[tuple[str, ...]] = ("ai-platform:cluster:AwsRights",)

    def __init__(
        self,
        name: str,
        *,
        permissions: Sequence[AwsPermission],
        role: pulumi.Input[str],
        scope: Scope,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        aws.iam.RolePolicy(
            name,
            role=role,
            policy=policy_document(*(part for right in permissions for part in _STATEMENTS[right](scope))),
            opts=self.child(),
        )
        self.finish()


def _images(here: Scope) -> tuple[Statement, ...]:
    repositories = tuple(here.arn("ecr", f"repository/{name}") for name in here.repositories)
    return (
        Statement("LogInToTheRegistry", ("ecr:GetAuthorizationToken",), ("*",), here.anywhere()),
        Statement("PushAndPullImages", (*PULL, *PUSH), repositories),
    )


def _logs(here: Scope) -> tuple[Statement, ...]:
    groups = tuple(here.arn("logs", f"log-group:{name}") for name in here.log_groups)
    read = (
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:GetLogRecord",
        "logs:GetQueryResults",
        "logs:StartQuery",
    )
    return (
        Statement("FindLogs", ("logs:DescribeLogGroups",), ("*",), here.anywhere()),
        Statement("ReadLogs", read, groups),
    )


def _instances(here: Scope) -> tuple[Statement, ...]:
    """Return the statements for EC2 instances. The tag Project identifies the instances of this platform."""
    instances = (here.arn("ec2", "instance/*"),)
    ours: Condition = {"StringEquals": {"aws:ResourceTag/Project": here.project}}
    see = ("ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypes", "ec2:DescribeInstances", "ec2:DescribeTags")
    manage = (
        "ec2:GetConsoleOutput",
        "ec2:RebootInstances",
        "ec2:StartInstances",
        "ec2:StopInstances",
        "ec2:TerminateInstances",
    )
    return (
        Statement("FindInstances", see, ("*",), here.anywhere()),
        Statement("ManageInstances", manage, instances, ours),
        Statement("OpenShells", ("ssm:StartSession",), instances, ours),
        Statement("ShellsOnly", ("ssm:StartSession",), (here.arn("ssm", f"document/{SHELL}"),)),
    )


def _monitoring(here: Scope) -> tuple[Statement, ...]:
    look = ("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics")
    silence = ("cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions")
    return (
        Statement("ReadMetrics", look, ("*",), here.anywhere()),
        Statement(
            "ReadAlarms",
            ("cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"),
            (here.arn("cloudwatch", "alarm:*"),),
        ),
        Statement("SilenceAlarms", silence, (here.arn("cloudwatch", f"alarm:{here.project}*"),)),
    )


_STATEMENTS: Mapping[AwsPermission, Callable[[Scope], tuple[Statement, ...]]] = {
    "pushImages": _images,
    "readLogs": _logs,
    "manageInstances": _instances,
    "monitor": _monitoring,
}


def grant(
    settings: Settings,
    *,
    roles: Mapping[str, pulumi.Output[str]],
    account_id: pulumi.Input[str],
    in_aws: Callable[[], pulumi.ResourceOptions],
) -> None:
    """Create the policies that grant the created roles the AWS permissions in the stack file."""
    project, cluster = settings.project, settings.cluster_name()
    scope = Scope(
        project=project.name,
        region=project.region,
        account_id=account_id,
        repositories=tuple(map(settings.repository_name, settings.repositories)),
        log_groups=(
            f"/aws/eks/{cluster}/*",
            f"/aws/containerinsights/{cluster}/*",
            *(f"/aws/rds/instance/{settings.database_identifier(key)}/*" for key in settings.databases),
            *(f"/aws/rds/cluster/{settings.aurora_identifier(key)}/*" for key in settings.aurora_clusters),
            *(f"/aws/{owner}/{project.name}*" for owner in ("application", "ec2", "lambda")),
        ),
    )
    for key, access in settings.cluster.access.items():
        if access.aws:
            AwsPermissions(f"rights-{key}", permissions=access.aws, role=roles[key], scope=scope, opts=in_aws())
