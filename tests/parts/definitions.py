"""Package the custom resource definitions of a chart's `crds` folder as a chart, which Helm can upgrade.

    helm show crds aws-load-balancer-controller --repo https://aws.github.io/eks-charts --version 3.5.0 \
        | python -m tests.parts.definitions aws-load-balancer-controller 3.5.0

Descriptions are left out: they are most of the text, and only `kubectl explain` shows them.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from components.cluster.addons.addon import PACKAGED
from tests.config.base import ROOT
from tests.parts.crds import Loader

CHART = """\
apiVersion: v2
name: {name}-crd
description: The custom resource definitions of {name}, without descriptions
version: {version}
"""


def without_descriptions(value: Any) -> Any:
    """Return a schema without its descriptions. A property with the name `description` is kept."""
    if isinstance(value, list):
        return [without_descriptions(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_descriptions(item)
        for key, item in value.items()
        if key != "description" or not isinstance(item, str)
    }


def package(name: str, version: str, text: str, folder: Path) -> None:
    """Write the chart `<name>-crd`.

    Raises:
        ValueError: the text has no definitions, or a part that Helm takes for a template.
    """
    found = [item for item in yaml.load_all(text, Loader=Loader) if item]
    kinds = {item["kind"] for item in found}
    if kinds != {"CustomResourceDefinition"}:
        raise ValueError(f"definitions of {name}: expected CustomResourceDefinition alone, found {sorted(kinds)}")
    # One line each: Helm reads JSON as YAML, and nobody edits them.
    written = "".join(f"---\n{json.dumps(without_descriptions(item), separators=(',', ':'))}\n" for item in found)
    if "{{" in written:
        raise ValueError(f"definitions of {name}: {{{{ would be a template")
    chart = folder / f"{name}-crd"
    (chart / "templates").mkdir(parents=True, exist_ok=True)
    (chart / "Chart.yaml").write_text(CHART.format(name=name, version=version), encoding="utf-8")
    (chart / "templates" / "definitions.yaml").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    package(sys.argv[1], sys.argv[2], sys.stdin.read(), ROOT / PACKAGED)
