"""RBAC of Argo CD in the namespace of an environment."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.gitops.names import CONTROLLER, NAMESPACE, SERVER
from components.kubernetes.pods import labels

READ = ["get", "list", "watch"]


class DeliveryRbac(Component):
    """Roles that allow Argo CD to change existing Deployments: it can neither create nor delete any, nor read secrets.

    So neither pruning nor an error in Git deletes a service, regardless of its annotations.
    """

    TOKEN: ClassVar[str] = "ai-platform:gitops:DeliveryRbac"
    FORMERLY: ClassVar[tuple[str, ...]] = ("ai-platform:gitops:DeliveryRights",)

    def __init__(
        self,
        name: str,
        *,
        namespace: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        look = [_rule("apps", ["deployments", "replicasets"], READ), _rule("", ["pods"], READ)]
        self.made = [
            *self._grant(
                CONTROLLER,
                namespace,
                [
                    *look,
                    _rule("apps", ["deployments"], ["patch"]),
                    # CreateNamespace=true checks that the namespace exists.
                    _rule("", ["namespaces"], ["get"], [namespace]),
                ],
            ),
            # Resources that the web interface shows, with events and logs.
            *self._grant(SERVER, namespace, [*look, _rule("", ["events"], ["list"]), _rule("", ["pods/log"], ["get"])]),
        ]
        self.finish(namespace=namespace)

    def _grant(
        self, account: str, namespace: str, rules: list[kubernetes.rbac.v1.PolicyRuleArgs]
    ) -> list[pulumi.Resource]:
        metadata = kubernetes.meta.v1.ObjectMetaArgs(
            name=account, namespace=namespace, labels=labels("argocd", "rights")
        )
        part = account.removeprefix("argocd-")
        role = kubernetes.rbac.v1.Role(f"{self.name}-{part}", metadata=metadata, rules=rules, opts=self.child())
        binding = kubernetes.rbac.v1.RoleBinding(
            f"{self.name}-{part}",
            metadata=metadata,
            role_ref=kubernetes.rbac.v1.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=account),
            subjects=[kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=account, namespace=NAMESPACE)],
            opts=self.child(depends_on=[role]),
        )
        return [role, binding]


def _rule(
    group: str, resources: list[str], verbs: list[str], names: list[str] | None = None
) -> kubernetes.rbac.v1.PolicyRuleArgs:
    return kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[group], resources=resources, verbs=verbs, resource_names=names)
