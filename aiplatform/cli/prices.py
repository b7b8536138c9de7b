"""`aiplatform prices`: look prices up, bring them up to date, and write what the documents cost."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aiplatform.cli.output import written
from aiplatform.errors import WRONG

if TYPE_CHECKING:
    from catalog.prices import PriceTable

app = typer.Typer(help="List prices: look them up, bring them up to date.", no_args_is_help=True, add_completion=False)

_File = Annotated[Path | None, typer.Option("--file", help="A price file; the shipped one when left out.")]


@app.command()
def show(
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="t3.medium, db.t3.small, nat_gateway_hour...")],
    region: Annotated[str | None, typer.Option(help="One region; all that the table has when left out.")] = None,
    file: _File = None,
) -> None:
    """Show what an instance type or an item costs, and how far the figure can be trusted."""
    from rich.console import Console  # noqa: PLC0415, only this command needs it

    from aiplatform.cost.prices.show import UnknownError, price_rows, rendered, shown_prices, sources  # noqa: PLC0415
    from catalog.prices import age_warnings  # noqa: PLC0415

    table = _load(file)
    try:
        rows = price_rows(table, type_, region)
    except UnknownError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG) from None
    # Names that are cut cannot be searched for: a narrow terminal wraps the lines itself.
    Console(width=max(Console().width, 140)).print(rendered(rows))
    for line in sources(rows):
        typer.echo(line)
    for sentence in age_warnings(shown_prices(rows), date.today()):
        typer.echo(f"warning: {sentence}", err=True)


@app.command()
def refresh(
    region: Annotated[str, typer.Option(help="The region whose rows are read again.")],
    file: _File = None,
) -> None:
    """Read a region's prices from the AWS Price List API; rows it has no answer for stay as they are."""
    from aiplatform.cost.prices.refresh import RefreshError, connect, refresh_file  # noqa: PLC0415, boto3 is slow

    path = file or _shipped_file()
    _load(path)
    try:
        outcome = refresh_file(path, region, connect(region), date.today())
    except RefreshError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from None
    for line in outcome.said():
        typer.echo(line)


@app.command()
def documents(
    out: Annotated[Path | None, typer.Option(help="The file to write; the terminal when left out.")] = None,
    file: _File = None,
) -> None:
    """Write what the source documents cost by their own tables, and at today's list prices."""
    from aiplatform.cost.prices.page import cost_page  # noqa: PLC0415, only this command needs it

    written(cost_page(_load(file)), out)


def _load(file: Path | None) -> "PriceTable":
    from catalog.prices import PricesError, load_prices  # noqa: PLC0415, a plan imports this module and reads no price

    try:
        return load_prices(file)
    except PricesError as error:
        typer.echo("\n".join(error.problems), err=True)
        raise typer.Exit(WRONG) from None


def _shipped_file() -> Path:
    import catalog  # noqa: PLC0415

    return Path(catalog.__path__[0]) / "data" / "prices.yaml"
