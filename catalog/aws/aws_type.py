"""What the platform knows of a type of AWS resource: what AWS answers, what it bills, and what is lost with one."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, TypeAlias

Json: TypeAlias = Any
"""A plain value: what `json` reads and writes."""

SECRET = "[secret]"  # noqa: S105 - the mask, not a secret
"""Stands for every value that Pulumi knows to be secret."""

UNKNOWN = "[unknown]"
"""Stands for every value that only the cloud can tell."""


@dataclass(frozen=True, slots=True)
class Context:
    """The account, region and URN of a resource."""

    account: str = "123456789012"
    region: str = "us-east-1"
    urn: str = ""
    clusters: Mapping[str, str] = field(default_factory=dict)
    """Name of each cluster by the URN of its component, to which a node group refers."""

    @property
    def partition(self) -> str:
        """Return the partition of an ARN, which differs between the public, Chinese and government clouds."""
        return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(self.region.rpartition("-")[0].rpartition("-")[0], "aws")

    @property
    def suffix(self) -> str:
        """Return the domain of the region's endpoints."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"


@dataclass(frozen=True, slots=True)
class Reference:
    """An output that is a resource, which only the provider of a remote component registers."""

    type: str
    name: str
    id: str
    outputs: Mapping[str, Json]


class Fields(dict[str, str]):
    """The variables of a template: values that AWS would generate, and every input that is a string."""

    def __init__(self, type_: str, logical: str, inputs: Mapping[str, Json], context: Context, name_input: str) -> None:
        digest = fingerprint(context.urn or f"{type_}::{logical}")
        prefix = text(inputs, f"{name_input}Prefix", "")
        name = text(inputs, name_input, f"{prefix}{digest[:8]}" if prefix else logical)
        super().__init__(
            account=context.account,
            # With AWS provider 7, each resource can have its own region.
            region=text(inputs, "region", context.region),
            partition=context.partition,
            suffix=context.suffix,
            name=name,
            path=text(inputs, "path", "/"),
            hex=digest,
            HEX=digest.upper(),
            digits=digits(digest),
            uuid=uuid(digest),
        )
        self.inputs = inputs
        self.logical = logical

    def __missing__(self, key: str) -> str:
        value = self.inputs.get(key)
        return (
            str(value)
            if isinstance(value, int) and not isinstance(value, bool)
            else text(self.inputs, key, self.logical)
        )


Outputs = Mapping[str, Json]
Compute = Callable[[Fields], Outputs]


class Price(NamedTuple):
    """What AWS bills for each resource of a type, whatever its inputs are."""

    item: str
    """As the price file names it."""

    unit: str
    per: Literal["month", "hour"] = "month"
    assumed: str | None = None
    """The assumption of `costs.assumptions` that is the quantity; one when left out."""

    note: str = ""


class Keeps(NamedTuple):
    """What a resource has that another one in its place would not have."""

    what: Literal["data", "identity", "address"]
    why: str

    protect: bool | None = None
    """Whether a protected stack refuses its deletion. Default: what holds data."""

    retain: bool = False
    """Whether a protected stack leaves it in the account when Pulumi deletes it: volumes and buckets."""

    def is_protected(self) -> bool:
        """Return whether a protected stack refuses its deletion."""
        return self.what == "data" if self.protect is None else self.protect


LIMIT = 255
PART = "a part of what it belongs to, which has the price"


