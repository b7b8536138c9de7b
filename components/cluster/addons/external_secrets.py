"""External Secrets: syncs secrets from Secrets Manager to Kubernetes Secrets."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pulumi

from catalog.kubernetes_kinds import Kind
from catalog.versions import EXTERNAL_SECRETS
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, AddonType, Installed, own_namespace, release, spread
from components.identity.access import secret_statement
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import Chart, SystemPods, Values, deployment
from components.kubernetes.network_policy import to_identity
from config.addons import ExternalSecrets as ExternalSecretsSettings
from config.priorities import SYSTEM_CLASS

NAMESPACE = "external-secrets"
ACCOUNT = "external-secrets"
WEBHOOK_PORT = 10250


class ExternalSecrets(Component, Installed):
    """The External Secrets operator.

    Its IAM role can read only secrets under `<project>/platform/`. Workloads create a SecretStore with their own IAM
    role, so that the store of a tenant can read only the secrets of that tenant.
    """

    TOKEN: ClassVar[str] = "ai-platform:addons:ExternalSecrets"

    def __init__(
        self,
        name: str,
        settings: ExternalSecretsSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        to_credentials = to_identity(context.settings.cluster.workload_identity)
        policy = own_namespace(self, settings, context, policy="operator", port=WEBHOOK_PORT, egress=to_credentials)
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-external-secrets",
            account=ServiceAccount(NAMESPACE, ACCOUNT),
            provider=context.cluster.identity_provider,
            statements=[
                secret_statement(
                    "ReadPlatformSecrets",
                    pulumi.Output.format(
                        "arn:aws:secretsmanager:{0}:{1}:secret:{2}/platform/*",
                        context.region,
                        context.account_id,
                        context.project,
                    ),
                )
            ],
            create_service_account=False,
            opts=self.child(),
        )
        chart = release(
            name,
            settings,
            context,
            chart=EXTERNAL_SECRETS,
            namespace=NAMESPACE,
            values=self._values(context, identity),
            opts=self.child(depends_on=[policy, *identity.policies]),
        )
        self.installed = [chart]
        self.finish(role_arn=identity.role_arn)

    def _values(self, context: AddonContext, identity: WorkloadIdentity) -> dict[str, Any]:
        budget = {"podDisruptionBudget": {"enabled": True, "maxUnavailable": 1}} if context.replicas > 1 else {}
        return {
            "installCRDs": True,
            # Disables cluster-wide secrets and pushing secrets, which reduces the permissions of the operator.
            "crds": {
                "createClusterExternalSecret": False,
                "createClusterGenerator": False,
                "createClusterPushSecret": False,
                "createPushSecret": False,
            },
            "processClusterExternalSecret": False,
            "processClusterGenerator": False,
            "processClusterPushSecret": False,
            "processPushSecret": False,
            "priorityClassName": SYSTEM_CLASS,
            "replicaCount": context.replicas,
            "leaderElect": context.replicas > 1,
            **budget,
            "serviceAccount": {"create": True, "name": ACCOUNT, "annotations": identity.annotations()},
            "resources": {"requests": {"cpu": "25m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
            "rbac": {"servicebindings": {"create": False}},
            # The chart disables the probes of the operator, and the liveness probes of the others.
            "livenessProbe": {"enabled": True},
            "readinessProbe": {"enabled": True},
            "webhook": {
                "port": WEBHOOK_PORT,
                "priorityClassName": SYSTEM_CLASS,
                "replicaCount": context.replicas,
                **budget,
                "livenessProbe": {"enabled": True},
                "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
            },
            "certController": {
                "priorityClassName": SYSTEM_CLASS,
                "replicaCount": 1,
                "livenessProbe": {"enabled": True},
                "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
            },
            "global": {"topologySpreadConstraints": spread(context.replicas)},
        }


def _pods(values: Values) -> Iterator[SystemPods]:
    shared, namespace = values.get("global", {}), NAMESPACE
    yield deployment("external-secrets", values, namespace=namespace, shared=shared)
    for part, key in (("webhook", "webhook"), ("cert-controller", "certController")):
        yield deployment(f"external-secrets-{part}", values.get(key, {}), namespace=namespace, shared=shared)


ADDON = AddonType(
    ExternalSecrets,
    {
        "external-secrets": Chart(
            _pods,
            definitions="templates",
            kinds={
                "external-secrets.io/v1:ExternalSecret": Kind("reads the secret, which has the price"),
                "external-secrets.io/v1:SecretStore": Kind(),
            },
        )
    },
    after="names",
    gives="controllers",
)
