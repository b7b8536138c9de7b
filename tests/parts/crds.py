"""The custom resource definitions of the projects whose objects the stacks use.

`python -m tests.parts.crds` fetches those that are pinned in `crds.yaml`; CRDS_DIR names a folder to use instead.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import urllib3
import yaml

from tests.parts.place import MissingPartError, building, kept

PINNED = Path(__file__).with_suffix(".yaml")


class _Loader(yaml.CSafeLoader):
    """Reads a lone `=` as text, as YAML 1.2 and Kubernetes do."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def definitions() -> list[dict[str, Any]]:
    """Every definition of the folder.

    Raises:
        MissingPartError: there is no such folder, or a pinned file is not in it.
    """
    folder = Path(os.environ.get("CRDS_DIR") or kept("crds", PINNED))
    missing = sorted(name for name, _ in _pinned() if not (folder / name).is_file())
    if missing:
        raise MissingPartError(
            f"custom resource definitions are not in {folder} ({', '.join(missing[:3])}, {len(missing)} in all): "
            "`make crds` fetches them, or set CRDS_DIR to a folder that has them"
        )
    return [item for name, _ in _pinned() for item in _read(folder / name)]


def stand_ins() -> list[dict[str, Any]]:
    """Definitions that take any content, for kinds that come with manifests or a chart that a stack applies."""
    kinds = (
        ("networking.istio.io", "v1", "VirtualService", "virtualservices"),
        ("security.istio.io", "v1", "AuthorizationPolicy", "authorizationpolicies"),
        ("security.istio.io", "v1", "RequestAuthentication", "requestauthentications"),
        ("argocd-image-updater.argoproj.io", "v1alpha1", "ImageUpdater", "imageupdaters"),
    )
    return [_any_content(*kind) for kind in kinds]


def _any_content(group: str, version: str, kind: str, plural: str) -> dict[str, Any]:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [
                {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}},
            ],
        },
    }


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for item in yaml.load_all(path.read_text(encoding="utf-8"), Loader=_Loader):
        if item and item["kind"] == "CustomResourceDefinition":
            # A conversion webhook has no pod to answer it here; the stored version needs none.
            item["spec"].pop("conversion", None)
            yield item


def _pinned() -> Iterator[tuple[str, str]]:
    """The name of each file, and where it is."""
    for project, at in yaml.safe_load(PINNED.read_text(encoding="utf-8")).items():
        files = at["files"]
        places = files if isinstance(files, dict) else {name: f"{at['folder']}/{name}" for name in files}
        for name, path in places.items():
            yield name, f"https://github.com/{project}/raw/{at['commit']}/{path}"


def fetch() -> Path:
    """Fetch every pinned file that is not there yet.

    Raises:
        MissingPartError: a file could not be had.
    """
    folder = kept("crds", PINNED)
    folder.mkdir(parents=True, exist_ok=True)
    with urllib3.PoolManager(retries=urllib3.Retry(3, backoff_factor=0.5)) as pool:
        for name, url in _pinned():
            if (folder / name).is_file():
                continue
            try:
                answer = pool.request("GET", url, timeout=30)
            except urllib3.exceptions.HTTPError as error:
                raise MissingPartError(f"{url}: {error}") from error
            if answer.status != 200:
                raise MissingPartError(f"{url}: status {answer.status}")
            # Whole or not at all: a file that is there is never fetched again.
            part = folder / f"{name}.part"
            part.write_bytes(answer.data)
            part.rename(folder / name)
    return folder


if __name__ == "__main__":
    try:
        with building():
            sys.stdout.write(f"{fetch()}\n")
    except MissingPartError as error:
        sys.exit(f"{error}; or set CRDS_DIR to a folder that has them")
