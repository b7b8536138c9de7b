"""The use of an existing network: it has no tag of the project, so that policies name it by its IDs."""

from typing import Any

from aiplatform.iam.names import Values, of_type
from aiplatform.preview.plan import Plan

_KINDS = {"aws:ec2/vpc:Vpc": "vpc", "aws:ec2/subnet:Subnet": "subnet"}
_USES = (
    "ec2:CreateFlowLogs",
    "ec2:CreateSecurityGroup",
    "ec2:CreateVpcEndpoint",
    "ec2:ModifyVpcEndpoint",
    "ec2:RunInstances",
)
"""Actions that create a resource of the project in a VPC or subnet, or change one."""


def existing_statements(plan: Plan, values: Values) -> list[dict[str, Any]]:
    """Return the statements for what the plan reads; none for a network that the stack creates.

    Another account can own a shared subnet: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """
    ids = [f"{_KINDS[one.type]}/{one.inputs['id']}" for one in plan.reads if one.type in _KINDS]
    if not ids:
        return []
    tables = {
        f"route-table/{table}"
        for one in of_type(plan, "aws:ec2/vpcEndpoint:VpcEndpoint")
        for table in one.inputs.get("routeTableIds") or ()
    }
    begins = f"arn:aws:ec2:{values['region']}:*:"
    uses = {
        "Sid": "InTheExistingNetwork",
        "Effect": "Allow",
        "Action": list(_USES),
        "Resource": [f"{begins}{one}" for one in sorted({*ids, *tables})],
    }
    tagged = sorted({str(one.inputs["resourceId"]) for one in of_type(plan, "aws:ec2/tag:Tag")})
    tags = {
        "Sid": "TagsOfExistingSubnets",
        "Effect": "Allow",
        "Action": ["ec2:CreateTags", "ec2:DeleteTags"],
        "Resource": [f"{begins}subnet/{one}" for one in tagged],
        "Condition": {
            "ForAllValues:StringLike": {
                "aws:TagKeys": [f"kubernetes.io/cluster/{values['cluster']}", "kubernetes.io/role/*"]
            },
            # Without keys, the condition before it holds.
            "Null": {"aws:TagKeys": "false"},
        },
    }
    return [uses, *([tags] if tagged else [])]
