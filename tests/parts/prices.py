"""Names of hosted models with a price in the installed LiteLLM: `python -m tests.parts.prices` writes the table."""

import json
import re
import typing
from pathlib import Path

from config.workloads.litellm import Provider
from tests.parts import litellm

TABLE = Path(__file__).parents[2] / "catalog" / "data" / "litellm-models.txt"
MAP = "lib/*/site-packages/litellm/model_prices_and_context_window_backup.json"
PRICE = re.compile(r"(?:input|output)_cost_per_(?:token|second|image|character|query|pixel|audio_token|image_token)")
KINDS = frozenset(typing.get_args(Provider.model_fields["kind"].annotation)) - {"openaiCompatible"}


def names(programs: Path) -> list[str]:
    """Return the models as `prefix/model`; a price of 0 is none."""
    (file,) = programs.parent.glob(MAP)
    found: dict[str, bool] = {}
    for name, values in json.loads(file.read_text(encoding="utf-8")).items():
        prefix = name.partition("/")[0]
        kind = values.get("litellm_provider") if values.get("litellm_provider") in KINDS else prefix
        costs = any(
            PRICE.fullmatch(key) and isinstance(value, int | float) and value > 0 for key, value in values.items()
        )
        if kind in KINDS:
            # LiteLLM prefers the name with its prefix.
            full = name.startswith(f"{kind}/")
            found[name if full else f"{kind}/{name}"] = costs if full else found.get(f"{kind}/{name}", costs)
    return sorted(name for name, costs in found.items() if costs)


def table(programs: Path) -> str:
    """Return the content of the table."""
    return (
        f"# Models of hosted providers that have a price in LiteLLM {litellm.version()}, as `prefix/model`:\n"
        "# https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json\n"
        "# Written by `python -m tests.parts.prices` from the package of that version.\n"
    ) + "".join(f"{name}\n" for name in names(programs))


if __name__ == "__main__":
    TABLE.write_text(table(litellm.programs()), encoding="utf-8")
