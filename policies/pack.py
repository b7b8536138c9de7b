"""The policies: an error stops the engine, a warning is reported.

There are two policies instead of one for each rule: the engine's SDK parses the inputs of a resource again for each
policy, and about forty policies would take longer than the preview itself. Messages begin with the name of the rule,
and `findings.accepted` of the stack file lists accepted findings.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pulumi
from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)
from pydantic import ValidationError

from aiplatform.finding import Finding, Severity
from aiplatform.findings.accepted import acceptance
from aiplatform.findings.rules import broken
from aiplatform.findings.stack_file import RULE as STACK_FILE
from aiplatform.preview.plan import Resource
from aiplatform.preview.project import project_folder
from config.findings import Findings
from config.settings import NAMESPACE
from policies.stack_findings import stack_findings
from policies.values import plain

STACK = "pulumi:pulumi:Stack"
LEVELS: dict[Severity, EnforcementLevel] = {
    "error": EnforcementLevel.MANDATORY,
    "warning": EnforcementLevel.ADVISORY,
}


def pack() -> PolicyPack:
    """Return the pack with both policies, and serve it to the engine."""
    return PolicyPack(name=NAMESPACE, policies=list(policies()))


def policies() -> Iterator[ResourceValidationPolicy]:
    """Yield one policy for each severity that is reported during a deployment."""
    for severity, level in LEVELS.items():
        yield ResourceValidationPolicy(
            name=f"{severity}s",
            description=f"No {severity} that `aiplatform plan` would find.",
            enforcement_level=level,
            validate=_validation(severity),
        )


def _validation(severity: Severity) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for finding in found(args):
            if finding.severity == severity:
                # A setting is no resource that the engine knows.
                urn = "" if finding.rule == STACK_FILE else finding.urn
                report(f"[{finding.rule}] {finding.message}; {finding.fix}", urn or args.urn)

    return validate


def found(args: ResourceValidationArgs) -> Iterator[Finding]:
    """Yield the findings for a resource that the engine registers. The stack itself, which is registered first, has the
    findings about several resources.
    """
    if args.resource_type == STACK:
        # The engine runs a pack in the folder of the pack.
        yield from stack_findings(pulumi.get_stack(), project_folder(Path.cwd()))
    resource = Resource(args.urn, args.resource_type, args.name, None, None, (), plain(args.props))
    for finding in broken([resource]):
        if acceptance(finding.rule, finding.urn, _settings()) is None:
            yield finding


@cache
def _settings() -> Findings:
    """Return the accepted findings of the stack; none if the section is invalid, which the program itself reports."""
    try:
        return Findings.model_validate_json(
            pulumi.Config(NAMESPACE).get("findings") or "{}", by_alias=True, by_name=False
        )
    except ValidationError:
        return Findings()
