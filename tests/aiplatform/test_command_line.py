"""What every command takes and prints: stacks, --json, --quiet, completion, encodings, widths and interrupts."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from tests.aiplatform.test_boundary import CALLS, COMMANDS, call, project  # noqa: F401, a fixture of every test
from tests.config.base import BASE, ROOT

FINE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
DOCUMENTS = {"schema", "settings", "prices documents", "diff", "comment", "check-preview"}
"""What they print is a document: a JSON Schema, pages, and what `--format` says."""

LEAVES = sorted(set(CALLS) - DOCUMENTS)


def parameters(name: str) -> set[str]:
    command = COMMANDS[name]
    return {option for one in command.get_params(typer.Context(command)) for option in one.opts}


# --- stacks ---


@pytest.mark.parametrize("name", sorted(name for name in CALLS if CALLS[name][:1] == ("--stack",)))
def test_stack_is_an_argument_a_short_and_a_long_option(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    where, function = {
        "plan": ("plan", "plan_stacks"),
        "cost": ("cost", "show_cost"),
        "fit": ("fit", "show_fit"),
        "images": ("images", "show_images"),
        "unprotect": ("unprotect", "show_protection"),
        "verify": ("verify", "verify_stack"),
        "optimize": ("optimize", "optimize_stack"),
        "permissions": ("permissions", "write_permissions"),
        "bootstrap": ("bootstrap", "bootstrap_stack"),
        "doctor": ("doctor", "examine_stack"),
    }[name]
    monkeypatch.setattr(f"aiplatform.cli.{where}.{function}", lambda stack, *_, **__: seen.append(stack))
    rest = CALLS[name][2:]
    for given in (["small"], ["-s", "small"], ["--stack", "small"], [], ["small", "-s", "small"]):
        assert call(name, *given, *rest).exit_code == FINE, given
    flat = [one if isinstance(one, str) else ",".join(dict.fromkeys(one)) for one in seen]  # type: ignore[attr-defined]
    assert flat == ["small", "small", "small", "dev", "small"]


def test_plan_takes_several_stacks_as_arguments(project: Path) -> None:  # noqa: F811, the fixture
    (project / "Pulumi.other.yaml").write_text(BASE.replace("name: shop", "name: other"))
    result = call("plan", "small", "other", "--quiet", "--out", "plans")
    assert (result.exit_code, result.stderr) == (FINE, "")
    assert sorted(path.name for path in (project / "plans").iterdir()) == ["other", "small"]


def test_command_for_one_stack_refuses_two() -> None:
    result = call("fit", "small", "-s", "other")
    assert (result.exit_code, result.stderr) == (WRONG, "fit takes one stack; choose small or other\n")


# --- JSON and quiet ---


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_that_prints_data_has_json(name: str) -> None:
    assert "--json" in parameters(name)


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("plan small", "provenance"),
        ("cost small", "monthly"),
        ("fit small", "levels"),
        ("images small", "image"),
        ("unprotect small", None),
        ("list", "region"),
        ("explain cluster", "settings"),
        ("models qwen3-4b", "gpuMemoryGib"),
        ("rules", "severity"),
        ("prices show t3.medium", "onDemand"),
        ("permissions small --state-bucket state --account 111122223333", "boundary"),
    ],
)
def test_json_is_a_document_in_ascii_on_stdout(command: str, key: str | None) -> None:
    result = call(command, "--json", "--quiet")
    assert result.stdout.isascii()
    value = json.loads(result.stdout)
    first = value[0] if isinstance(value, list) and value else value
    assert key is None or key in first
    assert result.stderr == ""


def test_quiet_plan_prints_findings_only(project: Path) -> None:  # noqa: F811, the fixture
    (project / "Pulumi.small.yaml").write_text(
        BASE.replace("instanceTypes: [t3.large]", "instanceTypes: [t3.large]\n      capacity: spot")
    )
    loud, quiet = call("plan", "small"), call("plan", "small", "-q")
    # The warning of the stack file is a finding, and printed once.
    assert loud.stdout.count("a single Spot instance type") == 1
    assert (loud.stderr, quiet.stderr) == ("", "")
    assert quiet.stdout == loud.stdout[loud.stdout.index("Findings") :].rpartition("Written to")[0]


def test_quiet_ends_with_its_command() -> None:
    assert call("permissions", *CALLS["permissions"], "--quiet").stdout == ""
    assert call("permissions", *CALLS["permissions"]).stdout.startswith("Written to ")


def test_help_and_completion_know_every_command() -> None:
    done = process("", _AIPLATFORM_COMPLETE="complete_bash", COMP_WORDS="aiplatform p", COMP_CWORD="1")
    assert set(done.stdout.split()) >= {"plan", "permissions", "prices"}


def test_completion_names_the_stacks_of_the_project(project: Path) -> None:  # noqa: F811, the fixture
    for words in ("aiplatform plan s", "aiplatform plan --stack s", "aiplatform fit s"):
        number = str(len(words.split()) - 1)
        done = process("", folder=project, _AIPLATFORM_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=number)
        assert done.stdout.split() == ["small"], words


# --- terminals ---


def process(command: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aiplatform", *command.split()],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


@pytest.mark.parametrize("encoding", ["cp949", "ascii"])
def test_output_needs_no_letter_that_the_encoding_lacks(encoding: str, project: Path) -> None:  # noqa: F811
    text = BASE.replace("region: us-west-2", "region: us-west-2\n    tags: {Owner: 김 Ünal}")
    (project / "Pulumi.small.yaml").write_text(text, encoding="utf-8")
    done = process("plan small --out plan", folder=project, PYTHONIOENCODING=encoding)
    assert (done.returncode, "Traceback" in done.stderr) == (FINE, False), done.stderr
    assert "Written to plan" in done.stdout
    assert "김 Ünal" in (project / "plan" / "plan.json").read_text(encoding="utf-8")
    (project / "Pulumi.small.yaml").write_text(text.replace("김", "김☃"), encoding="utf-8")
    assert process("fit small", folder=project, PYTHONIOENCODING=encoding).returncode == WRONG


@pytest.mark.parametrize("columns", ["40"])
def test_narrow_terminal_cuts_off_no_output(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    plan = call("plan", "small").stdout
    value = json.loads(Path(".plan/small/plan.json").read_text())["outputs"]["kubeconfig_command"]
    assert f"kubeconfig_command  {value}\n" in re.sub(" +", " ", plan).replace(
        "kubeconfig_command ", "kubeconfig_command  "
    )
    flat = "".join(call("list").stdout.split())
    assert "MLflow" in flat
    assert "…" not in flat


# --- interrupts ---

FORKS = """
import os, sys, signal, time, json
sys.argv = ["aiplatform", "plan", "small", "--out", "plan"]
from aiplatform.interrupts import end_at_signals
from aiplatform.cli import plan as _
from aiplatform.cli.main import main
from components import platform as _
def child():
    # A test run in the background of a script ignores it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_at_signals()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    try:
        main()
    except SystemExit as error:
        os._exit(error.code or 0)
