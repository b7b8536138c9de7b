"""`aiplatform optimize` on the command line: what it prints, and what it writes."""

import json
import shutil
from collections.abc import Iterator
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from aiplatform.cli.main import app
from tests.config.base import BASE, ROOT

WITH_COMMENTS = BASE.replace(
    "    zones:", "    # One is enough for tests.\n    nat: perZone # two zones\n    zones:"
).replace("      instanceClass: db.t4g.small", "      instanceClass: db.t3.small")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with the stack `small`."""
    folder = tmp_path_factory.mktemp("optimize")
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder)
    (folder / "Pulumi.small.yaml").write_text(WITH_COMMENTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str) -> dict[str, Any]:
    """The JSON that a command prints."""
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_applied_file_is_planned_and_written(project: Path) -> None:
    file = project / "Pulumi.small.yaml"
    (project / "lean.yaml").write_text("network.nat: single\n'buckets.artifacts.lifecycle.expireDays': 30\n")
    before = file.read_text()
    result = call("optimize", "--stack", "small", "--apply", "lean.yaml")
    assert (result.exit_code, file.read_text()) == (0, before), result.output
    # A NAT gateway and its address.
    assert "36.50 less (expected size)" in result.stdout
    assert call("optimize", "--stack", "small", "--apply", "lean.yaml", "--write").exit_code == 0
    written = file.read_text()
    file.write_text(before)
    assert written == before.replace("nat: perZone", "nat: single").replace(
        "artifacts: {}", "artifacts: {lifecycle: {expireDays: 30}}"
    )


def test_applied_file_that_breaks_something_is_not_written(project: Path) -> None:
    file = project / "Pulumi.small.yaml"
    (project / "broken.yaml").write_text("nodeGroups.cpu.scaling.max: 1\n")
    before = file.read_text()
    result = call("optimize", "--stack", "small", "--apply", "broken.yaml", "--write")
    assert (result.exit_code, file.read_text()) == (1, before)
    assert "breaks: " in result.stdout
    assert "2 is above max, 1" in result.stdout


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "changes.yaml: cannot be read: No such file or directory"),
        ("- a\n", "changes.yaml:1: is not a map of changes"),
        ("a: [\n", "changes.yaml: is not YAML"),
        ("a..b: 1\nc d: 2\n", "'a..b' is no path"),
        ("a..b: 1\nc d: 2\n", "'c d' is no path"),
    ],
)
def test_invalid_file_of_changes_is_refused(text: str | None, told: str) -> None:
    file = Path("changes.yaml")
    file.unlink(missing_ok=True)
    if text is not None:
        file.write_text(text)
    result = call("optimize", "--stack", "small", "--apply", "changes.yaml")
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.usefixtures("project")
def test_unknown_word_to_keep_is_refused_with_the_words() -> None:
    result = call("optimize", "--stack", "small", "--keep", "h")
    assert result.exit_code == 2
    assert "--keep h: unknown; did you mean ha?" in result.stderr


def test_written_file_plans_to_the_promised_bill_and_keeps_its_comments(project: Path) -> None:
    file = project / "Pulumi.small.yaml"
    keep = ("--keep", "capacity", "--keep", "hours", "--keep", "onDemand", "--keep", "x86")
    promised = answer("optimize", "--stack", "small", *keep, "--write")
    # A gateway and its address, Graviton of the same size for the database (20 GB cost the same), flow logs.
    saved = 730 * (0.045 + 0.005) + 730 * (0.036 - 0.032) + 10 * 0.5 + 1.5 * 0.03
    assert promised["best"]["saving"]["expected"] >= round(saved, 2)
    assert {one["keep"] for one in promised["offers"]} <= {"flexibility", "ha", "logs", None}
    paths = {".".join(map(str, change["path"])): change["value"] for change in promised["best"]["changes"]}
    assert (paths["network.nat"], paths["databases.runs.instanceClass"]) == ("single", "db.t4g.small")
    text = file.read_text()
    removed = {line[2:] for line in ndiff(WITH_COMMENTS.splitlines(), text.splitlines()) if line.startswith("- ")}
    assert "    nat: single # two zones" in text.splitlines()
    assert "    # One is enough for tests." in text.splitlines()
    assert {line.strip().partition(":")[0] for line in removed} <= {
        "nat",
        "instanceClass",
        "instanceTypes",
        "scaling",
        "artifacts",
    }
    assert answer("cost", "--stack", "small")["monthly"] == promised["best"]["monthly"]
