"""Where each fact stands: asserted by a test, waived, pending for an issue, or open."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
STACK_FILES = ROOT / "tests" / "stacks"

STACKS = {"000": "mlflow", "001": "nemo", "002": "lab", "003": "pingvas", "004": "openwebui"}
"""The stack that each document describes."""

BINDING = frozenset({"must", "contradiction"})
"""The kinds that have to be asserted, waived or pending; options and what is left for later may stay open."""

MARK = "pytest.mark.requirement"


class State(StrEnum):
    """Where a fact stands."""

    ASSERTED = "asserted"
    WAIVED = "waived"
    PENDING = "pending"
    OPEN = "open"


@dataclass(frozen=True)
class Fact:
    """One requirement of a document."""

    id: str
    area: str
    fact: str
    where: str
    kind: str
    note: str = ""

    @property
    def document(self) -> str:
        """The number of the document it comes from."""
        return self.id.partition("-")[0]


@dataclass(frozen=True)
class Marked:
    """A test with a requirement mark."""

    place: str
    """`file.py:line` of the test."""

    ids: tuple[str, ...]
    slips: tuple[str, ...] = ()
    """What is wrong with the mark or the test."""


@dataclass(frozen=True)
class Coverage:
    """Facts, and what is said about them."""

    facts: Mapping[str, Fact]
    marks: tuple[Marked, ...]
    waivers: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)
    documents: frozenset[str] = frozenset(STACKS)
    """The documents whose facts must be covered: those whose stack is shipped."""

    def asserted(self) -> dict[str, list[str]]:
        """The tests that assert each id."""
        tests: dict[str, list[str]] = {}
        for marked in self.marks:
            for id_ in marked.ids:
                tests.setdefault(id_, []).append(marked.place)
        return tests

    def state(self, id_: str) -> State:
        """Where one fact stands."""
        if id_ in self.asserted():
            return State.ASSERTED
        if id_ in self.waivers:
            return State.WAIVED
        return State.PENDING if id_ in self.pending else State.OPEN

    def reason(self, id_: str) -> str:
        """Where it is asserted, why it is waived, or what it waits for."""
        match self.state(id_):
            case State.ASSERTED:
                return ", ".join(self.asserted()[id_])
            case State.WAIVED:
                return self.waivers[id_]
            case State.PENDING:
                return f"issue {self.pending[id_]}"
            case State.OPEN:
                return ""

    def counts(self, document: str) -> Counter[State]:
        """How many facts of a document stand where."""
        return Counter(self.state(fact.id) for fact in self.facts.values() if fact.document == document)

    def problems(self) -> list[str]:
        """What has to be put right; none when every binding fact is covered once."""
        return [*self._uncovered(), *self._misnamed(), *self._slips()]

    def _uncovered(self) -> Iterator[str]:
        for fact in self.facts.values():
            if fact.document in self.documents and fact.kind in BINDING and self.state(fact.id) is State.OPEN:
                yield f"{fact.id} is neither asserted nor waived nor pending: {fact.fact}"

    def _misnamed(self) -> Iterator[str]:
        asserted = self.asserted()
        for title, said in (("waivers.yaml", self.waivers), ("pending.yaml", self.pending)):
            for id_, reason in said.items():
                if id_ not in self.facts:
                    yield f"{title} names {id_}, which is no fact"
                if id_ in asserted:
                    yield f"{title} names {id_}, which {asserted[id_][0]} asserts"
                if not reason.strip() or "\n" in reason.strip():
                    yield f"{title} has to say in one line why or what for {id_} stands there"
        yield from (f"{id_} is waived and pending" for id_ in self.waivers if id_ in self.pending)
        for id_, tests in asserted.items():
            if id_ not in self.facts:
                yield f"{tests[0]} is marked with {id_}, which is no fact"

    def _slips(self) -> Iterator[str]:
        return (f"{marked.place} {slip}" for marked in self.marks for slip in marked.slips)


def marks_of(source: str, file: str) -> Iterator[Marked]:
    """The marked tests of a test file; functions alone carry marks here, and only literal ids."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        decorators = [item for item in node.decorator_list if ast.unparse(item).startswith(MARK)]
        if decorators:
            ids = [argument for item in decorators if isinstance(item, ast.Call) for argument in item.args]
            literal = [item.value for item in ids if isinstance(item, ast.Constant) and isinstance(item.value, str)]
            slips = []
            if len(literal) < len(ids) or not ids:
                slips.append("has a mark without literal ids")
            if isinstance(node, ast.ClassDef) or not node.name.startswith("test_"):
                slips.append("is marked, but is no test function")
            elif not any(map(_looks_at_a_value, ast.walk(node))):
                slips.append("is marked, but asserts no value")
            yield Marked(f"{file}:{node.lineno}", tuple(literal), tuple(slips))


def _looks_at_a_value(node: ast.AST) -> bool:
    """Whether a statement compares something, or expects a mistake to be told: presence alone is no value."""
    if isinstance(node, ast.With):
        return any(ast.unparse(item.context_expr).startswith("pytest.raises(") for item in node.items)
    if not isinstance(node, ast.Assert):
        return False
    return any(isinstance(part, ast.Compare) and not _asks_for_presence(part) for part in ast.walk(node.test))


def _asks_for_presence(compared: ast.Compare) -> bool:
    """Whether it is `... is None` or `... is not None`."""
    identity = all(isinstance(operator, ast.Is | ast.IsNot) for operator in compared.ops)
    return identity and all(ast.unparse(item) == "None" for item in compared.comparators)


def facts_of(files: Iterable[Path]) -> dict[str, Fact]:
    """The facts of the files by id."""
    facts: dict[str, Fact] = {}
    for file in files:
        for item in yaml.safe_load(file.read_text(encoding="utf-8")):
            fact = Fact(**item)
            if fact.id in facts:
                raise ValueError(f"{file.name} has {fact.id} twice")
            facts[fact.id] = fact
    return facts


def _said(file: Path) -> dict[str, str]:
    return {str(id_): str(reason) for id_, reason in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).items()}


def load() -> Coverage:
    """The coverage of this project."""
    tests = sorted(FOLDER.parent.rglob("test_*.py"))
    return Coverage(
        facts=facts_of(sorted((FOLDER / "facts").glob("*.yaml"))),
        marks=tuple(
            mark
            for file in tests
            for mark in marks_of(file.read_text(encoding="utf-8"), file.relative_to(FOLDER.parent).as_posix())
        ),
        waivers=_said(FOLDER / "waivers.yaml"),
        pending=_said(FOLDER / "pending.yaml"),
        documents=frozenset(
            document for document, stack in STACKS.items() if (STACK_FILES / f"Pulumi.{stack}.yaml").exists()
        ),
    )
