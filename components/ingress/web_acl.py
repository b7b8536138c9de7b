"""The web ACL of AWS WAF."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.naming import WAF_LOGS
from config.waf import Waf

WINDOW_SECONDS = 300
"""https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html"""

SECRET_HEADERS = ("authorization", "cookie", "x-api-key")
"""Headers with credentials of clients, which the log does not have."""


class WebAcl(Component):
    """A regional web ACL that allows what no rule blocks, and the log of requests that its rules block or count.

    AWS WAF only writes to log groups whose names begin with `aws-waf-logs-`, and adds their resource policy itself:
    https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    """

    TOKEN: ClassVar[str] = "ai-platform:ingress:WebAcl"

    def __init__(self, name: str, settings: Waf, *, acl_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        acl = aws.wafv2.WebAcl(
            name,
            name=acl_name,
            description="Load balancer",
            scope="REGIONAL",
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            rules=_rules(settings),
            visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
                cloudwatch_metrics_enabled=True, metric_name=acl_name, sampled_requests_enabled=True
            ),
            tags=named(acl_name),
            opts=self.child(),
        )
        group = aws.cloudwatch.LogGroup(
            name,
            name=f"{WAF_LOGS}{acl_name}",
            retention_in_days=settings.log_retention_days,
            opts=self.child(),
        )
        aws.wafv2.WebAclLoggingConfiguration(
            name,
            resource_arn=acl.arn,
            log_destination_configs=[group.arn],
            logging_filter=_blocked_and_counted(),
            redacted_fields=[
                aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs(
                    single_header=aws.wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(name=header)
                )
                for header in SECRET_HEADERS
            ],
            opts=self.child(),
        )
        self.arn: pulumi.Output[str] = acl.arn
        self.finish(arn=self.arn)


def _rules(settings: Waf) -> list[aws.wafv2.WebAclRuleArgs]:
    """Return the rules in the order of evaluation: first the limit, which is the cheapest."""
    rules = [] if settings.requests_per_ip is None else [_limit(settings.requests_per_ip)]
    for group in settings.rule_groups:
        rules.append(_group(group, settings.counted(group), priority=len(rules)))
    return rules


def _limit(requests: int) -> aws.wafv2.WebAclRuleArgs:
    return aws.wafv2.WebAclRuleArgs(
        name="requests-per-ip",
        priority=0,
        action=aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs()),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            rate_based_statement=aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(
                limit=requests, aggregate_key_type="IP", evaluation_window_sec=WINDOW_SECONDS
            )
        ),
        visibility_config=_visible("requests-per-ip"),
    )


def _group(group: str, counted: tuple[str, ...], *, priority: int) -> aws.wafv2.WebAclRuleArgs:
    return aws.wafv2.WebAclRuleArgs(
        name=group,
        priority=priority,
        override_action=aws.wafv2.WebAclRuleOverrideActionArgs(
            none=aws.wafv2.WebAclRuleOverrideActionNoneArgs()  # type: ignore[no-untyped-call]
        ),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            managed_rule_group_statement=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(
                vendor_name="AWS",
                name=group,
                rule_action_overrides=[_count(rule) for rule in counted] or None,
            )
        ),
        visibility_config=_visible(group),
    )


def _count(rule: str) -> aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs:
    action = aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs(
        count=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs()
    )
    return aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs(name=rule, action_to_use=action)


def _visible(metric: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgs:
    return aws.wafv2.WebAclRuleVisibilityConfigArgs(
        cloudwatch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=True
    )


def _blocked_and_counted() -> aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs:
    """Return the filter of the log: the access logs of the load balancer have the requests that are allowed."""
    kept = [
        aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs(
            action_condition=aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs(
                action=action
            )
        )
        for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
    ]
    return aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs(
        default_behavior="DROP",
        filters=[
            aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterArgs(
                behavior="KEEP", requirement="MEETS_ANY", conditions=kept
            )
        ],
    )
