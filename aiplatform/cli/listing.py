"""`aiplatform list`: the stacks of the project."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from aiplatform.cli.output import note, print_json
from aiplatform.preview.plan import Json
from aiplatform.preview.project import project_folder, stack_names
from catalog.reading.problems import SettingsError
from config.loader import load_file
from config.settings import Settings


def list_stacks(*, as_json: bool) -> None:
    """Print each stack with its region, environment, budget and content."""
    folder = project_folder(Path.cwd())
    rows = [_row(folder, name) for name in stack_names(folder)]
    if as_json:
        print_json(rows)
        return
    if not rows:
        note(f"{folder}: no stack file; `aiplatform new` writes one")
        return
    table = Table(box=None, pad_edge=False, header_style="")
    for name in ("stack", "region", "environment", "budget, USD", "content"):
        table.add_column(name, overflow="fold", justify="right" if name == "budget, USD" else "left")
    for row in rows:
        budget = "-" if row["budget"] is None else f"{row['budget']:,.0f}"
        content = ", ".join(row["content"]) if row["errors"] == 0 else f"{row['errors']} errors in its file"
        table.add_row(row["stack"], row["region"] or "-", row["environment"] or "-", budget, content)
    Console(highlight=False, markup=False, emoji=False).print(table)


def _row(folder: Path, name: str) -> dict[str, Json]:
    try:
        settings = load_file(folder, name).settings
    except SettingsError as error:
        unknown = dict.fromkeys(("project", "region", "environment", "budget"))
        return {"stack": name, **unknown, "content": [], "errors": len(error.lines)}
    budget = settings.costs.budget
    return {
        "stack": name,
        "project": settings.project.name,
        "region": settings.project.region,
        "environment": settings.project.environment,
        "budget": None if budget is None else budget.monthly_limit,
        "content": list(_content(settings)),
        "errors": 0,
    }


def _content(settings: Settings) -> Iterator[str]:
    """Yield workloads, then sections with several entries and their number."""
    for one in settings.workloads.wanted():
        yield one.settings.TITLE
    if settings.kubeflow is not None:
        yield "Kubeflow"
    if settings.tenants is not None:
        yield _counted(len(settings.tenants.all(settings.project.name)), "tenants")
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, dict) and value and name not in {"schedules", "secrets", "priority_classes"}:
            yield _counted(len(value), name.replace("_", " "))


def _counted(number: int, plural: str) -> str:
    singular = {"databases": "database", "repositories": "repository"}.get(plural, plural.removesuffix("s"))
    return f"{number} {singular if number == 1 else plural}"
