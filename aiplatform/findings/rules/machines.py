"""Rules for nodes and EC2 instances."""

from collections.abc import Iterator

from aiplatform.findings.rules.rule import Inputs, Problem, Rule
from aiplatform.findings.rules.values import given, mapping

_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide"


def _metadata(machine: Inputs) -> Iterator[Problem]:
    options = mapping(machine.get("metadataOptions"))
    if given(options.get("httpEndpoint")) != "disabled" and given(options.get("httpTokens")) != "required":
        yield Problem(
            "IMDSv1 is enabled, so that a forged request can read the credentials of its role",
            "set metadataOptions.httpTokens to required (IMDSv2)",
        )


RULES = (
    Rule(
        "instance-metadata",
        "error",
        ("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"),
        "IMDSv2 is required.",
        f"{_HUB}/ec2-controls.html#ec2-8",
        _metadata,
    ),
)
