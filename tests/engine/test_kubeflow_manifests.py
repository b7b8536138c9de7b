"""The tables of Kubeflow's manifests equal what kustomize builds."""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aiplatform.cli.manifests import clone
from aiplatform.kubeflow.folder import MANIFESTS, Folder
from aiplatform.kubeflow.images import Images
from catalog.images import PUBLIC, mirrored
from catalog.kubeflow_pods import PODS_OF, SIDECAR, VOLUMES_OF
from components.kubeflow import culling
from components.kubeflow.dex import GROUP
from components.kubeflow.steps import OWN_FOLDER, STEPS, Step, address
from config.kubeflow import NAMESPACES, SHARED_NAMESPACES, Kubeflow, NotebookCulling
from config.manifests import images
from tests.config.base import ROOT
from tests.parts.counts import proven

KINDS = ("Deployment", "StatefulSet", "DaemonSet")
INJECT = "sidecar.istio.io/inject"


@pytest.fixture(scope="module")
def built() -> dict[str, list[dict[str, Any]]]:
    """What kustomize makes of each step, from a clone of the manifests at the pinned release."""
    folder = os.environ.get("KUBEFLOW_MANIFESTS")
    if folder is None or shutil.which("kustomize") is None:
        pytest.skip(
            "the engine tier: KUBEFLOW_MANIFESTS names no clone of github.com/kubeflow/manifests at the pinned "
            "release, or kustomize is not on PATH"
        )
    return {step.name: _objects(Path(folder), step) for step in STEPS}


def _objects(manifests: Path, step: Step) -> list[dict[str, Any]]:
    return _built(ROOT / OWN_FOLDER / step.name if step.own else manifests / step.path)


def _built(folder: Path) -> list[dict[str, Any]]:
    made = subprocess.run(["kustomize", "build", str(folder)], check=True, capture_output=True, text=True)
    proven("folders of manifests built by kustomize")
    return [item for item in yaml.load_all(made.stdout, yaml.CSafeLoader) if item]


def _is_meshed(item: dict[str, Any], meshed: set[str]) -> bool:
    template = item["spec"]["template"]["metadata"]
    said = {**(template.get("annotations") or {}), **(template.get("labels") or {})}.get(INJECT)
    said = (template.get("annotations") or {}).get(INJECT, said)
    return said != "false" and item["metadata"]["namespace"] in meshed


def test_pod_requests_are_those_of_the_table(built: dict[str, list[dict[str, Any]]]) -> None:
    meshed = {
        item["metadata"]["name"]
        for items in built.values()
        for item in items
        if item["kind"] == "Namespace" and item["metadata"].get("labels", {}).get("istio-injection") == "enabled"
    }
    found = {
        (step, item["metadata"]["namespace"], item["metadata"]["name"]): (
            [one.get("resources", {}).get("requests", {}) for one in item["spec"]["template"]["spec"]["containers"]],
            _is_meshed(item, meshed),
            item["kind"] == "DaemonSet",
        )
        for step, items in built.items()
        for item in items
        if item["kind"] in KINDS
    }  # fmt: skip
    written = {
        (step, one.namespace, one.name): ([dict(asked) for asked in one.containers], one.meshed, one.everywhere)
        for step, pods in PODS_OF.items()
        for one in pods
    }
    assert found == written
    assert all(
        item["spec"].get("replicas", 1) == 1 for items in built.values() for item in items if item["kind"] in KINDS
    )
    (injector,) = (
        item for item in built["istio"] if item["metadata"]["name"] == "istio-sidecar-injector" and "data" in item
    )
    assert yaml.safe_load(injector["data"]["values"])["global"]["proxy"]["resources"]["requests"] == SIDECAR


def test_volume_sizes_are_those_of_the_table(built: dict[str, list[dict[str, Any]]]) -> None:
    claims = {
        step: tuple(
            item["spec"]["resources"]["requests"]["storage"]
            for item in items
            if item["kind"] == "PersistentVolumeClaim"
        )
        for step, items in built.items()
    }
    assert {step: found for step, found in claims.items() if found} == VOLUMES_OF


