"""Kubeflow resources of a tenant, in addition to its namespace, which this program manages."""

import json
from typing import Any, ClassVar, Protocol

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.base.documents import json_document
from components.identity.workload_identity import WorkloadIdentity
from components.kubernetes.namespace import Namespace
from components.sharing.tenants.kubeflow_names import (
    ACCESS_MLFLOW,
    ACCESS_PIPELINES,
    ARTIFACT_REPOSITORIES,
    AUDIENCE,
    GATEWAY_PRINCIPAL,
    KNATIVE,
    LAUNCHER,
    NOTEBOOK_CONTROLLER_PRINCIPAL,
    PIPELINES_PAGE_PRINCIPAL,
    TOKEN_FOLDER,
    TOKEN_VARIABLE,
    USER_HEADER,
)
from components.sharing.tenants.limits import hard
from components.sharing.tenants.names import PIPELINE_ARTIFACTS, labels
from components.sharing.tenants.postgresql_names import MLFLOW_APP
from config.kubeflow import Kubeflow as KubeflowSettings
from config.tenants import Tenant
from config.workloads.mlflow import PORT

TOKEN_SECONDS = 7200


class TenantPlace(Protocol):
    """The part of the tenant's namespace that this component uses."""

    namespace: Namespace
    identity: WorkloadIdentity
    bucket_name: pulumi.Output[str]


