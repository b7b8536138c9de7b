"""`aiplatform adopt`: describe what an account has in a stack file."""

from typing import Annotated

import typer

from aiplatform.cli.boundary import Command, Commands, Stack
from aiplatform.cli.output import AsJson

app = typer.Typer(
    cls=Commands,
    help="Describe in a stack file what an account has, for a platform that uses it.",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def _commands() -> None:
    """Describe in a stack file what an account has."""


@app.command(cls=Command)
def vpc(  # noqa: PLR0917, Typer reads each as an option
    identifier: Annotated[str, typer.Argument(metavar="VPC", help="The ID of the VPC.")],
    stack: Stack = "dev",
    public: Annotated[
        list[str] | None, typer.Option(metavar="ID|KEY=VALUE", help="Public subnets by ID or tag; can be repeated.")
    ] = None,
    private: Annotated[
        list[str] | None, typer.Option(metavar="ID|KEY=VALUE", help="Subnets of nodes and pods; can be repeated.")
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option(metavar="ID|KEY=VALUE", help="Subnets of databases; can be repeated.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check, and write nothing.")] = False,
    json_: AsJson = False,
) -> None:
    """Write the facts of an existing VPC into `network` of a stack file. Default: its subnets by their routes."""
    from aiplatform.cli.adopt_vpc import adopt_vpc  # noqa: PLC0415, only this command needs it

    wanted = {"public": public or [], "private": private or [], "data": data or []}
    adopt_vpc(identifier, stack, wanted=wanted, dry_run=dry_run, as_json=json_)  # type: ignore[arg-type]
