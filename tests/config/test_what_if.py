"""Values from outside the file: `--set` of the command line, and values of the engine."""

from pathlib import Path

import pytest

from catalog.reading.problems import SettingsError, show
from config.loader import load_config, load_file
from tests.config.base import BASE, TODAY, load


def test_override_is_validated_like_the_file(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    changed = load_file(
        tmp_path, "bad", changes={("nodeGroups", "cpu", "scaling", "max"): 9, ("addons", "replicas"): 1}, today=TODAY
    )
    assert (changed.settings.node_groups["cpu"].scaling.max, changed.settings.addons.replicas) == (9, 1)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "bad", changes={("nodeGroups", "cpu", "scaling", "max"): 1}, today=TODAY)
    assert error.value.lines == (
        "Pulumi.bad.yaml:14: nodeGroups.cpu.scaling.desired: 2 is above max, 1; decrease it, or increase max",
    )


@pytest.mark.parametrize(
    "path",
    [
        ("network", "zones", 7),
        ("network", "zones", "first"),
        ("network", "zones", 7, "x"),
        ("network", "zones", "a", "b"),
        ("network", "zones", 0, "x"),
        ("network", "zones", 0, "x", "y"),
    ],
)
def test_override_of_an_unknown_path_names_the_option(path: tuple[str | int, ...], tmp_path: Path) -> None:
    load(tmp_path, BASE)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "bad", changes={path: "us-west-2c"}, today=TODAY)
    message = "cannot be set, because the path does not exist; use the index of a list item, or the next index"
    assert error.value.lines == (f"--set {show(path)}: {message}",)


def test_error_in_an_override_names_the_option(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "bad", changes={("network", "nat"): "a\nb"}, today=TODAY)
    assert error.value.lines == ("--set network.nat: 'a\\nb' is not one of perZone, single, none",)


def test_values_of_the_engine_get_the_lines_of_the_file(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    values = {"ai-platform:project": '{"name": "shop", "environment": "test", "region": 5}', "aws:region": "us-west-2"}
    with pytest.raises(SettingsError) as error:
        load_config(values, tmp_path, "bad", today=TODAY)
    assert error.value.lines == (
        "Pulumi.bad.yaml:5: project.region: 5 is not a string; write it in quotes: '5'",
        "Pulumi.bad.yaml:6: network: is missing; write it with cidr",
        "Pulumi.bad.yaml:9: cluster: is missing; write it with endpoint",
        "Pulumi.bad.yaml:11: nodeGroups: is missing; write a name with instanceTypes and scaling",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "NaN",
        "[" * 100_000,
        "9" * 5000,
        '"\\ud800"',
        '{"a": {"secure": "x"}}',
        '{"name": {"secure": "x"}}',
    ],
)
def test_wrong_section_of_the_engine_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_config({"ai-platform:project": text}, tmp_path, "bad", today=TODAY)
    assert error.value.lines
    assert all(line.startswith("Pulumi.bad.yaml:1: ") for line in error.value.lines)
