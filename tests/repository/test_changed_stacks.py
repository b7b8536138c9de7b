"""The stacks that a change affects, in temporary repositories."""

import json

import pytest

from tests.repository.base import Checkout

ALL = ["dev", "lab", "prod"]


def stacks(checkout: Checkout, *arguments: str) -> list[str]:
    run = checkout.run("changed_stacks.py", *arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    key, _, value = checkout.outputs.read_text(encoding="utf-8").splitlines()[-1].partition("=")
    assert key == "stacks"
    assert run.stdout == f"stacks={value}\n"
    found: list[str] = json.loads(value)
    return found


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ((), []),
        (("Pulumi.dev.yaml",), ["dev"]),
        (("Pulumi.prod.yaml", "Pulumi.dev.yaml", "README.md"), ["dev", "prod"]),
        (("Pulumi.new.yaml",), ["new"]),
        (("docs/a.md", "docs/example-stack.yaml", "CHANGELOG.md", "components/README.md"), []),
        (("tests/config/test_loader.py", "tests/components/stacks/Pulumi.data.yaml"), []),
        (("LICENSE", "renovate.json", ".pre-commit-config.yaml", "requirements-dev.txt", ".ci/run"), []),
        ((".github/ISSUE_TEMPLATE/bug.yaml",), []),
        (("__main__.py",), ALL),
        (("Pulumi.yaml",), ALL),
        (("catalog/versions.py",), ALL),
        (("catalog/data/prices.yaml",), ALL),
        (("components/network/vpc.py", "Pulumi.dev.yaml"), ALL),
        (("aiplatform/plan.py",), ALL),
        (("policies/pack.py",), ALL),
        (("requirements.txt",), ALL),
        (("charts/values.yaml",), ALL),
        ((".github/workflows/deploy.yaml",), ALL),
        (("docs.py",), ALL),
        (("sub/Pulumi.dev.yaml",), ALL),
    ],
)
def test_changed_files_decide_which_stacks_are_planned(
    checkout: Checkout, changed: tuple[str, ...], wanted: list[str]
) -> None:
    checkout.commit(*changed)
    assert stacks(checkout, "HEAD^1") == wanted


def test_deleted_stack_file_is_not_planned(checkout: Checkout) -> None:
    checkout.commit(deleted=("Pulumi.lab.yaml",))
    assert stacks(checkout, "HEAD^1") == []
    checkout.commit("__main__.py")
    assert stacks(checkout, "HEAD^1") == ["dev", "prod"]


def test_deleted_code_changes_all_stacks(checkout: Checkout) -> None:
    checkout.commit(deleted=("__main__.py",))
    assert stacks(checkout, "HEAD^1") == ALL


def test_renamed_stack_file_is_the_new_stack(checkout: Checkout) -> None:
    checkout.git("mv", "Pulumi.lab.yaml", "Pulumi.course.yaml")
    checkout.git("commit", "--quiet", "--message", "rename")
    assert stacks(checkout, "HEAD^1") == ["course"]


def test_code_moved_into_the_tests_changes_all_stacks(checkout: Checkout) -> None:
    (checkout.folder / "tests").mkdir()
    checkout.git("mv", "__main__.py", "tests/main.py")
    checkout.git("commit", "--quiet", "--message", "move")
    assert stacks(checkout, "HEAD^1") == ALL


def test_all_commits_since_the_base_count(checkout: Checkout) -> None:
    base = checkout.git("rev-parse", "HEAD")
    checkout.commit("Pulumi.dev.yaml")
    checkout.commit("docs/a.md")
    assert stacks(checkout, base) == ["dev"]


def test_merge_compared_with_its_first_parent_has_the_branch_only(checkout: Checkout) -> None:
    checkout.git("checkout", "--quiet", "-b", "feature")
    checkout.commit("Pulumi.dev.yaml")
    checkout.git("checkout", "--quiet", "main")
    checkout.commit("Pulumi.prod.yaml")
    checkout.git("merge", "--quiet", "--no-ff", "--message", "merge", "feature")
    assert stacks(checkout, "HEAD^1") == ["dev"]


@pytest.mark.parametrize("base", ["", "0" * 40, "0123456789" * 4, "HEAD^1"])
def test_unknown_base_changes_all_stacks(checkout: Checkout, base: str) -> None:
    assert stacks(checkout, base) == ALL


def test_repository_without_stacks_has_none_to_plan(checkout: Checkout) -> None:
    checkout.commit("__main__.py", deleted=("Pulumi.dev.yaml", "Pulumi.lab.yaml", "Pulumi.prod.yaml"))
    assert stacks(checkout, "HEAD^1") == []


@pytest.mark.parametrize(
    "name",
    ["docs/$(touch owned).md", "docs/`touch owned`.md", "docs/a\nb.md", 'docs/"quoted" \t.md', "docs/ü;touch owned.md"],
)
def test_hostile_document_names_change_no_stack(checkout: Checkout, name: str) -> None:
    checkout.commit(name, "Pulumi.dev.yaml")
    assert stacks(checkout, "HEAD^1") == ["dev"]
    assert not list(checkout.folder.parent.rglob("owned"))


@pytest.mark.parametrize(
    "name",
    ["$(touch owned)", "a b", "a\n::set-output name=x::y", '"', "--help", "-x", ".", "..", "ü", "a;b", "a" * 101],
)
def test_invalid_stack_name_is_refused(checkout: Checkout, name: str) -> None:
    checkout.commit(f"Pulumi.{name}.yaml")
    run = checkout.run("changed_stacks.py", "HEAD^1")
    assert run.returncode == 1
    assert run.stdout == f"::error::{json.dumps(f'Pulumi.{name}.yaml')} does not name a stack; rename it\n"
    assert not checkout.outputs.exists()
    assert not list(checkout.folder.parent.rglob("owned"))


def test_name_that_is_not_utf_8_is_refused(checkout: Checkout) -> None:
    blob = checkout.git("hash-object", "-w", "Pulumi.dev.yaml")
    # The file system of a test need not take the name; Git's index does.
    checkout.git("config", "core.quotePath", "false")
    script = f'printf "100644 {blob}\\tPulumi.\\377.yaml\\n" | git update-index --index-info'
    checkout.git("-c", f"alias.add-odd=!{script}", "add-odd")
    checkout.git("commit", "--quiet", "--message", "odd")
    run = checkout.run("changed_stacks.py", "HEAD^1")
    assert run.returncode == 1
    assert run.stdout == '::error::"Pulumi.\\udcff.yaml" does not name a stack; rename it\n'


def test_refused_name_can_be_deleted(checkout: Checkout) -> None:
    checkout.commit("Pulumi.a b.yaml")
    checkout.commit(deleted=("Pulumi.a b.yaml",))
    assert stacks(checkout, "HEAD^1") == []
