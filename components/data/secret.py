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
    """A secret with a JSON value, or, without `generated` and `fixed`, a secret whose value a user sets.

    Each `generated` key gets a password from AWS without punctuation, so that it is valid in URLs and files. AWS
    generates a new password at every run of the program, but only the first is stored.
    `pulumi up --replace <urn of the version>` rotates it. Each password begins with `prefix`, by which some clients
    recognize a key.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:Secret"

    def __init__(
        self,
        name: str,
        *,
        secret_name: str,
        description: str,
        recovery_days: int | None = None,
        generated: tuple[str, ...] = (),
        fixed: Mapping[str, pulumi.Input[str | int]] | None = None,
        prefix: str = "",
        existing: str | None = None,
        tags: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.secret_name = secret_name
        self.version: aws.secretsmanager.SecretVersion | None = None
        self.arn: pulumi.Output[str]
        if existing is not None:
            self.arn = pulumi.Output.from_input(existing)
            self.finish(arn=self.arn)
            return
        secret = aws.secretsmanager.Secret(
            name,
            name=secret_name,
            description=description,
            recovery_window_in_days=recovery_days,
            tags=named(secret_name, tags),
            opts=self.child(),
        )
        self.arn = secret.arn
        if generated or fixed:
            made = {key: pulumi.Output.format("{0}{1}", prefix, self._password()) for key in generated}
            document = json_document({**(fixed or {}), **made})
            value: pulumi.Output[str] = pulumi.Output.secret(document)
            self.version = aws.secretsmanager.SecretVersion(
                name,
                secret_id=secret.id,
                secret_string=value,
                # What is not generated follows the program.
                opts=self.child(ignore_changes=["secretString"] if generated else []),
            )
        self.finish(arn=self.arn)

    def version_id(self) -> pulumi.Output[str]:
        """Return an ID that changes with the value. Pods have it as an annotation, so that a rotation restarts them."""
        return self.version.version_id if self.version else pulumi.Output.from_input("")

    def value(self, key: str) -> pulumi.Output[str]:
        """Return the stored value of a key as a secret output, not the password that AWS generates at this run.

        Raise LookupError if a user sets the value of the secret.
        """
        if self.version is None:
            raise LookupError(f"{self.secret_name} has no version: a user sets its value")
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
    """Return an ARN pattern for all secrets of a folder, from the ARN of one of them.

    A policy has no room for a list of more than about fifty secrets.
    """
    return arn.apply(lambda known: f"{(known or UNREPORTED).partition(':secret:')[0]}:secret:{folder}/*")


def versions(secrets: Iterable[Secret]) -> pulumi.Output[str]:
    """Return a string that changes with the value of any of the secrets."""
    all_of: pulumi.Output[list[str | None]] = pulumi.Output.all(*(secret.version_id() for secret in secrets))
    return all_of.apply(lambda known: "".join(one or UNREPORTED for one in known))
