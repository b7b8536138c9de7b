"""Identities and keys. https://docs.aws.amazon.com/IAM/latest/APIReference/, .../kms/latest/APIReference/."""

from collections.abc import Mapping

from tests.aws.operations.said import REGION
from tests.aws.requests import ID, Call, Entry

IDENTITY: Mapping[str, Entry] = {
    "aws:iam/role:Role": Entry(
        (Call("iam", "CreateRole", {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}),),
        taggable=True,
    ),
    "aws:iam/policy:Policy": Entry(
        (Call("iam", "CreatePolicy", {"name": "PolicyName", "policy": "PolicyDocument"}),), taggable=True
    ),
    "aws:iam/rolePolicy:RolePolicy": Entry(
        (Call("iam", "PutRolePolicy", {"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"}),),
        named="name",
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Entry(
        (Call("iam", "AttachRolePolicy", {"role": "RoleName"}),)
    ),
    "aws:iam/instanceProfile:InstanceProfile": Entry(
        (
            Call("iam", "CreateInstanceProfile", {"name": "InstanceProfileName"}),
            Call("iam", "AddRoleToInstanceProfile", {"role": "RoleName"}, also={"name": "InstanceProfileName"}),
        ),
        taggable=True,
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Entry(
        (Call("iam", "CreateOpenIDConnectProvider", {"clientIdLists": "ClientIDList"}),), taggable=True
    ),
    "aws:kms/key:Key": Entry(
        (
            Call("kms", "CreateKey"),
            Call("kms", "EnableKeyRotation", fixed={"KeyId": ID}, when="enableKeyRotation"),
            Call("kms", "ScheduleKeyDeletion", {"deletionWindowInDays": "PendingWindowInDays"}, {"KeyId": ID}),
        ),
        own=REGION,
        taggable=True,
    ),
    "aws:kms/alias:Alias": Entry((Call("kms", "CreateAlias", {"name": "AliasName"}),), own=REGION),
}
