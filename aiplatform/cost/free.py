"""Types of resources without a price, with the reason. Types that are not listed are reported as not priced."""

from collections.abc import Mapping
from functools import cache

from aiplatform.preview.charts import known
from catalog.kubernetes_kinds import RECORDS
from components.kubernetes.charts import OBJECT, POD

_IAM = "IAM is free: https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html"
_VPC = "rules, routes and subnets are free: https://aws.amazon.com/vpc/pricing/"
_FILES = "a file system is billed by what is in it and what goes through: https://aws.amazon.com/efs/pricing/"
_PART = "a part of what it belongs to, which has the price"
_EVENTS = "events of AWS services are free: https://aws.amazon.com/eventbridge/pricing/"

FREE: Mapping[str, str] = {
    **dict.fromkeys((f"kubernetes:{kind}" for kind in sorted(RECORDS)), OBJECT),
    "aws:acm/certificate:Certificate": "public certificates are free: https://aws.amazon.com/certificate-manager/pricing/",
    "aws:acm/certificateValidation:CertificateValidation": "waits for the certificate, and is nothing in AWS",
    "aws:autoscaling/tag:Tag": "tags are free",
    "aws:backup/selection:Selection": _PART,
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": _PART,
    "aws:budgets/budget:Budget": "budgets that only report are free: https://aws.amazon.com/aws-cost-management/pricing/",
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (
        "messages to chat are free: https://aws.amazon.com/chatbot/pricing/"
    ),
    "aws:cloudwatch/eventRule:EventRule": _EVENTS,
    "aws:cloudwatch/eventTarget:EventTarget": _EVENTS,
    "aws:costexplorer/costAllocationTag:CostAllocationTag": "tags are free",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _VPC,
    "aws:ec2/eipAssociation:EipAssociation": "the address has the price",
    "aws:ec2/flowLog:FlowLog": "its log group has the price",
    "aws:ec2/launchTemplate:LaunchTemplate": "the nodes made from it have the price",
    "aws:ec2/networkAcl:NetworkAcl": _VPC,
    "aws:ec2/networkAclRule:NetworkAclRule": _VPC,
    "aws:ec2/route:Route": _VPC,
    "aws:ec2/routeTable:RouteTable": _VPC,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _VPC,
    "aws:ec2/securityGroup:SecurityGroup": _VPC,
    "aws:ec2/subnet:Subnet": _VPC,
    "aws:ec2/volumeAttachment:VolumeAttachment": _PART,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _PART,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _PART,
    "aws:efs/accessPoint:AccessPoint": _FILES,
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _FILES,
    "aws:efs/mountTarget:MountTarget": _FILES,
    "aws:eks/accessEntry:AccessEntry": _PART,
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": _PART,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _PART,
    "aws:elasticache/parameterGroup:ParameterGroup": _PART,
    "aws:elasticache/subnetGroup:SubnetGroup": _PART,
    "aws:elasticache/user:User": _PART,
    "aws:elasticache/userGroup:UserGroup": _PART,
    "aws:iam/instanceProfile:InstanceProfile": _IAM,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _IAM,
    "aws:iam/policy:Policy": _IAM,
    "aws:iam/role:Role": _IAM,
    "aws:iam/rolePolicy:RolePolicy": _IAM,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _IAM,
    "aws:kms/alias:Alias": _PART,
    "aws:lb/listener:Listener": _PART,
    "aws:lb/listenerRule:ListenerRule": _PART,
    "aws:lb/targetGroup:TargetGroup": _PART,
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": _PART,
    "aws:rds/parameterGroup:ParameterGroup": _PART,
    "aws:rds/subnetGroup:SubnetGroup": _PART,
    "aws:route53/record:Record": "its zone has the price, and queries for aliases of AWS are free",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _PART,
    "aws:s3/bucketObjectv2:BucketObjectv2": "counts in its bucket",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _PART,
    "aws:s3/bucketPolicy:BucketPolicy": _PART,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _PART,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _PART,
    "aws:s3/bucketVersioning:BucketVersioning": "old versions count in s3GbPerBucket",
    "aws:scheduler/schedule:Schedule": (
        "14 million calls a month are free, and a schedule makes one a day: https://aws.amazon.com/eventbridge/pricing/"
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": _PART,
    "aws:secretsmanager/secretVersion:SecretVersion": _PART,
    "aws:sns/topic:Topic": (
        "a million publications and a thousand e-mails a month are free; a text message costs some cents by its "
        "country: https://aws.amazon.com/sns/pricing/"
    ),
    "aws:sns/topicPolicy:TopicPolicy": _PART,
    "aws:sns/topicSubscription:TopicSubscription": _PART,
    "aws:sqs/queue:Queue": (
        "a million requests a month are free, and Karpenter asks every 20 seconds, which makes 131,400: "
        "https://aws.amazon.com/sqs/pricing/"
    ),
    "aws:sqs/queuePolicy:QueuePolicy": _PART,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _VPC,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _VPC,
    "kubernetes:apps/v1:Deployment": POD,
    "kubernetes:batch/v1:CronJob": POD,
    "kubernetes:batch/v1:Job": POD,
    "kubernetes:core/v1:PersistentVolume": "a folder of a file system, which has the price",
    "kubernetes:storage.k8s.io/v1:StorageClass": "the volumes made by it have the price",
}


def why_free(type_: str) -> str | None:
    """Return the reason why a type has no price; None if the type is not listed."""
    if type_.startswith(("pulumi:", "ai-platform:")):
        return "nothing in AWS by itself"
    return FREE.get(type_) or _of_charts().get(type_)


@cache
def _of_charts() -> Mapping[str, str]:
    """Return the reasons for kinds that charts define."""
    return {f"kubernetes:{kind}": why for chart in known().values() for kind, why in chart.kinds.items()}
