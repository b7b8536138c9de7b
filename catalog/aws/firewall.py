"""Outputs of AWS WAF."""

from collections.abc import Mapping

from catalog.aws.aws_type import PART, AwsType, named, regional

FIREWALL: Mapping[str, AwsType] = {
    "aws:wafv2/webAcl:WebAcl": named(
        AwsType(
            "{uuid}",
            regional("wafv2", "regional/webacl/{name}/{uuid}"),
            {"lockToken": "{uuid}"},
            limit=128,
            immutable="name namePrefix scope",
        )
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": AwsType(
        "{webAclArn},{resourceArn}", free=PART, immutable="resourceArn webAclArn"
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": AwsType(
        "{resourceArn}",
        free="its log group has the price: https://aws.amazon.com/waf/pricing/",
        immutable="logDestinationConfigs resourceArn",
    ),
}
