"""One tenant: its namespace, and the resources that isolate it."""

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.identity.policy import Statement
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.namespace import TENANT_LABEL, Namespace
from components.sharing.tenants.kubeflow_names import namespace_labels
from components.sharing.tenants.kubeflow_network import openings
from components.sharing.tenants.limits import TenantLimits
from components.sharing.tenants.names import EDITOR, VIEWER, labels
from components.sharing.tenants.network_policies import boundaries
from components.sharing.tenants.rbac import TenantRbac
from components.sharing.tenants.statements import storage_statements
from components.sharing.tenants.storage import TenantStorage
from components.sharing.tenants.user import TenantUser
from config.tenants import Tenant, Tenants


class TenantNamespace(Component):
    """Namespace, limits, network policies, RBAC, service accounts and user of a tenant; pods depend on `ready`."""

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantNamespace"

    def __init__(
        self,
        name: str,
        *,
        tenant: Tenant,
        settings: Tenants,
        context: WorkloadContext,
        storage: TenantStorage,
        account_id: pulumi.Input[str],
        instructors: bool,
        more_statements: Sequence[Statement] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.tenant = tenant
        self.namespace = Namespace(
            f"{name}-namespace",
            namespace=tenant.namespace,
            labels={
                TENANT_LABEL: tenant.name,
                **(namespace_labels(context.settings.kubeflow) if settings.profiles else {}),
            },
            opts=self.child(),
        )
        inside = self.child(depends_on=self.namespace.policies, waits=False)
        limits = TenantLimits(f"{name}-limits", tenant=tenant, opts=inside)
        policies = boundaries(context.settings, self.namespace, opts=inside)
        if settings.profiles:
            policies += openings(context.settings, self.namespace, opts=inside)
        TenantRbac(f"{name}-rights", tenant=tenant, settings=settings, instructors=instructors, opts=inside)
        self.identity = WorkloadIdentity(
            f"{name}-{EDITOR}",
            role_name=f"{context.project}-tenant-{tenant.name}-editor",
            account=ServiceAccount(tenant.namespace, EDITOR),
            provider=context.cluster.identity_provider,
            statements=storage_statements(storage, region=context.region),
            labels=labels(tenant.name),
            opts=inside,
        )
        kubernetes.core.v1.ServiceAccount(
            f"{name}-{VIEWER}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=VIEWER, namespace=tenant.namespace, labels=labels(tenant.name)
            ),
            opts=inside,
        )
        self.person = TenantUser(
            f"{name}-person",
            tenant=tenant,
            project=context.project,
            cluster_name=context.cluster.cluster_name,
            cluster_arn=context.cluster.arn,
            account_id=account_id,
            statements=[*storage_statements(storage, region=context.region, delete_images=True), *more_statements],
            opts=self.child(depends_on=[context.cluster.eks], waits=False),
        )
        self.bucket_name = storage.bucket_name
        self.quota: list[pulumi.Resource] = limits.enforced
        self.ready: list[pulumi.Resource] = [*limits.enforced, *policies, *self.identity.ready, *storage.ready]
        """Dependencies of every pod of the tenant."""
        self.finish(namespace=tenant.namespace)
