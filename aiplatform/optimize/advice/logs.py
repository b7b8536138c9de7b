"""Fewer logs and metrics, of a cheaper class, kept for less time."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject

AUDITED = ("audit", "authenticator")
"""Types of control plane logs that answer who did what."""

SHORT_DAYS = 7

INFREQUENT = "INFREQUENT_ACCESS"


def ideas(subject: Subject) -> Iterator[Idea]:
    """Yield changes of flow logs, the control plane's logs, and Container Insights."""
    settings = subject.settings
    flows, control = settings.network.flow_logs, settings.cluster.logging
    if flows is not None:
        path = ("network", "flowLogs")
        yield Idea("network.flowLogs: turn them off", ((path, None),), "logs", "records of who connected to whom")
        if flows.traffic != "REJECT":
            loss = "records of accepted connections"
            yield Idea("network.flowLogs: log rejected traffic only", (((*path, "traffic"), "REJECT"),), "logs", loss)
        if flows.log_group_class != INFREQUENT:
            yield _infrequent("network.flowLogs", (*path, "logGroupClass"))
        if flows.retention_days > SHORT_DAYS:
            yield _shorter("network.flowLogs", (*path, "retentionDays"), flows.retention_days)
    if set(control.types) > set(AUDITED):
        yield Idea(
            f"cluster.logging: enable {' and '.join(AUDITED)} only",
            ((("cluster", "logging", "types"), list(AUDITED)),),
            "logs",
            "logs of the API server, the controller manager and the scheduler",
        )
    if control.types and control.log_group_class != INFREQUENT:
        yield _infrequent("cluster.logging", ("cluster", "logging", "logGroupClass"))
    if control.types and control.retention_days > SHORT_DAYS:
        yield _shorter("cluster.logging", ("cluster", "logging", "retentionDays"), control.retention_days)
    if settings.addons.cloudwatch_observability.enabled:
        yield Idea(
            "addons.cloudwatchObservability: turn Container Insights off",
            ((("addons", "cloudwatchObservability", "enabled"), False),),
            "logs",
            "metrics and logs of nodes and pods in CloudWatch",
        )


def _infrequent(what: str, path: tuple[str, ...]) -> Idea:
    """Use the other class: the alarms of a platform need no log group, since they rest on metrics of services."""
    return Idea(
        f"{what}: use the log class Infrequent Access",
        ((path, INFREQUENT),),
        "logs",
        "metric filters, subscription filters and Live Tail; and the logs so far, because the log group is replaced",
    )


def _shorter(what: str, path: tuple[str, ...], days: int) -> Idea:
    return Idea(
        f"{what}: keep {SHORT_DAYS} days instead of {days}",
        ((path, SHORT_DAYS),),
        "logs",
        f"logs older than {SHORT_DAYS} days",
    )
