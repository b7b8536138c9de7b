"""`aiplatform prices`: show prices, refresh them, and write the cost tables of the documents."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aiplatform.cli.boundary import Command, Commands
from aiplatform.cli.output import AsJson, Out, note, print_json, said, written

if TYPE_CHECKING:
    from aiplatform.cost.prices.refresh import Wanted

app = typer.Typer(cls=Commands, help="Show and refresh list prices.", no_args_is_help=True, add_completion=False)

_File = Annotated[Path | None, typer.Option("--file", help="A price file. Default: the packaged one.")]


@app.command(cls=Command)
def show(
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="t3.medium, db.t3.small, nat_gateway_hour...")],
    region: Annotated[str | None, typer.Option(help="A region. Default: all regions of the table.")] = None,
    file: _File = None,
    json_: AsJson = False,
) -> None:
    """Show the price of an instance type or item, with its source and confidence."""
    from rich.console import Console  # noqa: PLC0415, only this command needs it

    from aiplatform.cost.prices.show import listed, price_rows, rendered, shown_prices, sources  # noqa: PLC0415
    from catalog.prices import age_warnings, load_prices  # noqa: PLC0415

    rows = price_rows(load_prices(file), type_, region)
    if json_:
        print_json(listed(rows))
    else:
        # A name that is cut off cannot be searched for: a narrow terminal wraps the lines itself.
        Console(width=max(Console().width, 140)).print(rendered(rows))
        typer.echo("\n".join(sources(rows)))
    for sentence in age_warnings(shown_prices(rows), date.today()):
        note(f"warning: {sentence}")


@app.command(cls=Command)
def refresh(
    region: Annotated[str | None, typer.Option(help="The region to refresh.")] = None,
    stack: Annotated[str | None, typer.Option(help="A stack: its regions, with rows of all that it uses.")] = None,
    file: _File = None,
    json_: AsJson = False,
) -> None:
    """Refresh the prices of a region from the AWS Price List API; rows without a result are kept.

    With `--stack`, rows are added for the instance types, engines and regions of the stack that the file lacks.
    """
    from aiplatform.cost.prices.refresh import check_region, connect, refresh_file  # noqa: PLC0415, boto3 is slow
    from aiplatform.errors import CallError  # noqa: PLC0415
    from catalog.prices import load_prices  # noqa: PLC0415

    if (region is None) == (stack is None):
        raise CallError("name a region with --region, or a stack with --stack")
    path = file or _shipped_file()
    # An invalid file, region or stack is reported before a request to AWS.
    table = load_prices(path)
    wanted = _wanted(str(region), stack, table.hours_per_month)
    for name in wanted:
        check_region(name)
    outcomes = [refresh_file(path, name, connect(name), date.today(), rows) for name, rows in wanted.items()]
    if json_:
        print_json(outcomes[0]._asdict() if stack is None else [one._asdict() for one in outcomes])
        return
    for line in (line for outcome in outcomes for line in outcome.said()):
        said(line)


def _wanted(region: str, stack: str | None, hours: int) -> "Mapping[str, Wanted]":
    """Return what to add by region: nothing to a single region, and what a stack uses to its regions."""
    from aiplatform.cli.stacks import load_stack, record_stack  # noqa: PLC0415
    from aiplatform.cost.pricer import asked  # noqa: PLC0415
    from aiplatform.cost.prices.refresh import Wanted, wanted_by  # noqa: PLC0415

    if stack is None:
        return {region: Wanted()}
    loaded = load_stack(stack)
    settings = loaded.settings
    return wanted_by(asked(record_stack(loaded), settings.costs, hours, today=date.today(), settings=settings))


@app.command(cls=Command)
def documents(
    out: Out = None,
    file: _File = None,
) -> None:
    """Write the costs of the source documents, by their own tables and at current list prices."""
    from aiplatform.cli.lean import compared  # noqa: PLC0415, only this command needs it
    from aiplatform.cost.prices.page import cost_page  # noqa: PLC0415
    from catalog.prices import load_prices  # noqa: PLC0415

    written(cost_page(load_prices(file), compared() if file is None else None), out)


def _shipped_file() -> Path:
    import catalog  # noqa: PLC0415

    return Path(catalog.__path__[0]) / "data" / "prices.yaml"
