"""Argo CD's project, and its ApplicationSet with one application for each environment."""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.gitops.delivery import Delivered, steps
from components.gitops.names import LOCAL_CLUSTER, NAMESPACE
from components.kubernetes.namespace import ENVIRONMENT_LABEL
from components.kubernetes.pods import labels
from config.gitops import GitOps as GitOpsSettings

API_VERSION = "argoproj.io/v1alpha1"
SYNC_OPTIONS = [
    # The namespace exists. If it was deleted, Argo CD has no permission to create it.
    "CreateNamespace=true",
    # Both options are required for partial manifests of existing objects:
    # https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#server-side-apply
    "ServerSideApply=true",
    "Validate=false",
    # Pulumi remains the manager of the fields that it applied.
    "ClientSideApplyMigration=false",
    "ApplyOutOfSyncOnly=true",
]
AUTOMATED = """\
metadata:
  annotations:
    ai-platform/delivery: '{{ if .automatic }}automatic{{ else }}manual{{ end }}'
{{- if .automatic }}
spec:
  syncPolicy:
    automated:
      prune: true
      selfHeal: {{ .selfHeal }}
{{- end }}
"""
"""Patch of each application's template: without `automated` a release requires a manual sync."""


class Releases(Component):
    """The AppProject `<project>` and the ApplicationSet."""

    TOKEN: ClassVar[str] = "ai-platform:gitops:Releases"

    def __init__(
        self,
        name: str,
        settings: GitOpsSettings,
        *,
        project: str,
        delivered: list[Delivered],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        boundary = _object(
            f"{name}-project",
            kind="AppProject",
            object_name=project,
            spec=_project(settings, project, delivered),
            opts=self.child(),
        )
        self.application_set = _object(
            name,
            kind="ApplicationSet",
            object_name=settings.application_set or f"{project}-services",
            spec=_application_set(settings, project, delivered),
            opts=self.child(depends_on=[boundary]),
        )
        self.finish()


def _object(
    name: str, *, kind: str, object_name: str, spec: dict[str, Any], opts: pulumi.ResourceOptions
) -> kubernetes.apiextensions.CustomResource:
    return kubernetes.apiextensions.CustomResource(
        name,
        api_version=API_VERSION,
        kind=kind,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=object_name, namespace=NAMESPACE, labels=labels("argocd", "releases")
        ),
        spec=spec,
        opts=opts,
    )


def _project(settings: GitOpsSettings, project: str, delivered: list[Delivered]) -> dict[str, Any]:
    return {
        "description": f"Versions of {project}: Deployments in the namespaces of its environments",
        "sourceRepos": [settings.repository],
        "destinations": [{"server": LOCAL_CLUSTER, "namespace": one.namespace} for one in delivered],
        # No cluster-scoped resources, and no resources that the platform manages: quotas, policies, roles and secrets.
        "clusterResourceWhitelist": [],
        "namespaceResourceWhitelist": [{"group": "apps", "kind": "Deployment"}],
    }


def _application_set(settings: GitOpsSettings, project: str, delivered: list[Delivered]) -> dict[str, Any]:
    return {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [{"list": {"elements": [_element(one) for one in delivered]}}],
        # Sync waves order the objects of one application; these steps order the applications.
        "strategy": {"type": "RollingSync", "rollingSync": {"steps": [_step(step) for step in steps(delivered)]}},
        # Deleting the ApplicationSet does not delete running resources.
        "syncPolicy": {"preserveResourcesOnDeletion": True},
        "template": {
            "metadata": {
                "name": f"{project}-{{{{ .env }}}}",
                "labels": {ENVIRONMENT_LABEL: "{{ .env }}"},
            },
            "spec": {
                "project": project,
                "source": {
                    "repoURL": settings.repository,
                    "targetRevision": settings.revision,
                    "path": f"{settings.path}/{{{{ .env }}}}",
                },
                "destination": {"server": LOCAL_CLUSTER, "namespace": "{{ .namespace }}"},
                "syncPolicy": {"syncOptions": SYNC_OPTIONS},
            },
        },
        "templatePatch": AUTOMATED,
    }


def _element(one: Delivered) -> dict[str, Any]:
    return {
        "env": one.environment,
        "namespace": one.namespace,
        "wave": one.wave,
        "automatic": one.automatic,
        "selfHeal": one.self_heal,
    }


def _step(step: list[Delivered]) -> dict[str, Any]:
    environments = [one.environment for one in step]
    return {
        "matchExpressions": [{"key": ENVIRONMENT_LABEL, "operator": "In", "values": environments}],
        # No automatic sync: a user starts it.
        **({} if step[0].automatic else {"maxUpdate": 0}),
    }
