"""Findings that a stack file accepts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from aiplatform.finding import Finding
from aiplatform.preview.plan import Plan
from config.findings import Accepted, Findings


def with_accepted(found: Iterable[Finding], settings: Findings, plan: Plan) -> Iterator[Finding]:
    """Yield the findings: accepted ones as info, and an info for each unused acceptance.

    A plan does not contain the objects of a directory of manifests (`kubeflow-istio:kube-system/istio-cni-node`): only
    the policy pack can report whether their acceptance is used.
    """
    unseen = tuple(f"{one.name}:" for one in plan.resources if one.remote)
    used: set[Accepted] = set()
    for finding in found:
        accepted = acceptance(finding.rule, finding.urn, settings)
        if accepted is None:
            yield finding
        else:
            used.add(accepted)
            yield replace(finding, severity="info", fix=f"accepted in findings.accepted: {accepted.reason}")
    for one in settings.accepted:
        if one not in used and not one.resource.startswith(unseen):
            message = f"findings.accepted has the rule {one.rule} for {one.resource}, which has no such finding"
            yield Finding("accepted-nothing", "info", "", message, "remove it from findings.accepted")


def acceptance(rule: str, urn: str, settings: Findings) -> Accepted | None:
    """Return what accepts a rule's finding at a resource; None if nothing does."""
    name = urn.rpartition("::")[2]
    return next((one for one in settings.accepted if one.rule == rule and _names(one, name)), None)


def _names(one: Accepted, name: str) -> bool:
    """Return whether a pattern matches a name. The name itself always does: `subnets[1]` is no pattern of a letter."""
    return name == one.resource or fnmatchcase(name, one.resource)
