"""Assumptions, factors and currencies that no bill has."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

_BUDGETS = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Spend.html"
_PRICES = "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html"


def case(settings: str, *lines: str, source: str = _PRICES) -> Case:
    """A case of the section `costs` at the end of the file."""
    return Case((("", f"  ai-platform:costs: {settings}\n"),), lines, source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "costs: a negative assumption": case(
        "{assumptions: {natGbPerMonth: -1}}",
        "27: costs.assumptions.natGbPerMonth: -1 is too small; the minimum is 0.0",
    ),
    "costs: hours of a node group that is not there": case(
        "{assumptions: {groupHoursPerMonth: {cpus: 20}}}",
        "27: costs.assumptions.groupHoursPerMonth.cpus: unknown node group 'cpus'; did you mean cpu?",
    ),
    "costs: euros": case(
        "{budget: {monthlyLimit: 100, currency: EUR}}",
        "27: costs.budget.currency: 'EUR' is not one of USD",
        source=_BUDGETS,
    ),
    "costs: a factor of an unknown service": case(
        "{estimates: true, estimateFactors: {rdss: 1.2}}",
        "27: costs.estimateFactors.rdss: 'rdss' is not one of alb, aurora, aws, backup, cloudwatch, container, data, ebs, ec2, ecr, efs, eks, elasticache, fargate, kms, lambda, nat, nlb, public, rds, route53, s3, secrets, sns, sqs, vpc, waf; did you mean rds?",
    ),
    "costs: a factor without estimates": case(
        "{estimateFactors: {rds: 1.2}}",
        "27: costs.estimateFactors: has no effect without estimates; set costs.estimates: true, or remove it",
    ),
    "costs: several mistakes at once": case(
        "{budget: {monthlyLimit: 0}, assumptions: {natGbPerMonth: -1, s3ColdPercent: 101}}",
        "27: costs.assumptions.natGbPerMonth: -1 is too small; the minimum is 0.0",
        "27: costs.assumptions.s3ColdPercent: 101 is too large; the maximum is 100.0",
        "27: costs.budget.monthlyLimit: input should be greater than 0",
    ),
}
