"""`python -m tests.requirements`: the status of each fact, 80 columns wide."""

import argparse
import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.requirements.coverage import STACKS, Coverage, State, load

COLOURS = {
    State.ASSERTED: "green",
    State.DEVIATES: "magenta",
    State.WAIVED: "blue",
    State.PENDING: "yellow",
    State.OPEN: "red",
}


def by_document(coverage: Coverage) -> Table:
    """Count the facts of each document by status."""
    table = Table("Document", "Stack", title="Requirements")
    for heading in (*State, "facts"):
        table.add_column(heading, justify="right")
    for document, stack in STACKS.items():
        counts = coverage.counts(document)
        shipped = stack if document in coverage.documents else f"[dim]{stack}, to come[/dim]"
        table.add_row(document, shipped, *(str(counts[state]) for state in State), str(counts.total()))
    return table


def by_fact(coverage: Coverage, document: str, *, asserted: bool) -> Table:
    """List the facts of a document with their status and its reason; those that are asserted on request."""
    table = Table(title=f"Requirements of {document}, stack {STACKS[document]}")
    table.add_column("Fact", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    table.add_column("Tests, or reason and settings" if asserted else "Reason and settings", overflow="fold")
    for fact in coverage.facts.values():
        state = coverage.state(fact.id)
        if fact.document == document and (asserted or state is not State.ASSERTED):
            reason = coverage.reason(fact.id)
            tests = reason.replace(", ", "\n") if state is State.ASSERTED else escape(reason)
            table.add_row(fact.id, fact.kind, f"[{COLOURS[state]}]{state}[/]", tests)
    return table


def main() -> int:
    """Print counts, and what is not asserted of each document; 1 when something has to be corrected."""
    parser = argparse.ArgumentParser(prog="python -m tests.requirements", description=__doc__)
    parser.add_argument("--document", choices=STACKS, help="list every fact of this document")
    chosen = parser.parse_args().document
    coverage = load()
    console = Console(width=80, highlight=False)
    if chosen:
        console.print(by_fact(coverage, chosen, asserted=True))
    else:
        console.print(by_document(coverage))
        for document in STACKS:
            console.print(by_fact(coverage, document, asserted=False))
    problems = coverage.problems()
    for problem in problems:
        console.print(problem, markup=False)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
