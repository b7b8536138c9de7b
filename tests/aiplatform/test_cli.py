"""`aiplatform` on the command line: exit statuses, files and error messages."""

import gc
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pulumi
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

import config.loader
from aiplatform.cli.changes import parse_change
from aiplatform.cli.main import app, main
from aiplatform.preview.record import record
from tests.config.base import BASE, ROOT, STACK_FILES, TODAY
from tests.config.test_stack_files import STACKS, engine_values

FINE, WRONG = 0, 2
# Set in each process that a test starts: what is supported depends on the day.
FREEZE = f"""\
import datetime
import config.loader

class Today(datetime.date):
    @classmethod
    def today(cls):
        return datetime.date({TODAY.year}, {TODAY.month}, {TODAY.day})

config.loader.date = Today
"""


class Today(date):
    """The day on which the shipped stacks are up to date."""

    fixed: ClassVar[date] = TODAY

    @classmethod
    def today(cls) -> "Today":
        return cls(cls.fixed.year, cls.fixed.month, cls.fixed.day)


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.loader, "date", Today)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own with the program and one stack, `small`."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder)
    (folder / "Pulumi.small.yaml").write_text(BASE)
    monkeypatch.chdir(folder)
    return folder


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def said(result: Result) -> list[str]:
    """The lines on stderr; there is never a traceback among them."""
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.stderr.splitlines()


# --- fine ---


def test_plan_is_written_beside_the_stack_file_and_printed(project: Path) -> None:
    result = call("plan", "--stack", "small")
    assert result.exit_code == FINE
    assert said(result) == []
    assert {".plan/small/plan.json", ".plan/small/manifests/deployment-mlflow-mlflow.yaml"} <= files(project)
    plan = json.loads((project / ".plan/small/plan.json").read_text())
    assert set(plan) == {"project", "stack", "provenance", "resources", "outputs", "knownAfterUp"}
    assert (plan["project"], plan["stack"]) == ("ai-platform", "small")
    assert set(plan["resources"][0]) == {
        *("urn", "type", "name", "parent", "aliases", "protect", "retainOnDelete", "provider", "dependencies"),
        *("references", "answers", "inputs"),
    }
    assert plan["outputs"]["cluster_name"] == "shop-eks"
    assert "shop-eks" in result.stdout
    assert ".plan/small" in result.stdout


def test_command_finds_the_project_from_a_subfolder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = project / "docs" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert call("plan", "--stack", "small").exit_code == FINE
    assert (project / ".plan/small/plan.json").is_file()


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("network.nat=single", ("network", "nat"), "single"),
        ("network.subnets.public[1].zone=a", ("network", "subnets", "public", 1, "zone"), "a"),
        ("environments.dev.quota.'requests.cpu'='20'", ("environments", "dev", "quota", "requests.cpu"), "20"),
        ('nodeGroups.cpu.labels."example.com/team"=x', ("nodeGroups", "cpu", "labels", "example.com/team"), "x"),
    ],
)
def test_set_accepts_any_key_of_a_stack_file_even_with_a_dot(
    text: str, path: tuple[str | int, ...], value: str
) -> None:
    assert parse_change(text) == (path, value)


def test_set_changes_one_run_and_not_the_file(project: Path) -> None:
    before = (project / "Pulumi.small.yaml").read_bytes()
    changes = (
        "--set",
        "nodeGroups.cpu.capacity=spot",
        "--set",
        "nodeGroups.cpu.scaling.max=9",
        "--set",
        "project.name=store",
    )
    result = call("plan", "--stack", "small", *changes, "--out", "what-if")
    assert result.exit_code == FINE
    plan = json.loads((project / "what-if/plan.json").read_text())
    (group,) = (item for item in plan["resources"] if item["type"] == "eks:index:ManagedNodeGroup")
    assert (group["inputs"]["scalingConfig"]["maxSize"], group["inputs"]["capacityType"]) == (9, "SPOT")
    assert plan["outputs"]["cluster_name"] == "store-eks"
    assert (project / "Pulumi.small.yaml").read_bytes() == before
    assert not (project / ".plan").exists()
    found = json.loads((project / "what-if/findings.json").read_text())
    warned = [one for one in found if one["rule"] == "stack-file" and "Spot" in one["message"]]
    assert [one["severity"] for one in warned] == ["warning"]
    assert said(result) == [], "what only warns is a finding, is not said twice, and does not stop"


def test_several_stacks_have_a_folder_each(project: Path) -> None:
    (project / "Pulumi.other.yaml").write_text(BASE.replace("name: shop", "name: other"))
    result = call("plan", "--stack", "small", "--stack", "other", "--stack", "small", "--out", "plans")
    assert result.exit_code == FINE
    names = {
        stack: json.loads((project / f"plans/{stack}/plan.json").read_text())["outputs"]["cluster_name"]
        for stack in ("small", "other")
    }
    assert names == {"small": "shop-eks", "other": "other-eks"}


