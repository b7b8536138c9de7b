"""`aiplatform manifests`: Kubeflow's manifests in a folder."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from aiplatform.cli.output import print_json
from aiplatform.errors import CallError, writing
from aiplatform.interrupts import unfinished
from aiplatform.kubeflow.folder import Folder
from aiplatform.kubeflow.images import Images
from aiplatform.preview.project import project_folder
from catalog.images import mirrored


def write_manifests(out: Path, registry: str | None, *, as_json: bool) -> None:
    """Write the manifests with all their bases, their images in the registry, and print the settings that use them."""
    if out.exists() and any(out.iterdir()):
        raise CallError(f"{out} is not empty; remove it, or choose another folder")
    with TemporaryDirectory() as cache, unfinished(Path(cache)):
        folder = Folder(
            lambda repository, ref: clone(repository, ref, Path(cache)),
            Images(lambda image: mirrored(image, registry, "")),
        )
        folder.add_all(project_folder(Path.cwd()))
        with writing(out):
            digest = folder.write(out, registry)
    if as_json:
        print_json({"folder": str(out), "files": len(folder.files), "source": str(out), "sha256": digest})
        return
    typer.echo(f"Written to {out}: {len(folder.files)} files. Set in the stack file:")
    typer.echo(f"  ai-platform:kubeflow: {{source: {out}, sha256: '{digest}'}}")


def clone(repository: str, ref: str, cache: Path) -> Path:
    """Return a clone of a repository at a tag."""
    target = cache / repository.partition("://")[2].replace("/", "+") / ref.replace("/", "+")
    command = ["git", "clone", "--quiet", "--depth", "1", "--branch", ref, repository, str(target)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603, the addresses are of manifests
    except FileNotFoundError:
        raise CallError("git is not installed; install it to copy manifests") from None
    except subprocess.CalledProcessError as error:
        raise CallError(f"{repository} at {ref} cannot be cloned: {error.stderr.strip()}") from None
    return target
