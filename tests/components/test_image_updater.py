"""Argo CD Image Updater: its sources, permissions and commits."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aiplatform.fit.system_pods import system_pods
from tests.components.base import BOTH, recorded

RELEASE = "kubernetes:helm.sh/v3:Release"
UPDATER = "kubernetes:argocd-image-updater.argoproj.io/v1alpha1:ImageUpdater"
NAME = "argocd-image-updater"
REGISTRY = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com"


def values() -> dict[str, Any]:
    found: dict[str, Any] = recorded("servers").inputs(RELEASE, NAME)["values"]
    return found


@BOTH
@pytest.mark.requirement("001-git-02", "001-git-03", "001-nam-01")
def test_newest_tag_with_the_production_pattern_is_used(unknown: bool) -> None:
    spec = recorded("servers", unknown).inputs(UPDATER)["spec"]
    (reference,) = spec["applicationRefs"]
    assert reference["namePattern"] == "plant-production"
    (image,) = reference["images"]
    assert image["alias"] == "backend"
    assert image["commonUpdateSettings"] == {
        "updateStrategy": "alphabetical",
        "allowTags": "regexp:^prod-[0-9]{8}-[0-9]{4}$",
    }
    if not unknown:
        assert image["imageName"] == f"{REGISTRY}/backend"
        assert image["manifestTargets"] == {"kustomize": {"name": f"{REGISTRY}/backend"}}


@BOTH
@pytest.mark.requirement("001-git-03")
def test_new_image_is_committed_to_git(unknown: bool) -> None:
    written = recorded("servers", unknown).inputs(UPDATER)["spec"]["writeBackConfig"]
    assert written["method"] == "git:secret:argocd/releases-repository", "the credentials that Argo CD has"
    assert written["gitConfig"] == {
        "repository": "https://github.com/plant/releases",
        "branch": "main",
        "writeBackTarget": "kustomization",
    }


@pytest.mark.requirement("001-git-04", "001-iam-06")
def test_updater_role_reads_named_repositories_and_pushes_to_none() -> None:
    recording = recorded("servers")
    text = recording.inputs("aws:iam/policy:Policy", NAME)["policy"]
    allowed = {action: item["Resource"] for item in json.loads(text)["Statement"] for action in item["Action"]}
    backend = ["arn:aws:ecr:ap-northeast-2:123456789012:repository/backend"]
    assert allowed == {
        "ecr:GetAuthorizationToken": ["*"],
        "ecr:BatchGetImage": backend,
        "ecr:DescribeImages": backend,
        "ecr:GetDownloadUrlForLayer": backend,
        "ecr:ListImages": backend,
    }
    account = values()["serviceAccount"]
    assert (account["create"], account["name"]) == (True, NAME)
    trust = recording.inputs("aws:iam/role:Role", NAME)
    assert trust["description"] == f"Service account argocd/{NAME}"
    assert account["annotations"] == {
        "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/plant-argocd-image-updater"
    }
    assert values()["createClusterRoles"] is False


@pytest.mark.requirement("001-git-03")
def test_ecr_token_is_renewed_before_its_twelve_hours_end(tmp_path: Path) -> None:
    (registry,) = values()["config"]["registries"]
    assert registry["prefix"] == REGISTRY
    assert registry["api_url"] == f"https://{REGISTRY}"
    assert (registry["credentials"], registry["credsexpire"]) == ("ext:/scripts/ecr-login.sh", "10h")
    script = tmp_path / "ecr-login.sh"
    script.write_text(values()["authScripts"]["scripts"]["ecr-login.sh"])
    client = tmp_path / "aws"
    client.write_text('#!/bin/sh\necho "$*" >"$(dirname "$0")/asked"\necho QVdTOnRva2Vu\n')
    client.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    ended = subprocess.run(["sh", str(script)], env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout == "AWS:token", "user and password, as the updater wants them"
    assert "--region ap-northeast-2 get-authorization-token" in (tmp_path / "asked").read_text()


@BOTH
def test_updater_depends_on_argo_cd_and_its_resource_on_the_definition(unknown: bool) -> None:
    recording = recorded("servers", unknown)
    chart = recording.one(RELEASE, NAME)
    assert recording.one(RELEASE, "argocd").urn in recording.before(chart)
    assert chart.urn in recording.one(UPDATER).dependencies
    policy = recording.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", f"argocd-{NAME}")
    assert policy.urn in recording.before(chart)
    assert policy.inputs["spec"]["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": NAME}


def test_updater_pod_is_counted_in_the_fit() -> None:
    found = [one for one in system_pods(recorded("servers").plan) if one.name == f"{NAME}-controller"]
    assert [(one.replicas, one.namespace, one.containers) for one in found] == [
        (1, "argocd", [{"cpu": "10m", "memory": "64Mi"}])
    ]


@pytest.mark.parametrize("stack", ["pingvas", "environments"])
def test_updater_is_absent_without_its_setting(stack: str) -> None:
    assert recorded(stack).all(UPDATER) == []
