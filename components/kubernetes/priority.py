"""Scheduling priority of the platform's own pods: above every class that applications can name.

A pod without a class has priority 0, and any application that has a class would preempt it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from config.priorities import PLATFORM_CLASS, PRIORITIES

_TEMPLATES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(
        (f"kubernetes:{kind}" for kind in ("apps/v1:Deployment", "apps/v1:StatefulSet", "apps/v1:DaemonSet")),
        (("spec", "template", "spec"),),
    ),
    "kubernetes:batch/v1:Job": (("spec", "template", "spec"),),
    "kubernetes:batch/v1:CronJob": (("spec", "job_template", "spec", "template", "spec"),),
    "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet": tuple(
        ("spec", "leaderWorkerTemplate", template, "spec") for template in ("leaderTemplate", "workerTemplate")
    ),
}
"""The paths of the pods of each kind."""


class PlatformPriorities(Component):
    """The PriorityClasses of the platform's own pods. They are created before the nodes."""

    TOKEN: ClassVar[str] = "ai-platform:kubernetes:PlatformPriorities"

    def __init__(self, name: str, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.classes: list[pulumi.Resource] = [
            kubernetes.scheduling.v1.PriorityClass(
                key,
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=key, labels={"app.kubernetes.io/part-of": "ai-platform"}
                ),
                value=value,
                global_default=False,
                description="Pods of the platform itself; applications cannot name it",
                opts=self.child(),
            )
            for key, value in PRIORITIES.items()
        ]
        self.finish()


def prioritize(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Give the pods of a resource the platform's class, unless they have one: environments choose those of theirs."""
    for path in _TEMPLATES.get(args.type_, ()):
        for pod in _found(args.props, path):
            if isinstance(pod, kubernetes.core.v1.PodSpecArgs):
                pod.priority_class_name = pod.priority_class_name or PLATFORM_CLASS
            else:
                pod.setdefault("priorityClassName", PLATFORM_CLASS)
    return None


def _found(value: Any, path: tuple[str, ...]) -> Iterator[Any]:  # noqa: ANN401, arguments or a plain mapping
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else getattr(value, key, None)
        if value is None:
            return
    yield value
