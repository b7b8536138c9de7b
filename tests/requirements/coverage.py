"""The status of each fact: asserted by a test, deviating, waived, pending or open."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
STACK_FILES = ROOT / "tests" / "stacks"

STACKS = {"000": "mlflow", "001": "nemo", "002": "lab", "003": "pingvas", "004": "openwebui"}
"""The stack that each document describes."""

BINDING = frozenset({"must", "contradiction"})
"""The kinds that need a status; options and future facts may stay open."""

ASSERTS, DEVIATES = "pytest.mark.requirement", "pytest.mark.deviates"

DOCUMENTED = frozenset({"documented", "documented_bill"})
"""The fixtures of `conftest.py` that plan or price a stack with the settings of the deviations that a test names."""


class State(StrEnum):
    """The status of a fact."""

    ASSERTED = "asserted"
    DEVIATES = "deviates"
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
class Deviation:
    """A fact that a stack does not show as its document states it."""

    reason: str
    """Why the stack has something else."""

    settings: tuple[str, ...] = ()
    """What gives the document's value, as `--set` takes it: `network.nat=single`."""

    without: str = ""
    """Why no setting gives the value, or the rest of it."""


@dataclass(frozen=True)
class Marked:
    """A test with a `requirement` or `deviates` mark."""

    place: str
    """`file.py:line` of the test."""

    ids: tuple[str, ...]
    errors: tuple[str, ...] = ()
    """What is wrong with the mark or the test."""

    deviates: tuple[str, ...] = ()
    """Deviations that the test proves: with `documented` the document's value, otherwise what the stack has instead."""

    documented: bool = False
    """Whether the test applies the settings of its deviations."""


@dataclass(frozen=True)
class Coverage:
    """Facts and their status."""

    facts: Mapping[str, Fact]
    marks: tuple[Marked, ...]
    waivers: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)
    documents: frozenset[str] = frozenset(STACKS)
    """The documents whose facts must be covered: those whose stack is shipped."""

    deviations: Mapping[str, Deviation] = field(default_factory=dict)

    @cached_property
    def asserted(self) -> Mapping[str, list[str]]:
        """The tests that assert each id."""
        tests: dict[str, list[str]] = {}
        for marked in self.marks:
            for id_ in marked.ids:
                tests.setdefault(id_, []).append(marked.place)
        return tests

    def proofs(self, id_: str, *, documented: bool) -> list[str]:
        """The tests that prove a deviation: of the document's value, or of what the stack has instead."""
        return [one.place for one in self.marks if id_ in one.deviates and one.documented is documented]

    def states(self, id_: str) -> list[State]:
        """Every status that is claimed for a fact; more than one is an error."""
        claimed = {
            State.ASSERTED: self.asserted,
            State.DEVIATES: self.deviations,
            State.WAIVED: self.waivers,
            State.PENDING: self.pending,
        }
        return [state for state, ids in claimed.items() if id_ in ids]

    def state(self, id_: str) -> State:
        """The status of one fact."""
        return next(iter(self.states(id_)), State.OPEN)

    def reason(self, id_: str) -> str:
        """Where it is asserted, why it deviates or is waived, or what it waits for."""
        match self.state(id_):
            case State.ASSERTED:
                return ", ".join(self.asserted[id_])
            case State.DEVIATES:
                return _described(self.deviations[id_])
            case State.WAIVED:
                return self.waivers[id_]
            case State.PENDING:
                return self.pending[id_]
            case State.OPEN:
                return ""

    def counts(self, document: str) -> Counter[State]:
        """How many facts of a document have each status."""
        return Counter(self.state(fact.id) for fact in self.facts.values() if fact.document == document)

    def problems(self) -> list[str]:
        """What has to be corrected; none when every binding fact has one status and each status is proven."""
        return [*self._uncovered(), *self._claims(), *self._deviations(), *self._errors()]

    def _uncovered(self) -> Iterator[str]:
        for fact in self.facts.values():
            if fact.document in self.documents and fact.kind in BINDING and self.state(fact.id) is State.OPEN:
                yield f"{fact.id} is neither asserted nor deviating nor waived nor pending: {fact.fact}"

    def _claims(self) -> Iterator[str]:
        reasons = {id_: one.reason for id_, one in self.deviations.items()}
        files = (("deviations.yaml", reasons), ("waivers.yaml", self.waivers), ("pending.yaml", self.pending))
        for title, said in files:
            for id_, reason in said.items():
                if id_ not in self.facts:
                    yield f"{title} names {id_}, which is no fact"
                if not reason.strip() or "\n" in reason.strip():
                    yield f"{title} has to give a reason for {id_} in one line"
        for id_ in self.facts:
            if len(claimed := self.states(id_)) > 1:
                yield f"{id_} has more than one status: {', '.join(claimed)}"
        for id_, tests in self.asserted.items():
            if id_ not in self.facts:
                yield f"{tests[0]} is marked with {id_}, which is no fact"

    def _deviations(self) -> Iterator[str]:
        for id_, deviation in self.deviations.items():
            if not deviation.settings and not deviation.without.strip():
                yield f"deviations.yaml has to name settings for {id_}, or say under without why none gives the value"
            if deviation.settings and not self.proofs(id_, documented=True):
                yield f"no test sets {', '.join(deviation.settings)} and asserts the document's value of {id_}"
            if not deviation.settings and not self.proofs(id_, documented=False):
                yield f"no test asserts what the stack has instead of {id_}"
        for marked in self.marks:
            for id_ in marked.deviates:
                if id_ not in self.deviations:
                    yield f"{marked.place} is marked with {id_}, which deviations.yaml does not name"
            if marked.documented and not any(self._settings(id_) for id_ in marked.deviates):
                yield f"{marked.place} asks for a document's value and names no deviation with settings"

    def _settings(self, id_: str) -> tuple[str, ...]:
        return self.deviations[id_].settings if id_ in self.deviations else ()

    def _errors(self) -> Iterator[str]:
        return (f"{marked.place} {error}" for marked in self.marks for error in marked.errors)


