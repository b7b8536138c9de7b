"""The web ACL of AWS WAF in front of the load balancer."""

import json
from typing import Any

import pytest

from catalog.waf import RULE_GROUPS
from components.ingress.web_acl import WebAcl
from config.waf import Waf
from tests.components.base import Recording, alone, recorded, settings_from

ACL = "aws:wafv2/webAcl:WebAcl"
LOG = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"


def _rules(**settings: Any) -> list[dict[str, Any]]:
    found = alone(lambda: WebAcl("waf", settings_from(Waf, settings), acl_name="shop-alb"))
    rules: list[dict[str, Any]] = found.inputs(ACL)["rules"]
    return rules


def _counted(rule: dict[str, Any]) -> list[str]:
    overrides = rule["statement"]["managedRuleGroupStatement"].get("ruleActionOverrides", [])
    assert all(one["actionToUse"] == {"count": {}} for one in overrides)
    return [one["name"] for one in overrides]


def test_web_acl_of_prod_limits_addresses_and_has_managed_rules() -> None:
    acl = recorded("prod").inputs(ACL)
    assert (acl["scope"], acl["defaultAction"]) == ("REGIONAL", {"allow": {}})
    limit, *groups = acl["rules"]
    assert limit["statement"]["rateBasedStatement"] == {
        "limit": 10000,
        "aggregateKeyType": "IP",
        "evaluationWindowSec": 300,
    }
    assert limit["action"] == {"block": {}}
    assert [one["name"] for one in groups] == [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    assert [one["priority"] for one in acl["rules"]] == [0, 1, 2, 3]
    assert all(one["overrideAction"] == {"none": {}} for one in groups)


@pytest.mark.parametrize("group", RULE_GROUPS)
def test_rules_for_bodies_count_unless_they_are_to_block(group: str) -> None:
    (counting,) = _rules(ruleGroups=[group], requestsPerIp=None)
    (blocking,) = _rules(ruleGroups=[group], requestsPerIp=None, blockBodies=True)
    assert _counted(counting) == [rule for rule in RULE_GROUPS[group].rules if rule.endswith("_BODY")]
    assert _counted(blocking) == []


def test_upload_of_more_than_8_kib_is_not_blocked() -> None:
    common = next(one for one in recorded("prod").inputs(ACL)["rules"] if one["name"] == "AWSManagedRulesCommonRuleSet")
    assert {"SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY"} <= set(_counted(common))


def test_other_rules_count_where_asked_and_each_once() -> None:
    group = "AWSManagedRulesCommonRuleSet"
    rules = ["NoUserAgent_HEADER", "SizeRestrictions_BODY", "NewerThanTheTable"]
    (counting,) = _rules(ruleGroups=[group], requestsPerIp=None, countRules={group: rules})
    assert _counted(counting)[-2:] == ["NoUserAgent_HEADER", "NewerThanTheTable"]
    assert _counted(counting).count("SizeRestrictions_BODY") == 1


def _log(recording: Recording) -> dict[str, Any]:
    return dict(recording.inputs(LOG))


def test_log_has_blocked_and_counted_requests_without_credentials() -> None:
    recording = recorded("prod")
    log = _log(recording)
    group = recording.inputs("aws:cloudwatch/logGroup:LogGroup", "ingress-waf")
    assert (group["name"], group["retentionInDays"]) == ("aws-waf-logs-ai-prod-alb", 365)
    assert log["logDestinationConfigs"] == ["arn:aws:logs:us-west-2:123456789012:log-group:aws-waf-logs-ai-prod-alb"]
    (kept,) = log["loggingFilter"]["filters"]
    actions = [one["actionCondition"]["action"] for one in kept["conditions"]]
    assert (log["loggingFilter"]["defaultBehavior"], actions) == ("DROP", ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"])
    headers = [one["singleHeader"]["name"] for one in log["redactedFields"]]
    assert headers == ["authorization", "cookie", "x-api-key"]


def test_web_acl_is_associated_with_the_balancer() -> None:
    recording = recorded("prod")
    inputs = recording.inputs("aws:wafv2/webAclAssociation:WebAclAssociation")
    assert ":loadbalancer/app/ai-prod-alb/" in inputs["resourceArn"]
    assert ":regional/webacl/ai-prod-alb/" in inputs["webAclArn"]


def test_controller_associates_the_web_acl_and_may_do_so() -> None:
    recording = recorded("controller")
    (rule,) = recording.inputs(ACL)["rules"]
    assert _counted(rule) == ["SQLi_BODY", "SQLiExtendedPatterns_BODY"]
    for ingress in recording.all(INGRESS):
        arn = ingress.inputs["metadata"]["annotations"]["alb.ingress.kubernetes.io/wafv2-acl-arn"]
        assert ":regional/webacl/" in arn
    assert not recording.all("aws:wafv2/webAclAssociation:WebAclAssociation")
    policies = [json.loads(one.inputs["policy"]) for one in recording.all("aws:iam/policy:Policy")]
    actions = {action for policy in policies for one in policy["Statement"] for action in one["Action"]}
    assert {"wafv2:AssociateWebACL", "wafv2:GetWebACLForResource", "elasticloadbalancing:SetWebAcl"} <= actions
