"""Every shipped stack file is valid, read from the file or passed by the engine.

Of the stack files at the top, which are a user's, nothing else is asked. What is said of the shipped ones is said of
the copies in tests/stacks.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from aiplatform.preview.record import record_function
from catalog.gpus import gpu
from components.platform import Platform
from config.loader import load_config, load_file
from config.model_memory import fits, published
from config.settings import Settings
from tests.config.base import ROOT, STACK_FILES, TODAY
from tests.each import each

BEFORE = "set your networks before you deploy"
STACKS = sorted(path.name[len("Pulumi.") : -len(".yaml")] for path in STACK_FILES.glob("Pulumi.*.yaml"))
ANY_STACK = each("file", [*STACK_FILES.glob("Pulumi.*.yaml"), *ROOT.glob("Pulumi.*.yaml")])


def name_of(file: Path) -> str:
    return file.name[len("Pulumi.") : -len(".yaml")]


def engine_values(stack: str, folder: Path = STACK_FILES) -> dict[str, str]:
    """The configuration as Pulumi's engine hands it to a program: text, and every object as JSON with sorted keys."""
    config: dict[str, Any] = YAML(typ="safe", pure=True).load((folder / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {
        key: value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
        for key, value in config.items()
    }


@pytest.mark.parametrize("file", sorted(ROOT.glob("Pulumi.*.yaml")), ids=name_of)
def test_stack_of_the_user_can_be_planned(file: Path) -> None:
    settings = load_file(file.parent, name_of(file), today=TODAY).settings
    plan = record_function(lambda: Platform(settings.project.name, settings), stack=name_of(file))
    assert [resource.name for resource in plan.resources if resource.type == Platform.TOKEN] == [settings.project.name]


@ANY_STACK
def test_settings_of_the_engine_and_of_the_file_are_equal(file: Path) -> None:
    stack, folder = name_of(file), file.parent
    values = engine_values(stack, folder)
    assert load_config(values, folder, stack, today=TODAY) == load_file(folder, stack, today=TODAY)


@ANY_STACK
def test_settings_of_the_engine_do_not_need_the_file(file: Path, tmp_path: Path) -> None:
    stack, folder = name_of(file), file.parent
    loaded = load_config(engine_values(stack, folder), tmp_path, stack, today=TODAY)
    assert loaded.settings == load_file(folder, stack, today=TODAY).settings


@ANY_STACK
def test_settings_survive_a_round_trip_through_json(file: Path) -> None:
    settings = load_file(file.parent, name_of(file), today=TODAY).settings
    assert Settings.model_validate_json(settings.model_dump_json(by_alias=True)) == settings


def test_shipped_stacks_include_those_of_the_documents() -> None:
    assert {"dev", "mlflow", "prod"} <= set(STACKS)


@each("stack", STACKS)
def test_shipped_stack_warns_only_of_values_that_the_user_must_set(stack: str) -> None:
    loaded = load_file(STACK_FILES, stack, today=TODAY)
    assert isinstance(loaded.settings, Settings)
    said = {line.partition(" ")[2] for line in loaded.warnings}
    assert "cluster.endpoint.publicCidrs[0]: 203.0.113.0/24 is reserved for documentation; " + BEFORE in said
    domain, gitops = loaded.settings.ingress.domain, loaded.settings.gitops
    blanks = [domain is not None and domain.endswith(".example.com"), gitops is not None]
    scarce = [line for line in said if " does not offer " in line]
    # The document of openwebui asks for Spot types of two sizes.
    unlike = [line for line in said if stack == "openwebui" and " is unlike t3.medium " in line]
    # The document of nemo has public subnets in two of its three zones.
    bare = [line for line in said if stack == "nemo" and "has no subnet in ap-northeast-2c" in line]
    assert len(said) == 1 + sum(blanks) + len(scarce) + len(unlike) + len(bare), said
    assert all(line.endswith(" before you deploy") for line in said - {*unlike, *bare}), said


def test_dev_has_the_cheapest_useful_values() -> None:
    settings = load_file(STACK_FILES, "dev", today=TODAY).settings
    assert settings.network.nat_zones() == ("us-west-2a",)
    assert {group.capacity for group in settings.node_groups.values()} == {"spot"}
    assert [database.schedule for database in settings.databases.values()] == ["office-hours"]


def test_model_of_dev_follows_the_gpu_schedule_and_fits_the_smallest_spot_gpu() -> None:
    settings = load_file(STACK_FILES, "dev", today=TODAY).settings
    group = settings.node_groups["gpu"]
    assert (group.capacity, group.schedule, group.scaling.min, group.scaling.desired) == ("spot", "office-hours", 1, 1)
    vllm = settings.workloads.vllm
    assert vllm is not None
    (model,) = vllm.models.values()
    assert (model.node_group, model.least(), model.most(), model.gpus()) == ("gpu", 1, 1, 1)
    known, cheapest = published(model), gpu("g4dn.xlarge")
    assert known is not None
    assert cheapest is not None
    assert fits(model, known, cheapest)
    assert vllm.tenants, "the teams ask it"


def test_model_of_prod_survives_a_node_and_a_zone_and_loads_weights_once() -> None:
    settings = load_file(STACK_FILES, "prod", today=TODAY).settings
    group = settings.node_groups["gpu"]
    vllm = settings.workloads.vllm
    assert vllm is not None
    (model,) = vllm.models.values()
    assert (model.node_group, model.least(), model.weights.node_disk) == ("gpu", 2, None)
    assert (group.capacity, group.scaling.min, group.zones, group.schedule) == ("onDemand", 2, (), None)
    assert model.weights.shared is not None
    folder = settings.file_systems[model.weights.shared.file_system].access_points[model.weights.shared.access_point]
    assert (folder.uid, folder.gid) == (2000, 2000), "vLLM's user"


def test_prod_survives_the_loss_of_a_zone() -> None:
    settings = load_file(STACK_FILES, "prod", today=TODAY).settings
    assert settings.network.nat_zones() == ("us-west-2a", "us-west-2b", "us-west-2c")
    assert [(database.multi_az, database.deletion_protection) for database in settings.databases.values()] == [
        (True, True)
    ]
    assert settings.node_groups["system"].capacity == "onDemand"
    assert settings.addons.replicas >= 2
    mlflow = settings.workloads.mlflow
    assert mlflow is not None
    assert mlflow.replicas.min >= 2


@each("stack", ["dev", "prod"])
def test_tenants_without_kubeflow_have_namespace_quota_and_mlflow(stack: str) -> None:
    settings = load_file(STACK_FILES, stack, today=TODAY).settings
    tenants = settings.tenants
    assert tenants is not None
    assert len(tenants.all(settings.project.name)) >= 2
    assert tenants.mlflow is not None
    assert (tenants.profiles, settings.kubeflow) == (False, None)


def test_no_test_reads_a_stack_file_at_the_top() -> None:
    # They are a user's: changed, deleted, and others added.
    reads = re.compile(r"ROOT / f?\"Pulumi\.(?!yaml)|(?:chdir|load_file|read)\(ROOT\b(?! /)")
    found = [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "tests").rglob("*.py"))
        if file != Path(__file__) and reads.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []
