"""Values of a stack file that override the platform's, and those that cannot be overridden.

A field whose entries are merged over the platform's values has an `Override`. One rule rejects overrides of values that
the platform depends on, and `aiplatform plan` reports the others; neither contains the name of a chart or workload.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel

from catalog.reading.problems import Path
from config.types.text import matching
from config.walk import marked

Kind = Literal["chart value", "environment variable", "argument", "parameter"]


class Refused(NamedTuple):
    """Names that cannot be overridden."""

    patterns: tuple[str, ...]
    """Patterns of `fnmatch` in lower case."""

    why: str
    """The reason, and the setting to use instead."""

    def matches(self, names: Sequence[str]) -> bool:
        """Return whether a pattern matches one of the names."""
        return any(fnmatchcase(name.lower(), pattern) for name in names for pattern in self.patterns)

    def matches_argument(self, name: str) -> bool:
        """Return whether a pattern matches an argument: servers take `--a_b` for `--a-b`, and `--a.key` for a key."""
        option = name.partition(".")[0].replace("_", "-")
        return any(fnmatchcase(option, pattern.replace("_", "-")) for pattern in self.patterns)


class Program(NamedTuple):
    """The program that reads the entries of an override, in the version that the platform installs."""

    title: str
    table: str
    """Its options: `catalog/data/options-<table>.txt`."""

    unknown: str
    """What happens with an unknown name."""

    wrong: str = "and it does not start"
    """What happens with an invalid value."""

    strict: bool = False
    """Whether the table has every name, so that another is an error."""

    checked: tuple[str, ...] = ("*",)
    """Patterns of names that belong to it, in lower case; others are for its libraries."""

    others: tuple[str, ...] = ()
    """Patterns of names that belong to it and are not in the table."""


@dataclass(frozen=True)
class Override:
    """Marks a field whose entries are merged over the platform's values, last."""

    kind: Kind
    refused: tuple[Refused, ...] = ()
    program: Program | None = None
    chooses: tuple[str, Mapping[str, Program | None]] | None = None
    """A setting beside the field and its programs by value, where it decides which program reads the entries."""

    def read_by(self, beside: Mapping[str, Any]) -> Program | None:
        """Return the program that reads the entries; None if its options are not known."""
        if self.chooses is None:
            return self.program
        setting, programs = self.chooses
        return programs.get(str(beside.get(setting)), self.program)


class Overridden(NamedTuple):
    """A value of a stack file that is merged over the platform's."""

    path: Path
    name: str
    """`operator.replicaCount`, `LOG_LEVEL`, `--workers`."""

    value: Any
    override: Override

    def refusal(self) -> Refused | None:
        """Return why it cannot be set; None if it can. For a chart value, each key on its path is checked."""
        if self.override.kind == "argument":
            return next((refused for refused in self.override.refused if refused.matches_argument(self.name)), None)
        names = [*self.name.split("."), self.name] if self.override.kind == "chart value" else [self.name]
        return next((refused for refused in self.override.refused if refused.matches(names)), None)


def overridden(model: BaseModel) -> Iterator[Overridden]:
    """Yield every override in a settings model, with its path in the stack file."""
    for path, value, override in marked(model, Override):
        yield from _entries(value, path, override)


def _entries(value: Any, path: Path, override: Override) -> Iterator[Overridden]:  # noqa: ANN401, any YAML value
    if isinstance(value, tuple):
        for index, argument in enumerate(value):
            option, _, given = argument.partition("=")
            yield Overridden((*path, index), option, given, override)
    elif override.kind == "chart value":
        yield from _leaves(value, path, (), override)
    else:
        for name, given in value.items():
            yield Overridden((*path, name), name, given, override)


def _leaves(values: Mapping[str, Any], path: Path, keys: tuple[str, ...], override: Override) -> Iterator[Overridden]:
    for key, value in values.items():
        here = (*keys, str(key))
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*path, key), here, override)
        else:
            yield Overridden((*path, key), ".".join(here), value, override)


SECRETS = Refused(
    ("*password", "*passwd", "*secret", "*secretkey", "*token", "*apikey", "*api_key", "*access_key", "*credentials"),
    "secrets do not belong in a stack file; use the section secrets",
)

_CHART = (
    Refused(
        ("*securitycontext", "hostnetwork", "hostpid", "hostipc", "privileged"),
        "pods comply with the restricted Pod Security Standard",
    ),
    Refused(
        ("serviceaccount", "serviceaccounts", "serviceaccountname", "rbac", "irsa"),
        "an IAM role trusts only the service account that the platform creates",
    ),
    Refused(
        ("port", "ports", "*port", "*ports", "hostport"), "network policies, probes and Services depend on the port"
    ),
    Refused(
        ("*secret", "*secretname", "*secretref", "existingsecret*", "*secrets"),
        "secrets are synchronized from Secrets Manager",
    ),
    SECRETS,
    Refused(
        ("nameoverride", "fullnameoverride", "namespaceoverride", "*-namespaceoverride"),
        "other resources refer to the objects by name",
    ),
    Refused(("clustername", "vpcid", "region", "interruptionqueue"), "it is derived from other settings"),
    Refused(("installcrds", "crds", "skipcrds"), "the platform installs custom resource definitions"),
    Refused(("watchnamespace", "watchnamespaces"), "it serves objects of several namespaces"),
)


def of_chart(*more: Refused) -> Override:
    """Return the marker of values of a chart, of which some more cannot be overridden."""
    return Override("chart value", (*_CHART, *more))


ChartValues = Annotated[dict[str, Any], of_chart()]
"""Values of a Helm chart, or configuration values of an EKS add-on."""

ParameterValue = Annotated[str, matching(r"[^\r\n]*", "has more than one line; write one line")]
Argument = Annotated[
    str,
    matching(
        r"--[a-z][a-z0-9._-]*(?:=.*)?",
        "is not an argument; write option and value with an equals sign, like --log-level=debug",
    ),
]
