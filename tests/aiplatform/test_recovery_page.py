"""docs/recovery.md: its tools accept every command, and its figures are those of the settings."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import botocore.session  # type: ignore[import-untyped]
import click
import jmespath  # type: ignore[import-untyped]
import pytest
import typer.main
from botocore import xform_name
from ruamel.yaml import YAML

from aiplatform.cli.main import app
from config.backups import Backups, RecoveryMinutes
from tests.aws.model import mistakes, operation
from tests.components.base import settings_from
from tests.config.base import ROOT
from tests.each import each

PAGE = (ROOT / "docs" / "recovery.md").read_text(encoding="utf-8")
GLOBAL = {"region", "query", "output", "profile"}
"""Options of every call: https://docs.aws.amazon.com/cli/latest/reference/#options"""

CUSTOM = {
    # Commands that the tool has beside the operations of the API, and what they take.
    # https://docs.aws.amazon.com/cli/latest/reference/s3/sync.html, .../eks/update-kubeconfig.html
    ("s3", "sync"): {"source-region", "delete", "exclude", "include"},
    ("eks", "update-kubeconfig"): {"name", "role-arn", "alias"},
}
KUBECTL = {
    # https://kubernetes.io/docs/reference/kubectl/generated/
    "get": {"all-namespaces", "field-selector", "label-columns", "output", "sort-by", "selector"},
    "scale": {"all", "replicas"},
    "cluster-info": {"all-namespaces", "output-directory"},
    "logs": {"selector", "all-containers", "prefix", "tail"},
    "delete": set[str](),
    "apply": {"filename"},
    "top": {"all-namespaces", "sort-by"},
}
KINDS = {
    "nodes", "pods", "events", "externalsecrets", "persistentvolumeclaims", "persistentvolumeclaim",
    "persistentvolumes", "deployment", "statefulset",
}  # fmt: skip
PULUMI = {
    # https://www.pulumi.com/docs/iac/cli/commands/
    "login": set[str](),
    "stack init": set[str](),
    "stack export": {"stack", "file"},
    "stack output": {"stack"},
    "stack import": {"stack", "file"},
    "preview": {"stack"},
    "up": {"stack", "yes"},
    "refresh": {"stack", "yes"},
    "destroy": {"stack", "yes", "target", "target-dependents"},
    "cancel": {"stack", "yes"},
}
OTHERS = {"cp", "curl", "export"}


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def lines() -> Iterator[str]:
    """Every command, with those whose output another one takes."""
    for block in blocks("bash"):
        for line in block.splitlines():
            yield from re.findall(r"\$\(([^)]*)\)", line)
            yield line


def of(tool: str) -> list[str]:
    return [line for line in lines() if shlex.split(line)[0] == tool]


def options(words: list[str]) -> dict[str, list[str]]:
    """What follows each option."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for word in words:
        if word.startswith("--"):
            current = found.setdefault(word.removeprefix("--"), [])
        else:
            current.append(word)
    return found


def plain(words: list[str]) -> list[str]:
    """The words before the first option, without those that another option takes."""
    taken: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word == "--namespace":
            skip = True
        elif word.startswith("--"):
            break
        else:
            taken.append(word)
    return taken


def test_every_tool_of_the_page_is_known() -> None:
    # Its commands would not be checked.
    tools = {shlex.split(line)[0] for line in lines()}
    assert tools == {"aws", "kubectl", "aiplatform", "pulumi", *OTHERS}
    assert len(of("aws")) >= 30


@each("line", of("aws"))
def test_aws_accepts_every_operation_and_its_options(line: str) -> None:
    _, service, command, *rest = shlex.split(line)
    given = options(rest)
    if "query" in given:
        jmespath.compile(*given["query"])
    assert set(given.get("output", ["json"])) <= {"json", "text", "table"}
    if (service, command) in CUSTOM:
        assert given.keys() <= CUSTOM[service, command] | GLOBAL
        return
    service = {"s3api": "s3"}.get(service, service)
    if command == "wait":
        waiter, *rest = rest
        model = botocore.session.get_session().get_waiter_model(service)
        (found,) = [name for name in model.waiter_names if xform_name(name, "-") == waiter]
        name = model.get_waiter(found).operation
        given = options(rest)
    else:
        names = botocore.session.get_session().get_service_model(service).operation_names
        (name,) = [one for one in names if xform_name(one, "-") == command]
    shape = operation(service, name).input_shape
    members: dict[str, Any] = {xform_name(member, "-"): member for member in shape.members}
    assert given.keys() - GLOBAL <= members.keys(), "options that the operation does not have"
    missing = {member for member in shape.required_members if xform_name(member, "-") not in given}
    assert missing == set(), "what the operation cannot do without"
    for option in given.keys() - GLOBAL:
        accepted(shape.members[members[option]], given[option])


def accepted(shape: Any, words: list[str]) -> None:
    """The words are of the shape's type, where they are no variables."""
    known = [word for word in words if not word.startswith(("$", "file://"))]
    match shape.type_name:
        case "boolean":
            assert words == []
        case "string":
            assert len(words) == 1
            assert not shape.enum or set(known) <= set(shape.enum)
        case "integer" | "long":
            assert all(word.isdigit() for word in known)
        case "list" if shape.member.type_name == "structure":
            assert {key for word in known for key in pairs(word)} <= set(shape.member.members)
        case "structure":
            assert {key for word in known for key in pairs(word)} <= set(shape.members)
        case "list":
            enum = getattr(shape.member, "enum", None)
            assert not enum or set(known) <= set(enum)
        case "map" | "timestamp":
            pass
        case other:
            raise AssertionError(f"{other} is a type that nothing here reads")


