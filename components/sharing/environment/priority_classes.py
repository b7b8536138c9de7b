"""Scheduling priority of pods."""

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from config.environments import PriorityClass as PriorityClassSettings


class PriorityClasses(Component):
    """The PriorityClasses of the platform. None is the default of pods without a class."""

    TOKEN: ClassVar[str] = "ai-platform:environments:PriorityClasses"

    def __init__(
        self,
        name: str,
        settings: Mapping[str, PriorityClassSettings],
        *,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.classes: list[pulumi.Resource] = [
            kubernetes.scheduling.v1.PriorityClass(
                key,
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=key, labels={"app.kubernetes.io/part-of": "ai-platform"}
                ),
                value=found.value,
                global_default=False,
                description=found.description,
                opts=self.child(),
            )
            for key, found in settings.items()
        ]
        self.finish()
