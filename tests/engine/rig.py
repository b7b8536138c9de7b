"""The environment of a stack: engine, account and cluster."""

import contextlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.components.base import recorded, settings_of
from tests.engine.controllers import Controllers
from tests.engine.engine import Engine
from tests.engine.needed import write_programs
from tests.engine.plugin.cloud import Cloud
from tests.parts.api import Api, Object
from tests.parts.control_plane import running_control_plane
from tests.parts.place import MissingPartError
from tests.parts.unreliable import Unreliable, unreliable


@dataclass(frozen=True)
class Rig:
    """A stack, its account and its cluster."""

    engine: Engine
    cloud: Cloud
    api: Api
    controllers: Controllers
    way: Unreliable
    """Faults between the engine and the API server: none at first, and none are possible in most rigs."""

    def living(self) -> set[tuple[str, str]]:
        """Return URN and id of all resources in the account."""
        return {(thing.urn, thing.id) for thing in self.cloud.living()}

    def known(self) -> set[tuple[str, str]]:
        """Return URN and id of all resources of the account in the state."""
        return {
            (resource["urn"], resource["id"])
            for resource in self.engine.resources()
            if resource["type"].startswith("aws:") and "id" in resource and not resource.get("delete")
        }

    def is_held(self) -> bool:
        """Return whether changes are blocked in the account, and the engine has recorded all responses."""
        return self.cloud.held() and not self.engine.is_writing() and self.living() == self.known()

    def objects(self) -> list[str]:
        """Return every object of the API server that only a stack can create: kind, namespace and name."""
        self.api.forget_kinds()
        found = []
        for kind in self.api.kinds():
            if "list" in kind.verbs and "create" in kind.verbs and kind.name not in _PASSING:
                found += [_line(kind.name, item) for item in self.api.list(kind.api_version, kind.name)]
        return sorted({line for line in found if line})

    def places_of(self, text: str) -> list[str]:
        """Return the files of the engine, the state and the plugin's log that contain a text unencrypted."""
        folders = (self.engine.state, self.engine.folder / "events", self.engine.project)
        files = [file for folder in folders for file in folder.rglob("*") if file.is_file() and not _is_program(file)]
        files.append(self.cloud.folder / "aws.jsonl")
        return [str(file) for file in files if text.encode() in file.read_bytes()]


# Kinds with objects that are temporary, or exist only as a response.
_PASSING = frozenset(
    {"Event", "Lease", "EndpointSlice", "Endpoints", "ControllerRevision", "PodMetrics", "NodeMetrics"}
)
_OWN = (
    "kube-",
    "system:",
    "system-",
    "default",
    "extension-apiserver-authentication",
    "cluster-admin",
    "admin",
    "edit",
    "view",
)


def _line(kind: str, item: Object) -> str:
    metadata = item["metadata"]
    name, namespace = metadata["name"], metadata.get("namespace", "")
    is_servers_own = (
        name.startswith(_OWN)
        or "kubernetes.io/bootstrapping" in metadata.get("labels", {})
        or kind in {"APIService", "FlowSchema", "PriorityLevelConfiguration", "IPAddress", "ServiceCIDR"}
        or (kind, name) == ("Service", "kubernetes")
        or metadata.get("annotations", {}).get("autoupdate.alpha.kubernetes.io/cluster-role") == "true"
        # Each controller of the controller manager has a service account.
        or (kind, namespace) == ("ServiceAccount", "kube-system")
    )
    return "" if is_servers_own else f"{kind} {namespace}/{name}".replace(" /", " ")


def _is_program(file: Path) -> bool:
    return file.is_symlink() or any(parent.is_symlink() for parent in file.parents)


@contextlib.contextmanager
def running_rig(
    folder: Path,
    stack: str,
    charts: Mapping[str, Any] | None,
    changes: Mapping[str, Any] | None = None,
    *,
    busy: bool = False,
    checkpoints: bool = True,
    release: Path | None = None,
) -> Iterator[Rig]:
    """Yield a stack before its first update, with its own account and cluster; skip if a part is missing.

    With `busy` the engine reaches the API server through a proxy that can reject and delay requests. Without
    `checkpoints` it writes its state once at the end of a command instead of after each resource. A `release` is the
    checkout of another program with its stack files.
    """
    account, cluster = folder / "account", folder / "cluster"
    account.mkdir()
    cluster.mkdir()
    with contextlib.ExitStack() as parts:
        try:
            control_plane = parts.enter_context(running_control_plane(cluster))
        except MissingPartError as error:
            pytest.skip(f"the engine tier: {error}")
        address, way = parts.enter_context(unreliable(control_plane)) if busy else (control_plane.url, Unreliable())
        authority = {"data": b64encode(control_plane.certificates.authority.read_bytes()).decode()}
        (account / "control-plane.json").write_text(
            json.dumps(
                {
                    "endpoint": address,
                    "certificateAuthority": authority,
                    "certificateAuthorities": [authority],
                }
            )
        )
        (account / "token").write_text(control_plane.admin_token)
        (account / "token").chmod(0o600)
        write_programs(folder / "bin", account)
        cloud, api = Cloud(account), Api(control_plane)
        controllers = parts.enter_context(Controllers(api, cloud, settings_of(stack), recorded(stack).plan))
        wanted = {**({"charts": dict(charts)} if charts else {}), **(changes or {})}
        engine = Engine(folder, stack, folder / "bin", wanted, checkpoints=checkpoints, release=release)
        yield Rig(engine, cloud, api, controllers, way)
        assert controllers.troubles == []
