"""Web ACLs of AWS WAF."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource
from catalog.waf import AS_OF, CAPACITY_STEP, INCLUDED_CAPACITY, RATE_CAPACITY, RULE_GROUPS

ASSUMPTION = "wafMillionRequestsPerMonth"


def web_acl(acl: Resource, context: Context) -> Iterator[Usage]:
    """Yield the web ACL, its rules, requests, and the capacity units that the price of requests does not include.

    A managed rule group counts as one rule: https://aws.amazon.com/waf/pricing/
    """
    rules = acl.inputs.get("rules") or ()
    millions = context.assumed(ASSUMPTION)
    yield Usage("waf_web_acl_month", "web-ACL-month", always(1))
    yield Usage("waf_rule_month", "rule-month", always(len(rules)))
    yield Usage("waf_request_million", "1M requests", always(millions), (ASSUMPTION,))
    groups = [(one.get("statement") or {}).get("managedRuleGroupStatement") for one in rules]
    names = [str(group.get("name")) for group in groups if group]
    capacity = sum(RULE_GROUPS[name].capacity for name in names if name in RULE_GROUPS)
    capacity += RATE_CAPACITY * (len(rules) - len(names))
    if capacity > INCLUDED_CAPACITY:
        steps = -(-(capacity - INCLUDED_CAPACITY) // CAPACITY_STEP)
        note = f"{capacity} capacity units, of which {INCLUDED_CAPACITY} are included"
        yield Usage("waf_capacity_request_million", "1M requests", always(steps * millions), (ASSUMPTION,), note)
    if newer := [name for name in names if name not in RULE_GROUPS]:
        note = f"capacity units unknown in the table of {AS_OF.isoformat()}"
        yield Usage(f"waf_rule_group_{newer[0]}", "1M requests", always(Decimal(millions)), (ASSUMPTION,), note)


FIREWALL: Mapping[str, PricingRule] = {"aws:wafv2/webAcl:WebAcl": web_acl}
