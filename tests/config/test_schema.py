"""The JSON Schema that editors use for stack files."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from config.schema import stack_file_schema
from config.settings import Settings
from tests.config.base import BASE, ROOT, STACK_FILES
from tests.each import each

SCHEMA = stack_file_schema()


def parsed(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def errors(text: str) -> list[str]:
    found = Draft202012Validator(SCHEMA).iter_errors(parsed(text))
    return sorted(".".join(map(str, error.absolute_path)) for error in found)


@pytest.mark.parametrize(
    "schema", [SCHEMA, Settings.model_json_schema(by_alias=True)], ids=["the whole file", "the settings"]
)
def test_schema_is_valid_json_schema_2020_12(schema: dict[str, Any]) -> None:
    meta = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    assert [error.message for error in meta.iter_errors(schema)] == []


def test_every_property_has_a_description() -> None:
    schema = Settings.model_json_schema(by_alias=True)
    described = [("Settings", schema), *schema["$defs"].items()]
    assert [
        f"{name}.{key}"
        for name, model in described
        for key, value in model.get("properties", {}).items()
        if not value.get("description", "").endswith((".", ":", ".html"))
    ] == []


def test_keys_are_those_of_the_file() -> None:
    schema = Settings.model_json_schema(by_alias=True)
    keys = [key for model in (schema, *schema["$defs"].values()) for key in model.get("properties", {})]
    assert [key for key in keys if "_" in key] == []
    assert {"nodeGroups", "instanceTypes", "publicCidrs"} <= set(keys)


@each("file", [*STACK_FILES.glob("Pulumi.*.yaml"), *ROOT.glob("Pulumi.*.yaml")])
def test_stack_file_matches_the_schema(file: Path) -> None:
    assert errors(file.read_text()) == []


def test_base_of_the_tests_matches_the_schema() -> None:
    assert errors(BASE) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("min: 1", "min: one", "config.ai-platform:nodeGroups.cpu.scaling.min"),
        ("min: 1", "min: -1", "config.ai-platform:nodeGroups.cpu.scaling.min"),
        ("    name: shop\n", "", "config.ai-platform:project"),
        ("    zones:", "    nat: some\n    zones:", "config.ai-platform:network.nat"),
        ("    zones:", "    colour: red\n    zones:", "config.ai-platform:network"),
        ("10.0.0.0/16", "10.0.0.0", "config.ai-platform:network.cidr"),
        ("[t3.large]", "[]", "config.ai-platform:nodeGroups.cpu.instanceTypes"),
        ('"17"', "17", "config.ai-platform:databases.runs.engineVersion"),
        ("ai-platform:buckets", "ai-platform:bucket", "config"),
        ("ai-platform:buckets", "buckets", "config"),
    ],
)
def test_invalid_values_violate_the_schema(old: str, new: str, where: str) -> None:
    assert errors(BASE.replace(old, new)) == [where]


def test_other_namespaces_and_keys_of_the_cli_are_allowed() -> None:
    assert errors(f"encryptionsalt: v1:abc\nsecretsprovider: passphrase\n{BASE}  aws:region: us-west-2\n") == []
