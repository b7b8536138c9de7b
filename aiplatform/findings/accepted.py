"""Findings that a stack file says are meant to be so."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from aiplatform.finding import Finding
from aiplatform.preview.plan import Plan
from config.findings import Accepted, Findings


def with_accepted(found: Iterable[Finding], settings: Findings, plan: Plan) -> Iterator[Finding]:
    """The findings; those that are accepted are only good to know, and so is an acceptance that nothing needs.

    What a provider makes of a directory of manifests (`kubeflow-istio:kube-system/istio-cni-node`) no plan shows: the
    policy pack alone can tell whether its acceptance is needed.
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
            message = f"findings.accepted names the rule {one.rule} for {one.resource}, and nothing there breaks it"
            yield Finding("accepted-nothing", "info", "", message, "remove it there")


def acceptance(rule: str, urn: str, settings: Findings) -> Accepted | None:
    """What accepts a rule's finding at a resource, if anything does."""
    name = urn.rpartition("::")[2]
    return next((one for one in settings.accepted if one.rule == rule and fnmatchcase(name, one.resource)), None)
