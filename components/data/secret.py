"""A secret in Secrets Manager."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import UNREPORTED, Component, named
from components.base.documents import json_document

PASSWORD_LENGTH = 32


class Secret(Component):
    """A secret whose value is JSON, or which a person fills.

    `generated` keys get a password each, made by AWS and without punctuation, so that it fits into URLs and files.
    AWS makes a new one at every run of the program; only the first is kept: `pulumi up --replace <urn of the version>`
    rotates it. Each begins with `prefix`, for clients that know a key by it.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Secret"

    def __init__(
        self,
        name: str,
        *,
        secret_name: str,
        description: str,
        recovery_days: int = 7,
        generated: tuple[str, ...] = (),
        fixed: Mapping[str, pulumi.Input[str | int]] | None = None,
        prefix: str = "",
        tags: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.secret_name = secret_name
        secret = aws.secretsmanager.Secret(
            name,
            name=secret_name,
            description=description,
            recovery_window_in_days=recovery_days,
            tags=named(secret_name, tags),
            opts=self.child(),
        )
        self.arn: pulumi.Output[str] = secret.arn
        self.version: aws.secretsmanager.SecretVersion | None = None
        if generated:
            made = {key: pulumi.Output.format("{0}{1}", prefix, self._password()) for key in generated}
            document = json_document({**(fixed or {}), **made})
            value: pulumi.Output[str] = pulumi.Output.secret(document)
            self.version = aws.secretsmanager.SecretVersion(
                name,
                secret_id=secret.id,
                secret_string=value,
                opts=self.child(ignore_changes=["secretString"]),
            )
        self.finish(arn=self.arn)

    def version_id(self) -> pulumi.Output[str]:
        """Changes with the value; pods carry it as an annotation, so that a rotation restarts them."""
        return self.version.version_id if self.version else pulumi.Output.from_input("")

    def value(self, key: str) -> pulumi.Output[str]:
        """What is kept under a key, secret: what was made first, and not what AWS makes at this run."""
        if self.version is None:
            raise LookupError(f"{self.secret_name} is filled by a person")
        value = self.version.secret_string.apply(lambda document: str(json.loads(document or "{}")[key]))
        kept: pulumi.Output[str] = pulumi.Output.secret(value)
        return kept

    def _password(self) -> pulumi.Output[str]:
        made = aws.secretsmanager.get_random_password_output(
            password_length=PASSWORD_LENGTH,
            exclude_punctuation=True,
            require_each_included_type=True,
            opts=pulumi.InvokeOptions(parent=self),
        )
        return made.random_password.apply(pulumi.Output[str].secret)


def secrets_below(arn: pulumi.Output[str], folder: str) -> pulumi.Output[str]:
    """All secrets of a folder, where one of them is: from some fifty on a policy has no room for a list."""
    return arn.apply(lambda known: f"{(known or UNREPORTED).partition(':secret:')[0]}:secret:{folder}/*")


def versions(secrets: Iterable[Secret]) -> pulumi.Output[str]:
    """Changes with the value of any of them."""
    all_of: pulumi.Output[list[str | None]] = pulumi.Output.all(*(secret.version_id() for secret in secrets))
    return all_of.apply(lambda known: "".join(one or UNREPORTED for one in known))
