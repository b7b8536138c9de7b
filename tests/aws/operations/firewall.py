"""Web ACLs of AWS WAF. https://docs.aws.amazon.com/waf/latest/APIReference/."""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry

_LOGGING = "LoggingConfiguration"

FIREWALL: Mapping[str, Entry] = {
    "aws:wafv2/webAcl:WebAcl": Entry((Call("wafv2", "CreateWebACL"),), taggable=True),
    "aws:wafv2/webAclAssociation:WebAclAssociation": Entry((Call("wafv2", "AssociateWebACL"),)),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Entry(
        (
            Call(
                "wafv2",
                "PutLoggingConfiguration",
                {
                    "resourceArn": f"{_LOGGING}.ResourceArn",
                    "logDestinationConfigs": f"{_LOGGING}.LogDestinationConfigs",
                    "loggingFilter": f"{_LOGGING}.LoggingFilter",
                    "redactedFields": f"{_LOGGING}.RedactedFields",
                },
            ),
        )
    ),
}
