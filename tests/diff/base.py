"""Both sides of a change: of the stack dev as it is shipped, and of resources that a test writes down."""

import functools
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from aiplatform.cli.changes import parse_change
from aiplatform.cost.document import cost_json
from aiplatform.cost.pricer import bill
from aiplatform.diff.line import Line, Section, Side, in_order
from aiplatform.findings.checks import findings, findings_json
from aiplatform.preview.outputs import Context, cluster_name, id_and_outputs
from aiplatform.preview.outputs.made_up import answers, made_up
from aiplatform.preview.record import record
from aiplatform.preview.write import plan_json
from catalog.prices import load_prices
from config.loader import load_file
from config.settings import NAMESPACE
from tests.config.base import ROOT, STACK_FILES, TODAY

STACK = "dev"
ACCOUNT = "123456789012"


@functools.cache
def side(*changes: str) -> Side:
    """Return the stack dev with the values of `--set`."""
    return side_in(STACK_FILES, *changes)


def side_in(folder: Path, *changes: str) -> Side:
    """Return the stack dev of the stack file in a folder, planned by this program."""
    loaded = load_file(folder, STACK, changes=dict(map(parse_change, changes)), today=TODAY)
    settings = loaded.settings
    config = {f"{NAMESPACE}:{name}": json.dumps(value) for name, value in loaded.sections.items()}
    plan = record(ROOT, project=NAMESPACE, stack=STACK, config=config, region=settings.project.region)
    costs = bill(plan, settings.costs, load_prices(), today=TODAY, settings=settings)
    found = json.loads(findings_json(findings(plan, settings, costs)))
    document = json.loads(cost_json(costs), parse_float=Decimal)
    return Side(json.loads("".join(plan_json(plan))), document, found, settings)


def lines(section: Section, *changes: str) -> tuple[Line, ...]:
    """Return what a section says of the stack dev with the values of `--set`."""
    return in_order(section.lines(side(), side(*changes)))


def urn(type_: str, name: str) -> str:
    """Return the URN of a resource below the stack."""
    return f"urn:pulumi:{STACK}::{NAMESPACE}::{type_}::{name}"


def resource(type_: str, inputs: Mapping[str, Any], name: str = "it", **more: Any) -> dict[str, Any]:
    """Return a resource as `plan.json` describes it."""
    answer = id_and_outputs(type_, name, inputs, Context(urn=urn(type_, name)))
    made = made_up(answer, lambda: id_and_outputs(type_, name, inputs, Context(urn=urn(type_, name))))
    cluster = type_ == "eks:index:Cluster"
    return {
        "urn": urn(type_, name),
        "type": type_,
        "name": name,
        "parent": None,
        "provider": None,
        "dependencies": [],
        "answers": [cluster_name(name, inputs)] if cluster else list(answers(answer, made)),
        "inputs": inputs,
        **more,
    }


def plan(*resources: Mapping[str, Any], stack: str = STACK) -> Side:
    """Return a side of these resources alone."""
    return Side({"project": NAMESPACE, "stack": stack, "resources": list(resources), "outputs": {}})


def edit(
    section: Section, type_: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, **more: Any
) -> tuple[Line, ...]:
    """Return what a section says of one resource with other inputs; None where it is new or gone."""
    sides = [plan(*([] if given is None else [resource(type_, given, **more)])) for given in (before, after)]
    return in_order(section.lines(*sides))


def told(found: tuple[Line, ...], severity: str, subject: str) -> str:
    """Return the text of the only line of a subject with a severity."""
    texts = [f"{line.text}; {line.fix}" for line in found if (line.severity, line.subject) == (severity, subject)]
    assert len(texts) == 1, (
        f"{len(texts)} of {severity} {subject}: {[(one.severity, one.subject, one.text) for one in found]}"
    )
    return texts[0]
