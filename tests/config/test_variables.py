"""Environment variables that name others, and the order in which they have to stand."""

from pathlib import Path

import pytest

from config.variables import cycles, in_order, references
from tests.config.base import edited, mistakes, shared


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("plain", ()),
        ("$(A)", ("A",)),
        ("$(A)/$(B)/$(A)", ("A", "B")),
        ("http://$(HOST):$(PORT)", ("HOST", "PORT")),
        # Two dollar signs are one.
        ("$$(A)", ()),
        ("$$$(A)", ("A",)),
        ("$$$$(A)", ()),
        # Neither a shell's reference nor one without an end.
        ("$A ${B} $(C", ()),
        ("$", ()),
        ("$()", ("",)),
        ("$(A$(B))", ("A$(B",)),
    ],
)
def test_references_are_those_that_kubernetes_expands(text: str, expected: tuple[str, ...]) -> None:
    """As the tests of its package `expansion` have them."""
    assert references(text) == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({}, []),
        ({"B": (), "A": ()}, ["A", "B"]),
        ({"BILLING_URL": ("PLATFORM_BASE",), "PLATFORM_BASE": (), "AAA": ()}, ["AAA", "PLATFORM_BASE", "BILLING_URL"]),
        # A chain against the alphabet, and one variable that two name.
        ({"A": ("B",), "B": ("C",), "C": ()}, ["C", "B", "A"]),
        ({"A": ("Z",), "B": ("Z",), "Z": ()}, ["Z", "A", "B"]),
        ({"A": ("Y", "X"), "X": (), "Y": ()}, ["X", "Y", "A"]),
        # What no variable of the container has stands nowhere.
        ({"A": ("OTHER",)}, ["A"]),
        # A cycle has no right order; the wrong ones are the same each time.
        ({"B": ("A",), "A": ("B",), "C": ("C",)}, ["B", "A", "C"]),
    ],
)
def test_variables_stand_after_those_that_they_name(named: dict[str, tuple[str, ...]], expected: list[str]) -> None:
    assert in_order(named) == expected
    assert in_order(dict(reversed(named.items()))) == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"A": ("B",), "B": ()}, []),
        ({"A": ("A",)}, [("A",)]),
        ({"C": ("B",), "B": ("C",), "A": ("B",)}, [("B", "C")]),
        ({"A": ("B",), "B": ("C",), "C": ("A",)}, [("A", "B", "C")]),
        ({"A": ("B",), "B": ("A",), "C": ("D",), "D": ("C",)}, [("A", "B"), ("C", "D")]),
        ({"A": ("A", "OTHER")}, [("A",)]),
    ],
)
def test_each_cycle_is_found_once(named: dict[str, tuple[str, ...]], expected: list[tuple[str, ...]]) -> None:
    assert list(cycles(named)) == expected


@pytest.mark.parametrize(
    "environment",
    [
        # What the platform, Kubernetes, the database and the cache bring.
        "A: $(NAMESPACE)-$(ENVIRONMENT)-$(AWS_DEFAULT_REGION)-$(HOME)",
        "A: $(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)",
        "A: jdbc:postgresql://$(PGHOST):$(PGPORT)/$(PGDATABASE)?currentSchema=$(DB_SCHEMA)",
        "A: $(REDIS_HOST):$(REDIS_PORT)/$(REDIS_DB)",
        # Under its own name what the Secret has, one step further.
        "DATABASE_URL: $(DATABASE_URL)&connect_timeout=5",
        # In any order of the file.
        "BILLING_URL: $(PLATFORM_BASE)/billing, PLATFORM_BASE: $(SCHEME)://a, SCHEME: http",
        "A: costs 5$ (or more), B: $$(NAMESPCE)",
        # A secret of the application's own.
        "A: 'Bearer $(KEY)'",
    ],
)
def test_variables_that_name_what_is_there_are_fine(environment: str, tmp_path: Path) -> None:
    old = "api: {image: ghcr.io/shop/api:v1, port: 8080}"
    new = f"{old[:-1]}, secrets: {{KEY: {{secret: slack}}}}, environment: {{{environment}}}}}"
    assert mistakes(tmp_path, edited(*shared((old, new)))) == ()
