"""What the message for a missing setting offers to write."""

from pathlib import Path

import pytest

from config.missing import ENTRIES
from tests.config.base import BASE, mistakes

EMPTY = BASE[: BASE.index("    mlflow:\n")]
STORES = EMPTY[: EMPTY.index("  ai-platform:databases:")] + "  ai-platform:workloads:\n"


@pytest.mark.parametrize(
    ("workload", "lines"),
    [
        (
            "openWebui",
            {
                "administrator: is missing; write it like administrator: platform@example.com",
                "bucket: is missing; choose artifacts",
                'cache: is missing; add one to caches, such as main: {engine: valkey, engineVersion: "8.1", '
                "nodeType: cache.t4g.small, nodes: 2}, and write main",
                "database: is missing; choose runs",
                "host: is missing; write it like host: chat.ai.example.com",
            },
        ),
        ("mlflow", {"bucket: is missing; choose artifacts", "database: is missing; choose runs"}),
        ("vllm", {"models: is missing; write a name with model, contextLength and nodeGroup"}),
        (
            "redis",
            {
                "secret: is missing; add one to secrets, such as main: {generate: true, description: Generated}, "
                "and write main"
            },
        ),
    ],
)
def test_empty_workload_names_what_it_needs(workload: str, lines: set[str], tmp_path: Path) -> None:
    found = mistakes(tmp_path, f"{EMPTY}    {workload}: {{}}\n")
    assert {line.split(f"workloads.{workload}.")[1] for line in found} == lines


def test_missing_database_is_offered_with_an_entry(tmp_path: Path) -> None:
    found = mistakes(tmp_path, f"{STORES}    mlflow: {{}}\n")
    assert [line.partition("mlflow.")[2] for line in found] == [
        "bucket: is missing; add one to buckets, such as main: {}, and write main",
        "database: is missing; add one to databases or auroraClusters, such as main: "
        '{engine: postgres, engineVersion: "17", instanceClass: db.t4g.small, databaseName: app}, and write main',
    ]


def test_database_of_another_engine_is_not_offered(tmp_path: Path) -> None:
    text = (
        BASE.replace("engine: postgres", "engine: mysql").replace('"17"', '"8.4"').replace("      database: runs\n", "")
    )
    found = mistakes(tmp_path, text)
    assert "add one to databases or auroraClusters, such as main: {engine: postgres" in found[0]


@pytest.mark.parametrize("section", ENTRIES)
def test_offered_entry_is_valid(section: str, tmp_path: Path) -> None:
    added = f"  ai-platform:{section}:\n    main: {ENTRIES[section]}\n"
    head = f"  ai-platform:{section}:\n"
    text = BASE.replace(head, added) if head in BASE else BASE + added
    assert [line for line in mistakes(tmp_path, text) if ".main." in line] == []
