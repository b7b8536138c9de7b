"""RBAC of one tenant's namespace."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.sharing.tenants.names import EDITOR, INSTRUCTORS_GROUP, OWNER_BINDING, VIEWER, group, labels
from components.sharing.tenants.roles import (
    HELP,
    LOOK,
    WORK,
    account_subject,
    binding,
    group_subject,
    role_ref,
    user_subject,
)
from components.sharing.tenants.rules import rule
from config.tenants import Tenant, Tenants


class TenantRbac(Component):
    """Role bindings of the user, `default-editor`, `default-viewer` and instructors.

    The user and `default-editor` can edit, `default-viewer` can view, instructors can view and optionally help. The
    user can also read its own namespace and its own Profile, which have cluster scope.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantRbac"
    FORMERLY: ClassVar[tuple[str, ...]] = ("ai-platform:tenants:TenantRights",)

    def __init__(
        self,
        name: str,
        *,
        tenant: Tenant,
        settings: Tenants,
        instructors: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._tenant = tenant
        person = [group_subject(group(tenant.name))]
        # Kubeflow's pages impersonate the user with the e-mail address.
        self._bind(OWNER_BINDING, WORK, [*person, *([user_subject(tenant.email)] if settings.profiles else [])])
        self._bind(EDITOR, WORK, [account_subject(tenant.namespace, EDITOR)])
        self._bind(VIEWER, LOOK, [account_subject(tenant.namespace, VIEWER)])
        if instructors:
            self._bind("instructors", LOOK, [group_subject(INSTRUCTORS_GROUP)])
            if settings.instructors_change:
                self._bind("instructors-help", HELP, [group_subject(INSTRUCTORS_GROUP)])
        self._own(person, profile=settings.profiles)
        self.finish()

    def _bind(self, binding_name: str, role: str, subjects: list[kubernetes.rbac.v1.SubjectArgs]) -> None:
        binding(
            f"{self.name}-{binding_name}",
            namespace=self._tenant.namespace,
            binding_name=binding_name,
            role=role,
            subjects=subjects,
            owner=self._tenant.name,
            opts=self.child(),
        )

    def _own(self, person: list[kubernetes.rbac.v1.SubjectArgs], *, profile: bool) -> None:
        tenant = self._tenant
        own = f"tenant-{tenant.name}-own"
        metadata = kubernetes.meta.v1.ObjectMetaArgs(name=own, labels=labels(tenant.name))
        rules = [rule(("get",), "", "namespaces", names=[tenant.namespace])]
        if profile:
            rules.append(rule(("get",), "kubeflow.org", "profiles", names=[tenant.profile]))
        made = kubernetes.rbac.v1.ClusterRole(own, metadata=metadata, rules=rules, opts=self.child())
        kubernetes.rbac.v1.ClusterRoleBinding(
            own,
            metadata=metadata,
            role_ref=role_ref(own),
            subjects=person,
            opts=self.child(depends_on=[made], waits=False),
        )
