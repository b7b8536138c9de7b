"""Outputs of AWS instances, clusters, functions, schedules and alarms."""

from collections.abc import Mapping

from aiplatform.preview.outputs.eks import cluster_outputs, node_group_outputs
from aiplatform.preview.outputs.shape import Context, Fields, Shape, named, regional, text, worldwide
from aiplatform.preview.plan import Json


def _place(fields: Fields) -> Context:
    return Context(fields["account"], fields["region"])


def _cluster(fields: Fields) -> Mapping[str, Json]:
    return cluster_outputs(fields["name"], fields.inputs, _place(fields))


def _node_group(fields: Fields) -> Mapping[str, Json]:
    return node_group_outputs(fields["clusterName"], fields["name"], fields.inputs, _place(fields))


def _machine(fields: Fields) -> Mapping[str, Json]:
    """Return a unique address, so that DNS names of several instances do not resolve to the same one."""
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


COMPUTE: Mapping[str, Shape] = {
    "aws:ec2/launchTemplate:LaunchTemplate": named(
        Shape("lt-{hex:.17}", regional("ec2", "launch-template/{id}"), {"latestVersion": 1, "defaultVersion": 1})
    ),
    "aws:ec2/instance:Instance": Shape(
        "i-{hex:.17}",
        regional("ec2", "instance/{id}"),
        {
            "instanceState": "running",
            "primaryNetworkInterfaceId": "eni-{hex:.17}",
        },
        compute=_machine,
    ),
    "aws:ec2/volumeAttachment:VolumeAttachment": Shape("vai-{hex:.17}"),
    "aws:ec2/eipAssociation:EipAssociation": Shape("eipassoc-{hex:.17}"),
    "aws:ec2/keyPair:KeyPair": named(
        Shape(arn=regional("ec2", "key-pair/{name}"), outputs={"keyPairId": "key-{hex:.17}"}, name="keyName")
    ),
    "aws:ec2/placementGroup:PlacementGroup": named(
        Shape(arn=regional("ec2", "placement-group/{name}"), outputs={"placementGroupId": "pg-{hex:.17}"})
    ),
    "aws:ec2/capacityReservation:CapacityReservation": Shape(
        "cr-{hex:.17}", regional("ec2", "capacity-reservation/{id}"), {"ownerId": "{account}"}
    ),
    "aws:autoscaling/group:Group": named(
        Shape(arn=regional("autoscaling", "autoScalingGroup:{uuid}:autoScalingGroupName/{name}"))
    ),
    "aws:autoscaling/schedule:Schedule": Shape(
        "{scheduledActionName}",
        regional(
            "autoscaling",
            "scheduledUpdateGroupAction:{uuid}:autoScalingGroupName/{autoscalingGroupName}:scheduledActionName/{scheduledActionName}",
        ),
    ),
    "aws:autoscaling/policy:Policy": named(
        Shape(
            arn=regional(
                "autoscaling", "scalingPolicy:{uuid}:autoScalingGroupName/{autoscalingGroupName}:policyName/{name}"
            )
        )
    ),
    "aws:autoscaling/tag:Tag": Shape("{autoscalingGroupName},{hex:.8}"),
    "aws:eks/cluster:Cluster": named(Shape(compute=_cluster)),
    "aws:eks/nodeGroup:NodeGroup": Shape(
        "{clusterName}:{name}", None, {"nodeGroupName": "{name}"}, "nodeGroupName", _node_group
    ),
    "aws:eks/addon:Addon": Shape(
        "{clusterName}:{addonName}",
        regional("eks", "addon/{clusterName}/{addonName}/{uuid}"),
        {"addonVersion": "v1.0.0-eksbuild.1"},
    ),
    "aws:eks/accessEntry:AccessEntry": Shape(
        "{clusterName}:{principalArn}",
        None,
        {
            "accessEntryArn": regional("eks", "access-entry/{clusterName}/role/{account}/{hex:.8}/{uuid}"),
            "type": "STANDARD",
            "userName": "{principalArn}",
        },
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Shape("{clusterName}#{principalArn}#{policyArn}"),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Shape(
        "a-{hex:.17}",
        None,
        {
            "associationArn": regional("eks", "podidentityassociation/{clusterName}/{id}"),
            "associationId": "{id}",
        },
    ),
    "aws:lambda/function:Function": named(
        Shape(
            arn=regional("lambda", "function:{name}"),
            outputs={
                "invokeArn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
                + regional("lambda", "function:{name}")
                + "/invocations",
                "qualifiedArn": regional("lambda", "function:{name}:1"),
                "version": "1",
            },
        )
    ),
    "aws:lambda/permission:Permission": Shape("{name}", None, {"statementId": "{name}"}, "statementId"),
    "aws:scheduler/schedule:Schedule": named(Shape(compute=_schedule)),
    "aws:scheduler/scheduleGroup:ScheduleGroup": named(
        Shape(arn=regional("scheduler", "schedule-group/{name}"), outputs={"state": "ACTIVE"})
    ),
    "aws:cloudwatch/logGroup:LogGroup": named(Shape(arn=regional("logs", "log-group:{name}"))),
    "aws:cloudwatch/metricAlarm:MetricAlarm": named(Shape(arn=regional("cloudwatch", "alarm:{name}"))),
    "aws:cloudwatch/dashboard:Dashboard": Shape(
        "{dashboardName}", None, {"dashboardArn": worldwide("cloudwatch", "dashboard/{dashboardName}")}
    ),
    "aws:cloudwatch/eventRule:EventRule": named(Shape(arn=regional("events", "rule/{name}"))),
    "aws:cloudwatch/eventTarget:EventTarget": Shape("{rule}-{name}", None, {"targetId": "{name}"}, "targetId"),
    "aws:sns/topic:Topic": named(Shape(regional("sns", "{name}"), regional("sns", "{name}"), {"owner": "{account}"})),
    "aws:sns/topicSubscription:TopicSubscription": Shape(
        "{topic}:{uuid}", "{topic}:{uuid}", {"pendingConfirmation": False}
    ),
    "aws:sns/topicPolicy:TopicPolicy": Shape("{arn}", None, {"owner": "{account}"}),
    "aws:sqs/queue:Queue": named(
        Shape(
            "https://sqs.{region}.{suffix}/{account}/{name}",
            regional("sqs", "{name}"),
            {"url": "https://sqs.{region}.{suffix}/{account}/{name}"},
        )
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Shape("{queueUrl}"),
    "aws:budgets/budget:Budget": named(Shape("{account}:{name}", worldwide("budgets", "budget/{name}"))),
}
