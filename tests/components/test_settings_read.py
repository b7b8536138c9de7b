"""Every setting of the example changes a plan, or is a setting that the rules of stack files decide by.

Three tests: each setting is read by the plan, its bill, findings and report, or by a rule; those that only a rule reads
can be refused; and of the others a sample is changed, one after the other, and the plan differs. With EVERY_SETTING=1
the sample is all of them, in SHARES cases that can run side by side, which takes half an hour on two cores.
"""

import copy
import functools
import json
import os
import typing
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest import mock

import pulumi
import pytest

from aiplatform.cost.pricer import bill
from aiplatform.findings.checks import findings
from aiplatform.first_up import first_up
from aiplatform.preview.plan import Plan
from aiplatform.preview.record import record_function
from aiplatform.report.page import page
from catalog.prices import load_prices
from catalog.reading.document import Document, parse
from catalog.reading.model import Model
from catalog.reading.problems import Path, SettingsError, show
from components.platform import Platform
from config.loader import Loaded, load
from config.rules import RULES
from config.rules.stack import Stack
from config.settings import NAMESPACE, Settings
from tests.components.base import TODAY
from tests.config.test_example import EXAMPLES

EVERY, SHARES = (1, 32) if os.environ.get("EVERY_SETTING") else (120, 1)
"""Of how many settings one is changed, and in how many cases."""

ELSEWHERE = {
    # Another setting of the example replaces them; tests of these parts change them.
    "addons.clusterAutoscaler.expander": "Karpenter is enabled instead",
    "addons.clusterAutoscaler.scaleDownUnneededMinutes": "Karpenter is enabled instead",
    "applications.api.scaling.cpuPercent": "each environment has a number of replicas or a scaling of its own",
    "costs.priceMaxAgeDays": "aiplatform cost compares it with the date of the prices",
    "tls.stores": "Kafka and Redis of the example say it themselves: tests/config/refused/stores.py",
    "findings.accepted[0].reason": "the finding that it accepts shows it",
}

DECIDED = {
    "project.maxInstances": 1,
    "network.zones": ["us-west-2a", "us-west-2c"],
    "network.dataSubnets": True,
    "network.controlPlaneSubnets": True,
    "ingress.zone.create": True,
    "ingress.zone.lookup": True,
    "applications.api.databaseConnections": 1000,
    "applications.api.scaling.min": 9,
    "applications.api.scaling.max": 1,
    "backups.recoveryTimeHours": 1,
    "backups.recoveryMinutes.assess": 600,
    "backups.recoveryMinutes.divert": 600,
    "backups.recoveryMinutes.rebuild": 600,
    "backups.recoveryMinutes.restore": 600,
    "backups.recoveryMinutes.verify": 600,
    "kubeflow.sha256": "0",
    "workloads.kafka.zookeeperImage": "docker.io/confluentinc/cp-zookeeper:latest",
    "workloads.vllm.models.own.figures.contextLength": 1024,
    "workloads.vllm.models.own.figures.headSize": 4096,
    "workloads.vllm.models.own.figures.layers": 2000,
    "workloads.vllm.models.own.figures.parametersBillion": 320,
    "workloads.vllm.models.own.figures.vocabulary": 100_000_000,
    "workloads.vllm.models.own.figures.weightsGib": 400,
    "workloads.vllm.models.own.speculation.figures": {"layers": 1},
}
"""Values of the settings that only rules read, which they refuse."""

WITH_OTHERS = {
    # Only together with another value: tests/config/test_model_memory.py, tests/config/tenant_mistakes.py,
    # tests/config/refused/stores.py.
    "backups.recoveryMinutes",
    "tenants.overcommit",
    "workloads.redis.use",
    "workloads.vllm.models.own.figures.attentionHeads",
    "workloads.vllm.models.own.figures.experts",
    "workloads.vllm.models.own.figures.hiddenSize",
    "workloads.vllm.models.own.figures.intermediateSize",
    "workloads.vllm.models.own.figures.kvHeads",
    "workloads.vllm.models.own.figures.latentSize",
    "workloads.vllm.models.own.figures.slidingLayers",
    "workloads.vllm.models.own.figures.slidingWindow",
    "workloads.vllm.models.own.figures.tiedEmbeddings",
}


@functools.cache
def example() -> Document:
    """The example with two tenants: more of them change no setting."""
    document = parse(EXAMPLES[0].read_text(encoding="utf-8"), EXAMPLES[0].name, NAMESPACE)
    document.sections["tenants"]["range"]["last"] = 2
    document.sections["tenants"]["members"] = {
        {"07": "01", "12": "02"}.get(number, number): member
        for number, member in document.sections["tenants"]["members"].items()
    }
    return document


def loaded(sections: dict[str, Any]) -> Loaded:
    return load(replace(example(), sections=sections), today=TODAY)


def built(settings: Settings) -> Plan:
    def build() -> None:
        platform = Platform(settings.project.name, settings)
        for name, value in platform.outputs.items():
            pulumi.export(name, value)

    return record_function(build, stack="example")


def resources(plan: Plan) -> str:
    return json.dumps([[(one.urn, one.dependencies, one.inputs) for one in plan.resources], plan.outputs], default=str)


