"""Releases on a real API server: the objects and permissions of Argo CD (dryRun=All)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.deployment import Deployed
from tests.config.base import ROOT
from tests.parts.api import APPLY, Api, RefusedError
from tests.parts.counts import proven

RELEASES = ROOT / "docs" / "releases"
ENVIRONMENTS = ("dev", "prod")
# Argo CD's own field manager and query: gitops-engine/pkg/utils/kube/resource_ops.go
APPLIED = {"fieldManager": "argocd-controller", "force": "true", "fieldValidation": "Ignore", "dryRun": "All"}

pytestmark = pytest.mark.parametrize("deployed", ["pingvas"], indirect=True)


def _files(environment: str) -> list[Path]:
    return sorted((RELEASES / environment).glob("*.yaml"))


def _partial(file: Path, environment: str, version: str | None = None) -> dict[str, Any]:
    item: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    item["metadata"]["namespace"] = environment
    if version is not None:
        (container,) = item["spec"]["template"]["spec"]["containers"]
        container["image"] = f"{container['image'].rpartition(':')[0]}:{version}"
    return item


def _controller(deployed: Deployed) -> Api:
    return deployed.api.as_user("system:serviceaccount:argocd:argocd-application-controller")


def _apply(api: Api, item: dict[str, Any]) -> dict[str, Any]:
    return api.call("PATCH", api.path_of(item), item, query=APPLIED, content_type=APPLY)


def _settled(spec: dict[str, Any]) -> dict[str, Any]:
    template = spec["template"]["spec"]
    return {**spec, "template": {**template, "containers": [{**one, "image": ""} for one in template["containers"]]}}


def test_release_changes_only_the_image_of_the_deployment(deployed: Deployed) -> None:
    argocd = _controller(deployed)
    for environment in ENVIRONMENTS:
        for file in _files(environment):
            item = _partial(file, environment, "v9.9.9")
            before = deployed.api.call("GET", deployed.api.path_of(item))
            after = _apply(argocd, item)
            containers = after["spec"]["template"]["spec"]["containers"]
            assert [one["image"].rpartition(":")[2] for one in containers] == ["v9.9.9"]
            assert _settled(after["spec"]) == _settled(before["spec"]), file
            assert after["metadata"]["labels"] == before["metadata"]["labels"]
            assert after["metadata"]["annotations"] == {
                **before["metadata"]["annotations"],
                **item["metadata"]["annotations"],
            }
            proven("partial manifests over Deployments", 1)


def test_releases_start_at_the_version_of_the_stack_file(deployed: Deployed) -> None:
    argocd = _controller(deployed)
    for environment in ENVIRONMENTS:
        for file in _files(environment):
            item = _partial(file, environment)
            before = deployed.api.call("GET", deployed.api.path_of(item))
            assert _apply(argocd, item)["spec"] == before["spec"], "the first sync would roll the pods for nothing"


def test_argo_cd_cannot_create_or_delete_in_an_environment(
    deployed: Deployed,
) -> None:
    # Pruning cannot remove a service.
    argocd = _controller(deployed)
    for environment in ENVIRONMENTS:
        item = _partial(_files(environment)[0], environment)
        with pytest.raises(RefusedError) as refused:
            argocd.call("DELETE", argocd.path_of(item), {"dryRun": ["All"]})
        assert refused.value.status == 403
        whole = next(one for one in deployed.manifests if deployed.api.path_of(one) == deployed.api.path_of(item))
        unknown = {**whole, "metadata": {**whole["metadata"], "name": "another"}}
        with pytest.raises(RefusedError) as refused:
            _apply(argocd, unknown)
        assert refused.value.status == 403


@pytest.mark.parametrize("account", ["argocd-application-controller", "argocd-server"])
def test_argo_cd_reads_what_it_shows_and_no_secrets_or_other_namespaces(deployed: Deployed, account: str) -> None:
    argocd = deployed.api.as_user(f"system:serviceaccount:argocd:{account}")
    for environment in ENVIRONMENTS:
        for api_version, kind in (("apps/v1", "Deployment"), ("apps/v1", "ReplicaSet"), ("v1", "Pod")):
            argocd.list(api_version, kind, environment)
    hidden: list[tuple[str, str, str | None]] = [
        ("v1", "Secret", "dev"),
        ("v1", "Secret", "prod"),
        ("v1", "ConfigMap", "prod"),
    ]
    hidden += [("apps/v1", "Deployment", "kube-system"), ("v1", "Pod", "argocd"), ("v1", "Namespace", None)]
    for api_version, kind, namespace in hidden:
        with pytest.raises(RefusedError) as refused:
            argocd.list(api_version, kind, namespace)
        assert refused.value.status == 403, (kind, namespace)


def test_argo_cd_may_get_the_namespace_for_create_namespace(deployed: Deployed) -> None:
    argocd = _controller(deployed)
    for environment in ENVIRONMENTS:
        assert argocd.get("v1", "Namespace", None, environment)["metadata"]["name"] == environment
    with pytest.raises(RefusedError):
        argocd.get("v1", "Namespace", None, "kube-system")
