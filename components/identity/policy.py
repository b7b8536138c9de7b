"""IAM policy documents from typed statements."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.base.documents import json_document

Condition = Mapping[str, Mapping[str, pulumi.Input[str] | Sequence[pulumi.Input[str]]]]

VERSION = "2012-10-17"


@dataclass(frozen=True)
class Statement:
    """One statement of an identity policy."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[pulumi.Input[str], ...]
    conditions: Condition = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the statement in the JSON form of IAM."""
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
            **({"Condition": self.conditions} if self.conditions else {}),
        }


def policy_document(*statements: Statement) -> pulumi.Output[str]:
    """Return an identity policy document."""
    return json_document({"Version": VERSION, "Statement": [statement.as_json() for statement in statements]})


def _trust(principal: Mapping[str, Any], actions: list[str], condition: Condition | None = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions}
    return {"Version": VERSION, "Statement": [{**statement, **({"Condition": condition} if condition else {})}]}


def service_trust(service: str, condition: Condition | None = None) -> pulumi.Output[str]:
    """Return a trust policy for an AWS service, such as `ec2.amazonaws.com`."""
    return json_document(_trust({"Service": service}, ["sts:AssumeRole"], condition))


def account_trust(account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return a trust policy for the principals of this account whose policies allow them to assume the role."""
    return pulumi.Output.from_input(account_id).apply(
        lambda known: json.dumps(_trust({"AWS": f"arn:aws:iam::{known}:root"}, ["sts:AssumeRole"]))
    )


def irsa_trust(
    provider_arn: pulumi.Input[str], issuer: pulumi.Input[str], namespace: str, *service_accounts: str
) -> pulumi.Output[str]:
    """Return a trust policy for exactly these service accounts of a namespace, through the cluster's OIDC provider.

    `issuer` is the provider's URL without `https://`.
    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    subjects = [f"system:serviceaccount:{namespace}:{account}" for account in service_accounts]
    subject = subjects[0] if len(subjects) == 1 else subjects
    return pulumi.Output.all(provider_arn, issuer).apply(
        lambda known: json.dumps(
            _trust(
                {"Federated": known[0]},
                ["sts:AssumeRoleWithWebIdentity"],
                {"StringEquals": {f"{known[1]}:aud": "sts.amazonaws.com", f"{known[1]}:sub": subject}},
            )
        )
    )


def pod_identity_trust() -> pulumi.Output[str]:
    """Return a trust policy for EKS Pod Identity. The association names the service account.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    return json_document(_trust({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole", "sts:TagSession"]))
