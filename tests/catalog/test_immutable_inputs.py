"""Which changed inputs replace a resource."""

from typing import Any

from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import AwsType, replacing
from tests.each import each

IN_PLACE = {
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    "aws:costexplorer/costAllocationTag:CostAllocationTag",
    "aws:iam/group:Group",
    "aws:iam/user:User",
    "aws:s3/bucketV2:BucketV2",
}
"""Types whose inputs all change in place."""


def test_every_type_names_its_immutable_inputs() -> None:
    assert {type_ for type_, known in AWS_TYPES.items() if not known.immutable} <= IN_PLACE


@each(
    ("type_", "before", "after", "replaced"),
    [
        ("acm/certificate:Certificate", {"domainName": "a.com"}, {"domainName": "b.com"}, ["domainName"]),
        ("rds/instance:Instance", {"engine": "mysql", "port": 1}, {"engine": "postgres", "port": 2}, ["engine"]),
        ("rds/instance:Instance", {"allocatedStorage": 20}, {"allocatedStorage": 40}, []),
        (
            "eks/cluster:Cluster",
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"}, "version": "1.35"},
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/16"}, "version": "1.36"},
            ["kubernetesNetworkConfig.serviceIpv4Cidr"],
        ),
        (
            "ec2/instance:Instance",
            {"ebsBlockDevices": [{"deviceName": "/dev/sdb", "volumeSize": 10}]},
            {"ebsBlockDevices": [{"deviceName": "/dev/sdb", "volumeSize": 20}]},
            ["ebsBlockDevices.volumeSize"],
        ),
        ("ec2/subnet:Subnet", {"vpcId": "vpc-1"}, {"vpcId": "vpc-1", "tags": {"a": "b"}}, []),
    ],
)
def test_changed_immutable_inputs_replace_a_resource(
    type_: str, before: dict[str, Any], after: dict[str, Any], replaced: list[str]
) -> None:
    assert replacing(AWS_TYPES[f"aws:{type_}"], before, after) == replaced


def test_removed_immutable_input_replaces_too() -> None:
    assert replacing(AwsType(immutable="name"), {"name": "a"}, {}) == ["name"]
