"""Edits of a running stack: `up` does what the preview says, and replaces nothing that holds data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from aiplatform.diff.difference import compare
from aiplatform.diff.line import Side
from aiplatform.preview.urns import qualified_type
from tests.diff.base import STACK, side_in
from tests.engine.engine import Run
from tests.engine.rig import Rig
from tests.parts.counts import proven
from tests.state.types import DATA, KEPT

EKS_CLUSTER, NODE_GROUP = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
DEPLOYMENT, NAMESPACE = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Namespace"

Steps = frozenset[tuple[str, str]]
"""Operations and URNs."""


@dataclass(frozen=True)
class Edit:
    """An edit of the stack file, and what it does."""

    sections: Mapping[str, Any]
    does: frozenset[tuple[str, str]]
    """Operations and types that must be among the changes."""
    only: frozenset[str] = frozenset({"update"})
    """The operations that are allowed."""


REPLACE = frozenset({"create-replacement", "replace", "delete-replaced"})

EDITS: Mapping[str, Edit] = {
    "public networks": Edit(
        {"cluster": {"endpoint": {"publicCidrs": ["198.51.100.0/24"]}}}, frozenset({("update", EKS_CLUSTER)})
    ),
    "node group size": Edit(
        {"nodeGroups": {"system": {"scaling": {"min": 2, "desired": 2, "max": 6}}}}, frozenset({("update", NODE_GROUP)})
    ),
    "image": Edit(
        {"workloads": {"vllm": {"models": {"chat": {"image": "vllm/vllm-openai:v0.25.1"}}}}},
        frozenset({("update", DEPLOYMENT)}),
    ),
    "tenant added": Edit(
        {"tenants": {"range": {"first": 1, "last": 3}}},
        frozenset({("create", NAMESPACE), ("create", "aws:s3/bucket:Bucket")}),
        # The Job of the tenants' databases runs again, with the passwords of all.
        only=REPLACE | {"create", "update"},
    ),
    "database size": Edit(
        {"databases": {"metadata": {"storage": {"sizeGib": 30, "maxGib": 60}}}},
        frozenset({("update", "aws:rds/instance:Instance")}),
    ),
    "domain": Edit(
        {"ingress": {"domain": "ai.example.org", "public": False}},
        frozenset({("create", "aws:acm/certificate:Certificate"), ("create", "aws:lb/listener:Listener")}),
        only=REPLACE | {"create", "update", "delete"},
    ),
    "host": Edit(
        {"workloads": {"mlflow": {"host": "tracking.ai.example.org"}}},
        frozenset({("create", "aws:route53/record:Record"), ("replace", "aws:lb/listenerRule:ListenerRule")}),
        # The certificate is for the hosts, and each has a record that validates it. The place of a rule follows from
        # its host and cannot change: the new rule is there before the old one goes.
        only=REPLACE | {"create", "update", "delete"},
    ),
    "instance types": Edit(
        {"nodeGroups": {"system": {"instanceTypes": ["m6a.large", "m6i.large"]}}},
        frozenset({("replace", NODE_GROUP)}),
        only=REPLACE | {"update"},
    ),
    "Kubernetes minor": Edit(
        {"cluster": {"version": "1.36"}}, frozenset({("update", EKS_CLUSTER), ("update", NODE_GROUP)})
    ),
}


def steps(run: Run) -> Steps:
    """What a command does, without what stays the same and what components register."""
    return frozenset((str(one["op"]), str(one["urn"])) for one in run.resources() if one["op"] != "same")


def type_of(urn: str) -> str:
    return qualified_type(urn).rpartition("$")[2]


def lost(done: Steps) -> set[str]:
    """What the engine replaces or deletes, by the URNs of a plan, which has components of pulumi-eks without their
    parts."""
    return {
        re.sub(r"(\$eks:index:\w+)\$[^$]+::", r"\1::", urn)
        for operation, urn in done
        if operation in {"replace", "delete"}
    }


def told(before: Side, after: Side) -> set[str]:
    """What `aiplatform diff` says that a change replaces or deletes."""
    return {urn for urns in compare(STACK, before, after).replaced_types().values() for urn in urns}


@pytest.fixture(scope="module")
def running(dev: Rig) -> Iterator[Rig]:
    dev.engine.up().succeeded()
    yield dev
    dev.engine.destroy().succeeded()


@pytest.mark.parametrize("name", EDITS)
def test_edit_does_what_the_preview_shows_and_keeps_data(running: Rig, name: str) -> None:
    edit, engine = EDITS[name], running.engine
    held = {(one.type, one.id) for one in running.cloud.living() if _holds_data(one.type)}
    before = side_in(engine.project)
    engine.set(**edit.sections)

    previewed, done = steps(engine.preview().succeeded()), steps(engine.up().succeeded())

    assert done == previewed
    assert {operation for operation, _ in done} <= edit.only
    assert [urn for operation, urn in done if operation in REPLACE and _holds_data(type_of(urn))] == []
    assert edit.does <= {(operation, type_of(urn)) for operation, urn in done}
    left = {(one.type, one.id) for one in running.cloud.living()}
    assert held - left == set()
    assert steps(engine.up().succeeded()) == frozenset(), "a second up changes nothing"
    assert lost(done) == told(before, side_in(engine.project)), (
        "`aiplatform diff` names what the engine replaces or deletes"
    )
    proven("edits of a running stack that did what the preview said")


def test_removed_tenant_loses_only_its_own_resources(running: Rig) -> None:
    before = side_in(running.engine.project)
    running.engine.set(tenants={"range": {"first": 1, "last": 2}})

    previewed, done = steps(running.engine.preview().succeeded()), steps(running.engine.up().succeeded())

    assert done == previewed
    assert lost(done) == told(before, side_in(running.engine.project))
    deleted = {urn.rpartition("::")[2] for operation, urn in done if operation == "delete"}
    assert deleted
    assert [name for name in deleted if "team03" not in name] == []
    proven("edits of a running stack that did what the preview said")


def _holds_data(type_: str) -> bool:
    keeps = KEPT.get(type_)
    return keeps is not None and keeps.what == DATA
