"""The IAM role of one service account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.base.naming import POLICY_LIMIT, ROLE_LIMIT, fit
from components.identity.policy import Statement, irsa_trust, pod_identity_trust, policy_document

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"


@dataclass(frozen=True)
class IdentityProvider:
    """The mechanism by which a cluster assigns IAM roles to service accounts: IRSA or EKS Pod Identity."""

    mode: Literal["irsa", "podIdentity"]
    cluster_name: pulumi.Input[str]
    provider_arn: pulumi.Input[str]
    """The cluster's IAM OIDC provider."""

    issuer: pulumi.Input[str]
    """The URL of the OIDC provider without `https://`."""


@dataclass(frozen=True)
class ServiceAccount:
    """A Kubernetes service account."""

    namespace: str
    name: str


class WorkloadIdentity(Component):
    """An IAM role for exactly one namespace and service account, with least-privilege policies.

    Only an EKS add-on that runs several service accounts with one role sets `shared_with`.
    Statements that exceed one policy are split into several named policies (`named_statements`).
    The policy has the role's name unless `policy_name` is set.
    The component creates the service account unless a chart or an EKS add-on does (`create_service_account`).
    """

    TOKEN: ClassVar[str] = "ai-platform:identity:WorkloadIdentity"

    def __init__(
        self,
        name: str,
        *,
        role_name: str,
        policy_name: str | None = None,
        account: ServiceAccount,
        provider: IdentityProvider,
        statements: Sequence[Statement] = (),
        named_statements: Mapping[str, Sequence[Statement]] | None = None,
        managed_policies: Sequence[str] = (),
        shared_with: Sequence[str] = (),
        create_service_account: bool = True,
        labels: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.account = account
        self._identity_provider = provider
        pod_identity = provider.mode == "podIdentity"
        self.role = aws.iam.Role(
            name,
            name=fit(role_name, ROLE_LIMIT),
            description=f"Service account {account.namespace}/{account.name}",
            assume_role_policy=pod_identity_trust()
            if pod_identity
            else irsa_trust(provider.provider_arn, provider.issuer, account.namespace, account.name, *shared_with),
            opts=self.child(),
        )
        self.policies: list[pulumi.Resource] = [
            *self._attach(policy_name or fit(role_name, ROLE_LIMIT), statements, managed_policies),
            *(
                self._attach_own(f"{name}-{part}", fit(f"{role_name}-{part}", POLICY_LIMIT), own)
                for part, own in (named_statements or {}).items()
            ),
        ]
        if pod_identity:
            self.policies += [self._association(one) for one in (account.name, *shared_with)]
        self.service_account: kubernetes.core.v1.ServiceAccount | None = None
        if create_service_account:
            self.service_account = self._service_account(labels or {})
        self.ready: list[pulumi.Resource] = [
            *self.policies,
            *([self.service_account] if self.service_account else []),
        ] or [self.role]
        """The dependencies of pods that run as the service account. Each of them depends on the role."""
        self.role_arn: pulumi.Output[str] = self.role.arn
        self.finish(role_arn=self.role_arn)

    def _association(self, service_account: str) -> pulumi.Resource:
        """Create the association of a service account. A pod that starts before it never receives the role."""
        return aws.eks.PodIdentityAssociation(
            self.name if service_account == self.account.name else f"{self.name}-{service_account}",
            cluster_name=self._identity_provider.cluster_name,
            namespace=self.account.namespace,
            service_account=service_account,
            role_arn=self.role.arn,
            opts=self.child(waits=False),
        )

    def _service_account(self, labels: Mapping[str, str]) -> kubernetes.core.v1.ServiceAccount:
        return kubernetes.core.v1.ServiceAccount(
            self.name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=self.account.name,
                namespace=self.account.namespace,
                labels=dict(labels),
                annotations=self.annotations(),
            ),
            # With IRSA the annotation references the role, which already has the dependencies.
            opts=self.child(waits=self._identity_provider.mode == "podIdentity"),
        )

    def annotations(self) -> dict[str, pulumi.Input[str]]:
        """Return the annotations that the service account requires; empty with Pod Identity."""
        return {ROLE_ANNOTATION: self.role.arn} if self._identity_provider.mode == "irsa" else {}

    def annotated_role_arn(self) -> pulumi.Output[str] | None:
        """Return the role ARN that an EKS add-on sets on its service account; None with Pod Identity."""
        return self.role_arn if self._identity_provider.mode == "irsa" else None

    def _attach(
        self, policy_name: str, statements: Sequence[Statement], managed_policies: Sequence[str]
    ) -> list[pulumi.Resource]:
        return [
            *([self._attach_own(self.name, policy_name, statements)] if statements else []),
            *(
                aws.iam.RolePolicyAttachment(
                    f"{self.name}-{managed.rsplit('/', 1)[-1]}",
                    role=self.role.name,
                    policy_arn=f"arn:aws:iam::aws:policy/{managed}",
                    opts=self.child(waits=False),
                )
                for managed in managed_policies
            ),
        ]

    def _attach_own(self, name: str, policy_name: str, statements: Sequence[Statement]) -> pulumi.Resource:
        policy = aws.iam.Policy(name, name=policy_name, policy=policy_document(*statements), opts=self.child())
        return aws.iam.RolePolicyAttachment(
            name, role=self.role.name, policy_arn=policy.arn, opts=self.child(waits=False)
        )
