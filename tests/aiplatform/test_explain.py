"""`aiplatform explain`, `list` and `models`, and the types that `--set` takes from the same schema."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aiplatform.cli.changes import parse_change
from aiplatform.errors import CallError
from catalog.reading.problems import show
from config.example import example_at
from config.reference import EVERY, every, parse_path, root, setting_at
from config.settings_page import page
from tests.aiplatform.test_boundary import call, project  # noqa: F401, a fixture of every test
from tests.config.base import BASE, ROOT

TYPED: tuple[tuple[str, Any], ...] = (
    # Strings that YAML reads as something else.
    ("cluster.version=1.36", "1.36"),
    ("cluster.version=1.10", "1.10"),
    ("cluster.version='1.30'", "1.30"),
    ('cluster.version="1.30"', "1.30"),
    ("databases.runs.engineVersion=17", "17"),
    ("project.accountId=012345678901", "012345678901"),
    ("project.name=on", "on"),
    ("project.name=yes", "yes"),
    ("project.name=null", "null"),
    ("project.name=true", "true"),
    ("project.tags.Since=2026-11-30", "2026-11-30"),
    ("project.tags.Code=1e3", "1e3"),
    ("project.tags.Code=0o17", "0o17"),
    ("project.tags.Code=08", "08"),
    ("project.tags.Code=0x1F", "0x1F"),
    ("project.tags.Code=1_000", "1_000"),
    ("project.tags.Code=12:30:45", "12:30:45"),
    ("project.tags={a: 1.10, b: yes, c: ~, d: 2026-11-30}", {"a": "1.10", "b": "yes", "c": "~", "d": "2026-11-30"}),
    ("nodeGroups.cpu.instanceTypes=[t3.large, 08]", ["t3.large", "08"]),
    ("cluster={version: 1.30}", {"version": "1.30"}),
    ("environments.dev.quota.'requests.cpu'=20", "20"),
    # Strings that are no YAML.
    ("monitoring.receivers.chat.slack.channel=#alerts", "#alerts"),
    ("project.naming.pattern={project}-{type}", "{project}-{type}"),
    ("schedules.night.start=*/5 8 * * *", "*/5 8 * * *"),
    ("network.name=a: b", "a: b"),
    # Numbers, booleans and null.
    ("nodeGroups.cpu.scaling.max=9", 9),
    ("nodeGroups.cpu.scaling.max=1e1", 10),
    ("nodeGroups.cpu.scaling.max=3.0", 3),
    ("nodeGroups.cpu.scaling.max=3.5", 3.5),
    ("nodeGroups.cpu.scaling.max='9'", "9"),
    ("costs.budget.monthlyLimit=1e3", 1000.0),
    ("costs.budget.monthlyLimit=250", 250),
    ("cluster.deletionProtection=yes", True),
    ("cluster.deletionProtection=Off", False),
    ("cluster.deletionProtection=true", True),
    ("cluster.deletionProtection=1", 1),
    ("network.name=null", None),
    ("network.name=~", None),
    ("network.name=", None),
    ("databases.runs.kind={}", {}),
    # Values of charts have any type, and those of an unknown path, too.
    ("addons.karpenter.values={a: 1.10, b: yes}", {"a": 1.1, "b": "yes"}),
    ("netwrk.size=1.10", 1.1),
)


@pytest.mark.parametrize(("change", "value"), TYPED)
def test_set_takes_the_type_of_the_setting(change: str, value: Any) -> None:
    found = parse_change(change)[1]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("nodeGroups.cpu.scaling.max=08", "begins with a zero and is octal in YAML 1.1; write 8, or '08'"),
        ("nodeGroups.cpu.scaling.max=.inf", "is not a finite number"),
        ("nodeGroups.cpu.scaling={min: 1, min: 2}", "duplicate key min"),
        ("network.zones=[a", "is no YAML value"),
        ("network.zones=*a", "is no YAML value"),
    ],
)
def test_value_that_cannot_be_read_is_refused(change: str, part: str) -> None:
    with pytest.raises(CallError, match="--set") as error:
        parse_change(change)
    assert part in error.value.lines[0]


def test_plan_takes_a_version_without_quotes() -> None:
    assert (
        call(
            "plan", "small", "-q", "--set", "cluster.version=1.34", "--set", "databases.runs.engineVersion=16"
        ).exit_code
        == 0
    )
    inputs = {
        one["type"]: one["inputs"] for one in json.loads(Path(".plan/small-set/plan.json").read_text())["resources"]
    }
    assert inputs["eks:index:Cluster"]["version"] == "1.34"
    assert inputs["aws:rds/instance:Instance"]["engineVersion"] == "16"


# --- explain ---


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("cluster.version", ("cluster.version", "type: string", 'default: "1.35"', 'example: "1.35"')),
        ("databases.*.engine", ("databases.*.engine", "default: none, it is required", "allowed: postgres, mysql")),
        ("databases.runs.engine", ("databases.*.engine", "allowed: postgres, mysql")),
        ("databases.engine", ("databases.*.engine", "allowed: postgres, mysql")),
        ("ai-platform:network.nat", ("network.nat", "allowed: perZone, single, none")),
        ("network.subnets.private[1].cidr", ("network.subnets.private.*.cidr", "type: string")),
        ("nodeGroups.gpu.disk.sizeGib", ("nodeGroups.*.disk.sizeGib", "allowed: 20 to 65536", "unit: GiB")),
        ("costs.budget", ("costs.budget", "type: map, or null", "monthlyLimit (required): Limit in USD a month.")),
        ("nodeGroups.*.labels.'example.com/team'", ("nodeGroups.*.labels.*", "type: string")),
    ],
)
def test_explain_shows_type_default_allowed_values_unit_and_example(path: str, lines: tuple[str, ...]) -> None:
    result = call("explain", path)
    assert result.exit_code == 0, result.stderr
    first, *rest = (line.strip() for line in result.stdout.splitlines())
    assert first == lines[0]
    assert set(lines[1:]) <= set(rest)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("cluster.verison", "unknown setting cluster.verison; did you mean cluster.version?"),
        ("netwrk.nat", "unknown setting netwrk.nat; did you mean network?"),
        ("monthlyLimit", "unknown setting monthlyLimit; did you mean costs.budget.monthlyLimit?"),
        ("cluster.version.x", "unknown setting cluster.version.x: cluster.version is a string without settings"),
        ("network.zones.a", "unknown setting network.zones.a: after network.zones comes *, as it is a list"),
        ("a[b", "'a[b' is no path; write it like databases.*.engine"),
    ],
)
def test_unknown_setting_names_the_nearest(path: str, message: str) -> None:
    result = call("explain", path)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{message}\n")


def test_every_setting_is_explained_by_its_own_path() -> None:
    settings = list(every(root()))
    assert len(settings) > 1000
    for one in settings:
        assert setting_at(parse_path(show(one.path)) or ()) == one
        assert one.description or one.path[-1] == EVERY, one.path
        assert one.type, one.path


def test_nearly_every_setting_has_an_example() -> None:
    leaves = [one for one in every(root()) if not one.keys() and one.path[-1] != EVERY]
    with_example = [one for one in leaves if example_at(one.path)]
    assert len(with_example) > 0.5 * len(leaves)


def test_explain_without_a_path_lists_the_sections() -> None:
    found = json.loads(call("explain", "--json").stdout)
    assert {"project", "network", "cluster", "workloads"} <= {one["path"] for one in found["settings"]}


def test_committed_settings_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == page(), "run make settings"


def test_settings_reference_has_every_section_and_links_that_lead_somewhere() -> None:
    text = page()
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {show(one.path) for one in every(root()) if len(one.path) == 1} <= set(headings)
    assert set(re.findall(r"\]\(#([a-z]+)\)", text)) <= {one.lower() for one in headings}
    assert "| `endpoint.publicCidrs` | list of string |" in text
    assert "| `*.engine` | string | required | postgres, mysql | `postgres` | 0.1.0 |  | Database engine. |" in text


# --- list and models ---


def test_list_has_region_environment_budget_and_content(project: Path) -> None:  # noqa: F811, the fixture
    (project / "Pulumi.broken.yaml").write_text("config: {}")
    (project / "Pulumi.rich.yaml").write_text(f"{BASE}  ai-platform:costs: {{budget: {{monthlyLimit: 900}}}}\n")
    found = {one["stack"]: one for one in json.loads(call("list", "--json").stdout)}
    assert found["rich"] | {"content": []} == {
        "stack": "rich",
        "project": "shop",
        "region": "us-west-2",
        "environment": "test",
        "budget": 900,
        "content": [],
        "errors": 0,
    }
    assert found["rich"]["content"] == ["MLflow", "1 node group", "1 database", "1 bucket"]
    assert found["broken"]["errors"] > 0
    assert "errors in its file" in call("list").stdout


def test_list_without_a_stack_names_the_command_that_writes_one(project: Path) -> None:  # noqa: F811, the fixture
    (project / "Pulumi.small.yaml").unlink()
    result = call("list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{project}: no stack file; `aiplatform new` writes one\n"


def test_models_have_memory_licence_and_the_types_that_run_them() -> None:
    found = {one["model"]: one for one in json.loads(call("models", "--json").stdout)}
    small, large = found["Qwen/Qwen3-0.6B"], found["meta-llama/Llama-3.1-70B-Instruct"]
    assert (small["access"], large["access"]) == ("open", "gated")
    assert small["instanceTypes"]["g4dn.xlarge"] == 1
    # 70 billion parameters of two bytes: 4 GPUs with 48 GB, or 2 with 141.
    assert large["instanceTypes"]["g6e.24xlarge"] == 4
    assert large["instanceTypes"]["p5en.48xlarge"] == 2
    assert "g5.48xlarge" not in large["instanceTypes"]
    assert large["gpuMemoryGib"] > 131


def test_unknown_model_names_the_nearest() -> None:
    result = call("models", "Qwen/Qwen3-0.6")
    assert result.exit_code == 0
    assert call("models", "Qwen/Qwen3-0.7B").stderr.startswith(
        "no model has 'Qwen/Qwen3-0.7B' in its name; did you mean Qwen/"
    )