class TenantKubeflow(Component):
    """The Profile, the objects that notebooks and pipelines use, and the mesh's authorization policy.

    Kubeflow's controller creates a namespace with the Profile's name. Its quota allows no pods. The tenant's own
    namespace has no annotation `owner`: with it, a Profile of the same name could take over the namespace and bind a
    role that changes network policies.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantKubeflow"

    def __init__(
        self,
        name: str,
        settings: KubeflowSettings,
        *,
        tenant: Tenant,
        place: TenantPlace,
        region: str,
        mlflow: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._tenant = tenant
        self._region = region
        self._inside = self.child(depends_on=place.namespace.policies, waits=False)
        self._profile(place.identity)
        self._authorization()
        if mlflow:
            self._pod_default(ACCESS_MLFLOW, "Allow access to MLflow", env=self._mlflow())
        if settings.has("pipelines"):
            self._pod_default(
                ACCESS_PIPELINES,
                "Allow access to Kubeflow Pipelines",
                env={TOKEN_VARIABLE: f"{TOKEN_FOLDER}/token"},
                **_token(),
            )
            self._pipelines(place.bucket_name)
        self.finish()

    def _object(
        self, name: str, api_version: str, kind: str, *, object_name: str, spec: dict[str, Any], inside: bool = True
    ) -> None:
        kubernetes.apiextensions.CustomResource(
            name,
            api_version=api_version,
            kind=kind,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=object_name,
                namespace=self._tenant.namespace if inside else None,
                labels=labels(self._tenant.name),
            ),
            spec=spec,
            opts=self._inside,
        )

    def _profile(self, identity: WorkloadIdentity) -> None:
        """Create the Profile.

        `annotateOnly` prevents the controller from rewriting the role's trust policy.
        """
        plugin = {
            "kind": "AwsIamForServiceAccount",
            "spec": {"awsIamRole": identity.role_arn, "annotateOnly": True},
        }
        self._object(
            self.name,
            "kubeflow.org/v1",
            "Profile",
            object_name=self._tenant.profile,
            spec={
                "owner": {"kind": "User", "name": self._tenant.email},
                "plugins": [plugin],
                "resourceQuotaSpec": {"hard": hard(self._tenant.quota, pods=0)},
            },
            inside=False,
        )

    def _authorization(self) -> None:
        """Create the AuthorizationPolicy, as Kubeflow's controller does for a Profile's namespace.

        The mesh denies requests that it does not list.
        """
        has = self._settings.has
        pages = [GATEWAY_PRINCIPAL, *([PIPELINES_PAGE_PRINCIPAL] if has("pipelines") else [])]
        ways: list[dict[str, Any]] = [{"source": {"principals": pages}}]
        if has("knative"):
            # Requests to a model that is scaled to zero go through Knative's activator.
            ways.append({"source": {"namespaces": [KNATIVE]}})
        header = {"key": f"request.headers[{USER_HEADER}]", "values": [self._tenant.email]}
        rules: list[dict[str, Any]] = [
            {"from": ways, "when": [header]},
            {"when": [{"key": "source.namespace", "values": [self._tenant.namespace]}]},
        ]
        if has("knative"):
            probes = ["/healthz", "/metrics", "/wait-for-drain"]
            rules.append({"to": [{"operation": {"paths": probes}}]})
        if has("notebooks"):
            rules.append(
                {
                    "from": [{"source": {"principals": [NOTEBOOK_CONTROLLER_PRINCIPAL]}}],
                    "to": [{"operation": {"methods": ["GET"], "paths": ["*/api/kernels"]}}],
                }
            )
        self._object(
            f"{self.name}-owner",
            "security.istio.io/v1",
            "AuthorizationPolicy",
            object_name="ns-owner-access-istio",
            spec={"action": "ALLOW", "rules": rules},
        )

    def _pod_default(self, what: str, description: str, *, env: dict[str, str], **more: Any) -> None:  # noqa: ANN401, of any type
        self._object(
            f"{self.name}-{what}",
            "kubeflow.org/v1alpha1",
            "PodDefault",
            object_name=what,
            spec={
                "desc": description,
                "selector": {"matchLabels": {what: "true"}},
                "env": [{"name": name, "value": value} for name, value in sorted(env.items())],
                **more,
            },
        )

    def _mlflow(self) -> dict[str, str]:
        return {
            "MLFLOW_TRACKING_URI": f"http://{MLFLOW_APP}.{self._tenant.namespace}.svc.cluster.local:{PORT}",
            "MLFLOW_S3_ENDPOINT_URL": f"https://s3.{self._region}.amazonaws.com",
            "AWS_DEFAULT_REGION": self._region,
        }

    def _pipelines(self, bucket: pulumi.Output[str]) -> None:
        """Create the configuration of pipelines: artifacts and logs are stored in the tenant's own bucket.

        Steps run under the service account `default-editor`, with its permissions.
        https://www.kubeflow.org/docs/components/pipelines/operator-guides/configure-object-store/
        https://argo-workflows.readthedocs.io/en/release-3.7/configure-artifact-repository/
        """
        s3 = {"default": {"endpoint": "s3.amazonaws.com", "region": self._region, "credentials": {"fromEnv": True}}}
        self._config_map(
            LAUNCHER,
            {
                "defaultPipelineRoot": pulumi.Output.format("s3://{0}/{1}", bucket, PIPELINE_ARTIFACTS.rstrip("/")),
                # JSON is a subset of YAML.
                "providers": json.dumps({"s3": s3}),
            },
        )
        repository = {
            "archiveLogs": True,
            "s3": {
                "endpoint": "s3.amazonaws.com",
                "region": self._region,
                "bucket": bucket,
                "keyFormat": f"{PIPELINE_ARTIFACTS}logs/{{{{workflow.name}}}}/{{{{pod.name}}}}",
                "useSDKCreds": True,
            },
        }
        self._config_map(
            ARTIFACT_REPOSITORIES,
            {"default-namespaced": json_document(repository)},
            annotations={"workflows.argoproj.io/default-artifact-repository": "default-namespaced"},
        )

    def _config_map(
        self, what: str, data: dict[str, pulumi.Input[str]], *, annotations: dict[str, str] | None = None
    ) -> None:
        kubernetes.core.v1.ConfigMap(
            f"{self.name}-{what}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=what,
                namespace=self._tenant.namespace,
                labels=labels(self._tenant.name),
                annotations=annotations,
            ),
            data=data,
            opts=self._inside,
        )


def _token() -> dict[str, Any]:
    """Return a projected token volume, with an audience that only Kubeflow Pipelines accepts.

    https://www.kubeflow.org/docs/components/pipelines/user-guides/core-functions/connect-api/
    """
    volume = "volume-kf-pipeline-token"
    source = {"path": "token", "expirationSeconds": TOKEN_SECONDS, "audience": AUDIENCE}
    return {
        "volumes": [{"name": volume, "projected": {"sources": [{"serviceAccountToken": source}]}}],
        "volumeMounts": [{"name": volume, "mountPath": TOKEN_FOLDER, "readOnly": True}],
    }
