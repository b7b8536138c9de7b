"""Releases by Argo CD, and the errors of the document about them."""

import re
from typing import Any

import pytest
import yaml

from tests.requirements.conftest import planned
from tests.requirements.query import Planned

AUTOMATIC = re.compile(r"\{\{-? if \.automatic \}\}\nspec:(?P<then>.*?)\{\{-? end \}\}", re.DOTALL)


@pytest.fixture(scope="module")
def releases(pingvas: Planned) -> dict[str, Any]:
    """The description of the ApplicationSet."""
    return dict(pingvas.manifest("ApplicationSet", "pingvas-services", "argocd")["spec"])


def _elements(releases: dict[str, Any]) -> list[dict[str, Any]]:
    (generator,) = releases["generators"]
    found: list[dict[str, Any]] = generator["list"]["elements"]
    return found


def _patch_of(releases: dict[str, Any], *, automatic: bool, self_heal: bool) -> Any:
    """The patch as Argo CD makes it: one condition and one value are all that it has."""
    text = releases["templatePatch"]
    text = AUTOMATIC.sub(r"\nspec:\g<then>" if automatic else "", text)
    text = re.sub(r"\{\{ if \.automatic \}\}(\w+)\{\{ else \}\}(\w+)\{\{ end \}\}", r"\1" if automatic else r"\2", text)
    return yaml.safe_load(text.replace("{{ .selfHeal }}", str(self_heal).lower()))


@pytest.mark.requirement("003-git-01")
def test_dev_is_synced_first_with_pruning_and_namespaces(releases: dict[str, Any]) -> None:
    assert [(one["env"], one["namespace"], one["wave"]) for one in _elements(releases)] == [
        ("dev", "dev", 1),
        ("prod", "prod", 2),
    ]
    assert "CreateNamespace=true" in releases["template"]["spec"]["syncPolicy"]["syncOptions"]
    assert _patch_of(releases, automatic=True, self_heal=True)["spec"]["syncPolicy"]["automated"]["prune"] is True


@pytest.mark.requirement("003-git-02")
def test_dev_heals_itself_and_prod_is_manual(releases: dict[str, Any]) -> None:
    assert [(one["env"], one["automatic"], one["selfHeal"]) for one in _elements(releases)] == [
        ("dev", True, True),
        ("prod", False, False),
    ]
    last = releases["strategy"]["rollingSync"]["steps"][-1]
    assert last["matchExpressions"][0]["values"] == ["prod"]
    assert last["maxUpdate"] == 0, "no application of this step is synced by itself"


@pytest.mark.requirement("003-git-03")
def test_automated_sync_is_only_in_the_patch_for_dev(releases: dict[str, Any]) -> None:
    assert "automated" not in releases["template"]["spec"]["syncPolicy"]
    assert "automated" in _patch_of(releases, automatic=True, self_heal=True)["spec"]["syncPolicy"]
    assert "spec" not in _patch_of(releases, automatic=False, self_heal=False)


@pytest.mark.requirement("003-git-04")
def test_self_heal_is_a_boolean_and_the_template_is_complete(releases: dict[str, Any]) -> None:
    assert releases["goTemplate"] is True
    assert releases["goTemplateOptions"] == ["missingkey=error"], "a mistyped name would be an empty text"
    for value in (True, False):
        patch = _patch_of(releases, automatic=True, self_heal=value)
        assert patch["spec"]["syncPolicy"]["automated"]["selfHeal"] is value
    template = releases["template"]
    assert template["metadata"] == {"name": "pingvas-{{ .env }}", "labels": {"environment": "{{ .env }}"}}
    assert template["spec"]["project"] == "pingvas"
    assert template["spec"]["source"] == {
        "repoURL": "https://github.com/example/pingvas-releases",
        "targetRevision": "main",
        "path": "releases/{{ .env }}",
    }
    assert template["spec"]["destination"] == {
        "server": "https://kubernetes.default.svc",
        "namespace": "{{ .namespace }}",
    }


@pytest.mark.requirement("003-git-05")
def test_applications_are_ordered_by_a_rolling_sync_over_environment_labels(
    releases: dict[str, Any], pingvas: Planned
) -> None:
    strategy = releases["strategy"]
    assert strategy["type"] == "RollingSync"
    selected = [step["matchExpressions"] for step in strategy["rollingSync"]["steps"]]
    assert selected == [
        [{"key": "environment", "operator": "In", "values": [environment]}] for environment in ("dev", "prod")
    ]
    assert "environment" in releases["template"]["metadata"]["labels"]
    params = pingvas.release("argo-cd")["values"]["configs"]["params"]
    assert params["applicationsetcontroller.enable.progressive.syncs"] is True, "off unless it is asked for"


def test_project_allows_deployments_of_the_environments_only(
    pingvas: Planned,
) -> None:
    project = pingvas.manifest("AppProject", "pingvas", "argocd")["spec"]
    assert project["sourceRepos"] == ["https://github.com/example/pingvas-releases"]
    assert [one["namespace"] for one in project["destinations"]] == ["dev", "prod"]
    assert project["clusterResourceWhitelist"] == []
    assert project["namespaceResourceWhitelist"] == [{"group": "apps", "kind": "Deployment"}]


def test_private_repository_has_credentials_that_no_manifest_holds() -> None:
    private = planned("pingvas", 'secrets.git={"description": "Read access to the releases"}', "gitops.credentials=git")
    found = private.manifest("ExternalSecret", "releases-repository", "argocd")["spec"]
    template = found["target"]["template"]
    assert template["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "repository"}
    assert template["data"] == {
        "type": "git",
        "url": "https://github.com/example/pingvas-releases",
        "username": "{{ .username }}",
        "password": "{{ .password }}",
    }
    assert [one["remoteRef"]["property"] for one in found["data"]] == ["username", "password"]
