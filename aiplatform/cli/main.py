"""The commands. They import their modules when they run, so that each starts quickly."""

import gc
import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from aiplatform.cli.adopt import app as adopt
from aiplatform.cli.boundary import Command, Commands, Stack, Stacks, flush
from aiplatform.cli.output import AsJson, Out, any_terminal, written
from aiplatform.cli.prices import app as prices
from aiplatform.cost.bill import Group, Size
from aiplatform.finding import FailOn

Format = Literal["text", "markdown", "json", "html"]

app = typer.Typer(
    name="aiplatform",
    cls=Commands,
    help="Read, price and check an AI platform before it is built.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(adopt, name="adopt")
app.add_typer(prices, name="prices")

Size_ = Literal["small", "medium", "large"]
_Set = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Override a setting for this run.")]


@app.callback()
def _commands() -> None:
    """Read, price and check an AI platform before it is built."""


@app.command(cls=Command)
def plan(
    stack: Stacks = None,
    set_: _Set = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder to write to. Default: .plan/<stack>, and .plan/<stack>-set with --set."),
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="The lowest severity of a finding that fails the command.")] = "error",
    json_: AsJson = False,
) -> int:
    """Preview the resources of stacks without an account, the Pulumi engine or a network."""
    from aiplatform.cli.plan import plan_stacks  # noqa: PLC0415, only this command needs Pulumi's runtime

    return plan_stacks(stack or ["dev"], changes=set_ or [], out=out, fail_on=fail_on, as_json=json_)


