"""Label selectors, node affinity, taints and tolerations: who may go where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Labels = Mapping[str, str]
REFUSING = ("NoSchedule", "NoExecute")
"""The effects that keep a pod away; PreferNoSchedule only asks."""


class Requirement(NamedTuple):
    """One line of a selector, of labels or of node affinity."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Labels) -> bool:
        """Whether these labels keep to it."""
        value = labels.get(self.key)
        if self.operator == "In":
            return value in self.values
        if self.operator == "NotIn":
            return value not in self.values
        if self.operator == "Exists":
            return value is not None
        if self.operator == "DoesNotExist":
            return value is None
        return self._compares(value)

    def _compares(self, value: str | None) -> bool:
        try:
            ours, bound = int(value or ""), int(self.values[0])
        except (ValueError, IndexError):
            return False
        return ours > bound if self.operator == "Gt" else ours < bound


Selector = tuple[Requirement, ...]
"""All of them must hold."""


def label_selector(selector: Mapping[str, Any] | None) -> Selector | None:
    """A Kubernetes LabelSelector; None for one that is left out, which matches nothing."""
    if selector is None:
        return None
    exact = [
        Requirement(key, "In", (str(value),)) for key, value in sorted((selector.get("matchLabels") or {}).items())
    ]
    return (*exact, *requirements(selector.get("matchExpressions")))


def requirements(expressions: Iterable[Mapping[str, Any]] | None) -> Selector:
    """`matchExpressions` as requirements."""
    return tuple(
        Requirement(str(one["key"]), str(one["operator"]), tuple(map(str, one.get("values") or ())))
        for one in expressions or ()
    )


def matches(selector: Selector | None, labels: Labels) -> bool:
    """Whether labels keep to every requirement."""
    return selector is not None and all(one.matches(labels) for one in selector)


class Taint(NamedTuple):
    """What keeps pods off a node."""

    key: str
    value: str
    effect: str


class Toleration(NamedTuple):
    """What lets a pod pass a taint; an empty key or effect stands for all."""

    key: str
    operator: str
    value: str
    effect: str

    def tolerates(self, taint: Taint) -> bool:
        """https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/"""
        if self.effect not in ("", taint.effect) or self.key not in ("", taint.key):
            return False
        return self.operator == "Exists" or (self.key != "" and self.value == taint.value)


def toleration(given: Mapping[str, Any]) -> Toleration:
    """One of a pod's tolerations."""
    return Toleration(
        str(given.get("key") or ""),
        str(given.get("operator") or "Equal"),
        str(given.get("value") or ""),
        str(given.get("effect") or ""),
    )


@dataclass(frozen=True)
class Where:
    """On which nodes a pod may go, whatever else is there."""

    affinity: tuple[Selector, ...] | None = None
    """Node affinity: one of the terms must hold; None where the pod has no opinion."""

    selector: Selector = ()
    """The node selector."""

    tolerations: tuple[Toleration, ...] = ()
    zones: frozenset[str] | None = None
    """Where its volumes are; None where they come to the pod."""

    def likes(self, labels: Labels) -> bool:
        """Whether a node's labels are what the pod asks for."""
        if not matches(self.selector, labels):
            return False
        return self.affinity is None or any(matches(term, labels) for term in self.affinity)

    def untolerated(self, taints: Iterable[Taint]) -> Taint | None:
        """The first taint that keeps the pod away."""
        refusing = (taint for taint in taints if taint.effect in REFUSING)
        return next((taint for taint in refusing if not any(one.tolerates(taint) for one in self.tolerations)), None)


def where(spec: Mapping[str, Any]) -> Where:
    """What a pod's spec says of nodes.

    A term over fields names single nodes, which no plan knows: it matches none.
    """
    required = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution"
    )
    terms = None
    if required is not None:
        terms = tuple(
            requirements(term.get("matchExpressions"))
            for term in required.get("nodeSelectorTerms") or ()
            # Kubernetes lets an empty term match nothing.
            if term.get("matchExpressions") and not term.get("matchFields")
        )
    return Where(
        terms,
        label_selector({"matchLabels": spec.get("nodeSelector") or {}}) or (),
        tuple(map(toleration, spec.get("tolerations") or ())),
    )
