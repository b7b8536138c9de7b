"""The network. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/."""

from collections.abc import Mapping

from tests.aws.operations.said import filtered, prefixed, tagged
from tests.aws.requests import ID, Call, Entry, To

NETWORK: Mapping[str, Entry] = {
    "aws:ec2/vpc:Vpc": Entry(
        (
            Call("ec2", "CreateVpc", {"tags": tagged("vpc")}),
            # Each request changes one attribute.
            Call("ec2", "ModifyVpcAttribute", {"enableDnsSupport": "EnableDnsSupport.Value"}, {"VpcId": ID}),
            Call("ec2", "ModifyVpcAttribute", {"enableDnsHostnames": "EnableDnsHostnames.Value"}, {"VpcId": ID}),
        ),
        taggable=True,
    ),
    "aws:ec2/subnet:Subnet": Entry(
        (
            Call("ec2", "CreateSubnet", {"tags": tagged("subnet")}),
            Call(
                "ec2", "ModifySubnetAttribute", {"mapPublicIpOnLaunch": "MapPublicIpOnLaunch.Value"}, {"SubnetId": ID}
            ),
        ),
        taggable=True,
    ),
    "aws:ec2/internetGateway:InternetGateway": Entry(
        (
            Call("ec2", "CreateInternetGateway", {"tags": tagged("internet-gateway")}),
            Call("ec2", "AttachInternetGateway", {"vpcId": "VpcId"}, {"InternetGatewayId": ID}),
        ),
        taggable=True,
    ),
    "aws:ec2/tag:Tag": Entry(
        (Call("ec2", "CreateTags", {"resourceId": "Resources", "key": "Tags.Key", "value": "Tags.Value"}),)
    ),
    "aws:ec2/eip:Eip": Entry((Call("ec2", "AllocateAddress", {"tags": tagged("elastic-ip")}),), taggable=True),
    "aws:ec2/natGateway:NatGateway": Entry(
        (Call("ec2", "CreateNatGateway", {"tags": tagged("natgateway")}),), taggable=True
    ),
    "aws:ec2/networkInterface:NetworkInterface": Entry(
        (
            Call("ec2", "CreateNetworkInterface", {"securityGroups": "Groups", "tags": tagged("network-interface")}),
            Call(
                "ec2",
                "ModifyNetworkInterfaceAttribute",
                {"sourceDestCheck": "SourceDestCheck.Value"},
                {"NetworkInterfaceId": ID},
            ),
        ),
        taggable=True,
    ),
    "aws:ec2/routeTable:RouteTable": Entry(
        (Call("ec2", "CreateRouteTable", {"tags": tagged("route-table")}),), taggable=True
    ),
    "aws:ec2/route:Route": Entry((Call("ec2", "CreateRoute"),)),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Entry((Call("ec2", "AssociateRouteTable"),)),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Entry(
        (Call("ec2", "CreateVpcEndpoint", {"tags": tagged("vpc-endpoint")}),), taggable=True
    ),
    "aws:ec2/flowLog:FlowLog": Entry(
        (
            Call(
                "ec2",
                "CreateFlowLogs",
                {
                    "iamRoleArn": "DeliverLogsPermissionArn",
                    "vpcId": "ResourceIds",
                    "tags": tagged("vpc-flow-log"),
                },
                {"ResourceType": "VPC"},
            ),
        ),
        taggable=True,
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Entry(
        (
            Call(
                "ec2",
                "CreateLaunchTemplate",
                {
                    "namePrefix": To("LaunchTemplateName", prefixed),
                    "tags": tagged("launch-template"),
                    "blockDeviceMappings": "LaunchTemplateData.BlockDeviceMappings",
                    "imageId": "LaunchTemplateData.ImageId",
                    "instanceInitiatedShutdownBehavior": "LaunchTemplateData.InstanceInitiatedShutdownBehavior",
                    "instanceType": "LaunchTemplateData.InstanceType",
                    "keyName": "LaunchTemplateData.KeyName",
                    "networkInterfaces": "LaunchTemplateData.NetworkInterfaces",
                    "metadataOptions": "LaunchTemplateData.MetadataOptions",
                    "tagSpecifications": "LaunchTemplateData.TagSpecifications",
                    "userData": "LaunchTemplateData.UserData",
                    "vpcSecurityGroupIds": "LaunchTemplateData.SecurityGroupIds",
                },
            ),
        ),
        {"updateDefaultVersion": "each new version is made the default one, by ModifyLaunchTemplate"},
        taggable=True,
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Entry(
        (
            Call("ec2", "DescribeSecurityGroups", {"vpcId": filtered("vpc-id")}),
            Call("ec2", "CreateTags", {"tags": "Tags"}, {"Resources": [ID]}),
        ),
        taggable=True,
    ),
}
