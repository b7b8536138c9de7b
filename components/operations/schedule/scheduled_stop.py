"""Scheduled stop and start: EventBridge Scheduler calls RDS, EKS and EC2 directly, or a Lambda function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.naming import ROLE_LIMIT, fit
from components.identity.policy import Statement, policy_document, service_trust
from components.operations.schedule.function import StartStop
from config.nodes import Scaling
from config.scheduler import Scheduler
from config.schedules import Schedule, eventbridge_expression

TARGET = "arn:aws:scheduler:::aws-sdk"
"""Universal targets: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"""


class Sleep(Component):
    """Schedules that stop and start databases and servers, and scale node groups to zero and back.

    `databases` maps a key to the instance's identifier, ARN and schedule, `node_groups` a group's name to its scaling
    and schedule, `servers` a key to its instances and schedule. The role of the schedules has these permissions only.
    With a `function` the schedules invoke the function, and its role has the permissions.
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
        servers: Mapping[str, tuple[Sequence[aws.ec2.Instance], Schedule]] | None = None,
        function: Scheduler | None = None,
        called: Callable[[str], str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._cluster_name = cluster_name
        self._called = called or str
        servers = servers or {}
        self._group = aws.scheduler.ScheduleGroup(
            name, name=fit(called("schedules") if called else project, 64), opts=self.child()
        )
        statements = _statements(
            region=region,
            account_id=account_id,
            cluster_name=cluster_name,
            databases=databases,
            node_groups=node_groups,
            servers=servers,
        )
        self._function: StartStop | None = None
        if function is not None:
            self._function = StartStop(
                f"{name}-function",
                function,
                project=project,
                region=region,
                account_id=account_id,
                targets={
                    "cluster": cluster_name,
                    "nodeGroups": {group: _sizes(scaling) for group, (scaling, _) in node_groups.items()},
                    "instances": {key: [one.id for one in machines] for key, (machines, _) in servers.items()},
                    "databases": {identifier: {} for identifier, _, _ in databases.values()},
                },
                statements=statements,
                opts=self.child(),
            )
            statements = [Statement("Call", ("lambda:InvokeFunction",), (self._function.arn,))]
        self._role = self._make_role(called("sleep") if called else f"{project}-sleep", statements)
        for key, (identifier, _, schedule) in databases.items():
            self._database(key, identifier, schedule)
        for group, (scaling, schedule) in node_groups.items():
            self._nodes(group, scaling, schedule)
        for key, (machines, schedule) in servers.items():
            self._servers(key, machines, schedule)
        self.finish()

    def _make_role(self, role_name: str, statements: Sequence[Statement]) -> aws.iam.Role:
        role = aws.iam.Role(
            self.name,
            name=fit(role_name, ROLE_LIMIT),
            # Only schedules of this group:
            # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
            assume_role_policy=service_trust(
                "scheduler.amazonaws.com", {"ArnLike": {"aws:SourceArn": self._group.arn}}
            ),
            opts=self.child(),
        )
        aws.iam.RolePolicy(self.name, role=role.id, policy=policy_document(*statements), opts=self.child())
        return role

    def _database(self, key: str, identifier: str, schedule: Schedule) -> None:
        target = {"DbInstanceIdentifier": identifier}
        event = {"databases": [identifier]}
        self._schedule(f"{key}-database", "stop", schedule, "rds:stopDBInstance", target=target, event=event)
        self._schedule(f"{key}-database", "start", schedule, "rds:startDBInstance", target=target, event=event)

    def _nodes(self, group: str, scaling: Scaling, schedule: Schedule) -> None:
        # A stop leaves the maximum: a group that starts with 0 nodes has no other difference between the two.
        for action, size in (("stop", {"minSize": 0, "desiredSize": 0}), ("start", _sizes(scaling))):
            sizes = {f"{key[0].upper()}{key[1:]}": value for key, value in size.items()}
            target = {"ClusterName": self._cluster_name, "NodegroupName": group, "ScalingConfig": sizes}
            event = {"nodeGroups": [group]}
            self._schedule(f"{group}-nodes", action, schedule, "eks:updateNodegroupConfig", target=target, event=event)

    def _servers(self, key: str, machines: Sequence[aws.ec2.Instance], schedule: Schedule) -> None:
        target = {"InstanceIds": [one.id for one in machines]}
        event = {"instances": [key]}
        for action in ("stop", "start"):
            call = f"ec2:{action}Instances"
            # The event contains no instance IDs; the dependency shows the instances of the schedule in the plan.
            self._schedule(f"{key}-servers", action, schedule, call, target=target, event=event, depends_on=machines)

    def _schedule(
        self,
        label: str,
        action: str,
        schedule: Schedule,
        call: str,
        *,
        target: Mapping[str, Any],
        event: Mapping[str, Any],
        depends_on: Sequence[pulumi.Resource] = (),
    ) -> None:
        """Create a schedule that calls AWS with `target`, or the function with the action and `event`."""
        arn: pulumi.Input[str] = f"{TARGET}:{call}"
        said = target
        if self._function is not None:
            arn, said = self._function.arn, {"action": action, **event}
        aws.scheduler.Schedule(
            f"{self.name}-{label}-{action}",
            name=fit(self._called(f"{label}-{action}"), 64),
            group_name=self._group.name,
            schedule_expression=eventbridge_expression(schedule.stop if action == "stop" else schedule.start),
            schedule_expression_timezone=schedule.time_zone,
            flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            target=aws.scheduler.ScheduleTargetArgs(
                arn=arn,
                role_arn=self._role.arn,
                input=pulumi.Output.json_dumps(said),
                retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_event_age_in_seconds=3600, maximum_retry_attempts=5
                ),
            ),
            opts=self.child(depends_on=depends_on),
        )


def _sizes(scaling: Scaling) -> dict[str, int]:
    """Return a scaling in the format of EKS.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html
    """
    return {"minSize": scaling.min, "desiredSize": scaling.desired, "maxSize": scaling.max}


def _statements(
    *,
    region: str,
    account_id: pulumi.Input[str],
    cluster_name: str,
    databases: Mapping[str, tuple[str, pulumi.Input[str], Schedule]],
    node_groups: Mapping[str, tuple[Scaling, Schedule]],
    servers: Mapping[str, tuple[Sequence[aws.ec2.Instance], Schedule]],
) -> list[Statement]:
    """Return the statements for the scheduled actions on each resource."""
    statements = []
    if databases:
        actions = ("rds:StopDBInstance", "rds:StartDBInstance")
        statements.append(Statement("StopAndStartDatabases", actions, tuple(arn for _, arn, _ in databases.values())))
    if node_groups:
        groups = [
            pulumi.Output.format("arn:aws:eks:{0}:{1}:nodegroup/{2}/{3}/*", region, account_id, cluster_name, group)
            for group in node_groups
        ]
        statements.append(Statement("ResizeNodeGroups", ("eks:UpdateNodegroupConfig",), tuple(groups)))
    if servers:
        instances = [
            pulumi.Output.format("arn:aws:ec2:{0}:{1}:instance/{2}", region, account_id, machine.id)
            for machines, _ in servers.values()
            for machine in machines
        ]
        actions = ("ec2:StopInstances", "ec2:StartInstances")
        statements.append(Statement("StopAndStartServers", actions, tuple(instances)))
    return statements
