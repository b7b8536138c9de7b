"""Models of external providers, whose bill is not from AWS: a line of its own for the budgets of their clients."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import PLATFORM, Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

ITEM = "hosted_models"
USED = "hostedModelsBudgetPercent"


def platform(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the budgets of clients of workloads for models of providers: all of them at the maximum size, the assumed
    part at the expected size. A client without a budget can spend any amount, so that its price is missing.
    """
    if context.settings is None:
        return
    clients = [client for one in context.settings.workloads.wanted() for client in one.settings.spends()]
    most = sum((Decimal(str(one.budget or 0)) * context.all_days / one.days for one in clients), Decimal(0))
    if most:
        used = most * context.assumed(USED) / 100
        amounts = Sizes(Decimal(0), used, most)
        yield Usage(ITEM, "USD", amounts, (USED,), "paid to providers of models, not to AWS", rate=Decimal(1))
    unlimited = [one.client for one in clients if one.budget is None]
    if unlimited:
        names = ", ".join(unlimited)
        yield Usage(f"{ITEM}_without_budget", "USD", always(1), why=f"no budget limits the clients {names}")


HOSTED_MODELS: Mapping[str, PricingRule] = {PLATFORM: platform}
