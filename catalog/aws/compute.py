"""What AWS answers for machines, clusters, functions, schedules and alarms."""

from collections.abc import Mapping

from catalog.aws.aws_type import PART, AwsType, Context, Fields, Json, Keeps, Price, named, regional, text, worldwide
from catalog.aws.eks import cluster_outputs, node_group_outputs

EVENTS = "events of AWS services are free: https://aws.amazon.com/eventbridge/pricing/"


def _place(fields: Fields) -> Context:
    return Context(fields["account"], fields["region"])


def _cluster(fields: Fields) -> Mapping[str, Json]:
    return cluster_outputs(fields["name"], fields.inputs, _place(fields))


def _node_group(fields: Fields) -> Mapping[str, Json]:
    return node_group_outputs(fields["clusterName"], fields["name"], fields.inputs, _place(fields))


def _machine(fields: Fields) -> Mapping[str, Json]:
    """An address of its own, so that names of several machines do not lead to one."""
    address = f"10.0.{int(fields['hex'][:2], 16)}.{int(fields['hex'][2:4], 16)}"
    return {
        "privateIp": address,
        "privateDns": f"ip-{address.replace('.', '-')}.{fields['region']}.compute.internal",
    }


def _schedule(fields: Fields) -> Mapping[str, Json]:
    group = text(fields.inputs, "groupName", "default")
    path = f"{group}/{fields['name']}"
    arn = f"arn:{fields['partition']}:scheduler:{fields['region']}:{fields['account']}:schedule/{path}"
    return {"id": path, "arn": arn, "groupName": group}


