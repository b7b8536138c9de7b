"""The Kubernetes objects of a plan as manifests for the API server."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import yaml

from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Json, Plan
from catalog.aws.aws_type import fingerprint

# The identity of an object comes first; other keys follow in alphabetical order.
_FIRST = ("apiVersion", "kind", "metadata", "name", "namespace")
_LONGEST = 200


class _Dumper(yaml.CSafeDumper):
    """Quotes every string that Kubernetes' YAML reader would parse as another type."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class's signature
        """Disable aliases: Kubernetes tools read them, but they are hard to read in a review."""
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
# Go parses `y` as true, `1e3` as a number and `0o17` as an octal number; PyYAML alone would not quote them.
_Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^[yYnN]$"), list("yYnN"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?\d+[eE][-+]?\d+$"), list("-+0123456789"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?0o[0-7]+$"), list("-+0"))


def manifests(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the file name and the text of each object, in the order of the plan."""
    objects = [resource.inputs for resource in plan.resources if is_object(resource.type, resource.inputs)]
    counts = Counter(_stem(item, "") for item in objects)
    taken: set[str] = set()
    for item in objects:
        stem = _stem(item, "") if counts[_stem(item, "")] == 1 else _stem(item, _group(item))
        name = _free(stem, taken)
        taken.add(name)
        yield f"{name}.yaml", dump(item)


def dump(item: Json) -> str:
    """Return an object as a YAML document."""
    text: str = yaml.dump(_ordered(item), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text


def object_name(item: Mapping[str, Json]) -> str:
    """Return `namespace/name`, or only the name if the object has no namespace."""
    metadata = item.get("metadata")
    given = metadata if isinstance(metadata, Mapping) else {}
    name = str(given.get("name") or f"{given.get('generateName', '')}*")
    return f"{given['namespace']}/{name}" if given.get("namespace") else name


def _stem(item: Mapping[str, Json], group: str) -> str:
    kind = f"{item['kind']}.{group}".rstrip(".").lower()
    stem = re.sub(r"[^A-Za-z0-9._-]", "_", f"{kind}-{object_name(item).replace('/', '-')}")
    return stem if len(stem) <= _LONGEST else f"{stem[:_LONGEST]}-{fingerprint(stem)[:8]}"


def _group(item: Mapping[str, Json]) -> str:
    group, separator, _ = str(item["apiVersion"]).rpartition("/")
    return group if separator else ""


def _free(stem: str, taken: set[str]) -> str:
    # `a-b` in the namespace `c` and `b` in `c-a` are different objects of a kind with the same file name.
    names = (f"{stem}-{number}" if number > 1 else stem for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _ordered(value: Json) -> Json:
    if isinstance(value, Mapping):
        known = [key for key in _FIRST if key in value]
        return {key: _ordered(value[key]) for key in [*known, *sorted(value.keys() - known)]}
    return [_ordered(item) for item in value] if isinstance(value, list) else value
