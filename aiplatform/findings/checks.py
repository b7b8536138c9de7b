"""All checks of a plan, with the warnings of its stack file; their result is `findings.json`."""

import json
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aiplatform.cost.bill import Bill
from aiplatform.cost.budget import budget_problem
from aiplatform.finding import SEVERITIES, FailOn, Finding, Severity, as_json, in_order
from aiplatform.findings.accepted import with_accepted
from aiplatform.findings.assumptions import unused_assumptions
from aiplatform.findings.budgets import budget_tags
from aiplatform.findings.commitments import commitments
from aiplatform.findings.drains import single_replicas
from aiplatform.findings.names import names
from aiplatform.findings.overrides import overrides
from aiplatform.findings.private_endpoint import private_endpoint
from aiplatform.findings.production import production
from aiplatform.findings.rules import broken
from aiplatform.findings.stack_file import stack_file
from aiplatform.findings.taken_names import taken_names
from aiplatform.fit.fit import fit
from aiplatform.preview.plan import Plan
from aiplatform.quotas.check import account_quotas
from config.settings import Settings

FINDINGS = "findings.json"
PLATFORM = "ai-platform:platform:Platform"

STYLES: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "dim"}


def findings(plan: Plan, settings: Settings, bill: Bill, warnings: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return all findings by severity: `warnings` of the stack file, pods that do not fit, quotas of the account, a
    budget that is exceeded, unknown or counts nothing, assumptions that change nothing, commitments that are not used,
    names that do not follow the naming rule, resources that do not comply with `aiplatform.findings.rules`, a
    Kubernetes API that only nodes reach, what a stack in production lacks, servers with GPUs that have one replica,
    overrides, and names that two resources share.
    """
    found = [*_fit(plan, settings), *_budget(plan, settings, bill), *names(plan, settings), *broken(plan.resources)]
    found += budget_tags(plan)
    found += private_endpoint(plan, settings)
    found += production(plan, settings)
    found += single_replicas(plan)
    found += overrides(settings, _platform(plan))
    found += taken_names(plan)
    found += stack_file(warnings, _platform(plan))
    return in_order(with_accepted(found, settings.findings, plan))


def _fit(plan: Plan, settings: Settings) -> Iterator[Finding]:
    found = fit(plan, settings)
    # The shares of quotas are the output of `aiplatform fit`: one that asks for something is among its findings.
    yield from found.findings
    yield from account_quotas(plan, settings, found.levels["maximum"])


def _budget(plan: Plan, settings: Settings, bill: Bill) -> Iterator[Finding]:
    problem = budget_problem(bill, settings.costs)
    if problem is not None:
        yield Finding(problem.rule, "warning", _platform(plan), problem.message, problem.fix)
    yield from unused_assumptions(settings.costs, bill, _platform(plan), settings.network)
    yield from commitments(bill, _platform(plan))


def _platform(plan: Plan) -> str:
    return next((resource.urn for resource in plan.resources if resource.type == PLATFORM), "")


def findings_json(found: Iterable[Finding]) -> str:
    """Return the content of `findings.json`."""
    return json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n"


def fails(found: Iterable[Finding], fail_on: FailOn) -> bool:
    """Return whether a finding is at least as severe as `fail_on`."""
    if fail_on == "never":
        return False
    return any(SEVERITIES.index(one.severity) <= SEVERITIES.index(fail_on) for one in found)


def show(found: Iterable[Finding], screen: Console) -> None:
    """Print errors and warnings with their fixes, and the number of infos."""
    listed = tuple(found)
    table = Table(box=None, show_header=False, pad_edge=False, title="Findings", title_justify="left", title_style="")
    for _ in range(2):
        table.add_column(overflow="fold")
    for one in listed:
        if one.severity != "info":
            table.add_row(f"[{STYLES[one.severity]}]{one.severity}[/]", escape(f"{one.message}; {one.fix}"))
    if table.row_count:
        screen.print(table)
    if infos := sum(one.severity == "info" for one in listed):
        screen.print(f"{infos} {'info' if infos == 1 else 'infos'} in {FINDINGS}", style=STYLES["info"])
