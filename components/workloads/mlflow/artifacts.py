"""The plugin of MLflow's server that limits artifacts: its files, volume, variables and the app that it serves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pulumi_kubernetes as kubernetes

from catalog.quantities import DISK, amount
from components.kubernetes.pods import mount, volume

_SCRIPT = "artifact_limit.py"
_FOLDER = "/etc/mlflow-plugin"
_APPS = {"limited": "create_app", "limited-basic-auth": "create_auth_app"}
_PACKAGE = {
    "METADATA": "Metadata-Version: 2.1\nName: artifact-limit\nVersion: 1\n",
    "entry_points.txt": "".join(
        ["[mlflow.app]\n", *(f"{app} = artifact_limit:{factory}\n" for app, factory in _APPS.items())]
    ),
}
"""What Python finds the plugin by: https://packaging.python.org/en/latest/specifications/entry-points/"""


class Limits(Protocol):
    """Settings of artifacts that go through a server."""

    @property
    def artifact_limit(self) -> str | None:
        """The largest file."""

    @property
    def signed_urls(self) -> bool:
        """Whether clients reach the bucket by signed URLs."""


def limited(settings: Limits) -> bool:
    """Return whether the server needs the plugin."""
    return settings.artifact_limit is not None or not settings.signed_urls


def plugin_data() -> dict[str, str]:
    """Return the data of the ConfigMap."""
    return {_SCRIPT: (Path(__file__).parent / "files" / _SCRIPT).read_text(encoding="utf-8"), **_PACKAGE}


def plugin_volume(config_map: str) -> kubernetes.core.v1.VolumeArgs:
    """Return the volume, in which the files have the paths of an installed package."""
    paths = {_SCRIPT: _SCRIPT, **{key: f"artifact_limit-1.dist-info/{key}" for key in _PACKAGE}}
    items = [kubernetes.core.v1.KeyToPathArgs(key=key, path=path) for key, path in paths.items()]
    return volume("plugin", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=config_map, items=items))


def plugin_mount() -> kubernetes.core.v1.VolumeMountArgs:
    """Return the mount of the volume."""
    return mount("plugin", _FOLDER, read_only=True)


def plugin_environment(settings: Limits, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the plugin; `given` are those of the stack file."""
    if not limited(settings):
        return {}
    limit = "0" if settings.artifact_limit is None else str(amount(DISK, settings.artifact_limit))
    path = ":".join([_FOLDER, *filter(None, [given.get("PYTHONPATH")])])
    return {
        "PYTHONPATH": path,
        "ARTIFACT_LIMIT_BYTES": limit,
        "ARTIFACT_SIGNED_URLS": "true" if settings.signed_urls else "false",
    }


def app_arguments(settings: Limits, app: str | None) -> list[str]:
    """Return the arguments that choose the app of the server: MLflow's, or the plugin around it."""
    chosen = f"limited-{app}" if app else "limited"
    return ["--app-name", chosen] if limited(settings) else ["--app-name", app] if app else []
