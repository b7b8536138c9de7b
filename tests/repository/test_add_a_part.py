"""CONTRIBUTING's lists, followed: made-up parts are planned, placed, connected, priced and checked."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.config.base import BASE, ROOT, STACK_FILES
from tests.repository.toys import ADD_ON, AWS_TYPE, REGION, RULE, WORKLOAD, Edit, Part

PROGRAM = ("__main__.py", "Pulumi.yaml", "aiplatform", "catalog", "components", "config")
LIMITS = [
    ("chart add-on", ADD_ON, 4),
    ("workload", WORKLOAD, 5),
    ("rule", RULE, 2),
    ("resource type of AWS", AWS_TYPE, 2),
    ("region", REGION, 1),
]


def _edited(text: str, edit: Edit) -> str:
    assert edit.before in text, f"no line {edit.before!r}"
    place = text.index(edit.before) if edit.before else len(text)
    text = text[:place] + edit.text + text[place:]
    for other in edit.also:
        text = _edited(text, other)
    return text


def _added(root: Path, part: Part) -> None:
    for name, edit in part.items():
        file = root / name
        if not name.startswith(PROGRAM):
            # Documents and tests of a part are not read by the program.
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(_edited(text, edit), encoding="utf-8")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Plan and findings of the stack pingvas, in a copy of the program with all three parts."""
    root = tmp_path_factory.mktemp("toys")
    for name in PROGRAM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root)
    shutil.copy(STACK_FILES / "Pulumi.pingvas.yaml", root)
    for _, part, _ in LIMITS:
        _added(root, part)
    settings = root / "config/workloads/__init__.py"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace(
            "from config.workloads.kafka", "from config.workloads.game import Game\nfrom config.workloads.kafka", 1
        )
    )
    _plan(root, "pingvas", "--set", "workloads.game={}")
    (root / "Pulumi.elsewhere.yaml").write_text(BASE.replace("us-west-2", "eu-west-4"), encoding="utf-8")
    _plan(root, "elsewhere")
    written = {
        name: json.loads((root / "pingvas" / f"{name}.json").read_text()) for name in ("plan", "cost", "findings")
    }
    return {**written, "elsewhere": json.loads((root / "elsewhere" / "cost.json").read_text())}


def _plan(root: Path, stack: str, *more: str) -> None:
    command = [sys.executable, "-m", "aiplatform", "plan", "--stack", stack, "--out", stack, "--fail-on", "never"]
    done = subprocess.run(
        [*command, *more],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("kind", "part", "limit"), LIMITS, ids=[kind for kind, _, _ in LIMITS])
def test_part_takes_at_most_the_files_that_contributing_lists(kind: str, part: Part, limit: int) -> None:
    assert len(part) <= limit
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add a part")[2]
    for name in part:
        # The name of the part is the newcomer's; the folder is the list's.
        assert name.rpartition("/")[0].removesuffix("/game") in text, f"CONTRIBUTING does not list {name} for a {kind}"


def test_added_chart_is_installed_and_its_pods_are_placed(planned: Mapping[str, Any]) -> None:
    releases = [one for one in planned["plan"]["resources"] if one["inputs"].get("chart") == "toy"]
    assert [one["inputs"]["version"] for one in releases] == ["1.2.3"]
    pending = [one["message"] for one in planned["findings"] if one["rule"] == "fit-pending"]
    assert any("toy" in message for message in pending), "500 CPUs fit on no node, and the fit must see them"


def test_added_chart_has_a_network_policy_a_scrape_and_a_bill(planned: Mapping[str, Any]) -> None:
    resources = planned["plan"]["resources"]
    (monitor,) = [one["inputs"] for one in resources if one["type"].endswith(":PodMonitor")]
    assert monitor["metadata"]["namespace"] == "toy"
    assert monitor["spec"]["podMetricsEndpoints"] == [{"portNumber": 9300}]
    policies = {
        (one["inputs"]["metadata"]["namespace"], one["inputs"]["metadata"]["name"]): one["inputs"]["spec"]
        for one in resources
        if one["type"].endswith(":NetworkPolicy")
    }
    assert "9300" in json.dumps(policies["toy", "controller"]["ingress"])
    assert "9300" in json.dumps(policies["monitoring", "prometheus"]["egress"])
    volumes = [one for one in planned["cost"]["lines"] if one["urn"].endswith("Release::toy")]
    assert [(one["item"], one["quantity"]) for one in volumes] == [("ebs_gp3_gb_month", 7)]


def test_added_workload_has_a_namespace_a_scrape_and_pods_for_the_fit(planned: Mapping[str, Any]) -> None:
    resources = planned["plan"]["resources"]
    closed = [
        one["inputs"]["metadata"]["name"]
        for one in resources
        if one["type"].endswith(":NetworkPolicy") and one["inputs"]["metadata"].get("namespace") == "game"
    ]
    assert closed == ["default-deny"]
    policies = [one["inputs"]["spec"] for one in resources if one["type"].endswith(":NetworkPolicy")]
    scraped = [rule for spec in policies for rule in spec.get("egress") or () if "7778" in json.dumps(rule)]
    assert scraped, "Prometheus may reach the port of its metrics"
    pending = [one["message"] for one in planned["findings"] if one["rule"] == "fit-pending"]
    assert any("game" in message for message in pending)


def test_environment_reaches_the_port_that_an_added_workload_serves(planned: Mapping[str, Any]) -> None:
    egress = [
        rule
        for one in planned["plan"]["resources"]
        if one["type"].endswith(":NetworkPolicy") and one["inputs"]["metadata"].get("namespace") == "dev"
        for rule in one["inputs"]["spec"].get("egress") or ()
    ]
    assert any("7777" in json.dumps(rule) and "game" in json.dumps(rule) for rule in egress)


def test_added_rule_is_found_by_being_there(planned: Mapping[str, Any]) -> None:
    assert [one["message"] for one in planned["findings"] if one["rule"] == "toy"] == ["toy: the chart toy is a toy"]


def test_added_aws_type_has_an_arn_and_a_price(planned: Mapping[str, Any]) -> None:
    arn = planned["plan"]["outputs"]["game_key_arn"]
    assert re.fullmatch(r"arn:aws:kms:us-east-1:\d{12}:key/[0-9a-f-]{36}", arn)
    lines = [one for one in planned["cost"]["lines"] if one["urn"].endswith("ReplicaKey::game")]
    assert [(one["item"], one["unit"], one["quantity"]) for one in lines] == [("kms_key_month", "key-month", 1)]


def test_added_region_has_prices_and_zones(planned: Mapping[str, Any]) -> None:
    bill = planned["elsewhere"]
    assert bill["region"] == "eu-west-4"
    rates = {one["item"]: one["rate"] for one in bill["lines"]}
    assert rates == {"onDemand:t3.large": 0.5, "kms_key_month": 9}
    assert bill["missing"], "what the region has no rows for"
