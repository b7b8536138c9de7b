"""The component of Argo CD."""

from typing import ClassVar

import pulumi

from catalog.versions import ARGO_CD
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, release
from components.context.context import WorkloadContext
from components.gitops.delivery import delivered
from components.gitops.image_updater import Updates
from components.gitops.names import (
    APPLICATION_SETS,
    CONTROLLER,
    IMAGE_UPDATER,
    METRICS_PORTS,
    NAMESPACE,
    NOTIFICATIONS,
    NOTIFICATIONS_SECRET,
    REDIS,
    REDIS_PORT,
    REDIS_SECRET,
    REPO_SERVER,
    REPO_SERVER_PORT,
    REPOSITORY_SECRET,
    SERVER,
    SERVER_PORT,
    SLACK_TOKEN_KEY,
    pods_of,
)
from components.gitops.rbac import DeliveryRbac
from components.gitops.releases import Releases
from components.gitops.values import chart_values
from components.identity.secret_access import SecretAccess
from components.ingress.destination import Destination
from components.ingress.readiness import READINESS_LABEL
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, anywhere, namespace, network, pods
from components.kubernetes.pods import labels
from config.gitops import GitOps as GitOpsSettings
from config.monitoring import NAMESPACE as MONITORING_NAMESPACE


class GitOps(Component):
    """Argo CD, its RBAC in each environment, its applications, and the ingress."""

    TOKEN: ClassVar[str] = "ai-platform:gitops:GitOps"

    def __init__(
        self,
        name: str,
        settings: GitOpsSettings,
        *,
        context: WorkloadContext,
        addons: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._environments = delivered(context.settings)
        self._monitored = context.settings.monitoring is not None
        self._namespace = Namespace(
            f"{name}-namespace",
            namespace=NAMESPACE,
            labels=READINESS_LABEL if settings.host else None,
            opts=self.child(),
        )
        roles = [
            granted
            for one in self._environments
            for granted in DeliveryRbac(f"{name}-{one.environment}", namespace=one.namespace, opts=self.child()).made
        ]
        self.release = release(
            name,
            settings,
            addons,
            chart=ARGO_CD,
            namespace=NAMESPACE,
            values=chart_values(
                settings,
                project=context.project,
                delivered=self._environments,
                replicas=addons.replicas,
                monitored=self._monitored,
            ),
            opts=self.child(depends_on=[self._namespace, *self._network_policies(), *self._secrets(), *roles]),
        )
        Releases(
            f"{name}-releases",
            settings,
            project=context.project,
            delivered=self._environments,
            opts=self.child(depends_on=[self.release]),
        )
        self._update_images(addons)
        self.outputs: dict[str, pulumi.Input[str]] = {}
        if settings.host is not None:
            self.outputs["argocd_url"] = self._url(settings.host)
        self.finish()

    def _update_images(self, addons: AddonContext) -> None:
        if self._settings.image_updater is not None:
            Updates(
                f"{self.name}-image-updater",
                self._settings.image_updater,
                gitops=self._settings,
                delivered=self._environments,
                context=self._context,
                addons=addons,
                opts=self.child(depends_on=[self.release]),
            )

    def _url(self, host: str) -> pulumi.Output[str]:
        return self._context.ingress.route(
            self.name,
            Destination(
                namespace=NAMESPACE,
                service=SERVER,
                port=SERVER_PORT,
                health_path="/healthz",
                labels=labels("argocd", "server"),
            ),
            host=host,
            opts=self.child(depends_on=[self.release]),
        )

    def _secrets(self) -> list[pulumi.Resource]:
        """Create Slack's token and the repository's credentials, if they are set."""
        settings, context = self._settings, self._context
        said = settings.notifications
        keys = [*([said.token.secret] if said else []), *([settings.credentials] if settings.credentials else [])]
        if not keys:
            return []
        access = SecretAccess(
            f"{self.name}-secrets",
            role_name=f"{context.project}-argocd-secrets",
            namespace=NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[context.secrets[key].arn for key in dict.fromkeys(keys)],
            labels=labels("argocd", "secrets"),
            opts=self.child(depends_on=[self._namespace]),
        )
        made = []
        if said is not None:
            token = context.secrets[said.token.secret]
            made.append(
                access.fixed_secret(
                    NOTIFICATIONS_SECRET,
                    {SLACK_TOKEN_KEY: (token.arn, said.token.property)},
                    version=token.version_id(),
                    template={SLACK_TOKEN_KEY: f'{{{{ index . "{SLACK_TOKEN_KEY}" }}}}'},
                    # Argo CD reads secrets with this label only.
                    labels={"app.kubernetes.io/part-of": "argocd"},
                ).resource
            )
        if settings.credentials is not None:
            login = context.secrets[settings.credentials]
            made.append(
                access.fixed_secret(
                    REPOSITORY_SECRET,
                    {key: (login.arn, key) for key in ("username", "password")},
                    version=login.version_id(),
                    template={
                        "type": "git",
                        "url": settings.repository,
                        "username": "{{ .username }}",
                        "password": "{{ .password }}",
                    },
                    labels={"argocd.argoproj.io/secret-type": "repository"},
                ).resource
            )
        return made

    def _network_policies(self) -> list[pulumi.Resource]:
        # The API server, Git and Slack, which have no fixed addresses that a policy could list.
        https = Rule((anywhere(),), (("TCP", 443),))
        redis = Rule((pods(pods_of(REDIS)),), (("TCP", REDIS_PORT),))
        manifests = Rule((pods(pods_of(REPO_SERVER)),), (("TCP", REPO_SERVER_PORT),))
        people = []
        if self._settings.host is not None:
            balancer = tuple(map(network, self._context.ingress.source_cidrs()))
            people = [Rule(balancer, (("TCP", SERVER_PORT),))]
        asking = {
            SERVER: (people, [https, redis, manifests]),
            CONTROLLER: ([], [https, redis, manifests]),
            REPO_SERVER: (
                [Rule((pods(pods_of(SERVER)), pods(pods_of(CONTROLLER))), (("TCP", REPO_SERVER_PORT),))],
                [https, redis],
            ),
            APPLICATION_SETS: ([], [https]),
            **({NOTIFICATIONS: ([], [https])} if self._settings.notifications else {}),
            # Git, ECR and the API server.
            **({IMAGE_UPDATER: ([], [https])} if self._settings.image_updater else {}),
            REDIS: (
                [
                    Rule(
                        tuple(pods(pods_of(part)) for part in (SERVER, CONTROLLER, REPO_SERVER)), (("TCP", REDIS_PORT),)
                    )
                ],
                [],
            ),
            REDIS_SECRET: ([], [https]),
        }
        after = self.child(depends_on=[self._namespace])
        return [
            self._namespace.allow(
                part,
                pods=pods_of(part),
                ingress=[*ingress, *self._metrics(part)] or None,
                egress=egress or None,
                opts=after,
            )
            for part, (ingress, egress) in asking.items()
        ]

    def _metrics(self, part: str) -> list[Rule]:
        if not self._monitored or part not in METRICS_PORTS:
            return []
        return [Rule((namespace(MONITORING_NAMESPACE),), (("TCP", METRICS_PORTS[part]),))]