def test_plan_replaces_the_previous_plan_and_its_files(project: Path) -> None:
    assert call("plan", "--stack", "small").exit_code == FINE
    stale = project / ".plan/small/manifests/stale.yaml"
    stale.write_text("old")
    assert call("plan", "--stack", "small").exit_code == FINE
    assert not stale.exists()
    assert [path.name for path in (project / ".plan").iterdir()] == ["small"], "nothing of the swap is left"


# --- wrong ---


def test_invalid_stack_file_prints_all_errors_on_stderr_and_writes_nothing(project: Path) -> None:
    wrong = BASE.replace("us-west-2b", "us-east-1b").replace("min: 1,", "min: 4,").replace("t3.large", "t3.big")
    (project / "Pulumi.small.yaml").write_text(f"{wrong}  ai-platform:netwrk: {{}}\n")
    before = files(project)
    result = call("plan", "--stack", "small")
    assert result.exit_code == WRONG
    assert result.stdout == ""
    lines = said(result)
    assert len(lines) == 4
    assert all(line.startswith("Pulumi.small.yaml:") for line in lines)
    for part in ("us-east-1b", "scaling", "t3.big", "netwrk"):
        assert sum(part in line for line in lines) == 1, part
    assert files(project) == before


def test_error_in_one_of_several_stacks_stops_all_and_prints_every_error(project: Path) -> None:
    (project / "Pulumi.one.yaml").write_text(BASE.replace("10.0.0.0/16", "10.0.0.0/33"))
    (project / "Pulumi.two.yaml").write_text("")
    before = files(project)
    result = call("plan", "--stack", "small", "--stack", "one", "--stack", "two", "--stack", "three", "--out", "plans")
    assert result.exit_code == WRONG
    lines = said(result)
    assert [line.partition(":")[0] for line in lines] == ["Pulumi.one.yaml", "Pulumi.two.yaml", "Pulumi.three.yaml"]
    assert files(project) == before


def test_unknown_stack_lists_the_nearest_name(project: Path) -> None:
    result = call("plan", "--stack", "smal")
    assert result.exit_code == WRONG
    (line,) = said(result)
    assert line.startswith("Pulumi.smal.yaml:1: stack file not found")
    assert "small" in line
    assert not (project / ".plan").exists()


def test_missing_project_is_reported_with_a_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("plan")
    assert result.exit_code == WRONG
    (line,) = said(result)
    assert "Pulumi.yaml" in line
    assert files(tmp_path) == set()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("network.nat", "has no value"),
        ("=3", "no path"),
        ("network.zones=[", "no YAML value"),
        ("network.nat=[", "is not one of"),
        ("network.nat=sometimes", "network.nat"),
        ("nodeGroups.cpu.instanceTypes[7]=t3.large", "cannot be set"),
        ("netwrk.nat=none", "netwrk"),
    ],
)
def test_invalid_change_is_reported_in_one_line(project: Path, change: str, part: str) -> None:
    result = call("plan", "--stack", "small", "--set", change)
    assert result.exit_code == WRONG
    lines = said(result)
    assert len(lines) == 1
    assert part in lines[0]
    assert "--set" in lines[0]
    assert not (project / ".plan").exists()


@pytest.mark.parametrize("what", ["folder", "file"])
def test_folder_without_a_plan_is_not_replaced(project: Path, what: str) -> None:
    target = project / "precious"
    kept = target / "thesis.txt" if what == "folder" else target
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("years of work")
    result = call("plan", "--stack", "small", "--out", "precious")
    assert result.exit_code != FINE
    assert "precious" in "".join(said(result))
    assert kept.read_text() == "years of work"
    assert not [path for path in project.iterdir() if path.name.startswith(".precious")]


def test_folder_without_a_plan_as_output_is_a_usage_error(project: Path) -> None:
    (project / "thesis.txt").write_text("years of work")
    result = call("plan", "--stack", "small", "--out", "thesis.txt")
    assert result.exit_code == WRONG
    assert "--traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [["plna"], ["plan", "--stak", "dev"], ["plan", "--out"]])
