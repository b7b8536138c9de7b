"""What AWS answers for identities, keys and secrets."""

from collections.abc import Mapping

from catalog.aws.aws_type import PART, AwsType, Fields, Json, Keeps, Price, named, regional, text, worldwide

IAM = "IAM is free: https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html"


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

IDENTITY: Mapping[str, AwsType] = {
    "aws:iam/role:Role": named(
        AwsType(
            arn=worldwide("iam", "role{path}{name}"),
            outputs={"uniqueId": "AROA{HEX:.17}", "path": "/", "maxSessionDuration": 3600},
            free=IAM,
            keeps=Keeps("identity", "policies of other accounts name it, and its name is taken while it lives"),
            limit=64,
            immutable="name namePrefix path",
        )
    ),
    "aws:iam/policy:Policy": named(
        AwsType(
            worldwide("iam", "policy{path}{name}"),
            worldwide("iam", "policy{path}{name}"),
            {"policyId": "ANPA{HEX:.17}", "path": "/", "attachmentCount": 0},
            free=IAM,
            keeps=Keeps("identity", "its name is taken while the old one lives"),
            limit=128,
            immutable="description name namePrefix path",
        )
    ),
    "aws:iam/user:User": named(
        AwsType(arn=worldwide("iam", "user{path}{name}"), outputs={"uniqueId": "AIDA{HEX:.17}", "path": "/"})
    ),
    "aws:iam/group:Group": named(
        AwsType(arn=worldwide("iam", "group{path}{name}"), outputs={"uniqueId": "AGPA{HEX:.17}", "path": "/"})
    ),
    "aws:iam/instanceProfile:InstanceProfile": named(
        AwsType(
            arn=worldwide("iam", "instance-profile{path}{name}"),
            outputs={"uniqueId": "AIPA{HEX:.17}", "path": "/"},
            free=IAM,
            keeps=Keeps("identity", "instances name it"),
            immutable="name namePrefix path",
        )
    ),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": AwsType(
        worldwide("iam", "role/aws-service-role/{awsServiceName}/{name}"),
        worldwide("iam", "role/aws-service-role/{awsServiceName}/{name}"),
        {"uniqueId": "AROA{HEX:.17}"},
        immutable="awsServiceName customSuffix",
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": AwsType(
        compute=_oidc_provider,
        free=IAM,
        keeps=Keeps("identity", "the trust of every role of a pod", protect=True),
        immutable="url",
    ),
    "aws:iam/rolePolicy:RolePolicy": named(AwsType("{role}:{name}", free=IAM, immutable="name namePrefix role")),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": AwsType(
        "{role}/{policyArn}", free=IAM, immutable="policyArn role"
    ),
    "aws:iam/userPolicy:UserPolicy": named(AwsType("{user}:{name}", immutable="name namePrefix user")),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": AwsType("{user}/{policyArn}", immutable="policyArn user"),
    "aws:iam/accessKey:AccessKey": AwsType(
        "AKIA{HEX:.16}", None, {"secret": "preview-only-not-a-key", "status": "Active"}, immutable="pgpKey user"
    ),
    "aws:kms/key:Key": AwsType(
        "{uuid}",
        regional("kms", "key/{uuid}"),
        {"keyId": "{uuid}"},
        keeps=Keeps("data", "what it encrypted"),
        policy=True,
        immutable="customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId",
    ),
    "aws:kms/alias:Alias": AwsType(
        compute=_alias,
        free=PART,
        keeps=Keeps("identity", "its name is taken while the old one lives"),
        immutable="name namePrefix",
    ),
    "aws:secretsmanager/secret:Secret": named(
        AwsType(
            _SECRET_ARN,
            _SECRET_ARN,
            price=Price("secrets_manager_secret_month", "secret-month"),
            keeps=Keeps("data", "a password, and a name that stays taken for days"),
            immutable="name namePrefix",
        )
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": AwsType(
        "{secretId}|{uuid}",
        None,
        compute=_secret_version,
        free=PART,
        # Its replacement rotates the password, and the secret, which is protected, keeps the version before.
        keeps=Keeps("data", "a password that was generated once", protect=False),
        immutable="secretBinary secretId secretString",
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": AwsType("{secretId}", immutable="secretId"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": AwsType("{secretArn}", policy=True, immutable="secretArn"),
    "aws:ssm/parameter:Parameter": named(
        AwsType(outputs={"version": 1}, compute=_parameter, immutable="dataType name")
    ),
}
