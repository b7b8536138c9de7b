"""A thousand tenants: one more costs the same at any number. Counted, not timed."""

import functools
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from aiplatform.preview.record import record_function
from benchmarks.tenants import STACK
from components.platform import Platform
from config.loader import load_file
from tests.components.base import Found
from tests.config.base import ROOT, TODAY

MLFLOW = "    mlflow: {}\n"


@functools.cache
def _class(count: int, more: str) -> Found:
    with TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.class.yaml").write_text(STACK.format(count=count) + more)
        settings = load_file(Path(folder), "class", today=TODAY).settings
    return Found(record_function(lambda: Platform("academy", settings), stack="class"))


def _edges(found: Found) -> int:
    return sum(len(resource.dependencies) for resource in found.plan.resources)


def _visits(found: Found) -> int:
    """What Pulumi looks at: from each edge on all behind it, for a circle."""
    return sum(
        1 + len(found.before(found.by_urn[urn])) for resource in found.plan.resources for urn in resource.dependencies
    )


@pytest.mark.parametrize("more", ["", MLFLOW], ids=["alone", "mlflow"])
def test_dependency_count_grows_linearly_with_tenants(more: str) -> None:
    ten, twenty, forty = (_class(count, more) for count in (10, 20, 40))
    assert _edges(forty) - _edges(twenty) == 2 * (_edges(twenty) - _edges(ten))
    resources = len(twenty.plan.resources) - len(ten.plan.resources)
    assert _edges(twenty) - _edges(ten) <= 2 * resources, "whoever waits for one that waits need not wait for the rest"


def test_dependency_visits_grow_linearly_with_tenants() -> None:
    ten, twenty, forty = (_class(count, "") for count in (10, 20, 40))
    assert _visits(forty) - _visits(twenty) == 2 * (_visits(twenty) - _visits(ten))


def test_sdk_modules_are_loaded_on_demand() -> None:
    # They are most of the time of a small plan.
    code = "import json, sys, components.platform; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    sdk = ("pulumi_aws.", "pulumi_kubernetes.")
    loaded = {name for name in json.loads(done.stdout) if name.startswith(sdk) and name.count(".") > 1}
    assert not loaded, "annotations load classes unless the module begins with `from __future__ import annotations`"
