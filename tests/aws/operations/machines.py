"""EC2 instances and their volumes. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/."""

import base64
from collections.abc import Mapping

from aiplatform.preview.plan import Json
from tests.aws.operations.said import tagged
from tests.aws.requests import Call, Entry, Inputs, To

_ROOT = "/dev/xvda"
"""The provider reads the name of the root device from the AMI."""


def _machine(inputs: Inputs) -> Inputs:
    """Return network and root volume as lists with one item, as in a request."""
    given = dict(inputs)
    interface = {
        "deviceIndex": 0,
        "subnetId": given.pop("subnetId"),
        "groups": given.pop("vpcSecurityGroupIds"),
        "associatePublicIpAddress": given.pop("associatePublicIpAddress"),
    }
    root = given.pop("rootBlockDevice")
    mapping = {"deviceName": _ROOT, "ebs": root}
    return {**given, "networkInterfaces": [interface], "blockDeviceMappings": [mapping]}


def _encoded(text: Json) -> Json:
    """Return user data in base64, as EC2 requires it."""
    return base64.b64encode(str(text).encode()).decode()


MACHINES: Mapping[str, Entry] = {
    "aws:ec2/instance:Instance": Entry(
        (
            Call(
                "ec2",
                "RunInstances",
                {
                    "ami": "ImageId",
                    "iamInstanceProfile": "IamInstanceProfile.Name",
                    "userData": To("UserData", _encoded),
                    "tags": tagged("instance"),
                },
                {"MinCount": 1, "MaxCount": 1},
            ),
        ),
        {"userDataReplaceOnChange": "another text is another instance"},
        taggable=True,
        before=_machine,
    ),
    "aws:ebs/volume:Volume": Entry(
        (Call("ec2", "CreateVolume", {"type": "VolumeType", "tags": tagged("volume")}),),
        {"finalSnapshot": "made by CreateSnapshot before it is deleted"},
        taggable=True,
    ),
    "aws:ec2/volumeAttachment:VolumeAttachment": Entry(
        (Call("ec2", "AttachVolume", {"deviceName": "Device"}),),
        {"stopInstanceBeforeDetaching": "the instance is stopped by StopInstances before DetachVolume"},
    ),
    "aws:ec2/eipAssociation:EipAssociation": Entry((Call("ec2", "AssociateAddress"),)),
}
