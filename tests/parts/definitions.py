"""Package the custom resource definitions of a chart's `crds` folder, which Helm never upgrades.

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

KUSTOMIZATION = """\
# {version}
resources: [definitions.yaml]
# The fields belong to the first release of the chart in a running platform.
commonAnnotations: {{pulumi.com/patchForce: "true"}}
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
    """Write the folder of a chart.

    Raises:
        ValueError: the text has no definitions, or something else.
    """
    found = [item for item in yaml.load_all(text, Loader=Loader) if item]
    kinds = {item["kind"] for item in found}
    if kinds != {"CustomResourceDefinition"}:
        raise ValueError(f"definitions of {name}: expected CustomResourceDefinition alone, found {sorted(kinds)}")
    # One line each: JSON is YAML, and nobody edits them.
    written = "".join(f"---\n{json.dumps(without_descriptions(item), separators=(',', ':'))}\n" for item in found)
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "kustomization.yaml").write_text(KUSTOMIZATION.format(version=version), encoding="utf-8")
    (place / "definitions.yaml").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    package(sys.argv[1], sys.argv[2], sys.stdin.read(), ROOT / PACKAGED)
