"""Queries that give one value, and queries that do not parse."""

from config.promql import fault, is_single, short_range
from tests.each import each

SINGLE = {
    'max(jobs_waiting{namespace="$(NAMESPACE)"})': True,
    'sum(increase(a{b="c"}[5m])) > 0 or count(a{b="c"} unless a{b="c"} offset 5m)': True,
    "scalar(x)": True,
    "round(sum(x), 5)": True,
    "(sum(a) + sum(b)) * 2": True,
    "-sum(x)": True,
    "sum(x) / on() group_left sum(y)": True,
    "sum(x) > bool 3": True,
    'label_replace(sum(x), "a", "b", "c", "d")': True,
    "vector(1)": True,
    'jobs_waiting{namespace="x"}': False,
    "sum by (pod) (x)": False,
    "sum(x) by (pod)": False,
    "sum(a) + b": False,
    "rate(x[5m])": False,
    "topk(2, x)": False,
    "histogram_quantile(0.9, sum by (le) (rate(x[5m])))": False,
    "avg_over_time(x[5m])": False,
}
FAULTS = {
    "max(x": "has an unclosed (",
    "max(x))": "has a ) without its (",
    'x{a="b}': "has an unclosed quote",
    'x{a=")"}': None,
    "sum(rate(x[5m]))": None,
}


@each("query", SINGLE)
def test_query_gives_one_value(query: str) -> None:
    assert is_single(query) == SINGLE[query]


@each("query", FAULTS)
def test_query_parses(query: str) -> None:
    assert fault(query) == FAULTS[query]


def test_range_of_a_query_has_two_samples() -> None:
    assert short_range("rate(x[30s])") == "[30s]"
    assert short_range("rate(x[60s]) + rate(x[5m])") is None
