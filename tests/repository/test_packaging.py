"""The metadata of the package, and the Pulumi version that it requires."""

import hashlib
import re
from importlib.metadata import version
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from setuptools.config.pyprojecttoml import read_configuration

from tests.config.base import ROOT

DATA = (".csv", ".json", ".yaml")


@pytest.fixture(scope="module")
def configuration() -> dict[str, Any]:
    """pyproject.toml as setuptools understands it."""
    found: dict[str, Any] = read_configuration(ROOT / "pyproject.toml", expand=True)
    return found


def test_package_requires_what_the_lock_file_pins(configuration: dict[str, Any]) -> None:
    needed = {canonicalize_name(Requirement(text).name) for text in configuration["project"]["dependencies"]}
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"\n(?=[a-z])", locked) if not block.startswith("#")]
    direct = {block.partition("==")[0] for block in blocks if "-r requirements.in" in block}
    assert needed == direct, "compile requirements.in anew: `make lock`"
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_license_is_the_complete_apache_2(configuration: dict[str, Any]) -> None:
    project = configuration["project"]
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE", "NOTICE"]
    text = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8").split())
    # The text of https://www.apache.org/licenses/LICENSE-2.0.txt, whatever its line breaks.
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "0ffddef9e48f8a09aed5caf2d44f7ba1c1be2d9b8e0a6f693b1635b2d5566645"
    )


def test_notice_has_the_origin_of_each_packaged_data_file(configuration: dict[str, Any]) -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").splitlines()
    packaged = {
        file.name
        # What components package is written for them: manifests, SQL and scripts.
        for package in ("aiplatform", "catalog")
        for pattern in configuration["tool"]["setuptools"]["package-data"][package]
        for file in (ROOT / package).glob(pattern)
        if file.suffix in DATA
    }
    assert packaged
    assert packaged <= set(notice)
    assert {line for line in notice if line.endswith(DATA)} <= packaged


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def test_pulumi_yaml_requires_a_range_that_includes_the_sdk() -> None:
    """A range as Pulumi's CLI reads it: comparisons that all hold, https://pkg.go.dev/github.com/blang/semver#ParseRange."""
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    required = re.fullmatch(r">=(\d+\.\d+\.\d+) <(\d+\.\d+\.\d+)", project["requiredPulumiVersion"])
    assert required
    lowest, above = required.groups()
    assert _numbers("3.219.0") <= _numbers(lowest), "older CLIs do not read the line"
    assert _numbers(lowest) <= _numbers(version("pulumi")) < _numbers(above)
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert f"\npulumi=={version('pulumi')} " in locked
