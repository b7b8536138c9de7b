"""Prometheus queries of a stack file: whether they parse, and whether they give one value, as KEDA requires."""

import re

AGGREGATORS = ("sum", "min", "max", "avg", "count", "group", "stddev", "stdvar", "quantile")
SINGLE = ("scalar", "vector", "time", "absent", "absent_over_time", "pi", "sgn")
"""Functions that give one value, whatever they get."""

_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_OPERATOR = re.compile(r"\s*(?:==|!=|<=|>=|[<>+*/%^-]|\b(?:or|and|unless|atan2)\b)\s*(?:\bbool\b)?", re.IGNORECASE)
_MATCHING = re.compile(
    r"\b(?:on|ignoring|group_left|group_right)\b\s*(?:\(\d*\))?|\boffset\s+-?\w+|@\s*[\w.]+", re.IGNORECASE
)
_RANGE = re.compile(r"\[(\d+)s\]")
_PAIRS = {")": "(", "]": "[", "}": "{"}

LEAST_SECONDS = 60
"""Two samples of the default scrape interval, 30 seconds: `rate` and `increase` need two."""


def fault(query: str) -> str | None:
    """Return why a query does not parse; None if its quotes and brackets are closed."""
    rest = _TEXT.sub('""', query)
    if re.search(r"[\"'`]", rest.replace('""', "")):
        return "has an unclosed quote"
    open_ones: list[str] = []
    for sign in rest:
        if sign in _PAIRS.values():
            open_ones.append(sign)
        elif sign in _PAIRS and (not open_ones or open_ones.pop() != _PAIRS[sign]):
            return f"has a {sign} without its {_PAIRS[sign]}"
    return f"has an unclosed {open_ones[-1]}" if open_ones else None


def short_range(query: str) -> str | None:
    """Return a range that is too short for two samples; None if there is none."""
    return next((found[0] for found in _RANGE.finditer(query) if int(found[1]) < LEAST_SECONDS), None)


def is_single(query: str) -> bool:
    """Return whether a query that parses gives at most one value, by its outermost functions."""
    skeleton, inner = _skeleton(_TEXT.sub('""', query))
    operands = [one.strip() for one in _OPERATOR.split(_MATCHING.sub("", skeleton)) if one and one.strip()]
    return bool(operands) and all(_one(operand, inner) for operand in operands)


def _skeleton(text: str) -> tuple[str, list[str]]:
    """Return the text with the number of each outermost pair of brackets for what is in it, and the contents."""
    inner: list[str] = []
    found, depth, begun = "", 0, 0
    for index, sign in enumerate(text):
        if sign in "([{":
            depth += 1
            if depth == 1:
                begun = index + 1
                found += sign
        elif sign in _PAIRS:
            depth -= 1
            if depth == 0:
                found += f"{len(inner)}{sign}"
                inner.append(text[begun:index])
        elif depth == 0:
            found += sign
    return found, inner


def _one(operand: str, inner: list[str]) -> bool:
    if operand == '""' or re.fullmatch(r"[\d.]+(?:e[+-]?\d+)?|inf|nan", operand, re.IGNORECASE):
        return True
    name = re.match(r"[a-zA-Z_:][\w:]*", operand)
    first = re.search(r"\((\d+)\)", operand)
    content = inner[int(first[1])] if first else ""
    if name is None:
        return bool(first) and is_single(content)
    if name[0].lower() in AGGREGATORS:
        return re.search(r"\b(?:by|without)\b", operand, re.IGNORECASE) is None
    if name[0].lower() in SINGLE:
        return True
    # A function of values that are single gives one: round(sum(x), 5).
    return bool(first) and operand.startswith(f"{name[0]}(") and all(map(is_single, _arguments(content)))


def _arguments(content: str) -> list[str]:
    found, depth = [""], 0
    for sign in content:
        depth += (sign in "([{") - (sign in _PAIRS)
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return found
