"""`python -m tests.requirements`: where the facts stand, 80 columns wide."""

import argparse
import sys

from rich.console import Console
from rich.table import Table

from tests.requirements.coverage import STACKS, Coverage, State, load

COLOURS = {State.ASSERTED: "green", State.WAIVED: "blue", State.PENDING: "yellow", State.OPEN: "red"}


def by_document(coverage: Coverage) -> Table:
    """One line a document: how many of its facts stand where."""
    table = Table("Document", "Stack", title="Requirements")
    for heading in (*State, "facts"):
        table.add_column(heading, justify="right")
    for document, stack in STACKS.items():
        counts = coverage.counts(document)
        shipped = stack if document in coverage.documents else f"[dim]{stack}, to come[/dim]"
        table.add_row(document, shipped, *(str(counts[state]) for state in State), str(counts.total()))
    return table


def by_fact(coverage: Coverage, document: str) -> Table:
    """One line a fact of a document, with its state and where it is asserted."""
    table = Table(title=f"Requirements of {document}, stack {STACKS[document]}")
    table.add_column("Fact", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("Where it is asserted, or why not", overflow="fold")
    for fact in coverage.facts.values():
        if fact.document == document:
            state = coverage.state(fact.id)
            reason = (
                coverage.reason(fact.id).replace(", ", "\n") if state is State.ASSERTED else coverage.reason(fact.id)
            )
            table.add_row(fact.id, fact.kind, f"[{COLOURS[state]}]{state}[/]", reason)
    return table


def main() -> int:
    """Print the tables; 1 when something has to be put right."""
    parser = argparse.ArgumentParser(prog="python -m tests.requirements", description=__doc__)
    parser.add_argument("--document", choices=STACKS, help="show each fact of this document")
    chosen = parser.parse_args().document
    coverage = load()
    console = Console(width=80, highlight=False)
    console.print(by_fact(coverage, chosen) if chosen else by_document(coverage))
    problems = coverage.problems()
    for problem in problems:
        console.print(problem, markup=False)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
