"""Alarms have a metric that exists and a recipient."""

from collections.abc import Iterator

from catalog.aws.regions import SMS_REGIONS
from catalog.metrics import IN_BYTES, METRICS, ONLY_AN_AGENT_SEES, is_percent
from catalog.reading.problems import Path, Problem, did_you_mean
from config.alarms import AlarmRule
from config.rules.stack import Stack

MOST_PERCENT = 100
LEAST_BYTES = 1_000_000
"""A lower threshold is probably one of MB or GB."""

AGENT: Path = ("addons", "cloudwatchObservability")


def metrics(stack: Stack) -> Iterator[Problem]:
    """The metric of an alarm exists: an alarm without data never fires."""
    alarms = stack.settings.alarms
    for name, rule in alarms.rules.items() if alarms else ():
        path: Path = ("alarms", "rules", name)
        if rule.known() is None:
            yield Problem((*path, "metric"), _unknown(rule), because=((*path, "namespace"),))
        elif rule.namespace == "ContainerInsights" and not stack.settings.addons.cloudwatch_observability.enabled:
            yield Problem(
                (*path, "metric"),
                f"{rule.metric} requires the CloudWatch agent; set addons.cloudwatchObservability: {{enabled: true}}",
                because=(AGENT,),
            )
        yield from _source(path, rule)


def _unknown(rule: AlarmRule) -> str:
    """Explain why a metric does not exist, with the metric or namespace to use instead."""
    elsewhere = [namespace for namespace, names in METRICS.items() if rule.metric in names]
    if elsewhere:
        return f"{rule.metric} is not a metric of {rule.namespace}; set namespace: {elsewhere[0]}"
    if rule.namespace == "AWS/EC2" and any(part in rule.metric.lower() for part in ONLY_AN_AGENT_SEES):
        return (
            f"AWS/EC2 has no metric {rule.metric}, because EC2 does not measure inside an instance; set namespace: "
            "ContainerInsights and node_memory_utilization or node_filesystem_utilization, which the agent sends"
        )
    names = METRICS[rule.namespace]
    hint = did_you_mean(rule.metric, names) or ""
    return f"unknown metric {rule.metric!r} of {rule.namespace}{hint}"


def _source(path: Path, rule: AlarmRule) -> Iterator[Problem]:
    """A metric of EC2 has an instance, one of RDS a database, one of the agent neither."""
    for key, wanted, section in (("instance", "AWS/EC2", "instances"), ("database", "AWS/RDS", "databases")):
        given = rule.instance if key == "instance" else rule.database
        if given is not None and rule.namespace != wanted:
            yield Problem((*path, key), f"requires namespace: {wanted}; remove it", because=((*path, "namespace"),))
        elif given is None and rule.namespace == wanted:
            yield Problem(path, f"has no {key}; set {key} to a key of {section}")


def sent(stack: Stack) -> Iterator[Problem]:
    """The resource sends the metric: an alarm without data never fires."""
    settings = stack.settings
    alarms = settings.alarms
    for name, rule in alarms.rules.items() if alarms else ():
        path: Path = ("alarms", "rules", name)
        server, database = settings.instances.get(rule.instance or ""), settings.databases.get(rule.database or "")
        kind = server.instance_type if server else database.instance_class.removeprefix("db.") if database else ""
        if rule.metric == "CPUCreditBalance" and kind and not kind.startswith("t"):
            yield Problem(
                (*path, "metric"), f"{kind} has no CPU credits; choose another metric, such as CPUUtilization"
            )
        if rule.metric == "BurstBalance" and database is not None and database.storage.type != "gp2":
            yield Problem(
                (*path, "metric"),
                f"{database.storage.type} has no burst balance; choose another metric, such as DiskQueueDepth",
            )


def people(stack: Stack) -> Iterator[Problem]:
    """Alarms have recipients, and each recipient receives something."""
    alarms = stack.settings.alarms
    if alarms is None:
        return
    if not alarms.emails and alarms.slack is None:
        yield Problem(("alarms",), "no recipient; set emails or slack", severity="warning")
    for name, rule in alarms.rules.items():
        if rule.slack and alarms.slack is None:
            yield Problem(
                ("alarms", "rules", name, "slack"),
                "requires alarms.slack; set it, or remove this",
                because=(("alarms", "slack"),),
            )
    if alarms.slack is not None and not any(rule.slack for rule in alarms.rules.values()) and not _urgent(stack):
        yield Problem(
            ("alarms", "slack"), "receives no alarm; set slack: true in a rule, or remove it", severity="warning"
        )


def _urgent(stack: Stack) -> bool:
    budget = stack.settings.costs.budget
    return budget is not None and any(one.urgent for one in budget.alerts)


