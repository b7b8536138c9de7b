"""The EKS control plane."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

from components.base.component import UNREPORTED, Component, named
from components.base.naming import ROLE_LIMIT, fit
from components.cluster.access import Access
from components.cluster.encryption_key import EncryptionKey
from components.cluster.security_groups import ClusterSecurityGroups
from components.identity.policy import service_trust
from components.identity.workload_identity import IdentityProvider
from config.cluster import Cluster as ClusterSettings


class Cluster(Component):
    """Control plane with its logs, key, role, security groups, OIDC provider, access entries and Kubernetes provider.

    The component creates the OIDC provider, because pulumi_eks fetches the issuer's certificate during a preview.
    """

    TOKEN: ClassVar[str] = "ai-platform:cluster:Cluster"

    def __init__(
        self,
        name: str,
        settings: ClusterSettings,
        *,
        project: str,
        cluster_name: str,
        region: str,
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        account_id: pulumi.Input[str],
        profile: str | None = None,
        assumed_role: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._credentials = _credentials(profile, assumed_role)
        self.cluster_name = cluster_name
        self.vpc_id = vpc_id
        self.security_groups = ClusterSecurityGroups(
            f"{name}-security-groups",
            settings.security_groups,
            vpc_id=vpc_id,
            cluster_name=cluster_name,
            api_cidrs=settings.endpoint.private_cidrs,
            opts=self.child(),
        )
        self.eks = self._control_plane(subnet_ids)
        self.node_security_group_ids = self._node_groups()
        """The security groups of nodes."""

        self.endpoint: pulumi.Output[str] = self.eks.kubeconfig_json.apply(_server)
        self.oidc_issuer: pulumi.Output[str] = self.eks.oidc_issuer.apply(
            lambda issuer: (issuer or UNREPORTED).removeprefix("https://")
        )
        self.identity_provider = self._identity_provider()
        self.provider = kubernetes.Provider(
            name,
            kubeconfig=self.eks.kubeconfig_json,
            # Plain and stable: derived from the kubeconfig it would change with the endpoint's settings, and previews
            # would show a replacement of every workload.
            cluster_identifier=cluster_name,
            enable_server_side_apply=True,
            # Takes over what is there: definitions that Helm installed, and objects that an interrupted `up` created.
            upsert_existing_objects=True,
            opts=self.child(),
        )
        self.arn: pulumi.Output[str] = pulumi.Output.format(
            "arn:aws:eks:{0}:{1}:cluster/{2}", region, account_id, cluster_name
        )
        self.people = {
            person: Access(
                f"{name}-access-{person}",
                access,
                role_name=f"{project}-access-{person}",
                cluster_name=cluster_name,
                cluster_arn=self.arn,
                account_id=account_id,
                opts=self.child(depends_on=[self.eks]),
            )
            for person, access in settings.access.items()
        }
        self.finish(cluster_name=cluster_name, endpoint=self.endpoint, oidc_issuer=self.oidc_issuer)

    def _control_plane(self, subnet_ids: Sequence[pulumi.Input[str]]) -> eks.Cluster:
        settings, cluster_name = self._settings, self.cluster_name
        # Otherwise EKS creates this log group without a retention period.
        log_group = aws.cloudwatch.LogGroup(
            f"{self.name}-logs",
            name=f"/aws/eks/{cluster_name}/cluster",
            retention_in_days=settings.logging.retention_days,
            log_group_class=settings.logging.log_group_class,
            opts=self.child(),
        )
        role, attachment = self._role()
        key = (
            EncryptionKey(
                f"{self.name}-secrets-key",
                alias=f"{cluster_name}-secrets",
                description=f"Kubernetes secrets of {cluster_name}",
                opts=self.child(),
            )
            if settings.encrypt_secrets
            else None
        )
        return eks.Cluster(
            self.name,
            name=cluster_name,
            version=settings.version,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=settings.support),
            authentication_mode=eks.AuthenticationMode.API,
            vpc_id=self.vpc_id,
            private_subnet_ids=list(subnet_ids),
            service_role=role,
            provider_credential_opts=self._credentials,
            cluster_security_group=self.security_groups.control_plane,
            endpoint_public_access=settings.endpoint.public,
            endpoint_private_access=settings.endpoint.private,
            public_access_cidrs=[str(cidr) for cidr in settings.endpoint.public_cidrs] or None,
            enabled_cluster_log_types=list(settings.logging.types),
            encryption_config_key_arn=key.arn if key else None,
            kubernetes_service_ip_address_range=str(settings.service_cidr) if settings.service_cidr else None,
            deletion_protection=settings.deletion_protection,
            # The node security group of pulumi_eks would be unused, and would also have the cluster's tag.
            skip_default_security_groups=True,
            create_oidc_provider=False,
            create_instance_role=False,
            skip_default_node_group=True,
            # The add-ons are separate components, so that each has its own role, settings and dependencies.
            bootstrap_self_managed_addons=False,
            use_default_vpc_cni=True,
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
            coredns_addon_options=eks.CoreDnsAddonOptionsArgs(enabled=False),
            cluster_tags=named(cluster_name, settings.tags),
            opts=self.child(depends_on=[log_group, attachment]),
        )

    def _role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicyAttachment]:
        """Create the role of the control plane and attach its policy."""
        role = aws.iam.Role(
            self.name,
            name=self._settings.role_name or fit(f"{self.cluster_name}-cluster", ROLE_LIMIT),
            assume_role_policy=service_trust("eks.amazonaws.com"),
            opts=self.child(),
        )
        attachment = aws.iam.RolePolicyAttachment(
            self.name,
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
            opts=self.child(),
        )
        return role, attachment

    def _node_groups(self) -> list[pulumi.Output[str]]:
        """Return the node security group, and the cluster security group of EKS if the settings include it."""
        own = [self.security_groups.node_id]
        if not self._settings.security_groups.nodes.cluster_group:
            return own
        made: pulumi.Output[aws.eks.Cluster | None] = pulumi.Output.from_input(self.eks.eks_cluster)
        of_the_cluster: pulumi.Output[str] = made.apply(_cluster_group)
        return [*own, of_the_cluster]

    def _identity_provider(self) -> IdentityProvider:
        provider = aws.iam.OpenIdConnectProvider(
            self.name,
            url=self.oidc_issuer.apply(lambda issuer: f"https://{issuer}"),
            client_id_lists=["sts.amazonaws.com"],
            tags=named(f"{self.cluster_name}-irsa"),
            opts=self.child(),
        )
        return IdentityProvider(
            mode=self._settings.workload_identity,
            cluster_name=self.cluster_name,
            provider_arn=provider.arn,
            issuer=self.oidc_issuer,
        )


def _credentials(profile: str | None, role: str | None) -> eks.KubeconfigOptionsArgs | None:
    """Return the credentials of the kubeconfig: those of the AWS provider, which creates the cluster."""
    return eks.KubeconfigOptionsArgs(profile_name=profile, role_arn=role) if profile or role else None


def _server(kubeconfig: str | None) -> str:
    """Return the URL of the API server. A recorded cluster reports none."""
    clusters = json.loads(kubeconfig or "{}").get("clusters")
    return str(clusters[0]["cluster"]["server"]) if clusters else UNREPORTED


def _cluster_group(made: aws.eks.Cluster | None) -> pulumi.Output[str]:
    """Return the ID of the security group that EKS creates for a cluster. A recorded cluster reports none."""
    if made is None:
        return pulumi.Output.from_input(UNREPORTED)
    return made.vpc_config.apply(lambda network: (network and network.cluster_security_group_id) or UNREPORTED)