def _described(deviation: Deviation) -> str:
    """Reason, settings and limits of a deviation in one paragraph."""
    parts = [deviation.reason.rstrip(".")]
    if deviation.settings:
        parts.append(f"--set {' --set '.join(deviation.settings)}")
    if deviation.without:
        parts.append(f"{'not by a setting' if deviation.settings else 'no setting'}: {deviation.without.rstrip('.')}")
    return "; ".join(parts)


def marks_of(source: str, file: str) -> Iterator[Marked]:
    """The marked tests of a test file; only functions may carry marks, and only literal ids."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        asserts, deviates = (_decorators(node, mark) for mark in (ASSERTS, DEVIATES))
        if asserts or deviates:
            arguments = set() if isinstance(node, ast.ClassDef) else {one.arg for one in node.args.args}
            documented = bool(DOCUMENTED & arguments)
            errors = tuple(_errors_of(node, [*asserts, *deviates]))
            yield Marked(f"{file}:{node.lineno}", _ids(asserts), errors, _ids(deviates), documented)


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, mark: str) -> list[ast.expr]:
    return [item for item in node.decorator_list if ast.unparse(item).partition("(")[0] == mark]


def _arguments(decorators: list[ast.expr]) -> list[ast.expr]:
    return [argument for item in decorators if isinstance(item, ast.Call) for argument in item.args]


def _ids(decorators: list[ast.expr]) -> tuple[str, ...]:
    """The literal ids of marks."""
    values = (item.value for item in _arguments(decorators) if isinstance(item, ast.Constant))
    return tuple(value for value in values if isinstance(value, str))


def _errors_of(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, decorators: list[ast.expr]
) -> Iterator[str]:
    """What is wrong with the marks of a test, or with the test."""
    arguments = _arguments(decorators)
    if not arguments or len(_ids(decorators)) < len(arguments):
        yield "has a mark without literal ids"
    if isinstance(node, ast.ClassDef) or not node.name.startswith("test_"):
        yield "is marked, but is no test function"
    elif not any(map(_looks_at_a_value, ast.walk(node))):
        yield "is marked, but asserts no value"


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


def deviations_of(file: Path) -> dict[str, Deviation]:
    """The deviations of a file by fact."""
    records = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return {
        str(id_): Deviation(**{"reason": "", **record, "settings": tuple(record.get("settings", ()))})
        for id_, record in records.items()
    }


@cache
def deviations() -> Mapping[str, Deviation]:
    """The deviations of this project by fact."""
    return deviations_of(FOLDER / "deviations.yaml")


@cache
@cache
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
        deviations=deviations(),
    )
