"""Adding, suspending and removing one tenant: two plans differ in the resources of that tenant."""

import functools
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import pulumi
import pytest

from aiplatform.preview.plan import Plan, Resource
from aiplatform.preview.record import record_function
from components.platform import Platform
from config.tenants import Tenants
from tests.components.base import settings_from, settings_of

STACKS = pytest.mark.parametrize("stack", ["dev", "prod"])

SETUP = {
    ("kubernetes:core/v1:ConfigMap", "postgres-databases"),
    ("kubernetes:external-secrets.io/v1:ExternalSecret", "postgres-tenant-databases"),
    ("kubernetes:batch/v1:Job", "tenant-databases"),
}
"""The list of all databases, their passwords, and the Job that makes those that are not there."""

BACKUP = {
    ("kubernetes:core/v1:ConfigMap", "postgres-backup"),
    ("kubernetes:batch/v1:CronJob", "tenant-databases-backup"),
}
"""The list of all databases again, where they are dumped."""


SUSPENSION = {
    ("ai-platform:kubernetes:Namespace", "tenant-suspension-namespace"),
    ("ai-platform:tenants:TenantSuspension", "tenant-suspension"),
    ("kubernetes:core/v1:Namespace", "tenant-suspension-namespace"),
    ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "tenant-suspension-kubernetes"),
    ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "tenant-suspension-namespace-default"),
    ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "tenant-suspension"),
}
"""Where Jobs run that end pods, and what they may do; it is there where anybody is suspended."""


class Difference(NamedTuple):
    """Resources by type and name."""

    added: set[tuple[str, str]]
    gone: set[tuple[str, str]]
    changed: set[tuple[str, str]]


def plan_of(stack: str, **changes: Any) -> Plan:
    """A stack with other values in its section `tenants`, as a stack file writes them."""
    return _plan_of(stack, json.dumps(changes, sort_keys=True))


@functools.cache
def _plan_of(stack: str, changes: str) -> Plan:
    settings = settings_of(stack)
    assert settings.tenants is not None
    written = settings.tenants.model_dump(mode="json", by_alias=True)
    section = settings_from(Tenants, {**written, **json.loads(changes)})
    changed = settings.model_copy(update={"tenants": section})

    def build() -> None:
        for name, value in Platform(changed.project.name, changed).outputs.items():
            pulumi.export(name, value)

    return record_function(build, stack=stack)


def difference(before: Plan, after: Plan) -> Difference:
    one, other = _by_urn(before), _by_urn(after)
    changed = {urn for urn in one.keys() & other.keys() if one[urn].inputs != other[urn].inputs}
    return Difference(
        _names(other, other.keys() - one.keys()), _names(one, one.keys() - other.keys()), _names(one, changed)
    )


def _by_urn(plan: Plan) -> Mapping[str, Resource]:
    return {resource.urn: resource for resource in plan.resources}


def _names(resources: Mapping[str, Resource], urns: set[str]) -> set[tuple[str, str]]:
    return {(resources[urn].type, resources[urn].name) for urn in urns}


def shared(stack: str) -> set[tuple[str, str]]:
    """What holds the list of all tenants."""
    return SETUP | (BACKUP if stack == "prod" else set())


def strangers(found: set[tuple[str, str]], tenant: str) -> set[tuple[str, str]]:
    """Those that do not have the tenant's name."""
    return {each for each in found if tenant not in each[1]}


@STACKS
def test_new_tenant_adds_its_resources_and_changes_only_shared_lists(stack: str) -> None:
    found = difference(plan_of(stack), plan_of(stack, range={"first": 1, "last": 3}))
    assert len(found.added) > 30
    assert strangers(found.added, "team03") == set()
    assert found.gone == set()
    assert found.changed == shared(stack)


@STACKS
def test_suspension_changes_only_that_tenant(stack: str) -> None:
    found = difference(plan_of(stack), plan_of(stack, members={"02": {"suspended": True}}))
    assert strangers(found.added, "team02") <= SUSPENSION
    assert strangers(found.changed, "team02") == set()
    assert found.gone == set()
    types = {type_ for type_, _ in found.changed}
    assert types >= {"kubernetes:core/v1:ResourceQuota", "kubernetes:apps/v1:Deployment"}


@STACKS
def test_removal_keeps_the_bucket_and_repository_unchanged(stack: str) -> None:
    found = difference(plan_of(stack), plan_of(stack, removed={"02": "keep"}))
    assert strangers(found.gone, "team02") == set()
    assert found.added == set()
    assert found.changed == shared(stack)
    after = plan_of(stack, removed={"02": "keep"})
    components = {one.name for one in after.resources if "team02" in one.name and one.type.startswith("ai-platform:")}
    assert components == {"tenant-team02-storage"}


@STACKS
def test_removal_with_delete_leaves_nothing(stack: str) -> None:
    after = plan_of(stack, removed={"02": "delete"})
    found = difference(plan_of(stack), after)
    assert strangers(found.gone, "team02") == set()
    assert found.added == set()
    assert found.changed == shared(stack)
    assert not any("team02" in resource.name for resource in after.resources)
