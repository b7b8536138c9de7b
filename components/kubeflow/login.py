"""Kubeflow's login: the tenants by their e-mail addresses, each with a generated password."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.base.naming import tenant_tags
from components.context.context import WorkloadContext
from components.data.secret import Secret, secrets_below, versions
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.kubeflow import dex, oauth2_proxy
from components.kubeflow.gateway import GatewayLogin
from components.kubeflow.names import (
    DEX,
    DEX_NAMESPACE,
    DEX_PORT,
    GATEWAY_NAMESPACE,
    GATEWAY_PODS,
    ISTIOD_PODS,
    PROXY,
    PROXY_NAMESPACE,
    PROXY_POD_PORT,
    login_folder,
    login_secret,
)
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import NAMESPACE_LABEL, Ports, Rule, anywhere
from components.kubernetes.pods import selector
from config.tenants import Tenant

CLIENT_SECRET, COOKIE_SECRET = "client-secret", "cookie-secret"
_DEX: Ports = (("TCP", DEX_PORT),)


class Login(Component):
    """Dex, oauth2-proxy, and the gateway's authentication.

    They replace the community's login, whose password, client secret and cookie secret are public. Each password is a
    separate secret, which its user can read. Dex gets bcrypt hashes, which External Secrets creates again at each
    refresh, so the cluster holds no password except in the memory of External Secrets.
    """

    TOKEN: ClassVar[str] = "ai-platform:kubeflow:Login"

    def __init__(
        self,
        name: str,
        *,
        tenants: Sequence[Tenant],
        encrypted: bool,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._context = context
        places = {
            one: Namespace(f"{name}-{one}-namespace", namespace=one, opts=self.child())
            for one in (DEX_NAMESPACE, PROXY_NAMESPACE)
        }
        self.secrets = {tenant.name: self._password(tenant) for tenant in tenants}
        """The secret of each tenant, by the tenant's name, with the properties `email` and `password`."""

        client = Secret(
            f"{name}-client",
            secret_name=login_secret(context.project, "login"),
            description="What oauth2-proxy shows to Dex, and the key of its cookies",
            # 32 characters: a key for AES-256, or for AES-192 if oauth2-proxy decodes them as base64.
            generated=(CLIENT_SECRET, COOKIE_SECRET),
            opts=self.child(),
        )
        for_dex = self._access(
            DEX, places[DEX_NAMESPACE], [client.arn, secrets_below(client.arn, login_folder(context.project))]
        )
        for_proxy = self._access(PROXY, places[PROXY_NAMESPACE], [client.arn])
        policies = self._network_policies(places)
        self.dex = dex.Dex(
            f"{name}-dex",
            tenants=tenants,
            client=for_dex.external_secret(
                "dex-client", {CLIENT_SECRET: (client.arn, CLIENT_SECRET)}, version=client.version_id()
            ),
            passwords=self._passwords(for_dex, tenants),
            opts=self.child(depends_on=[places[DEX_NAMESPACE], *policies]),
        )
        self.proxy = oauth2_proxy.Oauth2Proxy(
            f"{name}-oauth2-proxy",
            secrets=for_proxy.external_secret(
                PROXY,
                {key: (client.arn, key) for key in (CLIENT_SECRET, COOKIE_SECRET)},
                version=client.version_id(),
            ),
            encrypted=encrypted,
            opts=self.child(depends_on=[places[PROXY_NAMESPACE], *policies]),
        )
        gateway = GatewayLogin(f"{name}-gateway", opts=self.child(depends_on=[*places.values()]))
        self.ready: list[pulumi.Resource] = [*self.dex.ready, *self.proxy.ready, *gateway.made]
        self.finish()

    def _password(self, tenant: Tenant) -> Secret:
        return Secret(
            f"{self.name}-{tenant.name}",
            secret_name=login_secret(self._context.project, tenant.name),
            description=f"Kubeflow's login of {tenant.name}",
            fixed={"email": tenant.email},
            generated=("password",),
            tags=tenant_tags(tenant.name),
            opts=self.child(),
        )

    def _access(self, part: str, place: Namespace, arns: Sequence[pulumi.Input[str]]) -> SecretAccess:
        return SecretAccess(
            f"{self.name}-{part}-secrets",
            role_name=f"{self._context.project}-kubeflow-{part}-secrets",
            namespace=place.namespace,
            region=self._context.region,
            provider=self._context.cluster.identity_provider,
            secret_arns=arns,
            labels=dex.LABELS if part == DEX else oauth2_proxy.LABELS,
            opts=self.child(depends_on=[place]),
        )

    def _passwords(self, access: SecretAccess, tenants: Sequence[Tenant]) -> SyncedSecret | None:
        """Sync the hashes, by the names of Dex's variables."""
        if not tenants:
            return None
        return access.fixed_secret(
            "dex-passwords",
            {f"tenant_{tenant.number}": (self.secrets[tenant.name].arn, "password") for tenant in tenants},
            version=versions(self.secrets[tenant.name] for tenant in tenants),
            template={
                dex.password_variable(tenant): f"{{{{ .tenant_{tenant.number} | bcrypt }}}}" for tenant in tenants
            },
        )

    def _network_policies(self, places: dict[str, Namespace]) -> list[pulumi.Resource]:
        dex_pods, proxy_pods = selector(dex.LABELS), selector(oauth2_proxy.LABELS)
        to_dex = Rule((_pods(DEX_NAMESPACE, dex_pods),), _DEX)
        gateway = _pods(GATEWAY_NAMESPACE, GATEWAY_PODS)
        asking = (gateway, _pods(GATEWAY_NAMESPACE, ISTIOD_PODS), _pods(PROXY_NAMESPACE, proxy_pods))
        return [
            places[DEX_NAMESPACE].allow(
                DEX,
                pods=dex_pods,
                # The mesh's control plane reads the public keys of tokens.
                ingress=[Rule(asking, _DEX)],
                # The API server, which has no fixed address that a policy could list.
                egress=[Rule((anywhere(),), (("TCP", 443),))],
                opts=self.child(depends_on=[places[DEX_NAMESPACE]]),
            ),
            places[PROXY_NAMESPACE].allow(
                PROXY,
                pods=proxy_pods,
                ingress=[Rule((gateway,), (("TCP", PROXY_POD_PORT),))],
                egress=[to_dex],
                opts=self.child(depends_on=[places[PROXY_NAMESPACE]]),
            ),
        ]


def _pods(namespace: str, labels: dict[str, str]) -> dict[str, Any]:
    """Return a peer for pods of another namespace."""
    return {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: namespace}},
        "podSelector": {"matchLabels": labels},
    }
