"""The Lambda function that stops and starts scheduled resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.naming import ROLE_LIMIT, fit
from components.identity.policy import Statement, policy_document, service_trust
from config.scheduler import Scheduler

RUNTIME = "python3.13"
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""

MEMORY_MIB = 256
"""In MiB. The AWS SDK alone uses about 100 MiB."""


class StartStop(Component):
    """A Lambda function with its log group and a role that may change the resources in `targets` only."""

    TOKEN: ClassVar[str] = "ai-platform:schedule:StartStop"

    def __init__(
        self,
        name: str,
        settings: Scheduler,
        *,
        project: str,
        region: str,
        account_id: pulumi.Input[str],
        targets: Mapping[str, Any],
        statements: Sequence[Statement],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        function_name = settings.function or f"{project}-startstop"
        group_name = f"/aws/lambda/{function_name}"
        # Lambda would create this log group without retention.
        logs = aws.cloudwatch.LogGroup(
            name, name=group_name, retention_in_days=settings.log_retention_days, opts=self.child()
        )
        role = aws.iam.Role(
            name,
            name=fit(f"{project}-startstop", ROLE_LIMIT),
            description=f"Lambda function {function_name}",
            assume_role_policy=service_trust("lambda.amazonaws.com"),
            opts=self.child(),
        )
        streams = pulumi.Output.format(
            "arn:aws:logs:{0}:{1}:log-group:{2}:log-stream:*", region, account_id, group_name
        )
        permissions = aws.iam.RolePolicy(
            name,
            role=role.id,
            policy=policy_document(
                *statements, Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (streams,))
            ),
            opts=self.child(),
        )
        code = (files("components.operations.schedule") / "files" / "startstop.py").read_text(encoding="utf-8")
        function = aws.lambda_.Function(
            name,
            name=function_name,
            description="Stops and starts the scheduled resources of the platform",
            runtime=RUNTIME,
            architectures=["arm64"],
            handler="startstop.handler",
            code=pulumi.AssetArchive({"startstop.py": pulumi.StringAsset(code)}),
            role=role.arn,
            memory_size=MEMORY_MIB,
            timeout=settings.timeout_seconds,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={"TARGETS": pulumi.Output.json_dumps(targets, sort_keys=True)}
            ),
            tags=named(function_name),
            opts=self.child(depends_on=[logs, permissions]),
        )
        self.arn: pulumi.Output[str] = function.arn
        self.finish(arn=self.arn)
