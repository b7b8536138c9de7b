"""Versions of add-ons and releases of AMIs follow the cluster's Kubernetes version."""

from collections.abc import Mapping

import pytest

from aiplatform.preview.plan import Plan
from aiplatform.preview.record import record_function
from catalog.eks_releases import eks_releases
from catalog.support import support
from catalog.versions import AL2023_AMI_RELEASE
from components.platform import Platform
from config.loader import load_file
from tests.components.base import EVERY_STACK, recorded
from tests.config.base import STACK_FILES, TODAY

ADDON, GROUP = "eks:index:Addon", "eks:index:ManagedNodeGroup"
OF_KUBERNETES = {"kube-proxy", "coredns"}
"""Add-ons whose versions belong to one Kubernetes version; the others support all of them."""


def planned(stack: str, **changes: str) -> Plan:
    """The plan of a shipped stack with other values, by path with underscores."""
    paths = {tuple(path.split("__")): value for path, value in changes.items()}
    settings = load_file(STACK_FILES, stack, changes=paths, today=TODAY).settings
    return record_function(lambda: Platform(settings.project.name, settings), stack=stack)


def versions(plan: Plan) -> Mapping[str, str | None]:
    """The version of every EKS add-on and node group."""
    addons = {one.inputs["addonName"]: one.inputs.get("addonVersion") for one in plan.resources if one.type == ADDON}
    groups = {one.name: one.inputs.get("releaseVersion") for one in plan.resources if one.type == GROUP}
    return {**addons, **groups}


def test_table_has_every_version_in_standard_support() -> None:
    assert set(support()["kubernetes"].supported(TODAY)) <= set(eks_releases().versions)


@pytest.mark.parametrize("kubernetes", sorted(eks_releases().versions))
def test_release_fits_its_kubernetes_version(kubernetes: str) -> None:
    table = eks_releases()
    assert set(table.versions[kubernetes].addons) == OF_KUBERNETES
    assert (table.addon(kubernetes, "kube-proxy") or "").startswith(f"v{kubernetes}.")
    release = table.node_release(kubernetes, "AL2023") or ""
    assert release.startswith(f"{kubernetes}.")
    assert release.rpartition("-")[2] == AL2023_AMI_RELEASE.removeprefix("v"), "groups and pools run one release"


@EVERY_STACK
def test_addons_and_node_groups_have_a_version(stack: str) -> None:
    recording = recorded(stack)
    systems = {f"nodes-{key}": group.operating_system for key, group in recording.settings.node_groups.items()}
    missing = {name for name, version in versions(recording.plan).items() if version is None}
    assert missing == {name for name, system in systems.items() if system == "BOTTLEROCKET"}


@pytest.mark.parametrize("stack", ["dev", "nemo", "pingvas"])
def test_upgrade_of_kubernetes_moves_addons_and_node_groups(stack: str) -> None:
    before, after = versions(recorded(stack).plan), versions(planned(stack, cluster__version="1.36"))
    assert before.keys() == after.keys()
    moved = {name for name, version in after.items() if version != before[name]}
    assert moved == OF_KUBERNETES | {name for name in after if name.startswith("nodes-")}
    assert all(version == "1.36.4-20260930" for name, version in after.items() if name.startswith("nodes-"))


def test_version_of_the_stack_file_wins() -> None:
    plan = planned(
        "dev", addons__coredns__version="v1.13.2-eksbuild.31", nodeGroups__system__releaseVersion="1.35.7-20260911"
    )
    found = versions(plan)
    assert (found["coredns"], found["nodes-system"]) == ("v1.13.2-eksbuild.31", "1.35.7-20260911")
