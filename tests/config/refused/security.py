"""What a security review requires, and AWS WAF or S3 reject or leave without effect."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

WAF = "https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"
FEES = "https://aws.amazon.com/waf/pricing/"
NAMES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
AUDIT = "https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-8"
RATE = "https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html"


def _waf(settings: str) -> tuple[tuple[str, str], ...]:
    return (("", f"  ai-platform:ingress: {{waf: {{{settings}}}}}\n"),)


def _logs(settings: str, environment: str = "test") -> tuple[tuple[str, str], ...]:
    return (
        ("environment: test", f"environment: {environment}"),
        ("", f"  ai-platform:accessLogs: {{{settings}}}\n"),
    )


def _audit(environment: str, types: str) -> tuple[tuple[str, str], ...]:
    return (
        ("environment: test", f"environment: {environment}"),
        ("endpoint: {public: false}", f"endpoint: {{public: false}}\n    logging: {{types: {types}}}"),
    )


def _no_audit(environment: str) -> tuple[str, ...]:
    return (
        f"11: cluster.logging.types: lacks audit, so that changes by users leave no record in environment {environment}; add audit",
    )


def _without_effect(key: str) -> tuple[str, ...]:
    return (
        f"27: accessLogs.{key}: has no effect without access logs; set accessLogs.loadBalancers or buckets, or remove it",
    )


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "warning: production without any log": Case(_audit("production", "[]"), _no_audit("production"), AUDIT),
    "warning: prod with the log of the API alone": Case(_audit("prod", "[api]"), _no_audit("prod"), AUDIT),
    "warning: production with two other logs": Case(
        _audit("production", "[authenticator, scheduler]"), _no_audit("production"), AUDIT
    ),
    "warning: a rule group that is newer or mistyped": Case(
        _waf("ruleGroups: [AWSManagedRulesSQLiRuleset]"),
        (
            "27: ingress.waf.ruleGroups[0]: unknown rule group 'AWSManagedRulesSQLiRuleset' in the table of 2026-11-30, so that its rules for request bodies block; did you mean AWSManagedRulesSQLiRuleSet?",
        ),
        WAF,
    ),
    "warning: a rule that is newer or mistyped": Case(
        _waf("countRules: {AWSManagedRulesCommonRuleSet: [NoUserAgent]}"),
        (
            "27: ingress.waf.countRules.AWSManagedRulesCommonRuleSet[0]: unknown rule 'NoUserAgent' of AWSManagedRulesCommonRuleSet in the table of 2026-11-30; did you mean NoUserAgent_HEADER?",
        ),
        WAF,
    ),
    "a rule group of another vendor": Case(
        _waf("ruleGroups: [CommonRuleSet]"),
        (
            "27: ingress.waf.ruleGroups[0]: 'CommonRuleSet' is not an AWS managed rule group; its name begins with AWSManagedRules",
        ),
        WAF,
    ),
    "a rule group with fees of its own": Case(
        _waf("ruleGroups: [AWSManagedRulesBotControlRuleSet]"),
        (
            "27: ingress.waf.ruleGroups[0]: 'AWSManagedRulesBotControlRuleSet' has fees of its own, which are not supported; remove it",
        ),
        FEES,
    ),
    "a rule group twice": Case(
        _waf("ruleGroups: [AWSManagedRulesLinuxRuleSet, AWSManagedRulesLinuxRuleSet]"),
        ("27: ingress.waf: ruleGroups: duplicate rule group AWSManagedRulesLinuxRuleSet; remove one",),
        WAF,
    ),
    "rules of a group that is not used": Case(
        _waf("countRules: {AWSManagedRulesSQLiRuleSet: [SQLi_BODY]}"),
        (
            "27: ingress.waf: countRules: AWSManagedRulesSQLiRuleSet is not in ruleGroups; add it there, or remove it here",
        ),
        WAF,
    ),
    "a web ACL without rules": Case(
        _waf("ruleGroups: [], requestsPerIp: null"),
        ("27: ingress.waf: the web ACL has no rule; set ruleGroups or requestsPerIp",),
        "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html",
    ),
    "a limit below the minimum": Case(
        _waf("requestsPerIp: 9"), ("27: ingress.waf.requestsPerIp: 9 is too small; the minimum is 10",), RATE
    ),
    "a retention of access logs without access logs": Case(
        _logs("retentionDays: 30"), _without_effect("retentionDays"), NAMES
    ),
    "a log bucket with the name of another bucket": Case(
        _logs("buckets: true, bucket: shop-artifacts"),
        ("27: accessLogs.bucket: shop-artifacts is already the name of bucket artifacts; choose another",),
        NAMES,
    ),
    "a log bucket with the default name of another bucket in production": Case(
        (
            ("environment: test", "environment: prod"),
            ("artifacts: {}", "access-logs: {}"),
            ("bucket: artifacts", "bucket: access-logs"),
        ),
        ("2: accessLogs.bucket: shop-access-logs is already the name of bucket access-logs; choose another",),
        NAMES,
    ),
    "a log bucket with a reserved name": Case(
        _logs("buckets: true, bucket: sthree-logs"),
        ("27: accessLogs.bucket: 'sthree-logs' is reserved by S3; choose another bucket name",),
        NAMES,
    ),
}
# fmt: on
