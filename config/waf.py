"""The web ACL of AWS WAF in front of the load balancer."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from catalog.waf import rules_of
from config.types.text import matching
from config.types.times import RetentionDays

_PAID = "(?:ACFPRuleSet|ATPRuleSet|AntiDDoSRuleSet|BotControlRuleSet)"
"""Groups with fees of their own: https://aws.amazon.com/waf/pricing/"""

RuleGroupName = Annotated[
    str,
    matching(
        r"AWSManagedRules[A-Za-z0-9]{1,100}", "is not an AWS managed rule group; its name begins with AWSManagedRules"
    ),
    matching(rf"(?!AWSManagedRules{_PAID}$).*", "has fees of its own, which are not supported; remove it"),
]
"""https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"""

RuleName = Annotated[
    str, matching(r"[0-9A-Za-z_-]{1,128}", "is not the name of a rule; write letters, digits, hyphens and underscores")
]
"""https://docs.aws.amazon.com/waf/latest/APIReference/API_RuleActionOverride.html"""


class Waf(Model):
    """AWS managed rule groups and a limit of requests by IP address."""

    rule_groups: tuple[RuleGroupName, ...] = Field(
        default=(
            "AWSManagedRulesAmazonIpReputationList",
            "AWSManagedRulesCommonRuleSet",
            "AWSManagedRulesKnownBadInputsRuleSet",
        ),
        max_length=20,
    )
    """AWS managed rule groups, in the order of evaluation."""

    block_bodies: bool = False
    """Whether rules that inspect request bodies block. Default: they count, because prompts contain code, HTML and SQL,
    and uploads to MLflow exceed the 8 KiB that AWSManagedRulesCommonRuleSet allows."""

    count_rules: dict[RuleGroupName, Annotated[tuple[RuleName, ...], Field(max_length=50)]] = {}
    """Further rules that count instead of block, by group: `AWSManagedRulesCommonRuleSet: [NoUserAgent_HEADER]`."""

    requests_per_ip: int | None = Field(default=10_000, ge=10, le=2_000_000_000)
    """Requests of one IP address in five minutes, above which AWS WAF blocks it; null: no limit. An office or a NAT
    gateway is one address, and each metric that is logged to MLflow is a request."""

    log_retention_days: RetentionDays = 90
    """Retention of the log of blocked and counted requests in CloudWatch, in days."""

    @model_validator(mode="after")
    def _each_group_once(self) -> Self:
        for group in self.rule_groups:
            if self.rule_groups.count(group) > 1:
                raise ValueError(f"ruleGroups: duplicate rule group {group}; remove one")
        for group in self.count_rules:
            if group not in self.rule_groups:
                raise ValueError(f"countRules: {group} is not in ruleGroups; add it there, or remove it here")
        if not self.rule_groups and self.requests_per_ip is None:
            raise ValueError("the web ACL has no rule; set ruleGroups or requestsPerIp")
        return self

    def counted(self, group: str) -> tuple[str, ...]:
        """Return the rules of a group that count instead of block."""
        bodies = () if self.block_bodies else tuple(rule for rule in rules_of(group) if rule.endswith("_BODY"))
        return tuple(dict.fromkeys((*bodies, *self.count_rules.get(group, ()))))
