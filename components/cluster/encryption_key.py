"""The key of Kubernetes secrets."""

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.component import Component, named


class EncryptionKey(Component):
    """A KMS key that rotates every year, with an alias that people recognise."""

    TOKEN: ClassVar[str] = "ai-platform:cluster:EncryptionKey"

    def __init__(self, name: str, *, alias: str, description: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        key = aws.kms.Key(
            name,
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=30,
            tags=named(alias),
            opts=self.child(),
        )
        aws.kms.Alias(name, name=f"alias/{alias}", target_key_id=key.key_id, opts=self.child())
        self.arn: pulumi.Output[str] = key.arn
        self.finish(arn=self.arn)
