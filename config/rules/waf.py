"""Rule groups and rules of the web ACL that are newer than the table."""

from collections.abc import Iterator

from catalog.reading.problems import Problem, did_you_mean
from catalog.waf import AS_OF, RULE_GROUPS
from config.rules.stack import Rule, Stack

PATH = ("ingress", "waf")


def known(stack: Stack) -> Iterator[Problem]:
    """A group or a rule that the table lacks is passed on to AWS, which refuses it unless it is newer."""
    waf = stack.settings.ingress.waf
    if waf is None:
        return
    for number, group in enumerate(waf.rule_groups):
        if group not in RULE_GROUPS:
            yield Problem(
                (*PATH, "ruleGroups", number),
                f"unknown rule group {group!r} in the table of {AS_OF.isoformat()}, so that its rules for request "
                f"bodies block{did_you_mean(group, RULE_GROUPS)}",
                severity="warning",
            )
    for group, rules in waf.count_rules.items():
        for number, rule in enumerate(rules):
            if group in RULE_GROUPS and rule not in RULE_GROUPS[group].rules:
                yield Problem(
                    (*PATH, "countRules", group, number),
                    f"unknown rule {rule!r} of {group} in the table of {AS_OF.isoformat()}"
                    f"{did_you_mean(rule, RULE_GROUPS[group].rules)}",
                    severity="warning",
                )


RULES: tuple[Rule, ...] = (known,)
