"""Label selectors, node affinity, taints and tolerations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Labels = Mapping[str, str]
REFUSING = ("NoSchedule", "NoExecute")
"""The effects that repel pods; PreferNoSchedule is only a preference."""


class Requirement(NamedTuple):
    """A requirement of a label selector or of node affinity."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Labels) -> bool:
        """Return whether labels match the requirement."""
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
"""Requirements that must all match."""


def label_selector(selector: Mapping[str, Any] | None) -> Selector | None:
    """Convert a Kubernetes LabelSelector; None for a missing one, which matches nothing."""
    if selector is None:
        return None
    exact = [
        Requirement(key, "In", (str(value),)) for key, value in sorted((selector.get("matchLabels") or {}).items())
    ]
    return (*exact, *requirements(selector.get("matchExpressions")))


def requirements(expressions: Iterable[Mapping[str, Any]] | None) -> Selector:
    """Convert `matchExpressions` to requirements."""
    return tuple(
        Requirement(str(one["key"]), str(one["operator"]), tuple(map(str, one.get("values") or ())))
        for one in expressions or ()
    )


def matches(selector: Selector | None, labels: Labels) -> bool:
    """Return whether labels match every requirement."""
    return selector is not None and all(one.matches(labels) for one in selector)


class Taint(NamedTuple):
    """A taint of a node."""

    key: str
    value: str
    effect: str


class Toleration(NamedTuple):
    """A toleration. An empty key or effect matches every taint."""

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
    """Convert a toleration of a pod spec."""
    return Toleration(
        str(given.get("key") or ""),
        str(given.get("operator") or "Equal"),
        str(given.get("value") or ""),
        str(given.get("effect") or ""),
    )


@dataclass(frozen=True)
class Where:
    """The requirements of a pod for its node, independent of other pods."""

    affinity: tuple[Selector, ...] | None = None
    """Node affinity terms, of which one must match; None without node affinity."""

    selector: Selector = ()
    """Node selector."""

    tolerations: tuple[Toleration, ...] = ()
    zones: frozenset[str] | None = None
    """Zones of its volumes; None if they are provisioned in the zone of the pod."""

    def likes(self, labels: Labels) -> bool:
        """Return whether labels match node selector and node affinity."""
        if not matches(self.selector, labels):
            return False
        return self.affinity is None or any(matches(term, labels) for term in self.affinity)

    def untolerated(self, taints: Iterable[Taint]) -> Taint | None:
        """Return the first taint that the pod does not tolerate; None if it tolerates all."""
        refusing = (taint for taint in taints if taint.effect in REFUSING)
        return next((taint for taint in refusing if not any(one.tolerates(taint) for one in self.tolerations)), None)


def where(spec: Mapping[str, Any]) -> Where:
    """Return the requirements of a pod spec for its node.

    A term with `matchFields` selects single nodes, which a plan does not contain: it matches none.
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
