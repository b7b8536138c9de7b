"""What sleeps, and when: EventBridge Scheduler calls RDS, EKS and EC2 itself, without code of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.identity.policy import Statement, policy_document, service_trust
from components.naming import ROLE_LIMIT, fit
from config.nodes import Scaling
from config.schedules import Schedule, eventbridge_expression

TARGET = "arn:aws:scheduler:::aws-sdk"
"""Universal targets: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"""


class Sleep(Component):
    """Schedules that stop and start databases and servers and scale node groups to nothing and back.

    `databases` maps a key to the instance's identifier and schedule, `node_groups` a group's name to its scaling and
    schedule, `servers` a key to the ids of its instances and the schedule. One role may do just that.
    """

    TOKEN: ClassVar[str] = "ai-platform:schedule:Sleep"

    def __init__(
        self,
        name: str,
        *,
        project: str,
        region: str,
        account_id: pulumi.Input[str],
        cluster_name: str,
        databases: Mapping[str, tuple[str, pulumi.Input[str], Schedule]],
        node_groups: Mapping[str, tuple[Scaling, Schedule]],
        servers: Mapping[str, tuple[Sequence[pulumi.Input[str]], Schedule]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._cluster_name = cluster_name
        self._group = aws.scheduler.ScheduleGroup(name, name=fit(project, 64), opts=self.child())
        groups = [
            pulumi.Output.format("arn:aws:eks:{0}:{1}:nodegroup/{2}/{3}/*", region, account_id, cluster_name, group)
            for group in node_groups
        ]
        instances = [
            pulumi.Output.format("arn:aws:ec2:{0}:{1}:instance/{2}", region, account_id, instance_id)
            for ids, _ in (servers or {}).values()
            for instance_id in ids
        ]
        self._role = self._make_role(project, [arn for _, arn, _ in databases.values()], groups, instances)
        for key, (identifier, _, schedule) in databases.items():
            target = {"DbInstanceIdentifier": identifier}
            self._schedule(f"{key}-database-stop", schedule.stop, schedule, "rds:stopDBInstance", target)
            self._schedule(f"{key}-database-start", schedule.start, schedule, "rds:startDBInstance", target)
        for group, (scaling, schedule) in node_groups.items():
            self._resize(
                f"{group}-nodes-stop", schedule.stop, schedule, group, Scaling(min=0, desired=0, max=scaling.max)
            )
            self._resize(f"{group}-nodes-start", schedule.start, schedule, group, scaling)
        for key, (ids, schedule) in (servers or {}).items():
            machines = {"InstanceIds": list(ids)}
            self._schedule(f"{key}-servers-stop", schedule.stop, schedule, "ec2:stopInstances", machines)
            self._schedule(f"{key}-servers-start", schedule.start, schedule, "ec2:startInstances", machines)
        self.finish()

    def _make_role(
        self,
        project: str,
        databases: list[pulumi.Input[str]],
        groups: list[pulumi.Output[str]],
        instances: list[pulumi.Output[str]],
    ) -> aws.iam.Role:
        role = aws.iam.Role(
            self.name,
            name=fit(f"{project}-sleep", ROLE_LIMIT),
            # Only schedules of this group:
            # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
            assume_role_policy=service_trust(
                "scheduler.amazonaws.com", {"ArnLike": {"aws:SourceArn": self._group.arn}}
            ),
            opts=self.child(),
        )
        statements = []
        if databases:
            actions = ("rds:StopDBInstance", "rds:StartDBInstance")
            statements.append(Statement("StopAndStartDatabases", actions, tuple(databases)))
        if groups:
            statements.append(Statement("ResizeNodeGroups", ("eks:UpdateNodegroupConfig",), tuple(groups)))
        if instances:
            actions = ("ec2:StopInstances", "ec2:StartInstances")
            statements.append(Statement("StopAndStartServers", actions, tuple(instances)))
        aws.iam.RolePolicy(self.name, role=role.id, policy=policy_document(*statements), opts=self.child())
        return role

    def _resize(self, label: str, cron: str, schedule: Schedule, group: str, scaling: Scaling) -> None:
        self._schedule(
            label,
            cron,
            schedule,
            "eks:updateNodegroupConfig",
            {
                "ClusterName": self._cluster_name,
                "NodegroupName": group,
                "ScalingConfig": {"MinSize": scaling.min, "DesiredSize": scaling.desired, "MaxSize": scaling.max},
            },
        )

    def _schedule(self, label: str, cron: str, schedule: Schedule, call: str, target: Mapping[str, Any]) -> None:
        aws.scheduler.Schedule(
            f"{self.name}-{label}",
            name=fit(label, 64),
            group_name=self._group.name,
            schedule_expression=eventbridge_expression(cron),
            schedule_expression_timezone=schedule.time_zone,
            flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            target=aws.scheduler.ScheduleTargetArgs(
                arn=f"{TARGET}:{call}",
                role_arn=self._role.arn,
                input=pulumi.Output.json_dumps(target),
                retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_event_age_in_seconds=3600, maximum_retry_attempts=5
                ),
            ),
            opts=self.child(),
        )