def budget(stack: Stack) -> Iterator[Problem]:
    """Budget alerts have recipients, and text messages are sent from a region that supports them."""
    found = stack.settings.costs.budget
    if found is None:
        return
    path: Path = ("costs", "budget")
    alarms = stack.settings.alarms
    slack = alarms is not None and alarms.slack is not None
    for index, one in enumerate(found.alerts):
        place: Path = (*path, "alerts", index)
        if one.sms and not found.phones:
            yield Problem((*place, "sms"), "no phone number; set phones", because=((*path, "phones"),))
        if one.urgent and not found.phones and not slack:
            yield Problem(
                (*place, "urgent"),
                "adds no recipient to e-mail; set phones or alarms.slack",
                severity="warning",
                because=((*path, "phones"), ("alarms",)),
            )
        if not one.sms and not one.urgent and not (one.emails and found.notify):
            yield Problem(place, "no recipient; set notify, or sms with phones", because=((*path, "notify"),))
    yield from _phones(stack, path)


def _phones(stack: Stack, path: Path) -> Iterator[Problem]:
    found = stack.settings.costs.budget
    if found is None or not found.phones:
        return
    if not any(one.sms or one.urgent for one in found.alerts):
        yield Problem(
            (*path, "phones"),
            "receive no alert; set sms: true in an alert, or remove them",
            because=((*path, "alerts"),),
        )
    region = stack.settings.sms_region()
    if region not in SMS_REGIONS:
        near = next((one for one in SMS_REGIONS if one.rpartition("-")[0] == region.rpartition("-")[0]), "us-east-1")
        yield Problem(
            (*path, "smsRegion" if found.sms_region else "phones"),
            f"AWS sends no text messages from {region}; set smsRegion: {near}",
            because=(("project", "region"), (*path, "smsRegion")),
        )


def agent(stack: Stack) -> Iterator[Problem]:
    """The add-on's version supports its settings, and its log groups are not shared."""
    wanted = stack.settings.addons.cloudwatch_observability
    if not wanted.enabled:
        return
    if wanted.open_telemetry and not _has_open_telemetry(wanted.version):
        yield Problem(
            (*AGENT, "openTelemetry"),
            "requires version 6.0.1 of the add-on or later, and the default can be older; set version, "
            "for example v6.4.0-eksbuild.1",
            because=((*AGENT, "version"),),
        )
    flows = stack.settings.network.flow_logs
    taken = {flows.log_group: "the VPC's flow logs"} if flows and flows.log_group else {}
    taken[f"/aws/eks/{stack.settings.cluster_name()}/cluster"] = "the control plane"
    keys = {"host": "hostLogs", "application": "applicationLogs"}
    for kind, name in wanted.log_groups(stack.settings.cluster_name()).items():
        if name in taken:
            yield Problem(
                (*AGENT, keys.get(kind, "hostLogs")),
                f"{name} is already the log group of {taken[name]}; choose another",
            )
        taken.setdefault(name, f"{kind} logs")


def _has_open_telemetry(version: str | None) -> bool:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/deploy-container-insights-EKS.html"""
    numbers = (version or "0").removeprefix("v").partition("-")[0].split(".")
    return tuple(map(int, numbers)) >= (6, 0, 1)


def thresholds(stack: Stack) -> Iterator[Problem]:
    """A threshold is in the unit of its metric, can be reached, and is not always reached."""
    alarms = stack.settings.alarms
    for name, rule in alarms.rules.items() if alarms else ():
        path: Path = ("alarms", "rules", name)
        if is_percent(rule.metric) and rule.threshold > MOST_PERCENT and not rule.below:
            yield Problem((*path, "threshold"), f"{rule.threshold:g} percent is never reached; set 0 to 100")
        if rule.metric in IN_BYTES and 0 < rule.threshold < LEAST_BYTES:
            yield Problem(
                (*path, "threshold"),
                f"{rule.threshold:g} is in bytes; set, for example, 10000000000 for 10 GB",
                severity="warning",
            )
        if rule.metric in ("FreeStorageSpace", "FreeableMemory", "CPUCreditBalance") and not rule.below:
            yield Problem(
                (*path, "below") if "below" in rule.model_fields_set else path,
                f"the alarm would fire while there is enough: {rule.metric} is what is left; set below: true",
                severity="warning",
            )
        server = stack.settings.databases.get(rule.database or "")
        if rule.metric == "FreeStorageSpace" and server is not None and rule.below:
            size = server.storage.size_gib * 1024**3
            if rule.threshold >= size:
                yield Problem(
                    (*path, "threshold"),
                    f"{rule.threshold:g} bytes are not below the storage of {rule.database}, {size} bytes, so that the "
                    "alarm always fires; decrease it",
                    because=(("databases", str(rule.database)),),
                )


RULES = (metrics, sent, people, budget, agent, thresholds)
