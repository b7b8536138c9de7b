"""One test for many cases: it tries them all, and its failure names each case that breaks the rule.

`pytest.mark.parametrize` makes a test of every case. That is worth its time where each case proves something of its
own; where thousands of values prove one rule, setting up and reporting the tests takes longer than the rule itself.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

Test = Callable[..., None]
FAILURES = (Exception, pytest.fail.Exception, pytest.skip.Exception)
"""What ends a case. A skip is one of them: it would hide every case that comes after it."""

Ids = Sequence[str] | None


def each(names: str | Sequence[str], values: Iterable[Any], ids: Ids = None) -> Callable[[Test], Test]:
    """Call a test with every value, like `pytest.mark.parametrize`, but within one test.

    Fixtures are those of the one test: what a case leaves in `tmp_path` the next one finds.

    Raises:
        ValueError: there are no values, so that the test could not fail, or a row has marks.
    """
    arguments = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    cases = list(_cases(arguments, list(values), ids))
    if not cases:
        raise ValueError(f"no values of {', '.join(arguments)}: the test could not fail")

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)

        @functools.wraps(test)
        def tried(**fixtures: Any) -> None:
            __tracebackhide__ = True
            failed: list[tuple[str, BaseException]] = []
            for title, given in cases:
                try:
                    test(**given, **fixtures)
                except FAILURES as error:
                    failed.append((title, error))
            if failed:
                told = "".join(f"\n{title}: {_text(error)}" for title, error in failed)
                raise AssertionError(f"{len(failed)} of {len(cases)} cases fail{told}") from failed[0][1]

        left = [parameter for name, parameter in signature.parameters.items() if name not in arguments]
        tried.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return tried

    return decorate


def _cases(arguments: Sequence[str], values: Sequence[Any], ids: Ids) -> Iterator[tuple[str, dict[str, Any]]]:
    """What each case is called, and its arguments."""
    for index, value in enumerate(values):
        given, title = _unpacked(value, single=len(arguments) == 1)
        if title is None:
            title = ids[index] if ids else "-".join(_short(item) for item in given)
        yield title, dict(zip(arguments, given, strict=True))


def _unpacked(value: Any, *, single: bool) -> tuple[Sequence[Any], str | None]:
    """The values of a row, and its own id where it is a `pytest.param`."""
    if hasattr(value, "marks"):
        if value.marks:
            raise ValueError(f"{value.id}: marks are those of a test, and this row is a part of one")
        return value.values, value.id
    return ([value] if single else value), None


def _short(value: object) -> str:
    text = value.__name__ if isinstance(value, type) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _text(error: BaseException) -> str:
    return str(error).replace("\n", "\n  ") if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
