"""Each Prometheus query of the documents and the example, in promtool, and what starts a model at a first request."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.config.base import ROOT
from tests.parts.counts import proven
from tests.running.test_alerts import Series, tried

NAMES = ("query", "wakeQuery")
GROWTH = re.compile(r"`([^`]*\b(?:sum|rate|increase|count|max)\b[^`]*\([^`]*)`")
SERIES = 'litellm_proxy_total_requests_metric_total{requested_model="%s", instance="%s"}'


def example() -> Any:
    return yaml.safe_load((ROOT / "docs" / "example-stack.yaml").read_text(encoding="utf-8"))


def queries(value: Any) -> list[str]:
    """Every query below a value of a stack file."""
    if isinstance(value, list):
        return [query for item in value for query in queries(item)]
    if not isinstance(value, dict):
        return []
    own = [str(item) for key, item in value.items() if key in NAMES and isinstance(item, str)]
    return [*own, *(query for item in value.values() for query in queries(item))]


def of_documents() -> list[str]:
    found = [
        query
        for file in sorted(ROOT.glob("docs/**/*.md"))
        for query in GROWTH.findall(file.read_text(encoding="utf-8"))
        if "..." not in query and "<" not in query and re.search(r"\[\d+[smhd]\]|\bby \(", query)
    ]
    return [*found, *queries(example())]


def wake_query() -> str:
    found = example()["config"]["ai-platform:workloads"]["vllm"]["models"]["coder"]["autoscaling"]["wakeQuery"]
    return str(found)


def test_prometheus_parses_every_query_of_the_documents(promtool: Path, tmp_path: Path) -> None:
    found = of_documents()
    assert len(found) >= 3
    rules = [
        {"record": f"example:query{number}", "expr": query.replace("$(NAMESPACE)", "production")}
        for number, query in enumerate(found)
    ]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "examples", "rules": rules}]}))
    done = subprocess.run([promtool, "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    proven("queries of the documents that Prometheus takes", len(found))


def values(model: str = "coder", instance: str = "a") -> str:
    return SERIES % (model, instance)


WAKING: dict[str, tuple[Series, int]] = {
    # A counter is created by its first request: https://github.com/prometheus/prometheus/issues/1673
    "the first request of all": ({values(): "_x10 1x10"}, 11),
    "the first request at another gateway": ({values(): "7x20", values(instance="b"): "_x10 1x10"}, 11),
    "a further request": ({values(): "7x10 8x10"}, 12),
    # Prometheus marks the series of a gateway that stops as stale.
    "the first request after a gateway has restarted": ({values(): "50x5 stale _x4 1x10"}, 11),
    "the first request soon after a gateway has restarted": ({values(): "50x8 stale _x1 1x10"}, 11),
}
SLEEPING: dict[str, tuple[Series, int]] = {
    "no request at all": ({values("another"): "0+1x20"}, 12),
    "requests long ago": ({values(): "7x60"}, 40),
    "the first request was long ago": ({values(): "_x10 1x60"}, 30),
    "no gateway": ({}, 12),
}


def woken(promtool: Path, folder: Path, case: tuple[Series, int], samples: list[dict[str, Any]]) -> str:
    """What promtool says of the query, as KEDA compares it with zero; empty when it is content."""
    series, minutes = case
    test = {"expr": f"({wake_query()}) > bool 0", "eval_time": f"{minutes}m", "exp_samples": samples}
    return tried(promtool, folder, [], series, promql_expr_test=[test])


@pytest.mark.parametrize("case", WAKING)
def test_request_starts_the_model(promtool: Path, tmp_path: Path, case: str) -> None:
    assert woken(promtool, tmp_path, WAKING[case], [{"labels": "{}", "value": 1}]) == ""
    proven("requests that started a model")


@pytest.mark.parametrize("case", SLEEPING)
def test_model_without_requests_stays_stopped(promtool: Path, tmp_path: Path, case: str) -> None:
    # KEDA takes no sample for 0.
    series, minutes = SLEEPING[case]
    one = {"expr": f"(({wake_query()}) > 0) or vector(0)", "eval_time": f"{minutes}m"}
    test = {**one, "exp_samples": [{"labels": "{}", "value": 0}]}
    assert tried(promtool, tmp_path, [], series, promql_expr_test=[test]) == ""
    proven("models that stayed stopped")
