"""All tenants of a platform."""

from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.identity.policy import Statement
from components.kubeflow.kubeflow import Kubeflow
from components.sharing.tenants.admission import TenantAdmission
from components.sharing.tenants.kubeflow import TenantKubeflow
from components.sharing.tenants.kubeflow_directory import KubeflowDirectory
from components.sharing.tenants.mlflow import TenantMlflow
from components.sharing.tenants.names import TENANTS_GROUP
from components.sharing.tenants.postgresql import Postgresql
from components.sharing.tenants.roles import SYSTEM, TenantRoles, binding, group_subject
from components.sharing.tenants.statements import instructor_statements, login_statement
from components.sharing.tenants.storage import TenantStorage
from components.sharing.tenants.suspension import TenantSuspension
from components.sharing.tenants.tenant import TenantNamespace
from config.settings import Settings
from config.tenants import Tenant
from config.tenants import TenantMlflow as TenantMlflowSettings


class Tenants(Component):
    """Shared resources of tenants, the tenants, and the retained resources of removed tenants.

    A suspended tenant keeps everything except its pods, and cannot start any. The bucket and the repository of a
    removed tenant remain with `keep`. With `delete` they are deleted after an administrator has emptied them.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:Tenants"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        context: WorkloadContext,
        account_id: pulumi.Input[str],
        kubeflow: Kubeflow | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        if settings.tenants is None:
            raise LookupError("the settings have no tenants")
        if settings.tenants.profiles and kubeflow is None:
            raise LookupError("Profiles need Kubeflow")
        self._settings = settings
        self._section = settings.tenants
        self._context = context
        self._account_id = account_id
        self._kubeflow = kubeflow
        tenants = self._section.all(settings.project.name)
        kept = self._section.kept(settings.project.name)
        self._instructors = any(tenant.instructor for tenant in tenants)
        self._shared: list[pulumi.Resource] = [
            TenantRoles(
                "tenant-roles",
                self._section,
                instructors=self._instructors,
                suspended=any(tenant.suspended for tenant in tenants),
                opts=self.child(),
            ),
            TenantAdmission(
                "tenant-admission",
                repositories=self._section.resource_prefix or settings.project.name,
                opts=self.child(),
            ),
        ]
        if kubeflow is not None:
            # A namespace is deleted before the controllers of the resources in it.
            self._shared += kubeflow.ready
        self.storage = {
            tenant.name: TenantStorage(
                f"tenant-{tenant.name}-storage", tenant=tenant, logs=context.bucket_logs(), opts=self.child(waits=False)
            )
            for tenant in (*tenants, *kept)
        }
        looking = (
            instructor_statements(settings, self._section, (*tenants, *kept), account_id) if self._instructors else []
        )
        self._last_shared = self._view("kube-system")
        self.tenants = {tenant.name: self._tenant(tenant, looking if tenant.instructor else []) for tenant in tenants}
        self._suspend(tenants)
        for namespace in kubeflow.namespaces if kubeflow is not None else ():
            self._view(namespace)
        if self._section.profiles:
            self._profiles(tenants)
        if self._section.mlflow is not None:
            self._mlflow(self._section.mlflow, tenants)
        self.outputs: dict[str, pulumi.Input[Any]] = {"tenants": self._table(tenants)}
        self.finish()

    def _tenant(self, tenant: Tenant, more: list[Statement]) -> TenantNamespace:
        return TenantNamespace(
            f"tenant-{tenant.name}",
            tenant=tenant,
            settings=self._section,
            context=self._context,
            storage=self.storage[tenant.name],
            account_id=self._account_id,
            instructors=self._instructors,
            more_statements=[*more, *self._login(tenant)],
            opts=self._behind_shared(),
        )

    def _behind_shared(self) -> pulumi.ResourceOptions:
        """Return the options of a tenant's resources, which depend on the last of the shared resources.

        A dependency of each of a thousand tenants on each shared resource would be most of the size of a plan.
        """
        return self.child(depends_on=[self._last_shared], waits=False)

    def _login(self, tenant: Tenant) -> list[Statement]:
        """Return the statement that allows the user to read its own password for Kubeflow's pages."""
        kubeflow = self._settings.kubeflow
        if kubeflow is None or not kubeflow.has("login"):
            return []
        return [login_statement(self._settings, tenant, self._account_id)]

    def _suspend(self, tenants: tuple[Tenant, ...]) -> None:
        quotas = {tenant: self.tenants[tenant.name].quota for tenant in tenants if tenant.suspended}
        if quotas:
            TenantSuspension("tenant-suspension", self._settings, quotas=quotas, opts=self._behind_shared())

    def _profiles(self, tenants: tuple[Tenant, ...]) -> None:
        settings = self._settings.kubeflow
        if settings is None:
            raise LookupError("the settings have no Kubeflow")
        after = self._behind_shared()
        KubeflowDirectory("tenants-directory", tenants=tenants, opts=after)
        for tenant in tenants:
            TenantKubeflow(
                f"tenant-{tenant.name}-kubeflow",
                settings,
                tenant=tenant,
                place=self.tenants[tenant.name],
                region=self._context.region,
                mlflow=self._section.mlflow is not None,
                opts=after,
            )

    def _mlflow(self, settings: TenantMlflowSettings, tenants: tuple[Tenant, ...]) -> None:
        """Create one database server for all tenants, and a tracking server for each."""
        database = Postgresql("postgres", settings, tenants=tenants, context=self._context, opts=self.child())
        self._view(settings.namespace, database)
        for tenant in tenants:
            TenantMlflow(
                f"tenant-{tenant.name}-mlflow",
                settings,
                tenant=tenant,
                place=self.tenants[tenant.name],
                database=database,
                context=self._context,
                opts=self._behind_shared(),
            )

    def _view(self, namespace: str, *after: pulumi.Resource) -> pulumi.Resource:
        """Create the role binding to view shared resources: pods, Services and their controllers, but no secrets.

        `kubectl cluster-info` lists the Services of kube-system; RBAC cannot limit a list to names.
        """
        return binding(
            f"tenants-view-{namespace}",
            namespace=namespace,
            binding_name="tenants-view",
            role=SYSTEM,
            subjects=[group_subject(TENANTS_GROUP)],
            owner="tenants",
            opts=self.child(depends_on=[*self._shared, *after], waits=False),
        )

    def _table(self, tenants: tuple[Tenant, ...]) -> dict[str, Any]:
        """Return the output for each user."""
        return {
            tenant.name: {
                "namespace": tenant.namespace,
                "roleArn": self.tenants[tenant.name].person.principal_arn,
                "bucket": tenant.bucket,
                "repository": self.storage[tenant.name].repository_url,
            }
            for tenant in tenants
        }
