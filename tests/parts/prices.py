"""Names of hosted models with a price in the installed LiteLLM: `python -m tests.parts.prices` writes the table."""

import json
import re
import typing
from pathlib import Path

from config.workloads.litellm_models import PREFIXES, Provider
from tests.parts import litellm

TABLE = Path(__file__).parents[2] / "catalog" / "data" / "litellm-models.txt"
MAP = "lib/*/site-packages/litellm/model_prices_and_context_window_backup.json"
PRICE = re.compile(r"(?:input|output)_cost_per_(?:token|second|image|character|query|pixel|audio_token|image_token)")
KINDS = frozenset(
    PREFIXES.get(kind, kind)
    for kind in typing.get_args(Provider.model_fields["kind"].annotation)
    if kind != "openaiCompatible"
)
CHAT = frozenset({"chat", "completion", "responses"})
SAME = {"bedrock_converse": "bedrock"}
"""Two APIs of one provider."""


def names(programs: Path) -> list[str]:
    """Return the models as `prefix/model`, and what they are for if it is not chat; a price of 0 is none."""
    (file,) = programs.parent.glob(MAP)
    found: dict[str, bool] = {}
    modes: dict[str, str] = {}
    for name, values in json.loads(file.read_text(encoding="utf-8")).items():
        prefix = name.partition("/")[0]
        given = SAME.get(values.get("litellm_provider"), values.get("litellm_provider"))
        kind = given if given in KINDS else prefix
        costs = any(
            PRICE.fullmatch(key) and isinstance(value, int | float) and value > 0 for key, value in values.items()
        )
        # Further parts of a name of Amazon Bedrock are regions and sizes, which no request names.
        if kind in KINDS and not (kind == "bedrock" and name.removeprefix("bedrock/").count("/")):
            # LiteLLM prefers the name with its prefix.
            full = name.startswith(f"{kind}/")
            key = name if full else f"{kind}/{name}"
            found[key] = costs if full else found.get(key, costs)
            if full or key not in modes:
                modes[key] = "" if values.get("mode") in CHAT else f" {values.get('mode') or ''}".rstrip()
    return sorted(f"{name}{modes[name]}" for name, costs in found.items() if costs)


def table(programs: Path) -> str:
    """Return the content of the table."""
    return (
        f"# Models of hosted providers that have a price in LiteLLM {litellm.version()}, as `prefix/model`, and what\n"
        "# they are for, if it is not chat:\n"
        "# https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json\n"
        "# Written by `python -m tests.parts.prices` from the package of that version.\n"
    ) + "".join(f"{name}\n" for name in names(programs))


if __name__ == "__main__":
    TABLE.write_text(table(litellm.programs()), encoding="utf-8")
