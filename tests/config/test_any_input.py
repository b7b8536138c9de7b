"""Any stack file ends in settings or in located lines, in bounded time and without a traceback."""

import copy
import json
import re
import string
import tempfile
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from catalog.reading.document import parse
from catalog.reading.problems import SettingsError
from config.loader import Loaded, load, load_config, load_file
from config.settings import NAMESPACE, Settings
from tests.config.base import BASE, ROOT, STACK_FILES, TODAY, edited, shared

EXAMPLE = ROOT / "docs" / "example-stack.yaml"
LINE = re.compile(r"Pulumi\.[a-z]+\.yaml:\d+: .+")

bounded = settings(
    deadline=timedelta(seconds=5), max_examples=100, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def assert_answered(text: str) -> Loaded | SettingsError:
    """Load a stack file of this text, and look at every line of what it is answered with."""
    answer = _answer(text)
    _check(answer.lines if isinstance(answer, SettingsError) else answer.warnings)
    assert not isinstance(answer, SettingsError) or answer.lines, "an error says what is wrong"
    return answer


def _answer(text: str) -> Loaded | SettingsError:
    try:
        return load(parse(text, "Pulumi.any.yaml", NAMESPACE), today=TODAY)
    except SettingsError as error:
        return error


def as_json(value: object) -> str:
    """JSON, which is YAML as long as no letter is written as two halves."""
    return json.dumps(value, ensure_ascii=False)


def _check(lines: tuple[str, ...]) -> None:
    for line in lines:
        assert LINE.fullmatch(line), line
        assert len(line.splitlines()) == 1, line
    assert len(set(lines)) == len(lines), "each mistake is told once"


YAML_LETTERS = st.text(alphabet="abc:-{}[]<>&*!|?#%@'\"\\ \n\t,.01~=", max_size=60)


@bounded
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    assert isinstance(assert_answered(text), SettingsError)


@bounded
@given(YAML_LETTERS)
def test_any_text_of_the_letters_that_yaml_reads(text: str) -> None:
    assert_answered(text)
    assert_answered("config:\n  ai-platform:network:\n    " + text.replace("\n", "\n    "))


@bounded
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.any.yaml").write_bytes(content)
        with pytest.raises(SettingsError) as error:
            load_file(Path(folder), "any", today=TODAY)
    _check(error.value.lines)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "",
            "1.35",
            "10.0.0.0/16",
            "us-west-2a",
            "runs",
            "yes",
            "0",
            "-1",
            "t3.large",
            "*",
            "secure",
            "shared",
            "api",
            "8Gi",
            "1h",
        ]
    )
)
KEYS = st.text(max_size=8) | st.sampled_from(
    [
        *(field.alias for field in Settings.model_fields.values() if field.alias),
        "cidr",
        "mlflow",
        "secure",
        "cpu",
        "shared",
        "api",
        "dev",
        "requests.cpu",
        "scaling",
        "capacity",
        "[key]",
        "<<",
    ]
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@bounded
@given(st.dictionaries(st.sampled_from([field.alias for field in Settings.model_fields.values()]), JSON, max_size=8))
def test_any_value_of_any_section(sections: dict[str, Any]) -> None:
    assert_answered(as_json({"config": {f"{NAMESPACE}:{section}": value for section, value in sections.items()}}))


@bounded
@given(JSON)
def test_any_structure(value: object) -> None:
    assert_answered(as_json(value))
    assert_answered(as_json({"config": value}))


@bounded
@given(
    st.dictionaries(
        st.sampled_from(["ai-platform:project", "ai-platform:ingress", "aws:region", "x"]),
        st.text() | JSON.map(json.dumps),
    )
)
def test_any_configuration_of_the_engine(values: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as error:
        load_config(values, Path("nowhere"), "any", today=TODAY)
    _check(error.value.lines)


FULL = {
    name: YAML(typ="safe", pure=True).load(text)
    for name, text in (
        ("base", BASE),
        ("shared", edited(*shared())),
        *((path.name, path.read_text()) for path in [*sorted(STACK_FILES.glob("Pulumi.*.yaml")), EXAMPLE]),
    )
}


def _places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of everything in a structure."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in _places(item, (*path, key)))]


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid stack file, spoilt in one to four places."""
    whole = copy.deepcopy(FULL[draw(st.sampled_from(sorted(FULL)))])
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        places = [path for path in _places(whole) if len(path) > 1]
        if not places:
            break
        path = draw(st.sampled_from(places))
        parent, key = _at(whole, path[:-1]), path[-1]
        change = draw(st.sampled_from(["delete", "replace", "duplicate", "rename", "move"]))
        if change == "delete":
            del parent[key]
        elif change == "replace":
            parent[key] = draw(JSON)
        elif change == "duplicate" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[int(key)]))
        elif change == "rename" and isinstance(parent, dict):
            parent[draw(KEYS)] = parent.pop(key)
        else:
            parent[key] = copy.deepcopy(_at(whole, draw(st.sampled_from(places))))
    return as_json(whole)


@settings(bounded, max_examples=250)
@given(mutated())
def test_any_few_changes_of_a_valid_file(text: str) -> None:
    assert_answered(text)


@settings(bounded, max_examples=150)
@given(st.sampled_from(sorted(FULL)), st.data())
def test_one_value_of_a_wrong_type_is_one_line(name: str, data: st.DataObject) -> None:
    whole = copy.deepcopy(FULL[name])
    # Values of charts have no types of the platform's.
    places = [place for place in _places(whole) if len(place) > 2 and "values" not in place[:-1]]
    path = data.draw(st.sampled_from(places))
    _at(whole, path[:-1])[path[-1]] = [[3.25]]
    answer = assert_answered(as_json(whole))
    assert isinstance(answer, SettingsError)
    assert len(answer.lines) == 1, answer.lines


@st.composite
def lines_mutated(draw: st.DrawFn) -> str:
    """The lines of a valid stack file, some of them left out, repeated, moved in or spoilt by a letter."""
    lines = BASE.splitlines()
    for _ in range(draw(st.integers(min_value=1, max_value=5))):
        index = draw(st.integers(min_value=0, max_value=len(lines) - 1))
        change = draw(st.sampled_from(["delete", "duplicate", "indent", "insert", "cut"]))
        line = lines[index]
        if change == "delete" and len(lines) > 1:
            del lines[index]
        elif change == "duplicate":
            lines.insert(index, line)
        elif change == "indent":
            lines[index] = " " * draw(st.integers(min_value=0, max_value=6)) + line.strip()
        else:
            at = draw(st.integers(min_value=0, max_value=len(line)))
            letter = draw(st.sampled_from(string.printable)) if change == "insert" else ""
            lines[index] = line[:at] + letter + line[at + (change == "cut") :]
    return "\n".join(lines)


@settings(bounded, max_examples=200)
@given(lines_mutated())
def test_any_single_edit_of_a_valid_file(text: str) -> None:
    assert_answered(text)


@bounded
@given(st.sampled_from(sorted(FULL)), st.data())
def test_missing_value_is_reported_once_or_has_a_default(name: str, data: st.DataObject) -> None:
    whole = copy.deepcopy(FULL[name])
    places = [place for place in _places(whole) if len(place) > 2]
    path = data.draw(st.sampled_from(places))
    del _at(whole, path[:-1])[path[-1]]
    assert_answered(as_json(whole))


@settings(bounded, max_examples=40)
@given(JSON)
def test_json_and_block_yaml_are_equivalent(value: object) -> None:
    whole = {"config": {f"{NAMESPACE}:network": value}}
    try:
        text = StringIO()
        YAML(typ="safe", pure=True).dump(whole, text)
    except (ValueError, TypeError):
        return
    assert isinstance(assert_answered(text.getvalue()), SettingsError)


@pytest.mark.parametrize("size", [1_000, 15_000])
def test_large_file_is_loaded_in_bounded_time(size: int) -> None:
    names = ", ".join(f"us-west-{index}" for index in range(size))
    text = f"config:\n  ai-platform:network:\n    cidr: 10.0.0.0/16\n    zones: [{names}]\n"
    assert isinstance(assert_answered(text), SettingsError)


def test_thousand_subnets_are_loaded_in_bounded_time() -> None:
    subnets = ", ".join(
        f"{{cidr: 10.0.{index // 16}.{index % 16 * 16}/28, zone: us-west-2a}}" for index in range(1_000)
    )
    text = BASE.replace("    zones: [us-west-2a, us-west-2b]\n", f"    subnets: {{private: [{subnets}]}}\n")
    assert isinstance(assert_answered(text), SettingsError)
