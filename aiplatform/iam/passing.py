"""The roles that a deployer may pass to services: those that trust the service, by their exact names.

An EKS add-on receives the role of its service account, which trusts the OIDC provider of the cluster.
"""

import string
from collections import defaultdict
from typing import Any

from aiplatform.iam.names import Values, of_type
from aiplatform.iam.policy_document import statements
from aiplatform.preview.plan import Plan

RECEIVERS = {
    # EKS receives the role of its nodes, and gives it to EC2; Chatbot and Pod Identity have two names.
    "chatbot.amazonaws.com": ("chatbot.amazonaws.com", "management.chatbot.amazonaws.com"),
    "ec2.amazonaws.com": ("ec2.amazonaws.com", "eks.amazonaws.com"),
    "pods.eks.amazonaws.com": ("eks.amazonaws.com", "pods.eks.amazonaws.com"),
}
"""The services that receive a role in a request, where it is not the service that the role trusts alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PassedToService
"""


def pass_role_statements(plan: Plan, values: Values) -> list[dict[str, Any]]:
    """Return a statement for each service: PassRole has no usable tag condition, so that names alone restrict it."""
    roles: dict[str, list[str]] = defaultdict(list)
    for role in of_type(plan, "aws:iam/role:Role"):
        for statement in statements(role.inputs.get("assumeRolePolicy")):
            principal = statement.get("Principal")
            service = principal.get("Service") if isinstance(principal, dict) else None
            if isinstance(service, str):
                arn = string.Template("${role}/${name}").substitute(values, name=role.inputs["name"])
                roles[service].append(arn)
    for addon in of_type(plan, "eks:index:Addon"):
        given = addon.inputs.get("serviceAccountRoleArn")
        if isinstance(given, str):
            roles["eks.amazonaws.com"].append(f"arn:aws:iam::{values['account']}:role/{given.partition(':role/')[2]}")
    return [
        {
            "Sid": "Pass" + "".join(part.capitalize() for part in service.split(".")[0].split("-")) + "Roles",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": sorted(set(arns)),
            "Condition": {"StringEquals": {"iam:PassedToService": list(RECEIVERS.get(service, (service,)))}},
        }
        for service, arns in sorted(roles.items())
    ]
