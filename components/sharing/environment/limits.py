"""Resource quota, default limits and pod priority of an environment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.network_policy import NAMESPACE_LABEL
from components.sharing.environment.names import labels
from config.environments import Environment as EnvironmentSettings
from config.environments import LimitRange


class Limits(Component):
    """The ResourceQuota, the default requests and limits of containers, and the PriorityClasses of the environment.

    A PriorityClass has cluster scope: without the admission policy, a development pod with production's class preempts
    production's pods. The policy rejects pods on creation; the class of an existing pod cannot change.
    """

    TOKEN: ClassVar[str] = "ai-platform:environments:Limits"

    def __init__(
        self,
        name: str,
        settings: EnvironmentSettings,
        *,
        environment: str,
        namespace: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._environment = environment
        self._namespace = namespace
        quota = kubernetes.core.v1.ResourceQuota(
            name,
            metadata=self._metadata(f"{environment}-quota", namespace),
            spec=kubernetes.core.v1.ResourceQuotaSpecArgs(hard=dict(settings.quota)),
            opts=self.child(),
        )
        self.enforced: list[pulumi.Resource] = [
            quota,
            self._defaults(settings.limit_range),
            *self._admission(settings.priority_classes),
        ]
        """Dependencies of pods, so that every pod is subject to the limits."""
        self.finish()

    def _metadata(self, object_name: str, namespace: str | None = None) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(
            name=object_name, namespace=namespace, labels=labels(self._environment)
        )

    def _defaults(self, settings: LimitRange) -> pulumi.Resource:
        """Create the default requests and limits: a quota of CPU and memory rejects pods without them."""
        return kubernetes.core.v1.LimitRange(
            self.name,
            metadata=self._metadata(f"{self._environment}-limits", self._namespace),
            spec=kubernetes.core.v1.LimitRangeSpecArgs(
                limits=[
                    kubernetes.core.v1.LimitRangeItemArgs(
                        type="Container",
                        default_request=settings.request.model_dump(exclude_none=True),
                        default=settings.limit.model_dump(exclude_none=True),
                    )
                ]
            ),
            opts=self.child(),
        )

    def _admission(self, classes: Sequence[str]) -> list[pulumi.Resource]:
        """Create the admission policy of PriorityClasses.

        https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
        """
        registration = kubernetes.admissionregistration.v1
        policy_name = f"{self._environment}-priority-classes"
        policy = registration.ValidatingAdmissionPolicy(
            self.name,
            metadata=self._metadata(policy_name),
            spec=registration.ValidatingAdmissionPolicySpecArgs(
                failure_policy="Fail",
                match_constraints=registration.MatchResourcesArgs(
                    resource_rules=[
                        registration.NamedRuleWithOperationsArgs(
                            api_groups=[""], api_versions=["v1"], operations=["CREATE"], resources=["pods"]
                        )
                    ]
                ),
                validations=[
                    registration.ValidationArgs(
                        expression="has(object.spec.priorityClassName) && "
                        f"object.spec.priorityClassName in {json.dumps(list(classes))}",
                        message=f"pods of {self._environment} write priorityClassName: {' or '.join(classes)}",
                        reason="Forbidden",
                    )
                ],
            ),
            opts=self.child(),
        )
        binding = registration.ValidatingAdmissionPolicyBinding(
            self.name,
            metadata=self._metadata(policy_name),
            spec=registration.ValidatingAdmissionPolicyBindingSpecArgs(
                policy_name=policy_name,
                validation_actions=["Deny"],
                match_resources=registration.MatchResourcesArgs(
                    # The label that the API server sets: it cannot be removed.
                    namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(
                        match_labels={NAMESPACE_LABEL: self._namespace}
                    )
                ),
            ),
            opts=self.child(depends_on=[policy]),
        )
        return [policy, binding]
