"""The comparison of the stacks of a pull request with its base."""

import json

import pytest

from tests.repository.base import Checkout

COMMAND = """\
import pathlib, sys
words = sys.argv[1:]
if words[0] == "comment":
    print(f"comment of {pathlib.Path(words[1]).name}")
    sys.exit(0)
print(" ".join(words[:-1]), file=sys.stderr)
if "--stack=wrong" in words:
    sys.exit(2)
pathlib.Path(words[-1].removeprefix("--out=")).write_text("{}")
sys.exit(1)
"""


def compared(checkout: Checkout, *stacks: str, base: str = "HEAD^1") -> tuple[int, str]:
    checkout.commit()
    checkout.program(COMMAND)
    run = checkout.run("diff_stacks.py", base, str(checkout.folder.parent / "diff.json"), STACKS=json.dumps(stacks))
    return run.returncode, run.stdout


def test_stacks_are_compared_and_shown_as_the_comment(checkout: Checkout) -> None:
    status, said = compared(checkout, "dev", "lab")

    # A stack that cannot be compared is a line, and the plan has failed for it.
    assert status == 0
    assert "diff HEAD^1 --stack=dev --stack=lab --format=json" in said
    assert checkout.summary == "comment of diff.json\n"


@pytest.mark.parametrize("base", ["", "0" * 40, "--all"])
def test_base_that_is_not_in_the_history_is_reported(checkout: Checkout, base: str) -> None:
    status, _ = compared(checkout, "dev", base=base)

    found = json.loads((checkout.folder.parent / "diff.json").read_text(encoding="utf-8"))
    assert (status, found["stacks"]) == (0, [])
    assert checkout.summary == "There is no earlier commit to compare with.\n"


def test_invalid_base_fails_with_its_message(checkout: Checkout) -> None:
    status, _ = compared(checkout, "wrong")

    assert status == 2
    assert "diff HEAD^1 --stack=wrong" in checkout.summary


def test_change_without_a_stack_has_an_empty_difference(checkout: Checkout) -> None:
    status, _ = compared(checkout)

    found = json.loads((checkout.folder.parent / "diff.json").read_text(encoding="utf-8"))
    assert (status, found["stacks"]) == (0, [])
