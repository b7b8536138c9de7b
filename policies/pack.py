"""The policies: what is an error stops the engine, what is a warning is said.

Two policies and not one for each rule: the engine's side reads a resource's inputs anew for each policy, and a policy
for each of about forty rules would take longer than the preview itself. Messages begin with the name of the rule, and
`findings.accepted` of the stack file says which are meant to be so.
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
    """Both policies, on their way to the engine: it asks from now on."""
    return PolicyPack(name=NAMESPACE, policies=list(policies()))


def policies() -> Iterator[ResourceValidationPolicy]:
    """One for each severity that is worth a person's time during a build."""
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
                report(f"[{finding.rule}] {finding.message}; {finding.fix}", finding.urn or args.urn)

    return validate


def found(args: ResourceValidationArgs) -> Iterator[Finding]:
    """What there is to say when the engine registers a resource: at the stack itself, which comes first, all that is
    about more than one of them."""
    if args.resource_type == STACK:
        # The engine starts a pack in the folder of the pack.
        yield from stack_findings(pulumi.get_stack(), project_folder(Path.cwd()))
    resource = Resource(args.urn, args.resource_type, args.name, None, None, (), plain(args.props))
    for finding in broken([resource]):
        if acceptance(finding.rule, finding.urn, _settings()) is None:
            yield finding


@cache
def _settings() -> Findings:
    """What the stack accepts; nothing where the section is wrong, of which the program itself tells."""
    try:
        return Findings.model_validate_json(
            pulumi.Config(NAMESPACE).get("findings") or "{}", by_alias=True, by_name=False
        )
    except ValidationError:
        return Findings()
