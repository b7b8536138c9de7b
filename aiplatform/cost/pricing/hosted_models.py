"""Models of external providers, whose bill is not from AWS: a line of its own for the budgets of LiteLLM's keys."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource
from config.workloads.litellm import Litellm, VirtualKey

ITEM = "hosted_models"
USED = "hostedModelsBudgetPercent"
_DAYS = {"day": 1, "week": 7, "month": 30}
"""Days after which a budget is reset: https://docs.litellm.ai/docs/proxy/users"""

_ONE = Decimal(1)


def gateway(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the budgets of keys for hosted models: all of them at the maximum size, the assumed part at the expected
    size. A key without a budget can spend any amount, so that its price is missing.
    """
    settings = context.settings.workloads.litellm if context.settings is not None else None
    if settings is None:
        return
    keys = {name: key for name, key in settings.virtual_keys.items() if _spends(key, settings)}
    most = sum((_monthly(key, context) for key in keys.values()), Decimal(0))
    if most:
        used = most * context.assumed(USED) / 100
        amounts = Sizes(Decimal(0), used, most)
        yield Usage(ITEM, "USD", amounts, (USED,), "paid to providers of models, not to AWS", rate=_ONE)
    unlimited = [name for name, key in keys.items() if key.budget is None]
    if unlimited:
        names = ", ".join(unlimited)
        yield Usage(f"{ITEM}_without_budget", "USD", always(1), why=f"no budget limits the virtual keys {names}")


def _spends(key: VirtualKey, settings: Litellm) -> bool:
    """Return whether a key can use a model of a provider, or one that falls back to it."""
    names = list(key.models or settings.models)
    for name in names:
        route = settings.models.get(name)
        if route is None:
            continue
        if any(server.provider is not None for server in route.servers()):
            return True
        names += [other for other in route.fallbacks if other not in names]
    return False


def _monthly(key: VirtualKey, context: Context) -> Decimal:
    return Decimal(str(key.budget or 0)) * context.all_days / _DAYS[key.per]


HOSTED_MODELS: Mapping[str, PricingRule] = {"ai-platform:workloads:Litellm": gateway}
