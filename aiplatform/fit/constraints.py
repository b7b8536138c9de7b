"""Read topology spread constraints and pod affinity from a pod spec."""

from collections.abc import Iterator, Mapping
from typing import Any

from aiplatform.fit.selectors import Requirement, Selector, label_selector, matches
from aiplatform.fit.workloads import HASH_LABEL, Selection, Spread, Term, Workload

Object = Mapping[str, Any]
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_HASHED = ("Deployment", "ReplicaSet")
"""Kinds whose pods have the pod-template-hash label."""


def spread(spec: Object, workload: Workload) -> tuple[Spread, ...]:
    """Return the required topology spread constraints; those with `ScheduleAnyway` are omitted."""
    return tuple(
        Spread(
            str(one["topologyKey"]),
            _selection(one, frozenset([workload.namespace]), workload),
            int(one.get("maxSkew", 1)),
            int(one.get("minDomains") or 1),
            one.get("nodeAffinityPolicy", "Honor") == "Honor",
            one.get("nodeTaintsPolicy", "Ignore") == "Honor",
        )
        for one in spec.get("topologySpreadConstraints") or ()
        if one.get("whenUnsatisfiable") == "DoNotSchedule"
    )


def apart(spec: Object, workload: Workload, namespaces: Mapping[str, Mapping[str, str]]) -> tuple[Term, ...]:
    """Return the required pod anti-affinity terms."""
    return tuple(_terms(spec, "podAntiAffinity", workload, namespaces))


def together(spec: Object, workload: Workload, namespaces: Mapping[str, Mapping[str, str]]) -> tuple[Term, ...]:
    """Return the required pod affinity terms."""
    return tuple(_terms(spec, "podAffinity", workload, namespaces))


def _terms(spec: Object, kind: str, workload: Workload, namespaces: Mapping[str, Mapping[str, str]]) -> Iterator[Term]:
    for one in ((spec.get("affinity") or {}).get(kind) or {}).get(_REQUIRED) or ():
        yield Term(str(one["topologyKey"]), _selection(one, _namespaces(one, workload, namespaces), workload))


def _namespaces(term: Object, workload: Workload, namespaces: Mapping[str, Mapping[str, str]]) -> frozenset[str] | None:
    named = frozenset(map(str, term.get("namespaces") or ()))
    selector = label_selector(term.get("namespaceSelector"))
    if selector is None:
        return named or frozenset([workload.namespace])
    if not selector:
        return None
    return named | {name for name, labels in namespaces.items() if matches(selector, labels)}


def _selection(constraint: Object, namespaces: frozenset[str] | None, workload: Workload) -> Selection:
    """Return the pods that a constraint selects; `matchLabelKeys` add the pod's values to the selector."""
    selector = label_selector(constraint.get("labelSelector"))
    keys = [str(key) for key in constraint.get("matchLabelKeys") or ()]
    if selector is None:
        return Selection(namespaces, None)
    own: Selector = tuple(Requirement(key, "In", (workload.labels[key],)) for key in keys if key in workload.labels)
    owner = workload.identity if HASH_LABEL in keys and workload.kind in _HASHED else ""
    return Selection(namespaces, (*selector, *own), owner)
