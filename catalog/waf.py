"""Managed rule groups of AWS WAF without extra fees, and the rules in them that this platform can override."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

AS_OF = date(2026, 11, 30)
"""Day on which the groups were compared with the documentation."""

INCLUDED_CAPACITY, CAPACITY_STEP = 1500, 500
"""Web ACL capacity units (WCU) in the basic price of requests, and those of which each step is billed above:
https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html"""

RATE_CAPACITY = 2
"""WCU of a rate-based rule by IP address:
https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html"""


class RuleGroup(NamedTuple):
    """A managed rule group."""

    capacity: int
    """Its WCU."""

    rules: tuple[str, ...]


def _each(rule: str, *parts: str) -> tuple[str, ...]:
    return tuple(f"{rule}_{part}" for part in parts)


_ALL = ("BODY", "HEADER", "QUERYSTRING", "URIPATH")
_ARGUMENTS = ("BODY", "QUERYARGUMENTS", "URIPATH")

RULE_GROUPS: Mapping[str, RuleGroup] = {
    "AWSManagedRulesAmazonIpReputationList": RuleGroup(
        25, ("AWSManagedIPReputationList", "AWSManagedReconnaissanceList", "AWSManagedIPDDoSList")
    ),
    "AWSManagedRulesAnonymousIpList": RuleGroup(50, ("AnonymousIPList", "HostingProviderIPList")),
    "AWSManagedRulesCommonRuleSet": RuleGroup(
        700,
        (
            "NoUserAgent_HEADER",
            "UserAgent_BadBots_HEADER",
            *_each("SizeRestrictions", "BODY", "Cookie_HEADER", "QUERYSTRING", "URIPATH"),
            *_each("EC2MetaDataSSRF", "COOKIE", *_ARGUMENTS),
            *_each("GenericLFI", *_ARGUMENTS),
            *_each("RestrictedExtensions", "QUERYARGUMENTS", "URIPATH"),
            *_each("GenericRFI", *_ARGUMENTS),
            *_each("CrossSiteScripting", "COOKIE", *_ARGUMENTS),
        ),
    ),
    "AWSManagedRulesAdminProtectionRuleSet": RuleGroup(100, ("AdminProtection_URIPATH",)),
    "AWSManagedRulesKnownBadInputsRuleSet": RuleGroup(
        200,
        (
            *_each("JavaDeserializationRCE", *_ALL),
            "Host_localhost_HEADER",
            "PROPFIND_METHOD",
            "ExploitablePaths_URIPATH",
            *_each("Log4JRCE", *_ALL),
            *_each("ReactJSRCE", "BODY"),
        ),
    ),
    "AWSManagedRulesSQLiRuleSet": RuleGroup(
        200,
        (
            *_each("SQLi", "COOKIE", *_ARGUMENTS),
            *_each("SQLiExtendedPatterns", "BODY", "QUERYARGUMENTS"),
        ),
    ),
    "AWSManagedRulesLinuxRuleSet": RuleGroup(200, _each("LFI", "HEADER", "QUERYSTRING", "URIPATH")),
    "AWSManagedRulesUnixRuleSet": RuleGroup(
        100, _each("UNIXShellCommandsVariables", "BODY", "HEADER", "QUERYARGUMENTS", "QUERYSTRING")
    ),
}
"""https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"""


def rules_of(group: str) -> tuple[str, ...]:
    """Return the rules of a group; none of a group that is newer than the table."""
    return RULE_GROUPS[group].rules if group in RULE_GROUPS else ()
