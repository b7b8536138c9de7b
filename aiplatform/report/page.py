"""`report.html`: one page without external files, which opens from a disk or an attachment."""

import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from ipaddress import IPv4Network

import jinja2
from rich.text import Text
from rich.tree import Tree

from aiplatform.cost.bill import MICRO, SHARED, Bill, Group, Sizes, cents
from aiplatform.cost.show import summary as cost_summary
from aiplatform.finding import SEVERITIES, Finding
from aiplatform.first_up import FirstUp
from aiplatform.preview.plan import Plan
from aiplatform.preview.tree import summary, tree
from aiplatform.report.access import cluster_access, identities, inbound_rules
from aiplatform.report.architecture import Architecture, architecture
from aiplatform.report.drawing import drawing, mermaid, svg
from aiplatform.report.picture import picture
from config.settings import Settings

REPORT, SVG, MERMAID = "report.html", "architecture.svg", "architecture.mmd"

LINES = 60
"""Number of lines of the bill that the page shows, largest first; `cost.json` has all."""

_WIDTH = 150
_LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_GROUPS: tuple[tuple[Group, str], ...] = (
    ("component", "By component"),
    ("workload", "By workload"),
    ("nodeGroup", "By node group"),
    ("tenant", "By tenant"),
)


@dataclass(frozen=True)
class Row:
    """A component of the bill."""

    name: str
    amount: Sizes
    percent: int
    """Percentage of the largest component, at the expected size."""


@dataclass(frozen=True)
class Branch:
    """A line of the tree of components, with its children."""

    text: str
    below: tuple["Branch", ...]


def report(plan: Plan, settings: Settings, bill: Bill, findings: Sequence[Finding], lasts: FirstUp) -> dict[str, str]:
    """Return the files of the report by name: the page, and its picture of the architecture alone."""
    shown = _architecture(plan, settings)
    return {
        REPORT: page(plan, settings, bill, findings, lasts),
        SVG: _picture(shown),
        MERMAID: mermaid(shown),
    }


def _architecture(plan: Plan, settings: Settings) -> Architecture:
    return architecture(settings, plan.stack, has_ingress=_has_ingress(plan))


def _picture(shown: Architecture) -> str:
    return svg(drawing(shown), f"Architecture of {shown.stack}")


def _has_ingress(plan: Plan) -> bool:
    return any(one.type == _LOAD_BALANCER for one in plan.resources)


def page(plan: Plan, settings: Settings, bill: Bill, findings: Sequence[Finding], lasts: FirstUp) -> str:
    """Return the page. The same plan, prices and findings result in the same bytes."""
    parts = [(title, list(_rows(bill, group))) for group, title in _GROUPS]
    from_outside = inbound_rules(plan, *map(IPv4Network, settings.network.vpc_cidrs()))
    lines = sorted(bill.lines, key=lambda line: (-line.monthly.expected, line.owner.urn, line.item))
    return _template().render(
        plan=plan,
        settings=settings,
        bill=bill,
        counts=summary(plan),
        costs=cost_summary(bill),
        lasts=lasts,
        severities={one: sum(finding.severity == one for finding in findings) for one in SEVERITIES},
        findings=[(finding, finding.urn.rpartition("::")[2]) for finding in findings],
        architecture=_picture(_architecture(plan, settings)),
        picture=picture(settings, has_ingress=_has_ingress(plan)),
        parts=[(title, rows) for title, rows in parts if len(rows) > 1],
        lines=lines[:LINES],
        rest=lines[LINES:],
        rest_monthly=sum((line.monthly.expected for line in lines[LINES:]), Decimal(0)),
        inbound_rules=from_outside,
        open_to_the_internet=sum(one.for_everybody() for one in from_outside),
        cluster_access=cluster_access(plan, settings.project.deployer),
        identities=identities(plan),
        branches=[_branch(below) for below in tree(plan, _WIDTH).children],
    )


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        # Names come from stack files, so that they are escaped.
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["usd"] = lambda amount: f"{cents(amount):,}"
    environment.filters["clock"] = lambda seconds: f"{seconds // 60}:{seconds % 60:02}"
    environment.filters["amount"] = lambda amount: f"{amount.quantize(Decimal('0.001')).normalize():,f}"
    environment.filters["rate"] = lambda amount: f"{amount.quantize(MICRO).normalize():f}"
    # Jinja's own filter is for scripts: it formats & as \u0026.
    environment.filters["json"] = lambda value: (
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    )
    return environment.from_string(files("aiplatform.report").joinpath("page.html").read_text(encoding="utf-8"))


def _rows(bill: Bill, group: Group) -> Iterator[Row]:
    """Yield the components with a cost, largest first."""
    found = {name: amount for name, amount in bill.by(group).items() if amount.any()}
    if group == "tenant" and found.keys() <= {SHARED}:
        return
    largest = max((amount.expected for amount in found.values()), default=Decimal(0)) or Decimal(1)
    for name, amount in sorted(found.items(), key=lambda each: (-each[1].expected, each[0])):
        yield Row(name, amount, int(100 * max(amount.expected, Decimal(0)) / largest))


def _branch(of: Tree) -> Branch:
    text = of.label.plain if isinstance(of.label, Text) else str(of.label)
    return Branch(text, tuple(_branch(below) for below in of.children))