@dataclass(frozen=True, slots=True)
class AwsType:
    """A type of resource. Strings are templates over `Fields`, with `{id}` for the id."""

    id: str = "{name}"
    arn: str | None = None
    outputs: Outputs = field(default_factory=dict)
    """Computed outputs. An input of the same name takes precedence, because the cloud keeps it."""
    name: str = "name"
    """Input with the physical name. It is returned if Pulumi generates the name, because the program sets none."""
    compute: Compute | None = None
    """Outputs that no template can express; among them `id`, where it depends on them."""
    free: str | None = None
    """Why AWS bills nothing for it; with neither this nor a price, `aiplatform.cost.pricing` counts what it uses."""
    price: Price | None = None
    keeps: Keeps | None = None
    """What a release must not lose by replacing it; nothing where it may be replaced."""
    policy: bool = False
    """Whether its input `policy` is a policy of the resource that it belongs to."""
    limit: int = LIMIT
    """The most letters of its name."""
    immutable: str = ""
    """Inputs that no request to AWS changes in place: a changed value replaces the resource. Separated by spaces, with
    dots before those of a block; `ForceNew` and `RequiresReplace` of the schemas in
    https://github.com/hashicorp/terraform-provider-aws/tree/5f2286d6d836/internal/service"""

    def answer(
        self, type_: str, logical: str, inputs: Mapping[str, Json], context: Context
    ) -> tuple[str, dict[str, Json]]:
        """Return the id and the computed outputs."""
        fields = Fields(type_, logical, inputs, context, self.name)
        fields["id"] = self.id.format_map(fields)
        outputs = {name: render(value, fields) for name, value in self.outputs.items()}
        outputs = {name: value for name, value in outputs.items() if not is_given(inputs, name)}
        if self.arn is not None:
            outputs["arn"] = self.arn.format_map(fields)
        if self.compute is not None:
            outputs |= self.compute(fields)
        return outputs.pop("id", fields["id"]), outputs


def replacing(type_: AwsType, before: Mapping[str, Json], after: Mapping[str, Json]) -> list[str]:
    """Return the immutable inputs that differ, sorted."""
    paths = type_.immutable.split()
    return sorted(path for path in paths if _at(before, path.split(".")) != _at(after, path.split(".")))


def _at(value: Json, path: list[str]) -> Json:
    """The value at a path; a list where a block on the way occurs several times."""
    if isinstance(value, list):
        return [_at(one, path) for one in value]
    if not path or not isinstance(value, Mapping):
        return None if path else value
    return _at(value.get(path[0]), path[1:])


def named(type_: AwsType) -> AwsType:
    """The type with its name among the outputs."""
    return replace(type_, outputs={type_.name: "{name}", **type_.outputs})


def regional(service: str, resource: str) -> str:
    """Return the ARN of a regional resource."""
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{resource}"


def worldwide(service: str, resource: str) -> str:
    """Return the ARN of a global resource of an account."""
    return f"arn:{{partition}}:{service}::{{account}}:{resource}"


def render(value: Json, fields: Fields) -> Json:
    """Return the value with every template string in it rendered."""
    if isinstance(value, str):
        return value.format_map(fields)
    if isinstance(value, Mapping):
        return {key: render(item, fields) for key, item in value.items()}
    if isinstance(value, list):
        return [render(item, fields) for item in value]
    return value


def is_given(inputs: Mapping[str, Json], name: str) -> bool:
    """Return whether the program sets the input. A masked input is set."""
    return inputs.get(name) is not None


def text(inputs: Mapping[str, Json], name: str, default: str) -> str:
    """Return a string input; the default if it is missing, masked or not a string."""
    value = inputs.get(name)
    return value if isinstance(value, str) and value not in ("", SECRET, UNKNOWN) else default


_salt = ContextVar("salt", default="")


@contextmanager
def other_fingerprints() -> Iterator[None]:
    """Give every seed another fingerprint: what differs then is made up."""
    before = _salt.set("other")
    try:
        yield
    finally:
        _salt.reset(before)


def fingerprint(seed: str) -> str:
    """Return 64 hexadecimal digits that only depend on the seed."""
    return hashlib.sha256(f"{seed}{_salt.get()}".encode()).hexdigest()


def digits(hexadecimal: str) -> str:
    """Return decimal digits derived from hexadecimal ones."""
    return str(int(hexadecimal, 16))


def uuid(hexadecimal: str) -> str:
    """Return the digits in the format of a UUID."""
    return "-".join((hexadecimal[:8], hexadecimal[8:12], hexadecimal[12:16], hexadecimal[16:20], hexadecimal[20:32]))
