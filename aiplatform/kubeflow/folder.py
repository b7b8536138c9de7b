"""Writes Kubeflow's manifests, with all their remote bases, to one folder."""

import json
import os.path
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import yaml

from aiplatform.errors import CallError
from aiplatform.kubeflow.images import Images
from catalog.versions import KUBEFLOW
from components.kubeflow.steps import OWN_FOLDER, STEPS
from config.manifests import IMAGES, OWN, listed

MANIFESTS = "https://github.com/kubeflow/manifests"
FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
BASES = ("resources", "bases", "components")
REMOTE = re.compile(r"https://(?P<host>[^/]+)/(?P<path>[^?]+)\?(?:[^#]*&)?(?:ref|version)=(?P<ref>[^&#]+).*")

Fetch = Callable[[str, str], Path]
"""Returns the folder with a Git repository at a tag or commit."""


class Tree(NamedTuple):
    """A folder that manifests come from."""

    root: Path
    at: PurePosixPath
    """Its place in the folder that is written."""


class Folder:
    """The folder with the manifests of every step, and nothing else."""

    def __init__(self, fetch: Fetch, images: Images) -> None:
        self._fetch = fetch
        self._images = images
        self._trees: dict[tuple[str, str], Tree] = {}
        self.files: dict[PurePosixPath, str] = {}
        """The text of each file by its path."""

    def add_all(self, program: Path) -> None:
        """Read the manifests of every step: the community's folders, and this project's changes to them."""
        own = Tree(program / OWN_FOLDER, PurePosixPath(OWN))
        for step in STEPS:
            if step.own:
                self._add(own, PurePosixPath(step.name))
            else:
                self._add(self._tree(MANIFESTS, KUBEFLOW), PurePosixPath(step.path))

    def write(self, out: Path, registry: str | None) -> str:
        """Write the files, their images and their digests, and return the digest of all."""
        document = {"registry": registry, "images": self._images.found()}
        self.files[PurePosixPath(IMAGES)] = json.dumps(document, indent=2) + "\n"
        for path, text in self.files.items():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        return listed(out, {str(path): text.encode() for path, text in self.files.items()})

    def _tree(self, repository: str, ref: str) -> Tree:
        """Return a repository, the community's manifests at the top of the folder."""
        if (repository, ref) not in self._trees:
            place = "" if repository == MANIFESTS else f"remote/{repository.partition('://')[2]}/{ref}"
            self._trees[repository, ref] = Tree(self._fetch(repository, ref), PurePosixPath(place))
        return self._trees[repository, ref]

    def _add(self, tree: Tree, folder: PurePosixPath) -> PurePosixPath:
        """Add a folder with everything that it refers to, and return its place."""
        here = tree.root / folder
        name = next((name for name in FILES if (here / name).is_file()), None)
        if name is None:
            raise CallError(f"{folder}: no kustomization in {tree.root}; it is not Kubeflow's release {KUBEFLOW}")
        path = tree.at / folder / name
        if path in self.files:
            return path.parent
        self.files[path] = ""
        kustomization = yaml.safe_load((here / name).read_text(encoding="utf-8"))
        for key in BASES:
            kustomization[key] = [self._base(tree, folder, item) for item in kustomization.get(key) or ()]
            if not kustomization[key]:
                del kustomization[key]
        for file in _local_files(kustomization):
            self._copy(tree, folder, file)
        self._images.in_transformers(kustomization)
        self.files[path] = self._images.in_text(yaml.safe_dump(kustomization, sort_keys=False, width=120))
        return path.parent

    def _base(self, tree: Tree, folder: PurePosixPath, item: str) -> str:
        """Add one entry of `resources`, and return how the folder that is written refers to it."""
        remote = REMOTE.fullmatch(item)
        if remote is not None:
            repository, path = _of_repository(remote)
            place = self._add(self._tree(repository, remote["ref"]), path)
            return os.path.relpath(place, tree.at / folder)
        if "://" in item:
            raise CallError(f"{folder}: {item} has no ?ref= and is not in a Git repository; it cannot be copied")
        target = PurePosixPath(os.path.normpath(folder / item))
        if (tree.root / target).is_dir():
            self._add(tree, target)
        else:
            self._copy(tree, folder, item)
        return item

    def _copy(self, tree: Tree, folder: PurePosixPath, file: str) -> None:
        target = PurePosixPath(os.path.normpath(folder / file))
        try:
            text = (tree.root / target).read_text(encoding="utf-8")
        except OSError as error:
            raise CallError(f"{folder}: {file} cannot be read: {error.strerror}") from error
        self.files[tree.at / target] = self._images.in_text(text)


def _of_repository(remote: re.Match[str]) -> tuple[str, PurePosixPath]:
    """Return the repository of a remote base and the folder in it: after `//`, or after the second name of GitHub."""
    host, path = remote["host"], remote["path"]
    repository, _, folder = (
        path.partition("//") if "//" in path else ("/".join(path.split("/")[:2]), "", "/".join(path.split("/")[2:]))
    )
    return f"https://{host}/{repository.removesuffix('.git')}", PurePosixPath(folder)


def _local_files(kustomization: dict[str, Any]) -> Iterator[str]:
    """Yield the files that a kustomization names, apart from its bases."""
    plain = ("crds", "configurations", "generators", "transformers", "validators", "patchesStrategicMerge")
    for key in plain:
        # An entry of several lines is a manifest.
        yield from (item for item in kustomization.get(key) or () if "\n" not in item)
    for key in ("patches", "patchesJson6902", "replacements"):
        yield from (item["path"] for item in kustomization.get(key) or () if "path" in item)
    for key in ("configMapGenerator", "secretGenerator"):
        for item in kustomization.get(key) or ():
            yield from (file.rpartition("=")[2] for file in item.get("files") or ())
            yield from item.get("envs") or ()
            yield from [item["env"]] if "env" in item else []
    if "openapi" in kustomization:
        yield kustomization["openapi"]["path"]
