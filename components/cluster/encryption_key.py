"""KMS keys."""

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named


class EncryptionKey(Component):
    """A KMS key with annual rotation and a readable alias."""

    TOKEN: ClassVar[str] = "ai-platform:cluster:EncryptionKey"

    def __init__(
        self,
        name: str,
        *,
        alias: str,
        description: str,
        policy: pulumi.Input[str] | None = None,
        region: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the component.

        Without `policy` only the IAM policies of the account's principals apply. Set `region` if it is not the stack's.
        """
        super().__init__(name, opts)
        key = aws.kms.Key(
            name,
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=policy,
            region=region,
            tags=named(alias),
            opts=self.child(),
        )
        aws.kms.Alias(name, name=f"alias/{alias}", target_key_id=key.key_id, region=region, opts=self.child())
        self.arn: pulumi.Output[str] = key.arn
        self.finish(arn=self.arn)
