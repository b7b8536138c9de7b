"""Folders of shared file systems, as claims of an environment."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.data.file_system import FileSystem
from components.data.file_system_claim import SharedFolder
from components.sharing.environment.names import labels
from config.environments import Volume


class Volumes(Component):
    """A PersistentVolume and its claim for each volume.

    A read-only volume is mounted read-only by its PersistentVolume: a pod's manifest cannot change it.
    """

    TOKEN: ClassVar[str] = "ai-platform:environments:Volumes"

    def __init__(
        self,
        name: str,
        settings: Mapping[str, Volume],
        *,
        project: str,
        environment: str,
        namespace: str,
        file_systems: Mapping[str, FileSystem],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.claims: list[pulumi.Resource] = []
        """Dependencies of pods that use the claims."""
        for key, volume in settings.items():
            folder = SharedFolder(file_systems[volume.file_system], volume.access_point, volume.read_only)
            place: dict[str, Any] = {"namespace": namespace, "claim_name": key, "labels": labels(environment)}
            made = folder.volume(
                f"{name}-{key}", volume_name=f"{project}-{environment}-{key}", **place, opts=self.child()
            )
            self.claims.append(folder.claim(f"{name}-{key}", made, **place, opts=self.child(depends_on=[made])))
        self.finish()
