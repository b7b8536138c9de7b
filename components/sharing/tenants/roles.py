"""ClusterRoles of all tenants' role bindings: each is created once, and applies in the namespaces that bind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.sharing.tenants.names import INSTRUCTORS_GROUP, labels
from components.sharing.tenants.rules import CHANGE, READ, Rules, helping, looking, rule, working
from config.tenants import Tenants

WORK = "tenant-work"
LOOK = "tenant-look"
HELP = "tenant-help"
SYSTEM = "tenant-system-view"
END = "tenant-suspension"
PROFILES = "tenant-instructor-profiles"

_GROUP = "rbac.authorization.k8s.io"


def group_subject(name: str) -> kubernetes.rbac.v1.SubjectArgs:
    """Return a group as subject."""
    return kubernetes.rbac.v1.SubjectArgs(api_group=_GROUP, kind="Group", name=name)


def user_subject(name: str) -> kubernetes.rbac.v1.SubjectArgs:
    """Return a user as subject, by the e-mail address that Kubeflow's pages use."""
    return kubernetes.rbac.v1.SubjectArgs(api_group=_GROUP, kind="User", name=name)


def account_subject(namespace: str, name: str) -> kubernetes.rbac.v1.SubjectArgs:
    """Return a service account as subject."""
    return kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=name, namespace=namespace)


def role_ref(name: str) -> kubernetes.rbac.v1.RoleRefArgs:
    """Return a reference to a ClusterRole."""
    return kubernetes.rbac.v1.RoleRefArgs(api_group=_GROUP, kind="ClusterRole", name=name)


def binding(
    name: str,
    *,
    namespace: str,
    binding_name: str,
    role: str,
    subjects: Sequence[kubernetes.rbac.v1.SubjectArgs],
    owner: str,
    opts: pulumi.ResourceOptions,
) -> kubernetes.rbac.v1.RoleBinding:
    """Create a RoleBinding, which grants a ClusterRole's rules in one namespace."""
    return kubernetes.rbac.v1.RoleBinding(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=binding_name, namespace=namespace, labels=labels(owner)),
        role_ref=role_ref(role),
        subjects=list(subjects),
        opts=opts,
    )


class TenantRoles(Component):
    """ClusterRoles to edit, view and help in a tenant's namespace, and to view the shared resources of all tenants."""

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantRoles"

    def __init__(
        self,
        name: str,
        settings: Tenants,
        *,
        instructors: bool,
        suspended: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        kubeflow = settings.profiles
        self._role(WORK, working(kubeflow=kubeflow))
        self._role(LOOK, looking(kubeflow=kubeflow))
        self._role(SYSTEM, [rule(READ, "", "pods", "services"), rule(READ, "apps", "deployments", "statefulsets")])
        if suspended:
            self._role(END, [rule(("list", "delete"), "", "pods")])
        if instructors and settings.instructors_change:
            self._role(HELP, helping(kubeflow=kubeflow))
        if instructors and kubeflow:
            self._profiles(READ if not settings.instructors_change else (*READ, *CHANGE))
        self.finish()

    def _role(self, role: str, rules: Rules) -> kubernetes.rbac.v1.ClusterRole:
        return kubernetes.rbac.v1.ClusterRole(
            role,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=role, labels=labels("tenants")),
            rules=list(rules),
            opts=self.child(),
        )

    def _profiles(self, verbs: Sequence[str]) -> None:
        """Create the role of Profiles: they have cluster scope, so a RoleBinding does not cover them."""
        made = self._role(PROFILES, [rule(verbs, "kubeflow.org", "profiles")])
        kubernetes.rbac.v1.ClusterRoleBinding(
            PROFILES,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=PROFILES, labels=labels("tenants")),
            role_ref=role_ref(PROFILES),
            subjects=[group_subject(INSTRUCTORS_GROUP)],
            opts=self.child(depends_on=[made], waits=False),
        )
