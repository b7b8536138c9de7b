"""A bare program: it registers the resources of a recorded plan through the classes of their SDKs, under the same
mocks.

Without settings, components, checks and output, it measures only the time and memory of Pulumi itself.
"""

import importlib
import inspect
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi

from aiplatform.preview.record import record_function

PACKAGES = {"aws": "pulumi_aws", "eks": "pulumi_eks", "kubernetes": "pulumi_kubernetes"}


def _class(token: str) -> Callable[..., pulumi.Resource]:
    """Return the SDK's class of a type token: `aws:ec2/subnet:Subnet` is pulumi_aws.ec2.Subnet."""
    package, module, kind = token.split(":")
    if package == "pulumi":
        return importlib.import_module(PACKAGES[kind]).Provider  # type: ignore[no-any-return]
    root = importlib.import_module(PACKAGES[package])
    if package == "kubernetes":
        group, _, version = module.partition("/")
        short = group.split(".")[0]
        if group == "helm.sh":
            return root.helm.v3.Release  # type: ignore[no-any-return]
        found = getattr(getattr(getattr(root, short, None), version, None), kind, None)
        return found or root.apiextensions.CustomResource  # type: ignore[no-any-return]
    area = module.split("/")[0]
    return getattr(root if area == "index" else getattr(root, area), kind)  # type: ignore[no-any-return]


def _arguments(made: Callable[..., pulumi.Resource], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs under the parameter names of the class."""
    taken = inspect.signature(getattr(made, "_internal_init", made)).parameters
    by_wire = {name.replace("_", "").lower(): name for name in taken}
    named = {by_wire.get(key.lower(), ""): value for key, value in inputs.items()}
    return {name: value for name, value in named.items() if name and not _is_reference(value)}


def _is_reference(value: object) -> bool:
    return isinstance(value, dict) and "urn" in value


def register(resources: list[dict[str, Any]]) -> None:
    """Register the resources of a plan, parents first."""
    made: dict[str, pulumi.Resource] = {}
    for resource in sorted(resources, key=lambda one: one["urn"].split("::")[2].count("$")):
        token, parent = resource["type"], made.get(resource["parent"] or "")
        if token == "pulumi:pulumi:Stack":
            continue
        opts = pulumi.ResourceOptions(parent=parent)
        if token.startswith("ai-platform:"):
            made[resource["urn"]] = pulumi.ComponentResource(token, resource["name"], None, opts)
            continue
        kind = _class(token)
        arguments = _arguments(kind, resource["inputs"])
        if token.startswith("eks:index:") and "Cluster" not in token:
            arguments["cluster"] = next(one for urn, one in made.items() if "eks:index:Cluster::" in urn)
        made[resource["urn"]] = kind(resource["name"], **arguments, opts=opts)


def main() -> None:
    """Register the resources of the plan.json in the first argument."""
    resources = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["resources"]
    recorded = record_function(lambda: register(resources))
    print(len(recorded.resources))


if __name__ == "__main__":
    main()