COMPUTE: Mapping[str, AwsType] = {
    "aws:ec2/launchTemplate:LaunchTemplate": named(
        AwsType(
            "lt-{hex:.17}",
            regional("ec2", "launch-template/{id}"),
            {"latestVersion": 1, "defaultVersion": 1},
            free="the nodes made from it have the price",
            keeps=Keeps("identity", "another id replaces the node group that names it"),
            immutable="name namePrefix",
        )
    ),
    "aws:ec2/instance:Instance": AwsType(
        "i-{hex:.17}",
        regional("ec2", "instance/{id}"),
        {"instanceState": "running", "primaryNetworkInterfaceId": "eni-{hex:.17}"},
        compute=_machine,
        keeps=Keeps("data", "its root disk and its private address"),
        immutable=(
            "ami associatePublicIpAddress availabilityZone cpuOptions.amdSevSnp "
            "ebsBlockDevices.deleteOnTermination ebsBlockDevices.deviceName ebsBlockDevices.encrypted "
            "ebsBlockDevices.iops ebsBlockDevices.kmsKeyId ebsBlockDevices.snapshotId "
            "ebsBlockDevices.throughput ebsBlockDevices.volumeSize ebsBlockDevices.volumeType "
            "ebsOptimized enclaveOptions.enabled hibernation hostId instanceMarketOptions keyName "
            "launchTemplate placementGroup placementGroupId placementPartitionNumber "
            "privateDnsNameOptions privateIp rootBlockDevice.encrypted rootBlockDevice.kmsKeyId "
            "securityGroups subnetId tenancy"
        ),
    ),
    "aws:ec2/volumeAttachment:VolumeAttachment": AwsType(
        "vai-{hex:.17}",
        free=PART,
        keeps=Keeps("data", "a server writes to the disk"),
        immutable="deviceName instanceId volumeId",
    ),
    "aws:ec2/eipAssociation:EipAssociation": AwsType(
        "eipassoc-{hex:.17}",
        free="the address has the price",
        immutable="allocationId allowReassociation instanceId networkInterfaceId privateIpAddress publicIp",
    ),
    "aws:ec2/keyPair:KeyPair": named(
        AwsType(
            arn=regional("ec2", "key-pair/{name}"),
            outputs={"keyPairId": "key-{hex:.17}"},
            name="keyName",
            immutable="keyName keyNamePrefix publicKey",
        )
    ),
    "aws:ec2/placementGroup:PlacementGroup": named(
        AwsType(
            arn=regional("ec2", "placement-group/{name}"),
            outputs={"placementGroupId": "pg-{hex:.17}"},
            immutable="name partitionCount spreadLevel strategy",
        )
    ),
    "aws:ec2/capacityReservation:CapacityReservation": AwsType(
        "cr-{hex:.17}",
        regional("ec2", "capacity-reservation/{id}"),
        {"ownerId": "{account}"},
        immutable=(
            "availabilityZone ebsOptimized ephemeralStorage instanceMatchCriteria instancePlatform instanceType tenancy"
        ),
    ),
    "aws:autoscaling/group:Group": named(
        AwsType(
            arn=regional("autoscaling", "autoScalingGroup:{uuid}:autoScalingGroupName/{name}"),
            immutable="initialLifecycleHooks name namePrefix",
        )
    ),
    "aws:autoscaling/schedule:Schedule": AwsType(
        "{scheduledActionName}",
        regional(
            "autoscaling",
            "scheduledUpdateGroupAction:{uuid}:autoScalingGroupName/{autoscalingGroupName}:scheduledActionName/{scheduledActionName}",
        ),
        immutable="autoscalingGroupName scheduledActionName",
    ),
    "aws:autoscaling/policy:Policy": named(
        AwsType(
            arn=regional(
                "autoscaling", "scalingPolicy:{uuid}:autoScalingGroupName/{autoscalingGroupName}:policyName/{name}"
            ),
            immutable="autoscalingGroupName name",
        )
    ),
    "aws:autoscaling/tag:Tag": AwsType(
        "{autoscalingGroupName},{hex:.8}", free="tags are free", immutable="autoscalingGroupName tag.key"
    ),
    "aws:eks/cluster:Cluster": named(
        AwsType(
            compute=_cluster,
            keeps=Keeps("data", "see eks:index:Cluster"),
            immutable=(
                "accessConfig.bootstrapClusterCreatorAdminPermissions bootstrapSelfManagedAddons "
                "kubernetesNetworkConfig.ipFamily kubernetesNetworkConfig.serviceIpv4Cidr name "
                "outpostConfig.controlPlaneInstanceType outpostConfig.controlPlanePlacement.groupName "
                "roleArn"
            ),
        )
    ),
    "aws:eks/nodeGroup:NodeGroup": AwsType(
        "{clusterName}:{name}",
        None,
        {"nodeGroupName": "{name}"},
        "nodeGroupName",
        _node_group,
        keeps=Keeps("identity", "see eks:index:ManagedNodeGroup"),
        immutable=(
            "amiType capacityType clusterName diskSize instanceTypes launchTemplate.id "
            "launchTemplate.name nodeGroupName nodeGroupNamePrefix nodeRoleArn remoteAccess subnetIds"
        ),
    ),
    "aws:eks/addon:Addon": AwsType(
        "{clusterName}:{addonName}",
        regional("eks", "addon/{clusterName}/{addonName}/{uuid}"),
        {"addonVersion": "v1.0.0-eksbuild.1"},
        keeps=Keeps("identity", "see eks:index:Addon"),
        immutable="addonName clusterName namespaceConfig",
    ),
    "aws:eks/accessEntry:AccessEntry": AwsType(
        "{clusterName}:{principalArn}",
        None,
        {
            "accessEntryArn": regional("eks", "access-entry/{clusterName}/role/{account}/{hex:.8}/{uuid}"),
            "type": "STANDARD",
            "userName": "{principalArn}",
        },
        free=PART,
        keeps=Keeps("identity", "a principal's way into the cluster, also the deployer's"),
        immutable="clusterName principalArn type",
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": AwsType(
        "{clusterName}#{principalArn}#{policyArn}",
        free=PART,
        immutable="accessScope clusterName policyArn principalArn",
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": AwsType(
        "a-{hex:.17}",
        None,
        {"associationArn": regional("eks", "podidentityassociation/{clusterName}/{id}"), "associationId": "{id}"},
        free=PART,
        keeps=Keeps("identity", "a service account has one"),
        immutable="clusterName namespace serviceAccount",
    ),
    "aws:lambda/function:Function": named(
        AwsType(
            arn=regional("lambda", "function:{name}"),
            outputs={
                "invokeArn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
                + regional("lambda", "function:{name}")
                + "/invocations",
                "qualifiedArn": regional("lambda", "function:{name}:1"),
                "version": "1",
            },
            limit=64,
            immutable="name packageType tenancyConfig",
        )
    ),
    "aws:lambda/permission:Permission": AwsType(
        "{name}",
        None,
        {"statementId": "{name}"},
        "statementId",
        immutable=(
            "action eventSourceToken function functionUrlAuthType invokedViaFunctionUrl principal "
            "principalOrgId qualifier sourceAccount sourceArn statementId statementIdPrefix"
        ),
    ),
    "aws:scheduler/schedule:Schedule": named(
        AwsType(
            compute=_schedule,
            free="14 million calls a month are free, and a schedule makes one a day: https://aws.amazon.com/eventbridge/pricing/",
            limit=64,
            immutable="groupName name namePrefix",
        )
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": named(
        AwsType(
            arn=regional("scheduler", "schedule-group/{name}"),
            outputs={"state": "ACTIVE"},
            free=PART,
            immutable="name namePrefix",
        )
    ),
    "aws:cloudwatch/logGroup:LogGroup": named(
        AwsType(
            arn=regional("logs", "log-group:{name}"),
            keeps=Keeps("data", "logs"),
            immutable="logGroupClass name namePrefix",
        )
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": named(
        AwsType(
            arn=regional("cloudwatch", "alarm:{name}"),
            price=Price("cloudwatch_alarm_month", "alarm-metric-month"),
            immutable="name",
        )
    ),
    "aws:cloudwatch/dashboard:Dashboard": AwsType(
        "{dashboardName}",
        None,
        {"dashboardArn": worldwide("cloudwatch", "dashboard/{dashboardName}")},
        immutable="dashboardName",
    ),
    "aws:cloudwatch/eventRule:EventRule": named(
        AwsType(arn=regional("events", "rule/{name}"), free=EVENTS, limit=64, immutable="eventBusName name namePrefix")
    ),
    "aws:cloudwatch/eventTarget:EventTarget": AwsType(
        "{rule}-{name}", None, {"targetId": "{name}"}, "targetId", free=EVENTS, immutable="eventBusName rule targetId"
    ),
    "aws:sns/topic:Topic": named(
        AwsType(
            regional("sns", "{name}"),
            regional("sns", "{name}"),
            {"owner": "{account}"},
            free="a million publications and a thousand e-mails a month are free; a text message costs some cents, by "
            "its country: https://aws.amazon.com/sns/pricing/",
            keeps=Keeps("identity", "senders name it"),
            immutable="fifoTopic name namePrefix",
        )
    ),
    "aws:sns/topicSubscription:TopicSubscription": AwsType(
        "{topic}:{uuid}",
        "{topic}:{uuid}",
        {"pendingConfirmation": False},
        free=PART,
        keeps=Keeps("identity", "its recipient has confirmed it"),
        immutable="endpoint protocol topic",
    ),
    "aws:sns/topicPolicy:TopicPolicy": AwsType(
        "{arn}", None, {"owner": "{account}"}, free=PART, policy=True, immutable="arn"
    ),
    "aws:sqs/queue:Queue": named(
        AwsType(
            "https://sqs.{region}.{suffix}/{account}/{name}",
            regional("sqs", "{name}"),
            {"url": "https://sqs.{region}.{suffix}/{account}/{name}"},
            free="a million requests a month are free, and Karpenter asks every 20 seconds, which makes 131,400: https://aws.amazon.com/sqs/pricing/",
            keeps=Keeps("data", "messages"),
            limit=80,
            immutable="fifoQueue name namePrefix",
        )
    ),
    "aws:sqs/queuePolicy:QueuePolicy": AwsType("{queueUrl}", free=PART, policy=True, immutable="queueUrl"),
    "aws:budgets/budget:Budget": named(
        AwsType(
            "{account}:{name}",
            worldwide("budgets", "budget/{name}"),
            free="budgets that only report are free: https://aws.amazon.com/aws-cost-management/pricing/",
            immutable="accountId name namePrefix",
        )
    ),
}
