"""Outputs of the Kubernetes provider: the object with a name, and the fields that controllers would set."""

from collections.abc import Mapping

from aiplatform.preview.plan import Json
from aiplatform.preview.wire import Struct
from catalog.aws.aws_type import Context, fingerprint, text

RELEASE = "kubernetes:helm.sh/v3:Release"
_NOT_OBJECTS = ("kubernetes:helm.sh/", "kubernetes:kustomize", "kubernetes:yaml")


def is_object(type_: str, inputs: Mapping[str, Json]) -> bool:
    """Return whether a resource is a single object of the API server, not a group of them."""
    named = isinstance(inputs.get("apiVersion"), str) and isinstance(inputs.get("kind"), str)
    return named and type_.startswith("kubernetes:") and not type_.startswith(_NOT_OBJECTS)


def autoname(type_: str, logical: str, properties: Struct) -> None:
    """Name an object without a name, as the provider does before a preview shows it."""
    fields = properties.fields
    if not type_.startswith("kubernetes:") or type_.startswith(_NOT_OBJECTS) or "kind" not in fields:
        return
    if "metadata" in fields and fields["metadata"].WhichOneof("kind") != "struct_value":
        return
    metadata = fields["metadata"].struct_value.fields
    if not {"name", "generateName"} & set(metadata):
        metadata["name"].string_value = f"{logical}-{fingerprint(f'{type_}::{logical}')[:8]}"


def kubernetes_answer(
    type_: str, logical: str, inputs: Mapping[str, Json], context: Context
) -> tuple[str, dict[str, Json]] | None:
    """Return the id and the outputs of a resource of the Kubernetes provider; None for another type."""
    if not type_.startswith("kubernetes:"):
        return None
    if type_ == RELEASE:
        return _release(logical, inputs)
    if type_.startswith(_NOT_OBJECTS):
        return "", {"resources": []}
    metadata = inputs.get("metadata")
    given = metadata if isinstance(metadata, Mapping) else {}
    name, namespace = text(given, "name", logical), text(given, "namespace", "")
    return f"{namespace}/{name}" if namespace else name, _status(type_, name, inputs, context)


def _release(logical: str, inputs: Mapping[str, Json]) -> tuple[str, dict[str, Json]]:
    name = text(inputs, "name", f"{logical}-{fingerprint(logical)[:8]}")
    namespace = text(inputs, "namespace", "default")
    status = {
        "chart": text(inputs, "chart", logical),
        "name": name,
        "namespace": namespace,
        "revision": 1,
        "status": "deployed",
        "version": text(inputs, "version", ""),
    }
    return f"{namespace}/{name}", {"name": name, "namespace": namespace, "resourceNames": {}, "status": status}


def _status(type_: str, name: str, inputs: Mapping[str, Json], context: Context) -> dict[str, Json]:
    spec = inputs.get("spec")
    service = type_ == "kubernetes:core/v1:Service" and isinstance(spec, Mapping)
    number = int(fingerprint(context.urn or name)[:8], 16)
    known: dict[str, Json] = {}
    if service and isinstance(spec, Mapping) and "clusterIP" not in spec:
        known["spec"] = {**spec, "clusterIP": f"172.20.{number % 65536 // 256}.{number % 256}"}
    balanced = type_.endswith(":Ingress") or (
        service and isinstance(spec, Mapping) and spec.get("type") == "LoadBalancer"
    )
    if not balanced:
        return known
    host = f"k8s-{name}-{number}.{context.region}.elb.{context.suffix}"
    return known | {"status": {"loadBalancer": {"ingress": [{"hostname": host}]}}}
