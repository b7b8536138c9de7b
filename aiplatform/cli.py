"""The commands. What they need is imported when they run, so that each starts quickly."""

import gc
import json
from pathlib import Path
from typing import Annotated

import typer

from aiplatform.prices.commands import app as prices
from aiplatform.status import WRONG

app = typer.Typer(
    name="aiplatform",
    help="Read, price and check an AI platform before it is built.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(prices, name="prices")


@app.callback()
def _commands() -> None:
    """Read, price and check an AI platform before it is built."""


@app.command()
def plan(
    stack: Annotated[list[str] | None, typer.Option(help="Whose Pulumi.<stack>.yaml; may be repeated.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change a value for this run: what if?")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; .plan/<stack> when left out.")] = None,
    traceback: Annotated[bool, typer.Option(help="Show where an unexpected error comes from.")] = False,
) -> None:
    """Show what a stack file builds, with no account, engine or network."""
    from aiplatform.plan import plan_stacks  # noqa: PLC0415, only this command needs Pulumi's runtime

    raise typer.Exit(plan_stacks(stack or ["dev"], changes=set_ or [], out=out, traceback=traceback))


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="The file to write; the terminal when left out.")] = None,
) -> None:
    """Write the JSON Schema of a stack file, for editors."""
    from config.schema import stack_file_schema  # noqa: PLC0415, only this command needs it

    text = json.dumps(stack_file_schema(), indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            typer.echo(f"{out}: cannot be written: {error.strerror}", err=True)
            raise typer.Exit(WRONG) from None


def main() -> None:
    """The console script.

    A command lives for seconds and drops hardly anything: looking for garbage would take a fifth of its time.
    """
    gc.disable()
    app()
