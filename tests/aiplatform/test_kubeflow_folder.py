"""Kubeflow's manifests in one folder: complete, in the registry, and the same for the preview and `pulumi up`."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from aiplatform.errors import CallError
from aiplatform.kubeflow.folder import MANIFESTS, Folder
from aiplatform.kubeflow.images import Images
from catalog.images import mirrored
from catalog.versions import KUBEFLOW, MYSQL_CLIENT_IMAGE
from components.kubeflow.steps import STEPS, address, chosen, step_at
from config.kubeflow import Kubeflow
from config.manifests import FILES, IMAGES, OWN, images
from tests.config.base import BASE, ROOT, mistakes
from tests.each import each

MIRROR = "registry.shop.internal/mirror"
ARGO = "https://github.com/argoproj/argo-workflows"

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  template:
    spec:
      initContainers:
        - image: mysql:8.4
          args: [--executor-image, quay.io/argoproj/argoexec:v3.7.3]
      containers:
        - name: main
          image: "kserve/agent:v0.16.0"
          env: [{name: LAUNCHER, value: ghcr.io/kubeflow/kfp-launcher:2.16.0}]
        - image: ghcr.io/kubeflow/server:dummy
        - image: $(SIDECAR)
"""
CONFIGURATION = """\
data:
  hub: gcr.io/istio-release
  storage: |
    {
      "image" : "kserve/storage-initializer:v0.16.0",
      "docs": "https://ghcr.io/about"
    }
"""


def _kustomization(folder: Path, **values: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(values))


@pytest.fixture
def repositories(tmp_path: Path) -> dict[tuple[str, str], Path]:
    """The community's manifests, each folder with a Deployment, and one base in another repository."""
    community, argo = tmp_path / "community", tmp_path / "argo"
    for step in STEPS:
        folder = community / step.path
        _kustomization(
            folder,
            resources=["deployment.yaml", "../shared"],
            images=[{"name": "ghcr.io/kubeflow/server", "newTag": "v1.10.0"}],
            patches=[{"path": "patch.yaml"}, {"patch": "- op: remove\n  path: /rules\n"}],
            configMapGenerator=[{"name": "params", "envs": ["params.env"], "files": ["conf=config.yaml"]}],
        )
        (folder / "deployment.yaml").write_text(DEPLOYMENT)
        (folder / "patch.yaml").write_text("kind: Deployment\n")
        (folder / "params.env").write_text("image=ghcr.io/kubeflow/params:1\n")
        (folder / "config.yaml").write_text(CONFIGURATION)
        _kustomization(folder.parent / "shared", resources=[f"{ARGO}/manifests/base?ref=v3.7.3"])
    _kustomization(argo / "manifests" / "base", resources=["crds", "controller.yaml"])
    _kustomization(argo / "manifests" / "base" / "crds")
    (argo / "manifests" / "base" / "controller.yaml").write_text("image: quay.io/argoproj/controller:v3.7.3\n")
    (argo / "unused.yaml").write_text("image: quay.io/argoproj/unused:v1\n")
    return {(MANIFESTS, KUBEFLOW): community, (ARGO, "v3.7.3"): argo}


def _written(repositories: dict[tuple[str, str], Path], out: Path, registry: str | None = None) -> str:
    folder = Folder(lambda *place: repositories[place], Images(lambda image: mirrored(image, registry, "")))
    folder.add_all(ROOT)
    return folder.write(out, registry)