def test_aggregated_roles_have_no_rules(
    built: dict[str, list[dict[str, Any]]],
) -> None:
    # Each update would be a conflict.
    aggregated = [item for items in built.values() for item in items if "aggregationRule" in item]
    assert len(aggregated) > 10
    assert [item["metadata"]["name"] for item in aggregated if "rules" in item] == []


def test_objects_are_unique_and_namespaces_are_those_of_the_settings(
    built: dict[str, list[dict[str, Any]]],
) -> None:
    objects = [item for items in built.values() for item in items]
    counts = Counter(
        (item["apiVersion"], item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"])
        for item in objects
    )
    assert [name for name, count in counts.items() if count > 1] == []
    made = {item["metadata"]["name"] for item in objects if item["kind"] == "Namespace"}
    own = {"auth", "oauth2-proxy"}
    assert made == {name for names in NAMESPACES.values() for name in names} - own | set(SHARED_NAMESPACES)
    assert not [
        item for item in objects if item["kind"] == "CustomResourceDefinition" and item["spec"]["group"] == GROUP
    ]


def test_only_the_pipelines_object_store_applies_public_passwords(
    built: dict[str, list[dict[str, Any]]],
) -> None:
    secrets = {
        item["metadata"]["name"]
        for items in built.values()
        for item in items
        if item["kind"] == "Secret" and (item.get("data") or item.get("stringData"))
    }
    assert secrets == {"mlpipeline-minio-artifact", "mysql-secret"}


def test_notebook_controller_reads_when_to_cull_from_this_program(built: dict[str, list[dict[str, Any]]]) -> None:
    (controller,) = (item for item in built["notebook-controller"] if item["kind"] == "Deployment")
    (manager,) = controller["spec"]["template"]["spec"]["containers"]
    read = {one["name"]: one.get("valueFrom", {}).get("configMapKeyRef") for one in manager["env"]}
    assert {name: read[name] for name in culling.data(NotebookCulling())} == {
        name: {"name": culling.CONFIG_MAP, "key": name} for name in culling.data(NotebookCulling())
    }


def test_images_of_the_notebook_page_have_a_version(built: dict[str, list[dict[str, Any]]]) -> None:
    # https://github.com/kubeflow/kubeflow/issues/1041
    (config,) = (
        yaml.safe_load(item["data"]["spawner_ui_config.yaml"])["spawnerFormDefaults"]
        for item in built["notebooks"]
        if "spawner_ui_config.yaml" in (item.get("data") or {})
    )
    for group in ("image", "imageGroupOne", "imageGroupTwo"):
        assert config[group]["value"] in config[group]["options"]
        for image in config[group]["options"]:
            assert re.fullmatch(r"\S+:v\d+\.\d+\.\d+", image), image


@pytest.mark.parametrize("registry", [None, "registry.shop.internal/mirror"])
def test_copied_folder_builds_the_same_objects(
    built: dict[str, list[dict[str, Any]]], registry: str | None, tmp_path: Path
) -> None:
    community = Path(os.environ["KUBEFLOW_MANIFESTS"])
    folder = Folder(
        lambda repository, ref: community if repository == MANIFESTS else clone(repository, ref, tmp_path),
        Images(lambda image: mirrored(image, registry, "")),
    )
    folder.add_all(ROOT)
    folder.write(tmp_path / "out", registry)
    places = set(images(tmp_path / "out")[1].values())
    settings = Kubeflow(source=str(tmp_path / "out"))
    for step in STEPS:
        copied = _built(Path(address(settings, step)))
        if registry is None:
            assert copied == built[step.name], step.name
            continue
        text = yaml.safe_dump(copied, width=1_000_000)
        assert re.findall(rf"(?<![/\w.-])(?:{'|'.join(map(re.escape, PUBLIC))})/[\w./-]+", text) == [], step.name
        assert set(_images(copied)) <= places, step.name


def _images(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from [item] if key == "image" and isinstance(item, str) else _images(item)
    elif isinstance(value, list):
        for item in value:
            yield from _images(item)
