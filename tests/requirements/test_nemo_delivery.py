"""001: the applications, their images, and their releases."""

import json
import re

import pytest

from tests.requirements.query import Planned

REGISTRY = "084375578827.dkr.ecr.ap-northeast-2.amazonaws.com"
REPOSITORY = "aws:ecr/repository:Repository"
TAG = re.compile(r"prod-\d{8}-\d{4}")


@pytest.mark.requirement("001-wkl-09", "001-wkl-10")
@pytest.mark.parametrize("name", ["frontend", "backend"])
def test_frontend_and_backend_have_three_replicas_in_three_zones(nemo: Planned, name: str) -> None:
    found = nemo.manifest("Deployment", name, "production")["spec"]
    assert found["replicas"] == 3
    (spread, *_) = found["template"]["spec"]["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "DoNotSchedule")
    assert nemo.manifest("PodDisruptionBudget", name, "production")["spec"]["maxUnavailable"] == 1


@pytest.mark.requirement("001-sto-03", "001-sto-04", "001-sto-05")
def test_registry_has_backend_frontend_and_ai_repositories(nemo: Planned) -> None:
    assert {one.inputs["name"] for one in nemo.all(REPOSITORY)} == {"backend", "frontend", "ai"}
    for name in ("backend", "frontend", "ai"):
        assert nemo.outputs[f"ecr_repository_url_{name}"] == f"{REGISTRY}/{name}"
        (policy,) = [
            json.loads(one.inputs["policy"])
            for one in nemo.all("aws:ecr/lifecyclePolicy:LifecyclePolicy", repository=name)
        ]
        assert [rule["selection"]["tagStatus"] for rule in policy["rules"]] == ["untagged", "tagged"]


@pytest.mark.requirement("001-nam-01")
def test_images_are_tagged_by_build_minute(nemo: Planned) -> None:
    tags = {
        name: nemo.manifest("Deployment", name, "production")["spec"]["template"]["spec"]["containers"][0]["image"]
        for name in ("frontend", "backend")
    }
    assert tags == {
        "frontend": f"{REGISTRY}/frontend:prod-20250718-1040",
        "backend": f"{REGISTRY}/backend:prod-20250714-1752",
    }
    assert all(TAG.fullmatch(image.rpartition(":")[2]) for image in tags.values())
    for name in ("backend", "frontend", "ai"):
        assert nemo.one(REPOSITORY, name=name).inputs["imageTagMutability"] == "IMMUTABLE"


@pytest.mark.requirement("001-git-01", "001-git-04", "001-ops-11")
def test_argo_cd_is_installed_and_follows_the_repository_of_releases(nemo: Planned) -> None:
    release = nemo.release("argo-cd")
    assert (release["chart"], release["namespace"]) == ("argo-cd", "argocd")
    source = nemo.manifest("ApplicationSet", "nemo-services", "argocd")["spec"]["template"]["spec"]["source"]
    assert source["repoURL"] == "https://github.com/example/nemo-releases"
    assert source["path"] == "releases/{{ .env }}"


@pytest.mark.requirement("001-git-02", "001-git-03", "001-git-04", "001-iam-06")
def test_image_updater_commits_the_newest_of_these_tags(nemo: Planned) -> None:
    release = nemo.release("argocd-image-updater")
    assert (release["chart"], release["namespace"]) == ("argocd-image-updater", "argocd")
    found = nemo.manifest("ImageUpdater", "nemo", "argocd")["spec"]
    (application,) = found["applicationRefs"]
    settings = {one["imageName"]: one["commonUpdateSettings"] for one in application["images"]}
    wanted = {"allowTags": "regexp:^prod-[0-9]{8}-[0-9]{4}$", "updateStrategy": "alphabetical"}
    assert settings == {f"{REGISTRY}/backend": wanted, f"{REGISTRY}/frontend": wanted}
    assert sorted(["prod-20250718-1040", "prod-20250714-1752"])[-1] == "prod-20250718-1040", "the newest is the last"
    assert found["writeBackConfig"]["gitConfig"]["writeBackTarget"] == "kustomization"


@pytest.mark.requirement("001-iam-06")
def test_image_updater_role_reads_two_repositories(nemo: Planned) -> None:
    role = "nemo-argocd-image-updater"
    assert nemo.trusted_account(role).startswith("argocd:")
    may = {one["Sid"]: (sorted(one["Action"]), one["Resource"]) for one in nemo.statements(role)}
    assert may["LogIn"] == (["ecr:GetAuthorizationToken"], ["*"])
    actions, resources = may["LookForImages"]
    assert [arn.rpartition("/")[2] for arn in resources] == ["backend", "frontend"]
    assert not [one for one in actions if "Put" in one or "Delete" in one or "Upload" in one]
