"""An image repository in ECR."""

import json
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.identity.policy import VERSION
from config.repositories import ImageLifecycle
from config.repositories import Repository as RepositorySettings

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""Actions that a pull requires on a repository, in addition to an authorization token of the account:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html"""


class Repository(Component):
    """A repository with lifecycle rules and, for principals of other accounts, a repository policy.

    An existing repository has no resources: the component only names it.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Repository"

    def __init__(
        self,
        name: str,
        settings: RepositorySettings,
        *,
        repository_name: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.arn: pulumi.Output[str]
        self.url: pulumi.Output[str]
        if settings.existing is not None:
            _, _, _, region, account, resource = settings.existing.split(":")
            place = f"{account}.dkr.ecr.{region}.amazonaws.com"
            self.arn = pulumi.Output.from_input(settings.existing)
            self.url = pulumi.Output.from_input(f"{place}/{resource.removeprefix('repository/')}")
            self.finish(arn=self.arn, url=self.url)
            return
        repository = aws.ecr.Repository(
            name,
            name=repository_name,
            image_tag_mutability="IMMUTABLE" if settings.immutable_tags else "MUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(
                scan_on_push=settings.scan_on_push
            ),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(
                    encryption_type="KMS" if settings.kms_key_arn else "AES256", kms_key=settings.kms_key_arn
                )
            ],
            force_delete=not settings.keep_images,
            tags=named(repository_name),
            opts=self.child(),
        )
        rules = lifecycle_rules(settings.lifecycle)
        if rules:
            aws.ecr.LifecyclePolicy(
                name, repository=repository.name, policy=json.dumps({"rules": rules}), opts=self.child()
            )
        if settings.pullers:
            aws.ecr.RepositoryPolicy(
                name, repository=repository.name, policy=_pull_policy(settings.pullers), opts=self.child()
            )
        self.arn = repository.arn
        self.url = repository.repository_url
        self.finish(arn=self.arn, url=self.url)


def lifecycle_rules(lifecycle: ImageLifecycle) -> list[dict[str, Any]]:
    """Return the rules of a lifecycle policy.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
    """
    selections: list[tuple[str, dict[str, Any]]] = []
    if lifecycle.untagged_days is not None:
        untagged = {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": lifecycle.untagged_days}
        selections.append(("What a push has left without a tag", {"tagStatus": "untagged", **untagged}))
    if lifecycle.keep_tagged is not None:
        tagged = {"tagStatus": "tagged", "tagPatternList": list(lifecycle.tag_patterns)}
        newest = {"countType": "imageCountMoreThan", "countNumber": lifecycle.keep_tagged}
        selections.append(("All but the newest", {**tagged, **newest}))
    return [
        {"rulePriority": place, "description": description, "selection": selection, "action": {"type": "expire"}}
        for place, (description, selection) in enumerate(selections, start=1)
    ]


def _pull_policy(pullers: tuple[str, ...]) -> str:
    accounts = [f"arn:aws:iam::{puller}:root" if puller.isdigit() else puller for puller in pullers]
    statement = {"Sid": "Pull", "Effect": "Allow", "Principal": {"AWS": accounts}, "Action": list(PULL)}
    return json.dumps({"Version": VERSION, "Statement": [statement]})
