"""Tables and pictures of documents that are written from tables of the program, between two comments of the page."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence

from catalog.aws.regions import AS_OF, zones
from catalog.aws.regions import ZONES as REGIONS
from catalog.offers import regions as offered
from catalog.prices import load_prices
from catalog.quotas import SINCE, quotas
from tests.components.base import SHIPPED, settings_of
from tests.config.base import ROOT

_PLACE = re.compile(r"^(<!-- table (\w+), [^\n]*-->\n).*?^(<!-- end -->)$", re.MULTILINE | re.DOTALL)


def filled(text: str) -> str:
    """Return a page with each of its tables as it is today."""
    return _PLACE.sub(lambda match: f"{match[1]}\n{TABLES[match[2]]()}\n{match[3]}", text)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def _regions() -> str:
    """The regions with prices, and a sentence on the others."""
    prices = load_prices()
    uses = {stack: settings_of(stack).project.region for stack in SHIPPED}
    rows = []
    for region in sorted(prices.regions):
        instances = prices.instances.get(region, {}).values()
        rows.append(
            (
                f"`{region}`",
                ", ".join(zone[-1] for zone in zones(region)),
                f"{sum(one.on_demand is not None for one in instances):,}",
                sum(one.spot is not None for one in instances),
                len(prices.services.get(region, {})),
                ", ".join(f"`{stack}`" for stack, used in uses.items() if used == region),
            )
        )
    head = ("region", "zones", "On-Demand prices of instance types", "Spot prices", "other prices", "shipped stacks")
    others = ", ".join(f"`{region}`" for region in sorted(REGIONS.keys() - set(prices.regions)))
    unknown = ", ".join(f"`{region}`" for region in sorted(REGIONS.keys() - offered()))
    also = f" Which instance types a region offers is not known of {unknown}." if unknown else ""
    dated = f"Prices compiled {prices.compiled}. Zones, as of {AS_OF}, are known of these regions too, and no prices:"
    return f"{_table(head, rows)}\n{dated} {others}.{also}\n"


def _quotas() -> str:
    """The quotas of a region or an account, which other stacks of the account use up, too."""
    rows = (
        (one.name, one.label, f"{one.default:,}", "yes" if one.adjustable else "no", one.scope)
        for one in quotas().values()
        if one.scope != "parent"
    )
    head = ("quota", "Service Quotas", f"default, as of {SINCE}", "can be increased", "for each")
    return _table(head, rows)


def _layers() -> str:
    """The import contracts as a picture: each box imports from those below it, and none from those above."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [one for one in contracts if one["type"] == "layers"]
    (order,) = [one["layers"] for one in layers if "containers" not in one]
    lines = ["```mermaid", "flowchart TB"]
    for one in layers:
        for container in one.get("containers", ()):
            nodes = [f'{container}_{number}["{name}"]' for number, name in enumerate(one["layers"])]
            lines += [f"    subgraph {container}", "        direction TB", f"        {' --> '.join(nodes)}", "    end"]
    return "\n".join([*lines, f"    {' --> '.join(order)}", "```", ""])


TABLES: Mapping[str, Callable[[], str]] = {"regions": _regions, "quotas": _quotas, "layers": _layers}