def report(plan: Plan, settings: Settings) -> str:
    costs = bill(plan, settings.costs, load_prices(), today=TODAY, settings=settings)
    return page(plan, settings, costs, findings(plan, settings, costs), first_up(plan))


# --- what is read ---


class Reads:
    """Fields that are read while it is entered."""

    def __init__(self) -> None:
        self.of: dict[tuple[type, str], set[int]] = {}

    def __enter__(self) -> "Reads":
        plain, of = object.__getattribute__, self.of

        def get(self: Model, name: str) -> Any:
            if not name.startswith("_") and name in type(self).model_fields:
                of.setdefault((type(self), name), set()).add(id(self))
            return plain(self, name)

        def iterate(self: Model) -> Iterator[tuple[str, Any]]:
            return ((name, getattr(self, name)) for name in type(self).model_fields)

        self.patches = [
            mock.patch.object(Model, "__getattribute__", get),
            mock.patch.object(Model, "__iter__", iterate),
        ]
        for patch in self.patches:
            patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        for patch in self.patches:
            patch.stop()

    def unread(self, settings: Settings) -> set[str]:
        """The settings of the file that are not read, neither there nor in a copy with other values."""
        known = {id(model) for _, model in models_of(settings)}
        return {
            show((*path, type(model).model_fields[name].alias or name))
            for path, model in models_of(settings)
            for name in model.model_fields_set
            for seen in [self.of.get((type(model), name), set())]
            if id(model) not in seen and not seen - known
        }


def models_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Model]]:
    """Every model of the settings with its path."""
    if isinstance(value, Model):
        yield path, value
        for name, field in type(value).model_fields.items():
            yield from models_of(value.__dict__[name], (*path, field.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from models_of(item, (*path, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from models_of(item, (*path, index))


def test_every_setting_is_read_by_a_plan_or_a_rule() -> None:
    settings = loaded(example().sections).settings
    with Reads() as by_plan:
        report(built(settings), settings)
    with Reads() as by_rules:
        for rule in RULES:
            list(rule(Stack(settings, example().sections, {}, TODAY)))
    not_by_plan = by_plan.unread(settings)
    assert not_by_plan & by_rules.unread(settings) == ELSEWHERE.keys()
    assert not_by_plan - ELSEWHERE.keys() == DECIDED.keys() | WITH_OTHERS


# --- what is changed ---


def changed(path: Path, value: Any) -> dict[str, Any]:
    """The sections of the example with another value at a path."""
    sections = copy.deepcopy(example().sections)
    here: Any = sections
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value
    return sections


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of the file that is not a map or list."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path, value
        return
    for key, item in items:
        yield from leaves(item, (*path, key))


def others(value: Any) -> Iterator[Any]:
    """Values of the same type that are near."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, value * 2)
    elif isinstance(value, str):
        for index in range(len(value) - 1, -1, -1):
            if value[index].isdigit():
                for digit in (int(value[index]) + 1, int(value[index]) - 1):
                    yield f"{value[:index]}{digit % 10}{value[index + 1 :]}"
                break
        yield from (f"{value}x", f"x{value}")


def literals(annotation: Any) -> Iterator[Any]:
    """The values of every `Literal` of a type."""
    if typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    else:
        for one in typing.get_args(annotation):
            yield from literals(one)


@functools.cache
def before() -> tuple[Loaded, str, str]:
    """The example as it is: its settings, its resources and its report."""
    settings = loaded(example().sections)
    plan = built(settings.settings)
    return settings, resources(plan), report(plan, settings.settings)


def differs(path: Path, value: Any, choices: tuple[Any, ...]) -> bool:
    """Whether all near values are refused, or one results in a warning, another plan or another report."""
    settings, resources_before, report_before = before()
    valid: list[Loaded] = []
    for other in (*(one for one in choices if one != value), *others(value)):
        try:
            found = loaded(changed(path, other))
        except SettingsError:
            continue
        if found.warnings != settings.warnings:
            return True
        valid.append(found)
    if not valid:
        return True
    other = built(valid[0].settings)
    return resources(other) != resources_before or report(other, valid[0].settings) != report_before


def test_values_that_only_rules_read_are_refused() -> None:
    paths = {show(path): path for path, _ in leaves(example().sections)}
    paths |= {"network.zones": ("network", "zones")}
    accepted = []
    for name, value in DECIDED.items():
        try:
            loaded(changed(paths[name], value))
        except SettingsError:
            continue
        accepted.append(name)
    assert accepted == []


@pytest.mark.parametrize("share", range(SHARES))
def test_changed_setting_changes_the_plan(share: int) -> None:
    at = dict(models_of(before()[0].settings))
    same = []
    for path, value in list(leaves(example().sections))[share :: EVERY * SHARES]:
        model = type(at[path[:-1]]) if path[:-1] in at else Model
        fields = [field for name, field in model.model_fields.items() if path[-1] in (name, field.alias)]
        if show(path) in {*ELSEWHERE, *DECIDED, *WITH_OTHERS}:
            continue
        if not differs(path, value, tuple(one for field in fields for one in literals(field.annotation))):
            same.append(show(path))
    assert same == []
