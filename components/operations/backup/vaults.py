"""Backups of volumes and databases by AWS Backup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.naming import ROLE_LIMIT, fit
from components.cluster.encryption_key import EncryptionKey
from components.identity.policy import service_trust
from config.backups import BackupPlan
from config.backups import Backups as BackupsSettings

POLICIES = ("AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores")
"""Managed policies of the role of AWS Backup.

They include the permissions for the snapshots, copies and KMS grants of the services:
https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""


class Vault(Component):
    """A backup vault with its own KMS key, in the region of the given provider."""

    TOKEN: ClassVar[str] = "ai-platform:backup:Vault"

    def __init__(
        self,
        name: str,
        settings: BackupsSettings,
        *,
        vault_name: str,
        description: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        key = EncryptionKey(f"{name}-key", alias=vault_name, description=description, opts=self.child())
        vault = aws.backup.Vault(
            name,
            name=vault_name,
            kms_key_arn=key.arn,
            force_destroy=not settings.keep_backups,
            tags=named(vault_name),
            opts=self.child(),
        )
        lock = settings.lock
        if lock is not None:
            aws.backup.VaultLockConfiguration(
                name,
                backup_vault_name=vault.name,
                min_retention_days=lock.min_days,
                max_retention_days=lock.max_days,
                changeable_for_days=lock.grace_days,
                opts=self.child(),
            )
        self.vault_name: pulumi.Output[str] = vault.name
        self.arn: pulumi.Output[str] = vault.arn
        self.finish(vault_name=self.vault_name, arn=self.arn)


class Backups(Component):
    """A backup plan with one rule for each plan of the stack file, for all volumes and databases that have a tag.

    It is one plan because AWS Backup then keeps the backup with the longer retention if two start in the same window:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
    """

    TOKEN: ClassVar[str] = "ai-platform:backup:Backups"

    def __init__(
        self,
        name: str,
        settings: BackupsSettings,
        *,
        project: str,
        region: str,
        account_id: pulumi.Input[str],
        vault_names: tuple[str, str],
        tags: Mapping[str, str],
        second_region: aws.Provider | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        here, there = vault_names
        vault = Vault(name, settings, vault_name=here, description=f"Backups of {project}", opts=self.child())
        copies = None
        if second_region is not None:
            copies = Vault(
                f"{name}-copies",
                settings,
                vault_name=there,
                description=f"Copies of the backups of {project} in {region}",
                opts=self.child(providers=[second_region]),
            )
        self.role = self._role(fit(f"{project}-backup", ROLE_LIMIT))
        plan = aws.backup.Plan(
            name,
            name=here,
            rules=[
                _rule(key, rule, vault=vault.vault_name, copies=copies.arn if copies else None)
                for key, rule in settings.plans.items()
            ],
            tags=named(here),
            opts=self.child(),
        )
        aws.backup.Selection(
            name,
            name=here,
            plan_id=plan.id,
            iam_role_arn=self.role.arn,
            resources=[
                pulumi.Output.format("arn:aws:{0}:{1}:{2}:{3}", service, region, account_id, kind)
                for service, kind in (("ec2", "volume/*"), ("rds", "db:*"), ("rds", "cluster:*"))
            ],
            conditions=[_with(tags)],
            opts=self.child(depends_on=self._policies),
        )
        self.outputs: dict[str, pulumi.Input[str]] = {
            "backup_vault_arn": vault.arn,
            "backup_role_arn": self.role.arn,
            **({"backup_copies_vault_arn": copies.arn} if copies else {}),
        }
        self.finish(**self.outputs)

    def _role(self, role_name: str) -> aws.iam.Role:
        role = aws.iam.Role(
            self.name,
            name=role_name,
            description="Backups and restores by AWS Backup",
            assume_role_policy=service_trust("backup.amazonaws.com"),
            opts=self.child(),
        )
        self._policies = [
            aws.iam.RolePolicyAttachment(
                f"{self.name}-{'restores' if policy.endswith('Restores') else 'backups'}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/service-role/{policy}",
                opts=self.child(),
            )
            for policy in POLICIES
        ]
        return role


def _with(tags: Mapping[str, str]) -> aws.backup.SelectionConditionArgs:
    """Return conditions that must all match; the tags of a selection match if any one of them does."""
    return aws.backup.SelectionConditionArgs(
        string_equals=[
            aws.backup.SelectionConditionStringEqualArgs(key=f"aws:ResourceTag/{key}", value=value)
            for key, value in tags.items()
        ]
    )


def _rule(
    name: str, plan: BackupPlan, *, vault: pulumi.Input[str], copies: pulumi.Input[str] | None
) -> aws.backup.PlanRuleArgs:
    """Return the rule of a plan. Recovery points get the tags of their source."""
    copy = None
    if copies is not None and plan.copy_days is not None:
        copy = aws.backup.PlanRuleCopyActionArgs(
            destination_vault_arn=copies,
            lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=plan.copy_days),
        )
    return aws.backup.PlanRuleArgs(
        rule_name=name,
        target_vault_name=vault,
        schedule=plan.expression(),
        schedule_expression_timezone=plan.time_zone,
        start_window=plan.start_minutes,
        # AWS Backup requires one hour more than the start window.
        completion_window=plan.start_minutes + 120,
        lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=plan.keep_days),
        copy_actions=[copy] if copy else None,
    )
