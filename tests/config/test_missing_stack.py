"""A stack file that is missing or unreadable."""

from pathlib import Path

import pytest

from catalog.reading.problems import SettingsError
from config.loader import load_file
from tests.config.base import BASE


@pytest.mark.parametrize(
    ("stack", "hint"),
    [("prd", "; did you mean prod?"), ("zzz", "; choose dev, prod or team.lab")],
)
def test_missing_stack_lists_the_nearest_name_or_all(stack: str, hint: str, tmp_path: Path) -> None:
    for name in ("dev", "prod", "team.lab"):
        (tmp_path / f"Pulumi.{name}.yaml").write_text(BASE)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, stack)
    assert error.value.lines == (f"Pulumi.{stack}.yaml:1: stack file not found{hint}",)


def test_missing_stack_without_any_stack_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "dev")
    assert error.value.lines == ("Pulumi.dev.yaml:1: stack file not found",)


def test_folder_in_place_of_a_stack_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").mkdir()
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "dev")
    assert error.value.lines == ("Pulumi.dev.yaml:1: cannot be read: Is a directory",)


def test_invalid_stack_name_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "a\0b")
    assert len(error.value.lines) == 1
    assert error.value.lines[0].startswith("Pulumi.a\\x00b.yaml:1: cannot be read: ")
