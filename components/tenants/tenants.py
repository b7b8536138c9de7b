"""All tenants of a platform."""

from typing import Any, ClassVar

import pulumi

from components.component import Component
from components.tenants.admission import TenantAdmission
from components.tenants.mlflow import TenantMlflow
from components.tenants.names import TENANTS_GROUP
from components.tenants.postgresql import Postgresql
from components.tenants.roles import SYSTEM, TenantRoles, binding, group_subject
from components.tenants.statements import instructor_statements
from components.tenants.storage import TenantStorage
from components.tenants.tenant import TenantNamespace
from components.workloads.context import WorkloadContext
from config.settings import Settings
from config.tenants import Tenant
from config.tenants import TenantMlflow as TenantMlflowSettings


class Tenants(Component):
    """What tenants share, then each of them, and what is left of those who are gone.

    A suspended tenant keeps everything but the right to start pods. Of one that was removed bucket and repository stay
    with `keep`; with `delete` they go once somebody has emptied them.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:Tenants"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        context: WorkloadContext,
        account_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        if settings.tenants is None:
            raise LookupError("the settings have no tenants")
        self._settings = settings
        self._section = settings.tenants
        self._context = context
        self._account_id = account_id
        tenants = self._section.all(settings.project.name)
        kept = self._section.kept(settings.project.name)
        self._instructors = any(tenant.instructor for tenant in tenants)
        self._shared: list[pulumi.Resource] = [
            TenantRoles("tenant-roles", self._section, instructors=self._instructors, opts=self.child()),
            TenantAdmission(
                "tenant-admission",
                repositories=self._section.resource_prefix or settings.project.name,
                opts=self.child(),
            ),
        ]
        self.storage = {
            tenant.name: TenantStorage(f"tenant-{tenant.name}-storage", tenant=tenant, opts=self.child(waits=False))
            for tenant in (*tenants, *kept)
        }
        looking = (
            instructor_statements(settings, self._section, (*tenants, *kept), account_id) if self._instructors else []
        )
        self.tenants = {tenant.name: self._tenant(tenant, looking if tenant.instructor else []) for tenant in tenants}
        self._view("kube-system")
        if self._section.mlflow is not None:
            self._mlflow(self._section.mlflow, tenants)
        self.outputs: dict[str, pulumi.Input[Any]] = {"tenants": self._table(tenants)}
        self.finish()

    def _tenant(self, tenant: Tenant, more: list[Any]) -> TenantNamespace:
        return TenantNamespace(
            f"tenant-{tenant.name}",
            tenant=tenant,
            settings=self._section,
            context=self._context,
            storage=self.storage[tenant.name],
            account_id=self._account_id,
            instructors=self._instructors,
            more_statements=more,
            opts=self.child(depends_on=self._shared),
        )

    def _mlflow(self, settings: TenantMlflowSettings, tenants: tuple[Tenant, ...]) -> None:
        """One database server for all, and a tracking server of each."""
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
                opts=self.child(),
            )

    def _view(self, namespace: str, *after: pulumi.Resource) -> None:
        """What all tenants lean on: pods, Services and what runs them, and nothing that holds a secret.

        `kubectl cluster-info` lists Services of kube-system; a list cannot be narrowed to names.
        """
        binding(
            f"tenants-view-{namespace}",
            namespace=namespace,
            binding_name="tenants-view",
            role=SYSTEM,
            subjects=[group_subject(TENANTS_GROUP)],
            owner="tenants",
            opts=self.child(depends_on=[*self._shared, *after]),
        )

    def _table(self, tenants: tuple[Tenant, ...]) -> dict[str, Any]:
        """What each person is told."""
        return {
            tenant.name: {
                "namespace": tenant.namespace,
                "roleArn": self.tenants[tenant.name].person.principal_arn,
                "bucket": tenant.bucket,
                "repository": self.storage[tenant.name].repository_url,
            }
            for tenant in tenants
        }
