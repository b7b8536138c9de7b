"""Models of external providers, whose bill is not from AWS: a line of its own for the budgets of those who use them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import PLATFORM, Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource
from config.workloads.workload import Budget

ITEM = "hosted_models"
USED = "hostedModelsBudgetPercent"

_ONE = Decimal(1)


def providers(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the budgets of clients for hosted models: all of them at the maximum size, the assumed part at the expected
    size. A client without a budget can spend any amount, so that its price is missing.
    """
    wanted = context.settings.workloads.wanted() if context.settings is not None else ()
    budgets = [budget for one in wanted for budget in one.settings.budgets()]
    most = sum((_monthly(one, context) for one in budgets), Decimal(0))
    if most:
        used = most * context.assumed(USED) / 100
        amounts = Sizes(Decimal(0), used, most)
        yield Usage(ITEM, "USD", amounts, (USED,), "paid to providers of models, not to AWS", rate=_ONE)
    unlimited = [one.client for one in budgets if one.usd is None]
    if unlimited:
        names = ", ".join(unlimited)
        yield Usage(f"{ITEM}_without_budget", "USD", always(1), why=f"no budget limits the virtual keys {names}")


def _monthly(budget: Budget, context: Context) -> Decimal:
    return Decimal(str(budget.usd or 0)) * context.all_days / budget.days


HOSTED_MODELS: Mapping[str, PricingRule] = {PLATFORM: providers}