def pairs(word: str) -> list[str]:
    """The keys of the short way to write a structure, `Key=a,Value=b`."""
    return re.findall(r"(?:^|,)([A-Za-z]+)=", re.sub(r"\{[^}]*\}", "", word))


@pytest.mark.parametrize("line", of("aiplatform"))
def test_aiplatform_accepts_every_command(line: str) -> None:
    _, command, *rest = shlex.split(line)
    group = typer.main.get_command(app)
    found = group.get_command(click.Context(group), command)  # type: ignore[attr-defined]
    assert found is not None, command
    context = found.make_context(command, rest)
    assert str(context.params["stack"]).strip("[]'\"").startswith("$STACK")


@each("line", of("kubectl"))
def test_kubectl_accepts_every_verb_option_and_kind(line: str) -> None:
    verb, *kinds = plain(shlex.split(line)[1:])
    words = shlex.split(line)
    given = {word.removeprefix("--").partition("=")[0] for word in words if word.startswith("--")}
    assert given - {"namespace"} <= KUBECTL[verb]
    if verb in {"get", "scale", "delete"}:
        assert kinds[0] in KINDS


@pytest.mark.parametrize("line", of("pulumi"))
def test_pulumi_accepts_every_command_and_its_options(line: str) -> None:
    words = shlex.split(line)[1:]
    command = " ".join(words[:2]) if words[0] == "stack" else words[0]
    assert {word.removeprefix("--") for word in words if word.startswith("--")} <= PULUMI[command]


def test_record_change_is_valid_for_route_53() -> None:
    (notice,) = map(json.loads, blocks("json"))
    assert mistakes("route53", "ChangeResourceRecordSets", {"HostedZoneId": "Z1", "ChangeBatch": notice}) == []


def test_restored_volume_is_bound_to_the_claim_of_the_pod() -> None:
    (text,) = [block for block in blocks("yaml") if "PersistentVolume" in block]
    volume, claim = YAML(typ="safe").load_all(text)
    assert (volume["kind"], claim["kind"]) == ("PersistentVolume", "PersistentVolumeClaim")
    assert volume["spec"]["claimRef"] == {key: claim["metadata"][key] for key in ("namespace", "name")}
    assert claim["spec"]["volumeName"] == volume["metadata"]["name"]
    assert volume["spec"]["storageClassName"] == claim["spec"]["storageClassName"] == "gp3"
    assert volume["spec"]["csi"]["driver"] == "ebs.csi.aws.com"
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Retain"


def test_settings_of_the_page_are_valid_and_meet_its_objectives() -> None:
    (text,) = [block for block in blocks("yaml") if "ai-platform:backups" in block]
    shown = settings_from(Backups, YAML(typ="safe").load(text)["ai-platform:backups"])
    assert (shown.recovery_point_hours, shown.recovery_time_hours) == (1, 4)
    assert min(plan.longest_gap() for plan in shown.copied().values()) == 60
    assert shown.recovery_minutes.total() <= 4 * 60


@pytest.mark.requirement("004-bak-08")
def test_failures_have_the_recovery_times_of_the_design() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")
    ]
    times = {row[0]: (row[1].partition(";")[0], row[2]) for row in rows if len(row) == 5}
    assert times["a zone"] == ("automatically", "10 minutes")
    assert times["the cluster"] == ("manually", "2 hours")
    assert times["the region"] == ("manually", "4 hours")


@pytest.mark.requirement("004-bak-10")
def test_page_explains_that_volumes_are_zonal_and_how_to_restore_them() -> None:
    zone = PAGE.partition("### A zone")[2].partition("### The cluster")[0]
    assert "EBS volumes stay in their zone, and so do their pods" in " ".join(zone.split())
    assert "(#restore-data)" in zone
    assert "RDS with `multiAz`" in zone


def test_step_durations_are_those_of_the_settings() -> None:
    minutes = [
        int(row) for row in re.findall(r"^\| \[[^\]]*\]\(#(?:step|restore)[^|]*\| (\d+) \|$", PAGE, re.MULTILINE)
    ]
    assumed = RecoveryMinutes()
    assert minutes == [assumed.assess, assumed.divert, assumed.rebuild, assumed.restore, assumed.verify]
    assert f"| total | {assumed.total()}, which is 3 h 45 min |" in PAGE


@pytest.mark.requirement("004-ops-03", "004-ops-04", "004-ops-05", "004-ops-06")
def test_steps_are_in_order_and_every_link_resolves() -> None:
    steps = re.findall(r"^## (Step \d: .*)$", PAGE, re.MULTILINE)
    assert steps == [
        "Step 1: assess",
        "Step 2: divert, notify, collect logs",
        "Step 3: rebuild and restore",
        "Step 4: verify",
    ]
    titles = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= anchors
