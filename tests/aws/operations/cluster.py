"""EKS and its node groups. https://docs.aws.amazon.com/eks/latest/APIReference/."""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry, To

CLUSTER: Mapping[str, Entry] = {
    "aws:eks/cluster:Cluster": Entry(
        (
            Call(
                "eks",
                "CreateCluster",
                {
                    "vpcConfig": "resourcesVpcConfig",
                    "enabledClusterLogTypes": To(
                        "logging.clusterLogging", lambda types: [{"types": types, "enabled": True}]
                    ),
                },
            ),
        ),
        taggable=True,
    ),
    "aws:eks/nodeGroup:NodeGroup": Entry(
        (Call("eks", "CreateNodegroup", {"nodeRoleArn": "nodeRole", "subnetIds": "subnets"}),), taggable=True
    ),
    "aws:eks/addon:Addon": Entry(
        (
            Call("eks", "CreateAddon", {"resolveConflictsOnCreate": "resolveConflicts"}),
            # Only an update sends this request; the values are those of an update.
            Call(
                "eks",
                "UpdateAddon",
                {"resolveConflictsOnUpdate": "resolveConflicts"},
                also={"addonName": "addonName", "clusterName": "clusterName"},
            ),
        ),
        taggable=True,
    ),
    "aws:eks/accessEntry:AccessEntry": Entry((Call("eks", "CreateAccessEntry"),), taggable=True),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Entry((Call("eks", "AssociateAccessPolicy"),)),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Entry(
        (Call("eks", "CreatePodIdentityAssociation"),), taggable=True
    ),
    "aws:autoscaling/group:Group": Entry(
        (
            Call(
                "autoscaling",
                "CreateAutoScalingGroup",
                {
                    "name": "AutoScalingGroupName",
                    "launchTemplate.id": "LaunchTemplateId",
                    "tags": To("Tags", lambda tags: [{**tag, "ResourceType": "auto-scaling-group"} for tag in tags]),
                },
            ),
        ),
        {"instanceRefresh": "an update sends StartInstanceRefresh"},
    ),
    "aws:autoscaling/tag:Tag": Entry(
        (
            Call(
                "autoscaling",
                "CreateOrUpdateTags",
                {"autoscalingGroupName": "Tags.ResourceId", "tag": "Tags"},
                {"Tags.ResourceType": "auto-scaling-group"},
            ),
        )
    ),
}
