"""Secrets never leave a stack file: not in a message, and not by `--set`."""

from pathlib import Path

import pytest

from aiplatform.cli.changes import parse_change
from aiplatform.errors import CallError
from catalog.reading.problems import SettingsError
from catalog.reading.secrets import KINDS, redacted
from config.loader import load_config, load_file
from tests.config.base import BASE, TODAY, edited, load, mistakes, shared
from tests.config.refused import secrets
from tests.config.refused.case import Case
from tests.each import each


def _with_variable(name: str, value: str) -> str:
    return edited(*shared(("port: 8080}", f'port: 8080, environment: {{{name}: "{value}"}}}}')))


@each("name", secrets.ACCEPTED)
def test_text_without_secret_is_accepted(name: str, tmp_path: Path) -> None:
    loaded = load(tmp_path, _with_variable("X", secrets.ACCEPTED[name]))
    assert loaded.settings.applications["api"].environment.keys() == {"X"}
    assert not [line for line in loaded.warnings if "looks like" in line]


@each("name", secrets.ACCEPTED_NAMES)
def test_variable_with_a_similar_name_is_accepted(name: str, tmp_path: Path) -> None:
    loaded = load(tmp_path, _with_variable(name, secrets.ACCEPTED_NAMES[name]))
    assert loaded.settings.applications["api"].environment == {name: secrets.ACCEPTED_NAMES[name]}


MADE_UP = {name: case for name, case in secrets.CASES.items() if "named like" not in case.lines[0]}


@each("name", MADE_UP)
def test_message_does_not_contain_the_secret(name: str, tmp_path: Path) -> None:
    case: Case = MADE_UP[name]
    said = "\n".join(mistakes(tmp_path, edited(*case.edits)))
    assert said
    for part in (secrets.GITHUB, secrets.AWS_KEY, secrets.AWS_SECRET, "hunter2", "a1B2a1B2", "MIIEow", "eyJhbGciOi"):
        assert part not in said


def test_secret_on_the_command_line_is_refused_without_its_value(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    path, value = parse_change(f"project.tags.Owner={secrets.GITHUB}")
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "bad", changes={path: value}, today=TODAY)
    assert error.value.lines == (f"--set project.tags.Owner: looks like a GitHub token{secrets.ADVICE}",)


@pytest.mark.parametrize("text", ["network.zones=[{}", "{}", "a b={}", "project.{}=]x"])
def test_invalid_change_does_not_show_the_secret(text: str) -> None:
    with pytest.raises(CallError) as error:
        parse_change(text.format(secrets.GITHUB))
    assert secrets.GITHUB not in str(error.value)
    assert "[secret]" in str(error.value)


def test_decrypted_value_of_the_engine_is_refused(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    values = {"ai-platform:project": f'{{"name": "shop", "tags": {{"Owner": "{secrets.GITHUB}"}}}}'}
    with pytest.raises(SettingsError) as error:
        load_config(values, tmp_path, "bad", today=TODAY)
    assert [line for line in error.value.lines if "project.tags.Owner: looks like a GitHub token" in line]
    assert secrets.GITHUB not in str(error.value)


def test_secret_is_one_line_beside_the_other_mistakes(tmp_path: Path) -> None:
    text = edited(("t3.large", "t3.enormous"), ("artifacts: {}", f"artifacts: {{name: {secrets.GITHUB}}}"))
    lines = mistakes(tmp_path, text)
    assert len([line for line in lines if "buckets.artifacts" in line]) == 1
    assert any("t3.enormous" in line for line in lines)


def test_message_hides_secrets_of_every_kind() -> None:
    assert redacted(f"--set x={secrets.AWS_KEY} {secrets.JWT}") == "--set x=[secret] [secret]"
    assert all(kind.source.startswith("https://") for kind in KINDS)
