"""Findings about pods that are unknown to the fit: each is an error, and the others are placed without them."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from aiplatform.fit.pods import READERS, group_kind
from aiplatform.fit.system_pods import bundle
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Plan, Resource
from catalog.kubernetes_kinds import WITHOUT_PODS

RULES = {what: f"fit-unknown-{what}" for what in ("add-on", "chart", "kind", "manifests")}
_CONSEQUENCE = "its pods are not placed, and nodes and costs are a minimum"


def unknown(plan: Plan) -> Iterator[Finding]:
    """Yield a finding for each add-on, chart, directory of manifests and kind of object with unknown pods."""
    for resource in plan.resources:
        brought = bundle(resource)
        if brought is not None and brought.pods is None:
            yield _finding(resource, brought.what, brought.name, f"declare its pods in {brought.table}")
        elif brought is None and is_object(resource.type, resource.inputs) and not _known_kind(resource):
            kind = f"{resource.inputs['kind']} of {resource.inputs['apiVersion']}"
            fix = "add it to READERS in aiplatform/fit/pods.py, or to WITHOUT_PODS in catalog/kubernetes_kinds.py"
            yield _finding(resource, "kind", kind, fix)


def _known_kind(resource: Resource) -> bool:
    kind = resource.type.removeprefix("kubernetes:")
    return kind in WITHOUT_PODS or group_kind(resource.inputs) in READERS


def _finding(resource: Resource, what: str, name: str, fix: str) -> Finding:
    return Finding(RULES[what], "error", resource.urn, f"unknown {what} {name}: {_CONSEQUENCE}", fix)
