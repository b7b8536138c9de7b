"""The steps of a difference beside those of Pulumi's engine."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aiplatform.cli.comment import comment
from aiplatform.cli.main import app
from aiplatform.diff.difference import Difference
from aiplatform.diff.formats import Comparison, as_json
from aiplatform.diff.steps import beside, previewed, steps
from aiplatform.errors import CallError
from tests.diff.base import plan, resource, urn
from tests.each import each

BUCKET, ROLE, KEY = "aws:s3/bucket:Bucket", "aws:iam/role:Role", "aws:kms/key:Key"
PLAN_CLUSTER = "urn:pulumi:dev::ai-platform::ai-platform:cluster:Cluster$eks:index:Cluster::ai"
CLUSTER = "urn:pulumi:dev::ai-platform::ai-platform:cluster:Cluster$eks:index:Cluster$aws:eks/cluster:Cluster::ai"


def digest(*found: tuple[str, str]) -> str:
    """The output of `pulumi preview --json`."""
    return json.dumps({"steps": [{"op": operation, "urn": one} for operation, one in found]})


def events(*found: tuple[str, str]) -> str:
    """The file of `--event-log`."""
    said: list[dict[str, Any]] = [{"resourcePreEvent": {"metadata": {"op": op, "urn": one}}} for op, one in found]
    return "\n".join(map(json.dumps, [{"preludeEvent": {}}, *said, {"summaryEvent": {}}]))


def test_difference_has_a_step_for_each_resource_that_changes() -> None:
    before = [
        resource(BUCKET, {"bucket": "a"}, "renamed"),
        resource(BUCKET, {"bucket": "b"}, "gone"),
        resource(ROLE, {"name": "r", "description": "old"}, "role"),
        resource(KEY, {"description": "same"}, "key"),
        resource("ai-platform:data:Store", {"a": "old"}, "component"),
    ]
    after = [
        resource(BUCKET, {"bucket": "c"}, "renamed"),
        resource(BUCKET, {"bucket": "d"}, "new"),
        resource(ROLE, {"name": "r", "description": "new"}, "role"),
        resource(KEY, {"description": "same"}, "key"),
        resource("ai-platform:data:Store", {"a": "new"}, "component"),
    ]
    assert steps(plan(*before), plan(*after)) == {
        urn(BUCKET, "gone"): "delete",
        urn(BUCKET, "new"): "create",
        urn(BUCKET, "renamed"): "replace",
        urn(ROLE, "role"): "update",
    }


@pytest.mark.parametrize("written", [digest, events], ids=["--json", "--event-log"])
@each(
    "given, expected",
    [
        ([("same", urn(KEY, "k"))], {}),
        ([("read", urn(KEY, "k"))], {}),
        ([("refresh", urn(KEY, "k"))], {}),
        ([("update", urn(KEY, "k"))], {urn(KEY, "k"): "update"}),
        ([("import", urn(KEY, "k"))], {urn(KEY, "k"): "create"}),
        (
            [(one, urn(KEY, "k")) for one in ("create-replacement", "replace", "delete-replaced")],
            {urn(KEY, "k"): "replace"},
        ),
        ([("create", urn("ai-platform:data:Store", "s")), ("create", urn("pulumi:providers:aws", "p"))], {}),
        ([("same", PLAN_CLUSTER), ("update", CLUSTER)], {PLAN_CLUSTER: "update"}),
        ([("replace", CLUSTER), ("update", PLAN_CLUSTER), ("create", CLUSTER)], {PLAN_CLUSTER: "replace"}),
    ],
    ids=["same", "read", "refresh", "update", "import", "replacement", "no resource", "pulumi-eks", "strongest"],
)
def test_preview_has_the_steps_that_a_plan_knows(
    written: Any, given: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    assert previewed(written(*given)) == expected


@pytest.mark.parametrize("content", ["", "{}", "[]", "no json", '{"preludeEvent": {}}\n{"cancelEvent": {}}', '{"a'])
def test_preview_that_is_none_or_did_not_end_is_refused(content: str) -> None:
    with pytest.raises(CallError, match="is neither the output of pulumi preview"):
        previewed(content)


def test_steps_that_differ_are_said_and_the_others_counted() -> None:
    offline = {urn(KEY, "a"): "update", urn(KEY, "b"): "update", urn(KEY, "c"): "create", urn(KEY, "d"): "create"}
    engine = {urn(KEY, "a"): "update", urn(KEY, "b"): "replace", urn(KEY, "c"): "create", urn(KEY, "e"): "delete"}
    *differing, same = beside(offline, engine)
    assert [(one.subject, one.text, one.severity) for one in differing] == [
        ("Key b", "pulumi preview: replace; difference without credentials: update", "warning"),
        ("Key d", "pulumi preview: no step; difference without credentials: create", "warning"),
        ("Key e", "pulumi preview: delete; difference without credentials: no step", "warning"),
    ]
    assert ["drifted" in one.fix for one in differing] == [False, False, True]
    assert (same.text, same.severity) == ("1 create, 1 update", "info")


def compared(tmp_path: Path, *words: str) -> tuple[int, str]:
    stack = Difference("dev", None, None, (), headline="1 error", steps={urn(KEY, "a"): "update"})
    (tmp_path / "diff.json").write_text(as_json(Comparison("main", "head", (stack,))), encoding="utf-8")
    (tmp_path / "events.json").write_text(events(("replace", urn(KEY, "a"))), encoding="utf-8")
    given = ["check-preview", str(tmp_path / "diff.json"), str(tmp_path / "events.json"), *words]
    done = CliRunner().invoke(app, given)
    return done.exit_code, done.stdout + done.stderr


def test_comment_has_the_preview_beside_the_difference(tmp_path: Path) -> None:
    assert compared(tmp_path, "--stack=dev", "--format=json", f"--out={tmp_path / 'preview.json'}")[0] == 0
    files = [(tmp_path / name).read_text(encoding="utf-8") for name in ("diff.json", "preview.json")]
    body = comment(files, "")
    assert body.count("## dev: 1 error") == 1
    assert "### Preview by Pulumi's engine (1 warning)" in body
    assert "**Key a**: pulumi preview: replace; difference without credentials: update" in body


def test_preview_of_another_stack_is_refused(tmp_path: Path) -> None:
    status, said = compared(tmp_path, "--stack=prod")
    assert (status, "has no stack prod; choose dev" in said) == (2, True)
