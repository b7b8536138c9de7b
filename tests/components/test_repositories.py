"""ECR repositories."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from components.data.repository import Repository
from config.repositories import Repository as RepositorySettings
from tests.components.base import BOTH, Found, alone, recorded, settings_from

REPOSITORY, RULES = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"
POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1"


def repository(settings: Mapping[str, Any], *, unknown: bool = False) -> Found:
    model = settings_from(RepositorySettings, settings)

    def build() -> None:
        made = Repository("images", model, repository_name="shop/backend")
        pulumi.export("arn", made.arn)
        pulumi.export("url", made.url)

    return alone(build, unknown=unknown)


def rules(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(repository(settings).inputs(RULES)["policy"])["rules"]
    return found


@BOTH
def test_tags_are_immutable_and_images_are_scanned_on_push(unknown: bool) -> None:
    inputs = repository({}, unknown=unknown).inputs(REPOSITORY)
    assert (inputs["name"], inputs["imageTagMutability"], inputs["forceDelete"]) == ("shop/backend", "IMMUTABLE", False)
    assert inputs["imageScanningConfiguration"] == {"scanOnPush": True}
    assert inputs["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    assert inputs["tags"] == {"Name": "shop/backend"}


@BOTH
def test_repository_settings_override_defaults(unknown: bool) -> None:
    wanted = {"immutableTags": False, "scanOnPush": False, "kmsKeyArn": KEY, "keepImages": False}
    inputs = repository(wanted, unknown=unknown).inputs(REPOSITORY)
    assert (inputs["imageTagMutability"], inputs["forceDelete"]) == ("MUTABLE", True)
    assert inputs["imageScanningConfiguration"] == {"scanOnPush": False}
    assert inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": KEY}]


def test_lifecycle_keeps_newest_tags_and_expires_untagged_images() -> None:
    untagged, tagged = rules({"lifecycle": {"keepTagged": 20, "tagPatterns": ["prod-*"], "untaggedDays": 3}})
    assert untagged["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 3,
    }
    assert tagged["selection"] == {
        "tagStatus": "tagged",
        "tagPatternList": ["prod-*"],
        "countType": "imageCountMoreThan",
        "countNumber": 20,
    }
    assert [rule["rulePriority"] for rule in (untagged, tagged)] == [1, 2], "ECR refuses two rules of one place"
    assert {rule["action"]["type"] for rule in (untagged, tagged)} == {"expire"}


def test_lifecycle_omits_disabled_rules_and_a_policy_without_rules() -> None:
    assert [rule["selection"]["tagStatus"] for rule in rules({"lifecycle": {"keepTagged": None}})] == ["untagged"]
    (only,) = rules({"lifecycle": {"untaggedDays": None}})
    assert (only["rulePriority"], only["selection"]["tagStatus"]) == (1, "tagged")
    assert repository({"lifecycle": {"keepTagged": None, "untaggedDays": None}}).all(RULES) == []


@BOTH
def test_policy_allows_pulls_by_named_accounts_only_and_no_pushes(unknown: bool) -> None:
    assert repository({}, unknown=unknown).all(POLICY) == []
    role = "arn:aws:iam::321098765432:role/build"
    inputs = repository({"pullers": ["210987654321", role]}, unknown=unknown).inputs(POLICY)
    (statement,) = json.loads(inputs["policy"])["Statement"]
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::210987654321:root", role]}
    assert statement["Action"] == [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    ]


@BOTH
def test_repositories_are_those_of_the_settings_and_outputs(unknown: bool) -> None:
    recording = recorded("servers", unknown)
    assert {item.inputs["name"] for item in recording.all(REPOSITORY)} == {"backend", "plant/api"}
    urls = {key: value for key, value in recording.plan.outputs.items() if key.startswith("ecr_")}
    assert set(urls) == {"ecr_repository_url_backend", "ecr_repository_url_api"}
    if not unknown:
        registry = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com"
        assert set(urls.values()) == {f"{registry}/backend", f"{registry}/plant/api"}