def run(delay):
    began = time.perf_counter()
    number = os.fork()
    if not number:
        child()
    if delay is not None:
        time.sleep(delay)
        os.kill(number, signal.SIGINT)
    told = time.perf_counter()
    _, status = os.waitpid(number, 0)
    return os.waitstatus_to_exitcode(status), time.perf_counter() - told, told - began
_, whole, _ = run(None)
print(json.dumps([run(whole * (one + 0.5) / TRIES)[:2] for one in range(TRIES)]))
"""


def test_interrupt_at_any_moment_ends_with_130_and_leaves_nothing(project: Path) -> None:  # noqa: F811
    tries = 12
    done = subprocess.run(
        [sys.executable, "-c", FORKS.replace("TRIES", str(tries))],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: Sequence[tuple[int, float]] = json.loads(done.stdout)
    # The last of them may have been faster than the signal.
    assert {status for status, _ in found} <= {FINE, INTERRUPTED}
    assert sum(status == INTERRUPTED for status, _ in found) >= tries // 2
    assert max(seconds for _, seconds in found) < 5
    assert [path.name for path in project.iterdir() if path.name.startswith(".plan.")] == []
    assert json.loads((project / "plan/plan.json").read_text())["stack"] == "small"


NOT_IGNORED = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("aiplatform", run_name="__main__", alter_sys=True)
"""
"""The command line; a test run in the background of a script ignores the signal."""


def test_interrupt_during_the_imports_prints_nothing(project: Path) -> None:  # noqa: F811
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-c", NOT_IGNORED, "plan", "small"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        # The handler is there when the command line begins to import its own modules.
        for line in running.stderr:
            if line.rstrip().endswith(("typer.models", "rich.console", "typer")):
                break
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
    assert running.returncode == INTERRUPTED
    assert "Traceback" not in rest


def test_ignored_interrupt_stays_ignored() -> None:
    source = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from aiplatform.interrupts import end_at_signals; end_at_signals()\n"
        "print(signal.getsignal(signal.SIGINT) == signal.SIG_IGN)"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_terminated_write_of_a_file_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "written"
    source = f"""
import os, signal, sys
from pathlib import Path
from aiplatform.interrupts import end_at_signals
from aiplatform.cli import output
end_at_signals()
real = Path.write_text
def slow(self, text, **options):
    real(self, text[:3], **options)
    os.kill(os.getpid(), signal.SIGTERM)
Path.write_text = slow
output.written("a new text", Path({str(folder / "out")!r}))
"""
    folder.mkdir()
    (folder / "out").write_text("old")
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, check=False)
    assert done.returncode == 128 + signal.SIGTERM
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"out": "old"}


def test_start_of_the_command_line_imports_no_slow_module() -> None:
    slow = ("pulumi", "boto3", "botocore", "kubernetes", "jinja2", "config.settings", "pydantic_settings")
    source = f"import sys; import aiplatform.cli.main; print([one for one in {slow!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
