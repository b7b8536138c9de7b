"""The result of a preview: the resources that a program registers, and the outputs of its stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.aws.aws_type import SECRET, UNKNOWN, Json

__all__ = ["SECRET", "UNKNOWN", "Json", "Plan", "Provenance", "Resource"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A registered resource, as the engine would receive it."""

    urn: str
    type: str
    name: str
    parent: str | None
    provider: str | None
    dependencies: tuple[str, ...]
    inputs: Mapping[str, Json]
    custom: bool = True
    """False for local and remote components, which have no counterpart in the cloud."""
    remote: bool = False
    """True for components with children that only their provider knows (`eks:index:Cluster`)."""
    aliases: tuple[str, ...] = ()
    """URNs by which an earlier state can know the resource: by its own aliases, and by those of its parent."""
    protect: bool = False
    """Whether Pulumi refuses to delete it."""
    retain_on_delete: bool = False
    """Whether it stays in the account when Pulumi deletes it."""
    options: Mapping[str, Json] = field(default_factory=dict)
    """Options that decide what an update does: `ignoreChanges`, `replaceOnChanges` and `deleteBeforeReplace`."""
    data: tuple[str, ...] = ()
    """The dependencies of which it has outputs among its inputs; the others only give an order."""
    answers: tuple[str, ...] = ()
    """The values by which others refer to it: its ID, its ARN, and what the preview makes up for its outputs."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a plan comes from."""

    commit: str | None
    """Commit of the project's folder; None outside a Git repository."""

    dirty: bool | None
    """Whether the folder has changes that the commit lacks."""

    stack_file: str
    digest: str
    """SHA-256 of the stack file."""

    changes: Mapping[str, Json]
    """Values of `--set`, by path."""

    prices: str
    """Date of the price table."""

    versions: Mapping[str, str]
    """Versions of the packages that decide what a plan contains."""

    plan: str
    """Digest of what the plan contains: `aiplatform.preview.digest`."""

    def document(self) -> dict[str, Json]:
        """Return the object of `plan.json`."""
        return {
            "commit": self.commit,
            "dirty": self.dirty,
            "stackFile": {"name": self.stack_file, "digest": self.digest},
            "set": dict(self.changes),
            "prices": self.prices,
            "versions": dict(self.versions),
            "planDigest": self.plan,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """A stack before its deployment. `resources` are sorted by URN, so that equal programs result in equal plans."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Json]
    after_up: frozenset[str] = frozenset()
    """Names of outputs with a value that AWS generates: what the plan has in its place is made up."""
    provenance: Provenance | None = None
    reads: tuple[Resource, ...] = ()
    """Existing resources that the program reads, with the `id` and what the program says of them as inputs: the stack
    does not create, change, pay or delete them."""
