"""The folder with Kubeflow's manifests: its files are those whose digest the stack file has."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath

from catalog.reading.problems import Path, Problem
from config.settings import Settings

OWN = "ai-platform"
"""Folder with this project's changes to the community's manifests, and with the lists of files and images."""

IMAGES = f"{OWN}/images.json"
FILES = f"{OWN}/files.sha256"
"""The digest of each file, as `sha256sum` prints it: `sha256sum --check ai-platform/files.sha256` compares them."""

_SOURCE: Path = ("kubeflow", "source")
_SHOWN = 3


def listed(folder: FilePath, files: Mapping[str, bytes]) -> str:
    """Write the list of files, and return its digest."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())]
    text = "".join(lines).encode()
    (folder / FILES).write_bytes(text)
    return hashlib.sha256(text).hexdigest()


def problems(settings: Settings, project: FilePath) -> Iterator[Problem]:
    """Yield what is wrong with a folder of manifests: files that it lacks, that differ, or that a registry lacks."""
    section = settings.kubeflow
    if section is None or section.is_remote():
        return
    mirror = f" --registry {settings.images.registry}" if settings.images.registry else ""
    again = f"write it with `aiplatform manifests --out {section.source}{mirror}`"
    folder = project / section.source
    try:
        text = (folder / FILES).read_bytes()
    except OSError:
        yield Problem(_SOURCE, f"{section.source} has no {FILES}, so it is not a complete copy; {again}")
        return
    digest = hashlib.sha256(text).hexdigest()
    if section.sha256 is None:
        yield Problem(_SOURCE, f"requires the digest of the folder; set kubeflow.sha256: '{digest}'")
    elif section.sha256 != digest:
        path: Path = ("kubeflow", "sha256")
        yield Problem(path, f"the digest of {section.source} is {digest}; {again}, or set this digest after a review")
    entries = [line.split("  ", 1) for line in text.decode(errors="replace").splitlines() if "  " in line]
    missing = [file for _, file in entries if not (folder / file).is_file()]
    changed = [file for made, file in entries if file not in missing and _digest(folder / file) != made]
    for files, said in ((missing, "lacks"), (changed, "has changes in")):
        if files:
            more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
            yield Problem(_SOURCE, f"{section.source} {said} {', '.join(files[:_SHOWN])}{more}; {again}")
    registry = images(folder)[0]
    if IMAGES not in missing and registry != settings.images.registry:
        has = f"images of {registry}" if registry else "images of their own registries"
        yield Problem(
            _SOURCE,
            f"{section.source} has {has}, but images.registry is {settings.images.registry or 'not set'}; {again}",
            because=(("images", "registry"),),
        )


def images(folder: FilePath) -> tuple[str | None, dict[str, str]]:
    """Return the registry for which a folder was written, and its images with their places."""
    try:
        document = json.loads((folder / IMAGES).read_text(encoding="utf-8"))
        return document["registry"], document["images"]
    except (OSError, ValueError, LookupError, TypeError):
        return None, {}


def _digest(file: FilePath) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
