"""The reference of settings says since when there is a setting, and what an edit of it does."""

import os
import re

import pytest

from catalog.reading.problems import show
from catalog.settings import UNRELEASED, History, history
from catalog.settings import settings as table
from config.reference import every, root
from tests.config.base import ROOT
from tests.config.edits import edited, effect, settings, side

SHOWN = {
    "cluster.endpoint.publicCidrs.*": "in place",
    "databases.*.instanceClass": "interrupts Instance",
    "databases.*.masterUsername": "replaces Instance, InstanceAutomatedBackupsReplication",
}
EDITS = sorted(name for name, row in table().items() if row.edit) if os.environ.get("EVERY_SETTING") else sorted(SHOWN)


def test_table_has_settings_that_exist_and_versions_of_the_changelog() -> None:
    known = {show(one.path) for one in every(root())}
    assert table().keys() - known == set()
    released = re.findall(r"^## \[(\d\S+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {row.since for row in table().values()} <= {*released, UNRELEASED}
    assert len(table()) > 1000


def test_setting_of_no_release_has_no_row() -> None:
    assert history("workloads.mlflow.notThere") == History(UNRELEASED, "")
    assert history("network.cidr").since == "0.1.0"


@pytest.mark.parametrize("name", EDITS)
def test_edit_of_a_setting_has_the_effect_of_the_reference(name: str) -> None:
    ((path, value),) = [(path, value) for each_, path, value in settings() if each_ == name]
    found = edited(path, value)
    assert found is not None
    assert effect(side(found)) == table()[name].edit
    assert name not in SHOWN or table()[name].edit == SHOWN[name]