@app.command(cls=Command)
def diff(  # noqa: PLR0917, Typer reads each as an option
    base: Annotated[
        str | None, typer.Argument(help="A git revision or a folder with plans. Default: the merge base with main.")
    ] = None,
    head: Annotated[
        str | None, typer.Argument(help="A git revision or a folder with plans. Default: the working tree.")
    ] = None,
    stack: Annotated[
        list[str] | None, typer.Option("--stack", "-s", help="A stack; can be repeated. Default: all.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="The format of the output.")] = "text",
    out: Out = None,
    fail_on: Annotated[FailOn, typer.Option(help="The lowest severity of a line that fails the command.")] = "never",
    fail_on_replace: Annotated[
        list[str] | None, typer.Option(metavar="TYPE", help="A type that must not be replaced; can be repeated.")
    ] = None,
    max_increase: Annotated[
        float | None, typer.Option(metavar="USD", help="The largest increase of the monthly cost of a stack.")
    ] = None,
) -> int:
    """Show what a change replaces, interrupts, costs and risks, without an account."""
    from aiplatform.cli.diff import show_difference  # noqa: PLC0415, only this command needs it

    return show_difference(
        base,
        head,
        stacks=stack or [],
        format_=format_,
        out=out,
        fail_on=fail_on,
        fail_on_replace=fail_on_replace or [],
        max_increase=max_increase,
    )


@app.command(cls=Command)
def comment(
    file: Annotated[Path, typer.Argument(help="The output of aiplatform diff --format json.")],
    previews: Annotated[
        Path | None, typer.Option(help="A folder with outputs of aiplatform check-preview: */preview.json.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the comment.")] = False,
) -> None:
    """Write the output of diff as the one comment of a pull request, from a workflow of GitHub."""
    from aiplatform.cli.comment import write_comment  # noqa: PLC0415, only this command needs it

    write_comment(file, sorted(previews.glob("*/preview.json")) if previews else (), dry_run=dry_run)


@app.command("check-preview", cls=Command)
def check_preview(
    difference: Annotated[Path, typer.Argument(help="The output of aiplatform diff --format json.")],
    preview: Annotated[Path, typer.Argument(help="The output of pulumi preview --json, or the file of --event-log.")],
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack of the preview.")],
    format_: Annotated[Format, typer.Option("--format", help="The format of the output.")] = "text",
    out: Out = None,
) -> None:
    """Show where pulumi preview and the difference without credentials expect different steps."""
    from aiplatform.cli.check_preview import check_preview as checked  # noqa: PLC0415, only this command needs it

    checked(difference, preview, stack=stack, format_=format_, out=out)


@app.command(cls=Command)
def cost(  # noqa: PLR0917, Typer reads each as an option
    stack: Stack = "dev",
    set_: _Set = None,
    by: Annotated[Group, typer.Option(help="The group of each row.")] = "component",
    size: Annotated[Size, typer.Option(help="The size by which rows are sorted or compared.")] = "expected",
    prices_: Annotated[Path | None, typer.Option("--prices", help="Another price file.")] = None,
    compare: Annotated[
        str | None, typer.Option(metavar="STACK|FILE", help="The stack, plan.json or cost.json to compare with.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON with all lines.")] = False,
) -> None:
    """Show the monthly cost of a stack at list prices, at minimum, expected and maximum size."""
    from aiplatform.cli.cost import show_cost  # noqa: PLC0415, only this command needs it

    show_cost(stack, changed=set_ or [], as_json=json_, by=by, size=size, prices=prices_, compare=compare)


@app.command(cls=Command)
def optimize(  # noqa: PLR0917, Typer reads each as an option
    stack: Stack = "dev",
    keep: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="What changes must not give up: ha, rpo, ...; repeatable.")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="What the best set may give up in production: ha, rpo.")
    ] = None,
    apply: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Plan the changes of a file instead, such as docs/lean/*.yaml.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write the best set, or --apply's, to the stack file.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Find changes of a stack file that save money; each is planned, priced and checked before it is offered."""
    from aiplatform.cli.optimize import apply_changes, optimize_stack  # noqa: PLC0415, only this command needs it

    if apply is not None:
        return apply_changes(stack, apply, write=write)
    optimize_stack(stack, keep=keep or [], accept=accept or [], write=write, as_json=json_)
    return 0


@app.command(cls=Command)
def fit(
    stack: Stack = "dev",
    set_: _Set = None,
    json_: AsJson = False,
) -> None:
    """Show the pods of each node group at its minimum, initial and maximum size, and pending pods."""
    from aiplatform.cli.fit import show_fit  # noqa: PLC0415, only this command needs it

    show_fit(stack, changed=set_ or [], as_json=json_)


@app.command(cls=Command)
def images(
    stack: Stack = "dev",
    set_: _Set = None,
    json_: AsJson = False,
) -> None:
    """List the container images of a stack, and their places in its registry."""
    from aiplatform.cli.images import show_images  # noqa: PLC0415, only this command needs it

    show_images(stack, changed=set_ or [], as_json=json_)


@app.command(cls=Command)
def manifests(
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("manifests"),
    registry: Annotated[str | None, typer.Option(help="The value of images.registry.")] = None,
    json_: AsJson = False,
) -> None:
    """Copy Kubeflow's manifests with all their remote bases to a folder, for `kubeflow.source`."""
    from aiplatform.cli.manifests import write_manifests  # noqa: PLC0415, only this command needs it

    write_manifests(out, registry, as_json=json_)


@app.command(cls=Command)
def verify(  # noqa: PLR0917, Typer reads each as an option
    stack: Stack = "dev",
    user: Annotated[
        str | None, typer.Option(envvar="USER_NUM", help="The number of a tenant. Default: all tenants.")
    ] = None,
    part: Annotated[str, typer.Option(help="preparation, kubeflow, mlflow, storage, platform or all.")] = "all",
    json_: Annotated[bool, typer.Option("--json", help="Print JSON with all checks.")] = False,
    context: Annotated[
        str | None, typer.Option(help="A context of the kubeconfig. Default: the stack's cluster.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            envvar="AWS_PROFILE", help="A profile of the AWS configuration. Default: the stack's credentials."
        ),
    ] = None,
) -> int:
    """Check a deployed platform and its tenants against the stack file."""
    from aiplatform.cli.verify import verify_stack  # noqa: PLC0415, only this command asks a cluster

    return verify_stack(stack, user=user, part=part, as_json=json_, context=context, profile=profile)


@app.command(cls=Command)
def permissions(
    state_bucket: Annotated[str, typer.Option(help="The bucket of the Pulumi state.")],
    stack: Stack = "dev",
    account: Annotated[str | None, typer.Option(help="The AWS account. Default: project.accountId.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to. Default: .plan/<stack>-permissions.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """Write least-privilege IAM policies for the role that deploys a stack."""
    from aiplatform.cli.permissions import write_permissions  # noqa: PLC0415, only this command needs Pulumi's runtime

    write_permissions(stack, state_bucket=state_bucket, account=account, out=out, as_json=json_)


@app.command(cls=Command)
def bootstrap(  # noqa: PLR0917, Typer reads each as an option
    stack: Stack = "dev",
    repository: Annotated[
        str | None, typer.Option(metavar="OWNER/NAME", help="The repository on GitHub. Default: no roles.")
    ] = None,
    environment: Annotated[
        str | None, typer.Option(help="The environment of the repository that deploys. Default: the stack.")
    ] = None,
    state_bucket: Annotated[
        str | None, typer.Option(help="The bucket of the state. Default: that of PULUMI_BACKEND_URL, or a new one.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="The region of the bucket and its key. Default: the stack's.")
    ] = None,
    preview_role: Annotated[
        str | None, typer.Option(help="The role for previews, which stacks share. Default: pulumi-deployer-preview.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes, and make none.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Remove what it made; it names what stays.")] = False,
    json_: AsJson = False,
) -> None:
    """Make the state bucket, its key, and the roles that GitHub assumes, before the first pulumi up."""
    from aiplatform.cli.bootstrap import Asked, bootstrap_stack  # noqa: PLC0415, only this command changes an account

    asked = Asked(state_bucket, region, repository, environment, preview_role, dry_run, undo)
    bootstrap_stack(stack, asked, as_json=json_)


@app.command(cls=Command)
def doctor(
    stack: Stack = "dev",
    offline: Annotated[bool, typer.Option("--offline", help="List what is to check, without credentials.")] = False,
    profile: Annotated[
        str | None,
        typer.Option(
            envvar="AWS_PROFILE", help="A profile of the AWS configuration. Default: the stack's credentials."
        ),
    ] = None,
    json_: AsJson = False,
) -> int:
    """Ask the account for what a stack needs: permissions, quotas, capacity, versions, names; changes nothing."""
    from aiplatform.cli.doctor import examine_stack  # noqa: PLC0415, only this command asks an account

    return examine_stack(stack, offline=offline, profile=profile, as_json=json_)


@app.command(cls=Command)
def unprotect(
    stack: Stack = "dev",
    only: Annotated[str | None, typer.Option(metavar="TEXT", help="A part of the URNs of the resources.")] = None,
    json_: AsJson = False,
) -> None:
    """Show what a stack protects from deletion, and how to lift it; changes nothing."""
    from aiplatform.cli.unprotect import show_protection  # noqa: PLC0415, only this command needs Pulumi's runtime

    show_protection(stack, only=only, as_json=json_)


@app.command(cls=Command)
def new(  # noqa: PLR0917, Typer reads each as an option
    stack: Annotated[str, typer.Argument(metavar="NAME", help="The name of the stack and of its resources.")],
    purpose: Annotated[
        str | None, typer.Option(help="mlflow, class, chat, environments or serving. Default: asked on a terminal.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="STACK", help="A stack file to copy.")] = None,
    region: Annotated[str | None, typer.Option(help="The AWS region. Default: us-west-2.")] = None,
    zone: Annotated[
        list[str] | None, typer.Option(help="A zone; can be repeated. Default: zones that offer the instance types.")
    ] = None,
    domain: Annotated[str | None, typer.Option(help="The domain of all hosts. Default: an internal one.")] = None,
    size: Annotated[Size_ | None, typer.Option(help="The size of nodes and databases. Default: small.")] = None,
    production: Annotated[
        bool | None, typer.Option("--production/--no-production", help="Whether it survives the loss of a zone.")
    ] = None,
    budget: Annotated[float | None, typer.Option(min=1, help="The budget in USD a month.")] = None,
    users: Annotated[int | None, typer.Option(min=1, max=200, help="The users of a class. Default: 15.")] = None,
    network: Annotated[
        str | None, typer.Option(help="The network of users, kubectl and pulumi, such as 198.51.100.0/24.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """Write a stack file for a purpose, or from another stack. A file that exists is not changed."""
    from aiplatform.cli.new import Asked, new_stack  # noqa: PLC0415, only this command needs it

    asked = Asked(purpose, from_, region, zone or [], domain, size, production, budget, users, network)
    new_stack(stack, asked, as_json=json_)


@app.command(name="list", cls=Command)
def list_(
    json_: AsJson = False,
) -> None:
    """List the stacks of the project with their region, environment, budget and content."""
    from aiplatform.cli.listing import list_stacks  # noqa: PLC0415, only this command needs it

    list_stacks(as_json=json_)


@app.command(cls=Command)
def explain(
    path: Annotated[
        str | None,
        typer.Argument(metavar="[PATH]", help="A setting, such as databases.*.engine. Default: all sections."),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Explain a setting of a stack file: its type, default, allowed values and an example."""
    from aiplatform.cli.explain import show_setting  # noqa: PLC0415, only this command needs it

    show_setting(path, as_json=json_)


@app.command(cls=Command)
def settings(
    out: Out = None,
) -> None:
    """Write the reference of all settings of a stack file, as Markdown."""
    from config.settings_page import page  # noqa: PLC0415, only this command needs it

    written(page(), out)


@app.command(cls=Command)
def models(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="A part of the models' names.")] = None,
    json_: AsJson = False,
) -> None:
    """List the language models of the catalogue with their GPU memory, and the instance types that run them."""
    from aiplatform.cli.models import list_models  # noqa: PLC0415, only this command needs it

    list_models(text, as_json=json_)


@app.command(cls=Command)
def rules(
    out: Out = None,
    json_: AsJson = False,
) -> None:
    """Write the rules that every resource is checked against, as Markdown or JSON."""
    from aiplatform.findings.rules.page import listed, page  # noqa: PLC0415, only this command needs it

    written(json.dumps(listed(), indent=2) + "\n" if json_ else page(), out)


@app.command(cls=Command)
def schema(
    out: Out = None,
) -> None:
    """Write the JSON Schema of a stack file, for editors."""
    from config.schema import stack_file_schema  # noqa: PLC0415, only this command needs it

    written(json.dumps(stack_file_schema(), indent=2) + "\n", out)


def main() -> None:
    """Run the console script.

    A command runs for seconds and frees little memory: garbage collection would take a fifth of its time, and the last
    collection at exit a third. The kernel frees the memory of the process.
    """
    gc.disable()
    any_terminal()
    try:
        app(prog_name="aiplatform")
    finally:
        gc.freeze()
        flush()
