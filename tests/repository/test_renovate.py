"""Renovate reads every version of the versions module, and comments name the package of the code."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from catalog import versions
from tests.config.base import ROOT

MODULE = Path(versions.__file__)
CONFIGURATION: dict[str, Any] = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))
(MANAGER,) = CONFIGURATION["customManagers"]


def python(pattern: str) -> re.Pattern[str]:
    """The pattern as Python writes it: JavaScript's named groups lack a P."""
    return re.compile(re.sub(r"\(\?<(?=[a-z])", "(?P<", pattern))


def matches(text: str) -> list[re.Match[str]]:
    return [match for pattern in MANAGER["matchStrings"] for match in python(pattern).finditer(text)]


def written(text: str) -> dict[int, tuple[str, str]]:
    """Each version of a module by the offset of its end: the constant, with the key in a table, and the version."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = {}
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            for name, node in _nodes(statement.targets[0].id, statement.value):
                version = ast.literal_eval(node)
                # What follows the name of an image is its tag.
                end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0) - 1
                found[end] = (name, version.rpartition(":")[2])
    return found


def _nodes(name: str, value: ast.expr) -> list[tuple[str, ast.expr]]:
    match value:
        case ast.Constant(value=str()):
            return [(name, value)]
        case ast.Call(func=ast.Name(id="ChartVersion"), args=[_, _, version]):
            return [(name, version)]
        case ast.Dict():
            return [
                (f"{name}[{ast.unparse(key)}]", one) for key, one in zip(value.keys, value.values, strict=True) if key
            ]
    raise AssertionError(f"{name} is neither a version, nor a chart, nor a table of versions")


def unread(text: str) -> list[str]:
    """The versions of a module that Renovate does not find, or finds with another value."""
    read = {match.end("currentValue"): match["currentValue"] for match in matches(text)}
    return [name for end, (name, version) in written(text).items() if read.get(end) != version]


TEXT = MODULE.read_text(encoding="utf-8")
FOUND = matches(TEXT)
NAMES = {end: name for end, (name, _) in written(TEXT).items()}


def constant(match: re.Match[str]) -> str:
    return NAMES[match.end("currentValue")]


def test_every_version_is_read_with_its_value() -> None:
    assert unread(TEXT) == []
    assert len(FOUND) == len(NAMES), "a comment without a version"


def test_every_public_constant_is_checked() -> None:
    public = {name for name, value in vars(versions).items() if name.isupper()}
    assert {name.partition("[")[0] for name in NAMES.values()} == public


@pytest.mark.parametrize(
    ("added", "names"),
    [
        ('NEW_IMAGE = "example.com/new:1.0"\n', ["NEW_IMAGE"]),
        ('NEW = ChartVersion("https://example.com", "new", "1.0")\n', ["NEW"]),
        ('NEW = {\n    "1.37": "v1.37.0",\n}\n', ["NEW['1.37']"]),
        ('# renovate: datasource=docker depName=a/b\n\nOTHER = "a/b:1"\nNEW = "a/b:2"\n', ["NEW"]),
        ('# renovate: datasource=docker\nNEW = "a/b:2"\n', ["NEW"]),
        ('# renovate: depName=a/b datasource=docker\nNEW = "a/b:2"\n', ["NEW"]),
        ('# renovate: datasource=docker depName=a/b\n# Why.\nNEW = "a/b:2"\n', ["NEW"]),
        ('# renovate: datasource=docker depName=a/b\nNEW = "a/b:2"\n', []),
    ],
)
def test_version_without_a_comment_is_found(added: str, names: list[str]) -> None:
    assert unread(f"{TEXT}\n{added}") == names


def test_manager_reads_the_versions_module() -> None:
    patterns = [python(pattern.strip("/")) for pattern in MANAGER["managerFilePatterns"]]
    path = MODULE.relative_to(ROOT).as_posix()
    assert any(pattern.search(path) for pattern in patterns)
    assert not any(pattern.search(f"tests/{path}") for pattern in patterns)
    assert "custom.regex" in CONFIGURATION["enabledManagers"]


def test_patterns_are_valid_for_re2() -> None:
    for pattern in MANAGER["matchStrings"]:
        assert not re.search(r"\(\?<?[=!]|\\[1-9]", pattern)


def test_comment_names_the_package_of_the_code() -> None:
    for match in FOUND:
        name, _, key = constant(match).partition("[")
        value = getattr(versions, name)
        if isinstance(value, versions.ChartVersion):
            is_oci = value.repository.startswith("oci://")
            place = f"{value.repository.removeprefix('oci://')}/{value.name}"
            wanted = ("docker", place, None) if is_oci else ("helm", value.name, value.repository)
            assert match.group("datasource", "depName", "registryUrl") == wanted
        elif not key and ":" in value:
            assert match.group("datasource", "depName") == ("docker", value.rpartition(":")[0])
        else:
            assert match["datasource"] in {"docker", "endoflife-date", "github-releases", "github-tags"}, name


def test_new_version_replaces_only_the_version() -> None:
    """Renovate replaces the first occurrence of the version in what was matched."""
    for match in FOUND:
        assert match[0].index(match["currentValue"]) == match.start("currentValue") - match.start(), match[0]


def test_limit_allows_the_version_and_later_patches_only() -> None:
    limited = [one for one in FOUND if (one["versioning"] or "").startswith("regex:")]
    assert limited
    for match in limited:
        limit = python(match["versioning"].removeprefix("regex:"))
        kept, _, patch = match["currentValue"].rpartition(".")
        major, _, minor = kept.rpartition(".")
        tried = (
            match["currentValue"],
            f"{kept}.{int(patch) + 1}",
            f"{major}.{int(minor) + 1}.0",
            f"{kept}.{patch}-rc.1",
        )
        assert [bool(limit.search(one)) for one in tried] == [True, True, False, False], match[0]


@pytest.mark.parametrize("table", ["KUBECTL_RELEASES", "CLUSTER_AUTOSCALER_IMAGES"])
def test_table_entry_stays_at_the_minor_version_of_its_key(table: str) -> None:
    entries = {constant(one): one for one in FOUND if constant(one).startswith(f"{table}[")}
    assert len(entries) == len(getattr(versions, table))
    for name, match in entries.items():
        key = name.partition("[")[2].strip("']")
        assert match["versioning"] == rf"regex:^v{re.escape(key)}\.(?<patch>\d+)$"


def test_kubernetes_is_a_minor_version_of_eks() -> None:
    (rule,) = [one for one in CONFIGURATION["packageRules"] if one.get("matchDepNames") == ["amazon-eks"]]
    extracted = python(rule["extractVersion"]).search("1.36-eks-4")
    assert extracted
    assert extracted["version"] == "1.36"
    assert versions.KUBERNETES in versions.KUBECTL_RELEASES
    assert versions.KUBERNETES in versions.CLUSTER_AUTOSCALER_IMAGES


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_lock_file_header_has_the_compile_command(name: str) -> None:
    assert any(
        python(pattern.strip("/")).search(f"{name}.txt")
        for pattern in CONFIGURATION["pip-compile"]["managerFilePatterns"]
    )
    lines = (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    command = re.search(r"^COMPILE := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert command
    assert lines[1] == f"#    {command[1]} --output-file={name}.txt {name}.in"
