"""The custom resource definitions of kinds that the stacks use.

`python -m tests.parts.crds` downloads those that are pinned in `crds.yaml`; CRDS_DIR names another folder.
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


class Loader(yaml.CSafeLoader):
    """Reads a single `=` as text, as in YAML 1.2 and Kubernetes."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def definitions() -> list[dict[str, Any]]:
    """Return every definition in the folder.

    Raises:
        MissingPartError: the folder or a pinned file does not exist.
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
    """Return definitions without a schema, for kinds of manifests or charts that a stack applies."""
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
    for item in yaml.load_all(path.read_text(encoding="utf-8"), Loader=Loader):
        if item and item["kind"] == "CustomResourceDefinition":
            # A conversion webhook would require a pod; the stored version needs no conversion.
            item["spec"].pop("conversion", None)
            yield item


def _pinned() -> Iterator[tuple[str, str]]:
    """Yield the name of each file, and its URL."""
    for project, at in yaml.safe_load(PINNED.read_text(encoding="utf-8")).items():
        files = at["files"]
        places = files if isinstance(files, dict) else {name: f"{at['folder']}/{name}" for name in files}
        for name, path in places.items():
            yield name, f"https://github.com/{project}/raw/{at['commit']}/{path}"


def fetch() -> Path:
    """Download every missing pinned file.

    Raises:
        MissingPartError: a download failed.
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
            # Files are written atomically, because an existing file is not downloaded again.
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
