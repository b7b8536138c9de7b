"""Outputs of AWS identities, keys and secrets."""

from collections.abc import Mapping

from aiplatform.preview.outputs.shape import Fields, Shape, named, regional, text, worldwide
from aiplatform.preview.plan import Json


def _oidc_provider(fields: Fields) -> Mapping[str, Json]:
    issuer = fields["url"].removeprefix("https://")
    arn = f"arn:{fields['partition']}:iam::{fields['account']}:oidc-provider/{issuer}"
    return {"id": arn, "arn": arn}


def _secret_version(fields: Fields) -> Mapping[str, Json]:
    return {"arn": fields["secretId"], "secretArn": fields["secretId"], "versionId": fields["uuid"]}


def _alias(fields: Fields) -> Mapping[str, Json]:
    target = text(fields.inputs, "targetKeyId", fields["uuid"])
    key = target.rpartition("/")[2]
    prefix = f"arn:{fields['partition']}:kms:{fields['region']}:{fields['account']}"
    name = fields["name"] if fields["name"].startswith("alias/") else f"alias/{fields['name']}"
    return {"id": name, "name": name, "arn": f"{prefix}:{name}", "targetKeyArn": f"{prefix}:key/{key}"}


def _parameter(fields: Fields) -> Mapping[str, Json]:
    prefix = f"arn:{fields['partition']}:ssm:{fields['region']}:{fields['account']}"
    return {"arn": f"{prefix}:parameter/{fields['name'].lstrip('/')}"}


_SECRET_ARN = regional("secretsmanager", "secret:{name}-{hex:.6}")

IDENTITY: Mapping[str, Shape] = {
    "aws:iam/role:Role": named(
        Shape(
            arn=worldwide("iam", "role{path}{name}"),
            outputs={"uniqueId": "AROA{HEX:.17}", "path": "/", "maxSessionDuration": 3600},
        )
    ),
    "aws:iam/policy:Policy": named(
        Shape(
            worldwide("iam", "policy{path}{name}"),
            worldwide("iam", "policy{path}{name}"),
            {"policyId": "ANPA{HEX:.17}", "path": "/", "attachmentCount": 0},
        )
    ),
    "aws:iam/user:User": named(
        Shape(arn=worldwide("iam", "user{path}{name}"), outputs={"uniqueId": "AIDA{HEX:.17}", "path": "/"})
    ),
    "aws:iam/group:Group": named(
        Shape(arn=worldwide("iam", "group{path}{name}"), outputs={"uniqueId": "AGPA{HEX:.17}", "path": "/"})
    ),
    "aws:iam/instanceProfile:InstanceProfile": named(
        Shape(arn=worldwide("iam", "instance-profile{path}{name}"), outputs={"uniqueId": "AIPA{HEX:.17}", "path": "/"})
    ),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": Shape(
        worldwide("iam", "role/aws-service-role/{awsServiceName}/{name}"),
        worldwide("iam", "role/aws-service-role/{awsServiceName}/{name}"),
        {"uniqueId": "AROA{HEX:.17}"},
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Shape(compute=_oidc_provider),
    "aws:iam/rolePolicy:RolePolicy": named(Shape("{role}:{name}")),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Shape("{role}/{policyArn}"),
    "aws:iam/userPolicy:UserPolicy": named(Shape("{user}:{name}")),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": Shape("{user}/{policyArn}"),
    "aws:iam/accessKey:AccessKey": Shape(
        "AKIA{HEX:.16}", None, {"secret": "preview-only-not-a-key", "status": "Active"}
    ),
    "aws:kms/key:Key": Shape("{uuid}", regional("kms", "key/{uuid}"), {"keyId": "{uuid}"}),
    "aws:kms/alias:Alias": Shape(compute=_alias),
    "aws:secretsmanager/secret:Secret": named(Shape(_SECRET_ARN, _SECRET_ARN)),
    "aws:secretsmanager/secretVersion:SecretVersion": Shape("{secretId}|{uuid}", None, compute=_secret_version),
    "aws:secretsmanager/secretRotation:SecretRotation": Shape("{secretId}"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Shape("{secretArn}"),
    "aws:ssm/parameter:Parameter": named(Shape(outputs={"version": 1}, compute=_parameter)),
}
