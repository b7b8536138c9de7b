"""The shipped folder of releases, against the Deployments of the plan."""

from typing import Any

import pytest
import yaml

from tests.components.base import recorded
from tests.config.base import ROOT

RELEASES = ROOT / "docs" / "releases"
ENVIRONMENTS = ("dev", "prod")


def _manifests(environment: str) -> dict[str, dict[str, Any]]:
    return {
        file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in sorted((RELEASES / environment).glob("*.yaml"))
    }


def _planned(environment: str) -> dict[str, dict[str, Any]]:
    found = [item.inputs for item in recorded("pingvas").all("kubernetes:apps/v1:Deployment")]
    return {item["metadata"]["name"]: dict(item) for item in found if item["metadata"]["namespace"] == environment}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_deployment_has_a_file_with_its_name_container_and_image(environment: str) -> None:
    planned, manifests = _planned(environment), _manifests(environment)
    assert set(manifests) == set(planned)
    for name, manifest in manifests.items():
        assert (manifest["apiVersion"], manifest["kind"], manifest["metadata"]["name"]) == (
            "apps/v1",
            "Deployment",
            name,
        )
        (container,) = manifest["spec"]["template"]["spec"]["containers"]
        of_the_plan = planned[name]["spec"]["template"]["spec"]["containers"]
        # Pulumi has another container of that name, or Argo CD would add one.
        assert container == {"name": of_the_plan[0]["name"], "image": of_the_plan[0]["image"]}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_file_has_the_image_and_prune_protection_only(environment: str) -> None:
    for name, manifest in _manifests(environment).items():
        assert set(manifest) == {"apiVersion", "kind", "metadata", "spec"}
        assert manifest["metadata"] == {
            "name": name,
            "annotations": {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"},
        }
        assert set(manifest["spec"]) == {"template"}
        assert set(manifest["spec"]["template"]) == {"spec"}
        assert set(manifest["spec"]["template"]["spec"]) == {"containers"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_pulumi_ignores_the_image_and_argo_cd_must_not_prune(environment: str) -> None:
    for deployment in _planned(environment).values():
        options = deployment["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
        assert options == "Prune=false,Delete=false"
