"""Physical names that two resources of a plan share: AWS refuses the second one in the middle of a deployment."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from aiplatform.findings.names import OWN_NAMES
from aiplatform.preview.plan import UNKNOWN, Plan, Resource

_UNIQUE_NAMES = """
backup/plan backup/vault budgets/budget cloudwatch/eventRule cloudwatch/logGroup cloudwatch/metricAlarm
ec2/securityGroup ecr/repository efs/fileSystem elasticache/parameterGroup elasticache/replicationGroup
elasticache/subnetGroup elasticache/user elasticache/userGroup iam/instanceProfile iam/policy iam/role kms/alias
lambda/function lb/loadBalancer lb/targetGroup rds/cluster rds/clusterInstance rds/clusterParameterGroup rds/instance
rds/parameterGroup rds/subnetGroup s3/bucket scheduler/schedule scheduler/scheduleGroup secretsmanager/secret
sns/topic sqs/queue wafv2/webAcl
"""

_UNIQUE = frozenset(
    f"aws:{token}:{token.rpartition('/')[2][0].upper()}{token.rpartition('/')[2][1:]}"
    for token in _UNIQUE_NAMES.split()
)
"""Types whose names are unique in an account and region, or, of a security group, in its VPC."""

_ONE_NAMESPACE = {"aws:rds/clusterInstance:ClusterInstance": "aws:rds/instance:Instance"}
"""Types that share their names with another one."""


def taken_names(plan: Plan) -> Iterator[Finding]:
    """Yield a finding for each name that another resource of the same type already has."""
    first: dict[tuple[str, str, str], Resource] = {}
    for resource in plan.resources:
        if resource.type not in _UNIQUE:
            continue
        name = next((resource.inputs.get(key) for key in OWN_NAMES.get(resource.type, ("name",))), None)
        if not isinstance(name, str) or name == UNKNOWN:
            continue
        type_ = _ONE_NAMESPACE.get(resource.type, resource.type)
        # IAM compares names without case: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
        same = name.lower() if ":iam/" in type_ else name
        other = first.setdefault((type_, same, str(resource.inputs.get("region", resource.provider))), resource)
        if other is not resource:
            yield Finding(
                "name-taken",
                "error",
                resource.urn,
                f"{name} is the name of two resources of type {resource.type.rpartition(':')[2]}, {other.name} and "
                f"{resource.name}, and AWS refuses the second one",
                "set another name for one of them",
            )
