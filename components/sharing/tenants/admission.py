"""Admission policies on pods and Services of tenants, regardless of the RBAC rules in their namespaces."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.namespace import TENANT_LABEL
from components.sharing.tenants.names import labels
from config.priorities import PLATFORM_CLASS

_CONTROLLER = "request.userInfo.username.startsWith('system:serviceaccount:kube-system:')"
_PLATFORM = "authorizer.group('scheduling.k8s.io').resource('priorityclasses').check('create').allowed()"


def _unnamed(pod: str) -> str:
    return f"(!has({pod}.priorityClassName) || {pod}.priorityClassName == '')"


class TenantAdmission(Component):
    """Admission policies of all tenants; the label with the tenant's name identifies the namespace's tenant.

    - Nodes pull images with a role of their own that reads every repository of the account: without a policy a pod
      could run the image of another tenant and show its content.
    - A PriorityClass has cluster scope: a pod of `system-node-critical` would preempt all others. Only the platform's
      own workloads in these namespaces have its class: who creates them may create PriorityClasses, and who creates
      their pods is a controller of Kubernetes.
    - A Service with external IPs intercepts traffic to them from every pod of the cluster:
      https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#denyserviceexternalips
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantAdmission"

    def __init__(self, name: str, *, repositories: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        own = f"'^[^/]+/{repositories}/' + namespaceObject.metadata.labels['{TENANT_LABEL}'] + '([:@].*)?$'"
        images = " && ".join(
            f"{there}.all(one, !one.image.contains({json.dumps(f'/{repositories}/')}) || one.image.matches({own}))"
            for there in (
                "object.spec.containers",
                *(
                    f"(has(object.spec.{kind}) ? object.spec.{kind} : [])"
                    for kind in ("initContainers", "ephemeralContainers")
                ),
            )
        )
        self.enforced: list[pulumi.Resource] = [
            *self._policy(
                "tenant-pods",
                ["pods", "pods/ephemeralcontainers"],
                (images, f"images below {repositories}/ are other tenants' but for your own"),
                (
                    f"{_unnamed('object.spec')} || "
                    f"(object.spec.priorityClassName == '{PLATFORM_CLASS}' && {_CONTROLLER})",
                    "pods of tenants name no priorityClassName",
                ),
            ),
            *self._policy(
                "tenant-workloads",
                [
                    "deployments",
                    "replicasets",
                    "statefulsets",
                    "daemonsets",
                    "jobs",
                    "cronjobs",
                    "replicationcontrollers",
                ],
                (
                    f"{_CONTROLLER} || {_PLATFORM} || (object.kind == 'CronJob' "
                    f"? {_unnamed('object.spec.jobTemplate.spec.template.spec')} "
                    f": {_unnamed('object.spec.template.spec')})",
                    "workloads of tenants name no priorityClassName",
                ),
                groups=["", "apps", "batch"],
            ),
            *self._policy(
                "tenant-services",
                ["services"],
                ("!has(object.spec.externalIPs)", "Services of tenants have no externalIPs"),
            ),
        ]
        """Dependencies of pods."""
        self.finish()

    def _policy(
        self, policy_name: str, resources: list[str], *checks: tuple[str, str], groups: Sequence[str] = ("",)
    ) -> list[pulumi.Resource]:
        registration: Any = kubernetes.admissionregistration.v1
        metadata = kubernetes.meta.v1.ObjectMetaArgs(name=policy_name, labels=labels("tenants"))
        policy = registration.ValidatingAdmissionPolicy(
            policy_name,
            metadata=metadata,
            spec=registration.ValidatingAdmissionPolicySpecArgs(
                failure_policy="Fail",
                match_constraints=registration.MatchResourcesArgs(
                    resource_rules=[
                        registration.NamedRuleWithOperationsArgs(
                            api_groups=list(groups),
                            api_versions=["v1"],
                            operations=["CREATE", "UPDATE"],
                            resources=resources,
                        )
                    ]
                ),
                validations=[
                    registration.ValidationArgs(expression=expression, message=message, reason="Forbidden")
                    for expression, message in checks
                ],
            ),
            opts=self.child(),
        )
        binding = registration.ValidatingAdmissionPolicyBinding(
            policy_name,
            metadata=metadata,
            spec=registration.ValidatingAdmissionPolicyBindingSpecArgs(
                policy_name=policy_name,
                validation_actions=["Deny"],
                match_resources=registration.MatchResourcesArgs(
                    namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(
                        match_expressions=[
                            kubernetes.meta.v1.LabelSelectorRequirementArgs(key=TENANT_LABEL, operator="Exists")
                        ]
                    )
                ),
            ),
            opts=self.child(depends_on=[policy], waits=False),
        )
        return [policy, binding]