def test_misspelt_command_is_a_usage_error(arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code == WRONG
    assert said(result)


# --- other processes ---


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, on the day of the tests."""
    frozen = folder / ".frozen"
    frozen.mkdir(exist_ok=True)
    (frozen / "sitecustomize.py").write_text(FREEZE)
    path = os.pathsep.join([str(frozen), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", "aiplatform", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_two_processes_write_the_same_bytes_for_any_hash_seed(project: Path) -> None:
    seen = []
    for seed in ("0", "4711"):
        done = run(project, "plan", "--stack", "small", "--out", f"plan-{seed}", PYTHONHASHSEED=seed)
        assert (done.returncode, done.stderr) == (FINE, "")
        folder = project / f"plan-{seed}"
        seen.append({name: (folder / name).read_bytes() for name in files(folder)})
    assert seen[0] == seen[1]
    assert len(seen[0]) > 10


def test_process_exits_with_status_2_and_errors_on_stderr(project: Path) -> None:
    (project / "Pulumi.small.yaml").write_text("config: [")
    done = run(project, "plan", "--stack", "small")
    assert (done.returncode, done.stdout) == (WRONG, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Pulumi.small.yaml:1: ")


def test_plan_needs_and_looks_up_no_account(project: Path) -> None:
    nothing = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "", "HOME": str(project)}
    done = run(project, "plan", "--stack", "small", PATH=str(Path(sys.executable).parent), **nothing)
    assert (done.returncode, done.stderr) == (FINE, "")


def test_process_skips_the_final_garbage_collection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # It takes a third of the time.
    monkeypatch.setattr(sys, "argv", ["aiplatform", "schema", "--out", str(tmp_path / "schema.json")])
    try:
        with pytest.raises(SystemExit):
            main()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()


# --- schema ---


def the_schema() -> dict[str, Any]:
    result = call("schema")
    assert result.exit_code == FINE
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_schema_accepts_every_shipped_stack_file(stack: str) -> None:
    schema = the_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    values = YAML(typ="safe", pure=True).load((STACK_FILES / f"Pulumi.{stack}.yaml").read_text())
    errors = [
        f"{error.json_path}: {error.message}" for error in jsonschema.Draft202012Validator(schema).iter_errors(values)
    ]
    assert errors == []


@pytest.mark.parametrize(
    "spoilt",
    [
        BASE.replace("cidr:", "cdir:"),
        BASE.replace("min: 1", "min: one"),
        BASE.replace("ai-platform:buckets", "ai-platform:bukets"),
        BASE.replace("engine: postgres", "engine: oracle"),
    ],
)
def test_schema_refuses_what_the_loader_refuses(spoilt: str) -> None:
    values = YAML(typ="safe", pure=True).load(spoilt)
    assert list(jsonschema.Draft202012Validator(the_schema()).iter_errors(values))


def test_committed_schema_is_up_to_date() -> None:
    written = ROOT / "docs" / "stack.schema.json"
    if not written.exists():
        pytest.skip("docs/stack.schema.json is not there; make schema writes it")
    assert written.read_text(encoding="utf-8") == call("schema").stdout, "run make schema"


def test_schema_can_be_written_to_a_file(tmp_path: Path) -> None:
    assert call("schema", "--out", str(tmp_path / "schema.json")).exit_code == FINE
    assert json.loads((tmp_path / "schema.json").read_text()) == the_schema()


def test_unwritable_schema_is_reported_without_a_traceback(tmp_path: Path) -> None:
    result = call("schema", "--out", str(tmp_path / "missing" / "schema.json"))
    assert result.exit_code == WRONG
    assert said(result)


# --- the program under the engine ---


def test_engine_reports_invalid_settings_in_located_lines(project: Path) -> None:
    (project / "Pulumi.small.yaml").write_text(BASE.replace("us-west-2b", "us-east-1b"))
    values = {
        key: json.dumps(value)
        for key, value in YAML(typ="safe", pure=True)
        .load((project / "Pulumi.small.yaml").read_text())["config"]
        .items()
    }
    with pytest.raises(pulumi.RunError) as caught:
        record(project / "__main__.py", project="ai-platform", stack="small", config=values)
    lines = str(caught.value).splitlines()
    assert lines
    assert all(line.startswith("Pulumi.small.yaml:8: ") for line in lines)
    assert "us-east-1b" in lines[0]


def test_engine_reports_all_errors_in_one_run() -> None:
    values = engine_values("dev") | {
        "ai-platform:network": '{"cidr": "10.10.0.0/16", "zones": ["us-west-2a"]}',
        "ai-platform:cluster": '{"version": "1.28", "endpoint": {"public": false}}',
    }
    with pytest.raises(pulumi.RunError) as caught:
        record(ROOT / "__main__.py", project="ai-platform", stack="dev", config=values)
    lines = str(caught.value).splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("Pulumi.dev.yaml:") for line in lines)


@pytest.mark.parametrize("unknown", [False, True], ids=["known", "unknown"])
def test_engine_exports_the_outputs_of_the_platform(unknown: bool) -> None:
    plan = record(
        ROOT / "__main__.py",
        project="ai-platform",
        stack="dev",
        config=engine_values("dev"),
        unknown_outputs=unknown,
    )
    assert {"cluster_name", "kubeconfig_command", "vpc_id", "mlflow_url", "rds_endpoint", "s3_bucket_name"} <= set(
        plan.outputs
    )
    assert plan.outputs["cluster_name"] == "ai-dev-eks"