def test_folder_has_every_base_and_refers_to_no_other_place(
    repositories: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    _written(repositories, out)
    assert (out / "remote/github.com/argoproj/argo-workflows/v3.7.3/manifests/base/crds/kustomization.yaml").is_file()
    assert not list(out.rglob("unused.yaml"))
    settings = Kubeflow(source=str(out))
    for step in chosen(settings):
        place = address(settings, step)
        found = step_at(place)
        assert found is not None
        assert found.path == step.path
        assert (Path(place) / "kustomization.yaml").is_file()
    for file in out.rglob("kustomization.yaml"):
        for item in yaml.safe_load(file.read_text()).get("resources", ()):
            assert (file.parent / item).exists(), f"{file}: {item}"
    own = yaml.safe_load((out / OWN / "pipelines" / "kustomization.yaml").read_text())
    assert own["resources"] == ["../../applications/pipeline/overlays"]
    assert own["patches"] == yaml.safe_load(
        (ROOT / "components/kubeflow/manifests/pipelines/kustomization.yaml").read_text()
    )["patches"]  # fmt: skip


def test_same_sources_are_the_same_folder(repositories: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    first, second = (_written(repositories, tmp_path / name) for name in ("one", "two"))
    assert first == second
    checked = ["sha256sum", "--check", "--quiet", FILES]
    if shutil.which("sha256sum"):
        assert subprocess.run(checked, cwd=tmp_path / "one", check=False).returncode == 0


def test_every_image_is_in_the_registry_and_in_the_list(
    repositories: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    _written(repositories, out, MIRROR)
    text = (out / STEPS[0].path / "deployment.yaml").read_text()
    places = images(out)[1]
    assert sorted(places) == [
        "docker.io/kserve/agent:v0.16.0",
        "docker.io/kserve/storage-initializer:v0.16.0",
        "docker.io/library/mysql:8.4",
        "ghcr.io/kubeflow/kfp-launcher:2.16.0",
        "ghcr.io/kubeflow/params:1",
        "ghcr.io/kubeflow/server:v1.10.0",
        MYSQL_CLIENT_IMAGE,
        "quay.io/argoproj/argoexec:v3.7.3",
        "quay.io/argoproj/controller:v3.7.3",
    ]
    assert places["docker.io/library/mysql:8.4"] == f"{MIRROR}/library/mysql:8.4"
    assert f"image: {MIRROR}/library/mysql:8.4" in text
    assert f'image: "{MIRROR}/kserve/agent:v0.16.0"' in text
    assert f"value: {MIRROR}/kubeflow/kfp-launcher:2.16.0" in text
    assert "image: $(SIDECAR)" in text
    configuration = (out / STEPS[0].path / "config.yaml").read_text()
    assert f"hub: {MIRROR}/istio-release" in configuration
    assert f'"image" : "{MIRROR}/kserve/storage-initializer:v0.16.0"' in configuration
    assert "https://ghcr.io/about" in configuration
    kustomization = yaml.safe_load((out / STEPS[0].path / "kustomization.yaml").read_text())
    # The name is that of the manifest, which has moved, too.
    assert kustomization["images"] == [{"name": f"{MIRROR}/kubeflow/server", "newTag": "v1.10.0"}]


def test_base_that_cannot_be_copied_is_refused(repositories: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    community = repositories[MANIFESTS, KUBEFLOW]
    _kustomization(community / STEPS[0].path, resources=["https://example.com/releases/manifests.yaml"])
    with pytest.raises(CallError, match=r"manifests\.yaml has no \?ref= and is not in a Git repository"):
        _written(repositories, tmp_path / "one")
    shutil.rmtree(community / STEPS[0].path)
    with pytest.raises(CallError, match=f"no kustomization in .*; it is not Kubeflow's release {KUBEFLOW}"):
        _written(repositories, tmp_path / "two")


# --- what the preview and `pulumi up` check ---

NODES = ("instanceTypes: [t3.large]", "instanceTypes: [m7i.2xlarge]")


def _told(folder: Path, digest: str | None, *, registry: str | None = None) -> tuple[str, ...]:
    section = "  ai-platform:kubeflow:\n    source: manifests\n    parts: [istio]\n"
    section += f"    sha256: '{digest}'\n" if digest else ""
    section += f"  ai-platform:images: {{registry: {registry}}}\n" if registry else ""
    return mistakes(folder, BASE.replace(*NODES) + section)


@pytest.fixture
def copied(repositories: dict[tuple[str, str], Path], tmp_path: Path) -> tuple[Path, str]:
    """A project with manifests, and their digest."""
    project = tmp_path / "project"
    project.mkdir()
    return project, _written(repositories, project / "manifests")


def test_complete_folder_with_its_digest_is_accepted(copied: tuple[Path, str]) -> None:
    assert _told(*copied) == ()


PATCH = "common/kubeflow-namespace/base/patch.yaml"
AGAIN = "write it with `aiplatform manifests --out manifests`"


@each(
    ("change", "expected"),
    [
        ("digest", "28: kubeflow.source: requires the digest of the folder; set kubeflow.sha256: '{digest}'"),
        (
            "other",
            f"30: kubeflow.sha256: the digest of manifests is {{digest}}; {AGAIN}, or set this digest after a review",
        ),
        ("lacks", f"28: kubeflow.source: manifests lacks {PATCH}; {AGAIN}"),
        ("edited", f"28: kubeflow.source: manifests has changes in {PATCH}; {AGAIN}"),
        ("clone", f"28: kubeflow.source: manifests has no {FILES}, so it is not a complete copy; {AGAIN}"),
        (
            "registry",
            "28: kubeflow.source: manifests has images of their own registries, but images.registry is "
            f"{MIRROR}; {AGAIN[:-1]} --registry {MIRROR}`",
        ),
    ],
)  # fmt: skip
def test_folder_that_differs_is_refused(
    change: str, expected: str, repositories: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    project = tmp_path / change
    project.mkdir()
    digest = _written(repositories, project / "manifests")
    file = project / "manifests" / STEPS[0].path / "patch.yaml"
    if change == "lacks":
        file.unlink()
    elif change == "edited":
        file.write_text("kind: Secret\n")
    elif change == "clone":
        shutil.rmtree(project / "manifests" / OWN)
    given = {"digest": None, "other": "0" * 64}.get(change, digest)
    told = _told(project, given, registry=MIRROR if change == "registry" else None)
    assert told == (expected.format(digest=digest),)


def test_all_differences_of_a_folder_are_reported_at_once(copied: tuple[Path, str]) -> None:
    project, _ = copied
    for step in STEPS[:5]:
        (project / "manifests" / step.path / "params.env").unlink()
    (project / "manifests" / STEPS[0].path / "patch.yaml").write_text("{}\n")
    told = _told(project, "0" * 64)
    assert len(told) == 3
    assert "and 2 more" in next(line for line in told if "lacks" in line)


def test_list_of_images_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    (tmp_path / OWN).mkdir()
    (tmp_path / IMAGES).write_text(json.dumps([]))
    assert images(tmp_path) == (None, {})
