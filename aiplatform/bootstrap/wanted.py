"""What is wanted for a stack."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aiplatform.errors import CallError

ALIAS = "alias/pulumi-state"

PREVIEW_ROLE = "pulumi-deployer-preview"
"""One role previews all stacks of a repository. No deployer can change a role of such a name."""

TAGS = {"ManagedBy": "aiplatform bootstrap"}

REPOSITORY = re.compile(r"[\w.-]+(@\d+)?/[\w.-]+(@\d+)?")
"""With IDs in repositories that GitHub created after June 2026:
https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens"""

PROVIDER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"

Document = Mapping[str, Any]


class Role(NamedTuple):
    """A role that GitHub's workflows assume."""

    arn: str
    subjects: tuple[str, ...]
    """The claims `sub` of the workflows."""

    policies: Mapping[str, Document]
    """Managed policies by name."""

    family: str
    """How names of its stack's policies begin; those that are no longer wanted are removed."""

    state: tuple[str, ...]
    """Actions with the key of the state."""

    @property
    def name(self) -> str:
        """Return the name."""
        return self.arn.rpartition("/")[2]

    @property
    def path(self) -> str:
        """Return the path: / or /ci/."""
        return f"/{self.arn.partition(':role/')[2].removesuffix(self.name)}"


class Wanted(NamedTuple):
    """What a stack needs."""

    account: str
    region: str
    """Of the bucket and the key."""

    bucket: str
    repository: str | None
    boundary: str
    """ARN of the permissions boundary of the stack's roles."""

    boundary_document: Document
    roles: tuple[Role, ...]
    """The deploying role, and the role for previews; nothing assumes them without a repository."""

    @property
    def provider(self) -> str:
        """Return the ARN of GitHub's identity provider."""
        return f"arn:aws:iam::{self.account}:oidc-provider/{PROVIDER}"


READ = ("kms:Decrypt", "kms:DescribeKey")
WRITE = (*READ, "kms:Encrypt", "kms:GenerateDataKey")
"""S3 decrypts before it continues an upload in parts, and Pulumi encrypts the key of a stack's secrets:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms"""


def roles(
    repository: str | None,
    *,
    deployer: str,
    preview: str,
    project: str,
    environment: str,
    policies: tuple[Sequence[Document], Sequence[Document]],
) -> tuple[Role, ...]:
    """Return the deploying role, which trusts an environment of a repository, and the role for previews.

    `policies` are those of the one and of the other.

    Raises:
        CallError: the repository is invalid, or the deployer is no role.
    """
    if repository is not None and not REPOSITORY.fullmatch(repository):
        raise CallError(f"--repository {repository}: write OWNER/NAME, or OWNER@ID/NAME@ID if its `sub` has IDs")
    account, kind = deployer.split(":")[4], deployer.split(":")[5].partition("/")[0]
    if repository is not None and kind != "role":
        raise CallError(f"project.deployer is {deployer}; GitHub assumes a role: set the ARN of one, or none")
    of = f"repo:{repository}"
    names = {key: f"{project}-deployer{key}-" for key in ("", "-preview")}
    deploys, previews = (
        {f"{name}{n}": one for n, one in enumerate(documents, start=1)}
        for name, documents in zip(names.values(), policies, strict=True)
    )
    return (
        Role(deployer, (f"{of}:environment:{environment}",), deploys, names[""], WRITE),
        Role(
            f"arn:aws:iam::{account}:role/{preview}",
            (f"{of}:pull_request", f"{of}:ref:refs/heads/main"),
            previews,
            names["-preview"],
            READ,
        ),
    )
