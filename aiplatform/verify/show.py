"""Format results as text and as JSON."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from aiplatform.verify.model import Caller, Outcome, Result
from config.tenants import Tenant

MOST_FAILURES = 40


def for_one(results: Sequence[Result], console: Console, *, stack: str) -> None:
    """Print the checks of a tenant, or of the platform, by part."""
    for result in results:
        part = result.part
        title = f"Part {part.number}: {part.title}" if part.number else part.title
        console.print(f"{title} ({result.tenant.name})" if result.tenant else f"{title} ({stack})")
        table = Table.grid(padding=(0, 1))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold", ratio=1)
        last = part.checks[-1].number
        for check, outcome in result.checked:
            table.add_row(f"{check.number}/{last}", outcome.verdict, check.title, _told(outcome))
        console.print(table)
        console.print(result.summary)
        console.print(f"score {result.score}")
        if line := _next(result, stack):
            console.print(line, soft_wrap=True)
        console.print()


def _told(outcome: Outcome) -> str:
    return f"{outcome.detail}\nhint: {outcome.hint}" if outcome.hint else outcome.detail


def _next(result: Result, stack: str) -> str:
    part, tenant = result.part, result.tenant
    if result.count("failed") or not part.following:
        return ""
    user = f" --user {tenant.number}" if tenant else ""
    command = f"aiplatform verify --stack {stack}{user} --part {part.following}"
    return f"Next: Part {part.number + 1}: {command}"


def ending(results: Sequence[Result]) -> str:
    """Return the last line of the output."""
    wrong = sum(result.count("failed") for result in results)
    if wrong:
        return f"{wrong} checks failed. Look at the failed part, mend it or ask the instructor."
    if warned := sum(result.count("warning") for result in results):
        return f"Nothing failed; warnings: {warned}."
    if results and results[-1].tenant and not results[-1].part.following:
        return "All passed. Next: Lab 1-2 (Hello Pipeline)."
    return "All passed."


def for_all(results: Sequence[Result], console: Console) -> None:
    """Print a table with a row for each tenant and a column for each part, then failed checks and warnings."""
    parts = list(dict.fromkeys(result.part.key for result in results))
    by_tenant: dict[str, dict[str, Result]] = {}
    for result in results:
        if result.tenant:
            by_tenant.setdefault(result.tenant.name, {})[result.part.key] = result
    table = Table(box=None, pad_edge=False, header_style="")
    for name in ("tenant", *parts):
        table.add_column(name, no_wrap=True)
    for name, found in by_tenant.items():
        table.add_row(name, *(_cell(found[part]) for part in parts))
    console.print(table)
    lines = [
        f"{_name(result)} {result.part.key} {check.number} {check.title}: {outcome.detail}"
        for verdict in ("failed", "warning")
        for result in results
        for check, outcome in result.checked
        if outcome.verdict == verdict
    ]
    for line in lines[:MOST_FAILURES]:
        console.print(line)
    if len(lines) > MOST_FAILURES:
        console.print(f"and {len(lines) - MOST_FAILURES} more; --json has them all")
    console.print(", ".join(f"{key} {count}" for key, count in _counts(results).items()))


def _name(result: Result) -> str:
    return result.tenant.name if result.tenant else "platform"


def _counts(results: Sequence[Result]) -> dict[str, int]:
    return {
        "passed": sum(one.count("passed") for one in results),
        "failed": sum(one.count("failed") for one in results),
        "warnings": sum(one.count("warning") for one in results),
    }


def _cell(result: Result) -> str:
    failed, warned = result.count("failed"), result.count("warning")
    more = [f"{failed} failed"] if failed else []
    more += [f"{warned} warned"] if warned else []
    return ", ".join([result.score, *more])


def document(results: Sequence[Result], *, stack: str, caller: Caller) -> str:
    """Return all results as JSON."""
    subjects: dict[Tenant | None, list[Result]] = {}
    for result in results:
        subjects.setdefault(result.tenant, []).append(result)
    found = {
        "stack": stack,
        "caller": {"kubernetes": caller.user, "aws": caller.arn},
        **_counts(results),
        "subjects": [
            {"tenant": tenant.name if tenant else None, "parts": [_part(one) for one in parts]}
            for tenant, parts in subjects.items()
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _part(result: Result) -> dict[str, object]:
    return {
        "part": result.part.key,
        "passed": result.count("passed"),
        "failed": result.count("failed"),
        "warnings": result.count("warning"),
        "score": result.score,
        "checks": [
            {
                "number": check.number,
                "title": check.title,
                "verdict": outcome.verdict,
                "detail": outcome.detail,
                "hint": outcome.hint,
                "facts": list(check.facts),
            }
            for check, outcome in result.checked
        ],
    }
