"""Argo CD Image Updater: a new image in ECR becomes a commit, which Argo CD then delivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import ARGO_CD_IMAGE_UPDATER
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, release
from components.context.context import WorkloadContext
from components.gitops.delivery import Delivered
from components.gitops.names import IMAGE_UPDATER, NAMESPACE, REPOSITORY_SECRET
from components.identity.policy import Statement
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.pods import labels
from config.gitops import GitOps, ImageUpdater
from config.priorities import SYSTEM_CLASS

API_VERSION = "argocd-image-updater.argoproj.io/v1alpha1"
SCRIPT = "ecr-login.sh"
LOGIN = """\
#!/bin/sh
set -eu
aws ecr --region {region} get-authorization-token --output text --query 'authorizationData[].authorizationToken' |
  base64 -d
"""
"""Print user name and password: https://argocd-image-updater.readthedocs.io/en/stable/configuration/registries/"""

LOOK = ("ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:ListImages")


class Updates(Component):
    """The image updater, an identity that reads the listed repositories, and the applications that it watches.

    It commits to the repository of releases with Argo CD's credentials, into the kustomization of each environment.
    Every change of an environment's versions is a commit, so Git remains the single source of truth.
    """

    TOKEN: ClassVar[str] = "ai-platform:gitops:Updates"

    def __init__(
        self,
        name: str,
        settings: ImageUpdater,
        *,
        gitops: GitOps,
        delivered: Sequence[Delivered],
        context: WorkloadContext,
        addons: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        project, region = context.project, context.region
        repositories = [
            context.repositories[key] for key in dict.fromkeys(one.repository for one in settings.images.values())
        ]
        identity = WorkloadIdentity(
            name,
            role_name=f"{project}-{IMAGE_UPDATER}",
            account=ServiceAccount(NAMESPACE, IMAGE_UPDATER),
            provider=context.cluster.identity_provider,
            statements=[
                # The action supports no resource; the next statement limits the token's permissions.
                Statement(
                    "LogIn",
                    ("ecr:GetAuthorizationToken",),
                    ("*",),
                    {"StringEquals": {"aws:RequestedRegion": region}},
                ),
                Statement("LookForImages", LOOK, tuple(one.arn for one in repositories)),
            ],
            create_service_account=False,
            opts=self.child(),
        )
        # All repositories of an account are in one registry.
        registry = repositories[0].url.apply(lambda url: url.partition("/")[0])
        self.release = release(
            name,
            settings,
            addons,
            chart=ARGO_CD_IMAGE_UPDATER,
            namespace=NAMESPACE,
            values=_values(settings, registry, region, identity.annotations()),
            opts=self.child(depends_on=[identity]),
        )
        kubernetes.apiextensions.CustomResource(
            name,
            api_version=API_VERSION,
            kind="ImageUpdater",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=project, namespace=NAMESPACE, labels=labels("argocd", "image-updater")
            ),
            spec=self._watched(gitops, delivered),
            opts=self.child(depends_on=[self.release]),
        )
        self.finish()

    def _watched(self, gitops: GitOps, delivered: Sequence[Delivered]) -> dict[str, Any]:
        """Return the applications and images to watch.

        https://argocd-image-updater.readthedocs.io/en/stable/configuration/applications/
        """
        wanted = self._settings.environments
        images = [
            {
                "alias": alias,
                "imageName": self._context.repositories[image.repository].url,
                "commonUpdateSettings": {
                    "updateStrategy": image.strategy,
                    "allowTags": f"regexp:{image.tags}",
                },
                "manifestTargets": {"kustomize": {"name": self._context.repositories[image.repository].url}},
            }
            for alias, image in self._settings.images.items()
        ]
        return {
            "writeBackConfig": {
                "method": f"git:secret:{NAMESPACE}/{REPOSITORY_SECRET}",
                "gitConfig": {
                    "repository": gitops.repository,
                    "branch": gitops.revision,
                    # The kustomization.yaml in the environment's own folder.
                    "writeBackTarget": "kustomization",
                },
            },
            "applicationRefs": [
                {"namePattern": f"{self._context.project}-{one.environment}", "images": images}
                for one in delivered
                if not wanted or one.environment in wanted
            ],
        }


def _values(
    settings: ImageUpdater, registry: pulumi.Output[str], region: str, annotations: Mapping[str, pulumi.Input[str]]
) -> dict[str, Any]:
    """Return the chart's values.

    https://github.com/argoproj/argo-helm/tree/main/charts/argocd-image-updater
    """
    return {
        "fullnameOverride": IMAGE_UPDATER,
        # All Applications are in its own namespace.
        "createClusterRoles": False,
        "serviceAccount": {"create": True, "name": IMAGE_UPDATER, "annotations": dict(annotations)},
        "image": {"pullPolicy": "IfNotPresent"},
        "priorityClassName": SYSTEM_CLASS,
        "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        # The AWS CLI keeps its session there; nothing else can be written.
        "extraEnv": [{"name": "HOME", "value": "/tmp"}],  # noqa: S108, a volume of its own
        "authScripts": {"enabled": True, "scripts": {SCRIPT: LOGIN.format(region=region)}},
        "config": {
            "watch.namespaces": NAMESPACE,
            "interval": settings.interval,
            "git.user": "argocd-image-updater",
            "git.email": settings.email,
            "registries": [
                {
                    "name": "ECR",
                    "api_url": pulumi.Output.concat("https://", registry),
                    "prefix": registry,
                    "ping": True,
                    "default": True,
                    "credentials": f"ext:/scripts/{SCRIPT}",
                    # A token of ECR is valid for twelve hours.
                    "credsexpire": "10h",
                }
            ],
        },
    }
