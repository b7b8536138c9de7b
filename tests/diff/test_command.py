"""`aiplatform diff`: its sides, what it cannot compare, its formats and its gates."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aiplatform.cli.main import app
from aiplatform.diff.difference import Difference, Part, compare
from aiplatform.diff.formats import Comparison, escaped, markdown, page, text
from aiplatform.diff.line import Line
from aiplatform.diff.sections import reach
from tests.config.base import BASE
from tests.diff.base import plan, resource
from tests.each import each

DATABASE, BUCKET = "aws:rds/instance:Instance", "aws:s3/bucket:Bucket"

PROGRAM = '''
"""A program that plans what its stack file says."""
import json, pathlib, sys
stack = next(word.split("=")[1] for word in sys.argv if word.startswith("--stack="))
out = pathlib.Path(next(word.split("=")[1] for word in sys.argv if word.startswith("--out=")))
given = pathlib.Path(f"Pulumi.{stack}.yaml").read_text()
if given.startswith("wrong"):
    sys.exit(f"Pulumi.{stack}.yaml:1: {given}")
out.mkdir(parents=True)
(out / "plan.json").write_text(given)
(out / "cost.json").write_text(json.dumps({"version": 0}))
(out / "findings.json").write_text("[]")
'''


def document(*resources: Mapping[str, Any], stack: str = "dev") -> str:
    return json.dumps(plan(*resources, stack=stack).plan)


def bucket(name: str) -> dict[str, Any]:
    return resource(BUCKET, {"bucket": name})


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, check=True, text=True).stdout.strip()


def commit(folder: Path, files: Mapping[str, str | None]) -> str:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            file.unlink()
        else:
            file.write_text(content, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "change")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    files = {"aiplatform/__init__.py": "", "aiplatform/__main__.py": PROGRAM, "Pulumi.yaml": "name: ai-platform\n"}
    commit(folder, {**files, ".gitignore": ".cache/\n", "Pulumi.dev.yaml": document(bucket("first"))})
    monkeypatch.chdir(folder)
    return folder


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["diff", *words], catch_exceptions=False)
    return done.exit_code, done.stdout + done.stderr


def saved(folder: Path, *resources: Mapping[str, Any], stack: str = "dev") -> str:
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(document(*resources, stack=stack), encoding="utf-8")
    return str(folder)


def test_working_tree_is_compared_with_the_merge_base_by_default(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create", "topic")
    (repository / "Pulumi.dev.yaml").write_text(document(bucket("second")), encoding="utf-8")

    status, said = run()

    assert status == 0
    assert "dev: the merge base with main → the working tree" in said
    assert "error    s3 Bucket first: replaced: bucket: first → second; data lost: objects" in said


def test_revisions_are_planned_once_and_give_the_same_output(repository: Path) -> None:
    second = commit(repository, {"Pulumi.dev.yaml": document(bucket("second"))})
    first = run("HEAD~1", "HEAD")
    kept = sorted((repository / ".cache" / "diff" / second / "plans").rglob("plan.json"))
    # The program of a kept plan does not run again.
    commit(repository, {"aiplatform/__main__.py": "raise SystemExit(1)"})

    assert len(kept) == 1
    assert run("HEAD~2", "HEAD~1")[1].replace("HEAD~2", "HEAD~1").replace("→ HEAD~1", "→ HEAD") == first[1]


def test_new_and_gone_stacks_are_named(repository: Path) -> None:
    commit(repository, {"Pulumi.dev.yaml": None, "Pulumi.prod.yaml": document(bucket("p"), stack="prod")})

    status, said = run("HEAD~1", "HEAD")

    assert status == 0
    assert "dev: the stack is no longer in the repository: its 1 resources stay" in said
    assert f"{BUCKET}: 1 added" in said


def test_base_that_does_not_load_is_a_note_beside_other_stacks(repository: Path) -> None:
    commit(repository, {"Pulumi.dev.yaml": "wrong: no network", "Pulumi.lab.yaml": document(bucket("l"), stack="lab")})
    commit(repository, {"Pulumi.dev.yaml": document(bucket("d")), "Pulumi.lab.yaml": document(stack="lab")})

    status, said = run("HEAD~1", "HEAD")

    assert status == 1
    assert "not compared: HEAD~1: cannot be planned: Pulumi.dev.yaml:1: wrong: no network" in said
    assert "s3 Bucket l: deleted; data lost: objects" in said


def test_base_before_the_command_is_a_note(repository: Path) -> None:
    commit(repository, {"aiplatform/__main__.py": None})

    assert "HEAD: cannot be planned: its program is older than aiplatform plan" in run("HEAD~1", "HEAD")[1]


def test_repository_with_stack_files_alone_is_planned_by_this_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, {"Pulumi.yaml": "name: ai-platform\n", "Pulumi.small.yaml": BASE, ".gitignore": ".cache/\n"})
    (tmp_path / "Pulumi.small.yaml").write_text(BASE.replace("t3.large", "t3.xlarge"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    status, said = run("HEAD")

    assert (status, "not compared" in said) == (0, False)
    assert "instanceTypes: t3.large → t3.xlarge" in said.replace('["t3.large"] → ["t3.xlarge"]', "t3.large → t3.xlarge")


def test_lock_file_that_cannot_be_installed_is_a_note(repository: Path) -> None:
    commit(repository, {"requirements.txt": "/// no requirement\n"})
    commit(repository, {"requirements.txt": ""})

    # The second run reads the plan of the first.
    for status, said in (run("HEAD~1", "HEAD"), run("HEAD~1", "HEAD")):
        assert status == 0
        assert "HEAD~1: requirements.txt differs and its packages cannot be installed" in said


@each(
    ("words", "said"),
    [
        (("v9",), "v9: unknown revision or folder; git branch --all lists branches"),
        (("HEAD", "--stack", "prod"), "--stack prod: neither side has it; choose dev"),
        (("HEAD", "HEAD:Pulumi.yaml"), "HEAD:Pulumi.yaml: unknown revision or folder"),
        (("./aiplatform",), "./aiplatform: has no plan.json and no project; aiplatform plan --out writes a plan"),
    ],
)
def test_invalid_calls_end_with_2(repository: Path, words: tuple[str, ...], said: str) -> None:
    assert repository.is_dir()
    status, shown = run(*words)

    assert (status, said in shown) == (2, True), shown


def test_shallow_clone_names_the_command_that_completes_it(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository, {"a": "b"})
    shallow = repository.with_name("shallow")
    git(repository, "clone", "--quiet", "--depth=1", f"file://{repository}", str(shallow))
    monkeypatch.chdir(shallow)

    status, said = run("HEAD~1")

    assert status == 2
    assert (
        said == "HEAD~1: unknown revision or folder; the clone is shallow: git fetch --unshallow brings all revisions\n"
    )


def test_repository_without_main_requires_the_base(repository: Path) -> None:
    git(repository, "branch", "--move", "main", "other")

    assert run() == (2, "there is no branch main; name the base: aiplatform diff BASE\n")


def test_folders_with_plans_are_compared_without_git(repository: Path) -> None:
    folders = [saved(repository / ".cache" / name, bucket(name)) for name in ("one", "two")]

    status, said = run(*folders)

    assert status == 0
    assert "s3 Bucket one: replaced: bucket: one → two" in said
    assert "not compared: " + folders[0] + ": cost.json: cannot be read" in said


def test_two_plans_of_one_stack_are_a_note_beside_other_stacks(repository: Path) -> None:
    both = repository / ".cache" / "both"
    saved(both / "a", bucket("a"))
    saved(both / "b", bucket("b"))
    saved(both / "c", bucket("c"), stack="lab")

    status, said = run(str(both), str(both / "c"))

    assert status == 1
    assert f"several plans of the stack dev, which cannot be told apart: {both}/a and {both}/b" in said
    assert "lab: " in said


@each(
    ("words", "gate"),
    [
        (("--fail-on", "error"), "dev: has lines of the severity error or higher"),
        (("--fail-on-replace", DATABASE), "dev: replaces or deletes 1 aws:rds/instance:Instance"),
        (("--fail-on-replace", "Instance"), "dev: replaces or deletes 1 aws:rds/instance:Instance"),
        (("--max-increase", "10"), "dev: the increase is unknown, which may be more than 10.00 USD a month"),
    ],
)
def test_gates_fail_with_1(repository: Path, words: tuple[str, ...], gate: str) -> None:
    sides = [repository / ".cache" / f"{engine}-{'-'.join(words)}" for engine in ("mysql", "postgres")]
    for side, engine in zip(sides, ("mysql", "postgres"), strict=True):
        saved(side, resource(DATABASE, {"identifier": "runs", "engine": engine}))

    status, said = run(*map(str, sides), *words)

    assert status == 1
    assert f"fails: {gate}" in said
    assert run(*map(str, sides), "--fail-on-replace", BUCKET)[0] == 0


def test_json_has_sections_lines_and_what_is_replaced(repository: Path) -> None:
    folders = [saved(repository / ".cache" / name, bucket(name)) for name in ("one", "two")]

    found = json.loads(run(*folders, "--format", "json")[1])

    (stack,) = found["stacks"]
    assert stack["replaced"] == {BUCKET: [resource(BUCKET, {})["urn"]]}
    assert stack["sections"][0]["title"] == "Lost or interrupted"
    assert set(stack["sections"][0]["lines"][0]) == {"subject", "text", "severity", "urn", "fix", "source"}


def test_plan_of_another_form_is_a_note_beside_other_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> list[Line]:
        raise KeyError("spec")

    monkeypatch.setattr(reach, "lines", wrong)
    found = compare("dev", plan(bucket("one")), plan(bucket("two")))

    assert found.notes == ("Connections: cannot be compared, a plan has another form: KeyError: 'spec'",)
    assert found.parts[0].title == "Lost or interrupted"


HOSTILE = "x`</details>\n# <img src=x onerror=alert(1)> [a](http://b) @team #12 | \x1b[31m"


def hostile() -> Comparison:
    line = Line(HOSTILE, HOSTILE, "error", fix=HOSTILE, source="https://docs.aws.amazon.com/")
    side = plan()
    return Comparison("a", "b", (Difference(HOSTILE, side, side, (Part("Title", (line,)),), (HOSTILE,)),), (HOSTILE,))


def test_names_of_a_stack_file_are_no_markup_in_markdown() -> None:
    shown = markdown(hostile())

    assert "\x1b" not in shown
    assert r"\<img src=x onerror=alert\(1\)\>" in shown
    assert r"\[a\]\(http://<!-- -->b\)" in shown
    assert "@<!-- -->team" in shown
    assert r"\#<!-- -->12" in shown
    assert "\n# " not in shown
    assert shown.count("[source](https://docs.aws.amazon.com/)") == 1


def test_names_of_a_stack_file_are_no_markup_in_html() -> None:
    shown = page(hostile())

    assert "<img" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_control_characters_do_not_reach_the_terminal() -> None:
    shown = text(hostile())

    assert "\x1b" not in shown
    # A line for the stack, its note, title, line, fix and source, an empty one, and the gate.
    assert len(shown.splitlines()) == 8


def test_plain_words_stay_readable_in_markdown() -> None:
    assert escaped("replaced: bucket a → b, about 3 seconds") == "replaced: bucket a → b, about 3 seconds"
