"""`aiplatform doctor`: ask the account for what a stack needs, or list what is to check."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import typer
from rich.console import Console

from aiplatform.cli.boundary import about
from aiplatform.cli.output import note, print_json, quiet
from aiplatform.cli.stacks import Stack, load_stack, record_stack
from aiplatform.doctor.engine import Asked, Line, answered, asked
from aiplatform.doctor.question import Account, Subject
from aiplatform.errors import FAILED, FINE, UNAVAILABLE, AccessError
from aiplatform.verify import cloud as aws
from config.project import Project

TO_CHECK = "to check"


def examine_stack(name: str, *, offline: bool, profile: str | None, as_json: bool) -> int:
    """Print each answer of the account, and return the exit status.

    Raises:
        AccessError: there are no valid credentials, after the list of what is to check; or they are those of another
            account.
    """
    stack = load_stack(name)
    with about(name):
        account: Account | AccessError | None = None if offline else _account(stack, profile)
        questions = asked(Subject(name, stack.folder, stack.settings, record_stack(stack)))
        if not isinstance(account, Account):
            _to_check(name, questions, as_json=as_json)
            if account is not None:
                raise account
            return FINE
        with _progress(len(questions)) as heard:
            lines = answered(questions, account, heard)
    counts = Counter(line.answer.verdict for line in lines)
    if as_json:
        found = [
            {
                "check": line.check.key,
                "about": line.about,
                "verdict": line.answer.verdict,
                "detail": line.answer.detail,
                "fix": line.answer.fix,
            }
            for line in lines
        ]
        totals = {verdict: counts[verdict] for verdict in ("fine", "wrong", "unknown")}
        print_json({"stack": name, "account": account.number, "caller": account.arn, **totals, "checks": found})
    else:
        _show(lines)
        typer.echo(f"{counts['fine']} fine, {counts['wrong']} wrong, {counts['unknown']} unknown, as {account.arn}")
    if counts["wrong"]:
        return FAILED
    refused = [line for line in lines if line.answer.refused]
    if refused:
        note(f"{name}: {len(refused)} answers are unknown because AWS refused them: {refused[0].answer.detail}")
        return UNAVAILABLE
    return FINE


def _account(stack: Stack, profile: str | None) -> Account | AccessError:
    """Return the account; the error if there are no valid credentials.

    Raises:
        AccessError: the credentials are those of another account than the stack's.
    """
    project: Project = stack.settings.project
    # A profile of the command is a user's own; without one the credentials are those of the stack file.
    role = project.assumed_role() if profile is None else None
    used = profile or project.profile
    try:
        arn = aws.caller_arn(aws.connect(project.region, used, role))
    except AccessError as error:
        return error
    account = Account(arn, lambda region: aws.connect(region, used, role))
    if project.account_id not in {None, account.number}:
        raise AccessError(
            f"{arn} belongs to another account than project.accountId {project.account_id}; set another profile with "
            "AWS_PROFILE or --profile"
        )
    return account


def _to_check(name: str, questions: Sequence[Asked], *, as_json: bool) -> None:
    if as_json:
        found = [{"check": one.check.key, "about": one.question.about, "verdict": TO_CHECK} for one in questions]
        print_json({"stack": name, "account": None, "checks": found})
        return
    for title, group in groupby(questions, lambda one: one.check.title):
        typer.echo(title)
        for one in group:
            typer.echo(f"  {TO_CHECK}  {one.question.about}")


def _show(lines: Sequence[Line]) -> None:
    for title, group in groupby(lines, lambda one: one.check.title):
        typer.echo(title)
        for one in group:
            typer.echo(f"  {one.answer.verdict:7}  {one.about}: {one.answer.detail}")
            if one.answer.fix:
                typer.echo(f"           fix: {one.answer.fix}")


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int], None] | None]:
    """Show the number of answers; nothing if stderr is not a terminal."""
    if quiet.get() or not sys.stderr.isatty():
        yield None
        return
    with Console(stderr=True, soft_wrap=True).status("Asking AWS", spinner="line") as status:
        yield lambda answers: status.update(f"Asking AWS: {answers} of {count}")
