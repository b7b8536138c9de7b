"""CloudWatch alarms: their metrics, and notifications by e-mail and in Slack."""

import json
from typing import Any

import pytest

from catalog.metrics import CONTAINER_INSIGHTS
from components.cluster.addons.fluent_bit import files
from config.addons import CloudwatchObservability
from tests.components.base import BOTH, EVERY_STACK, Recording, recorded, settings_of

STACK = "alarms"
ALARM, TOPIC, GROUP = (
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:sns/topic:Topic",
    "aws:cloudwatch/logGroup:LogGroup",
)
SLACK = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
ADDON = "eks:index:Addon"
ALERTS, CHAT = (f"arn:aws:sns:ap-northeast-2:123456789012:watch-alerts{end}" for end in ("", "-slack"))


def alarm(name: str, unknown: bool = False) -> Any:
    return recorded(STACK, unknown).inputs(ALARM, f"alarms-{name}")


def document(recording: Recording, type_: str, name: str) -> list[Any]:
    return list(json.loads(recording.inputs(type_, name)["policy"])["Statement"])


# --- alarms ---


@BOTH
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cpu", ("node_cpu_utilization", "Average", 300, 80)),
        ("memory", ("node_memory_utilization", "Maximum", 300, 85)),
        ("pods", ("pod_status_failed", "Sum", 60, 1)),
    ],
)
def test_alarm_reads_a_cluster_metric_over_the_whole_period(
    unknown: bool, name: str, expected: tuple[str, str, int, int]
) -> None:
    found = alarm(name, unknown)
    assert (found["metricName"], found["statistic"], found["period"], found["threshold"]) == expected
    assert (found["namespace"], found["evaluationPeriods"]) == ("ContainerInsights", 1)
    assert found["dimensions"] == {"ClusterName": "watch-eks"}, "the dimensions that the agent aggregates by"
    assert found["comparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_missing_data_is_reported_for_utilization_and_ignored_for_failures() -> None:
    assert (alarm("cpu")["treatMissingData"], alarm("cpu")["insufficientDataActions"]) == ("missing", [ALERTS])
    assert alarm("pods")["treatMissingData"] == "notBreaching"
    assert "insufficientDataActions" not in alarm("pods")


def test_missing_data_of_a_stopped_cluster_is_ignored_where_set() -> None:
    assert alarm("memory")["treatMissingData"] == "notBreaching"
    assert "insufficientDataActions" not in alarm("memory")


def test_alarm_notifies_its_topic_in_both_states_and_slack_where_set() -> None:
    told = {one.name: one.inputs["alarmActions"] for one in recorded(STACK).all(ALARM)}
    assert told.pop("alarms-pods") == [ALERTS, CHAT]
    assert set(map(tuple, told.values())) == {(ALERTS,)}
    assert all(one.inputs["okActions"] == one.inputs["alarmActions"] for one in recorded(STACK).all(ALARM))


def test_instances_have_an_alarm_each_and_a_database_alarm_compares_below() -> None:
    instances = [one.inputs for one in recorded(STACK).all(ALARM) if one.inputs["namespace"] == "AWS/EC2"]
    assert [one["name"] for one in instances] == ["watch-bastion", "watch-workers-1", "watch-workers-2"]
    assert len({one["dimensions"]["InstanceId"] for one in instances}) == 3
    disk = alarm("disk")
    assert (disk["comparisonOperator"], disk["statistic"]) == ("LessThanThreshold", "Minimum")
    assert disk["dimensions"] == {"DBInstanceIdentifier": "watch-main-db"}
    assert disk["alarmDescription"] == "FreeStorageSpace: lowest value over 5 min below 4000000000"


@EVERY_STACK
def test_alarms_are_those_of_the_stack_file_and_no_topic_exists_without_them(stack: str) -> None:
    settings = settings_of(stack)
    assert len(recorded(stack).all(ALARM)) >= (len(settings.alarms.rules) if settings.alarms else 0)
    if settings.alarms is None and not (settings.costs.budget and settings.costs.budget.alerts):
        assert recorded(stack).all(TOPIC) == recorded(stack).all(ALARM) == []


# --- topics ---


def test_topic_key_allows_cloudwatch() -> None:
    # The key that AWS manages does not allow CloudWatch.
    recording = recorded(STACK)
    key = recording.one("aws:kms/key:Key", "alarms-key")
    for name in ("alarms", "alarms-slack"):
        topic = recording.one(TOPIC, name)
        assert topic.inputs["kmsMasterKeyId"].startswith("arn:aws:kms:ap-northeast-2:123456789012:key/")
        assert key.urn in recording.before(topic)
    own, service = document(recording, "aws:kms/key:Key", "alarms-key")
    assert own["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert service["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert service["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert service["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


@pytest.mark.parametrize("name", ["alarms", "alarms-slack"])
def test_topic_policy_allows_only_cloudwatch_of_this_account_to_publish(name: str) -> None:
    (statement,) = document(recorded(STACK), "aws:sns/topicPolicy:TopicPolicy", name)
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert (statement["Action"], statement["Resource"]) == ("sns:Publish", ALERTS if name == "alarms" else CHAT)
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_email_addresses_are_subscribed_to_the_alarm_topic() -> None:
    found = [one.inputs for one in recorded(STACK).all("aws:sns/topicSubscription:TopicSubscription")]
    emails = {one["endpoint"]: one["topic"] for one in found if one["protocol"] == "email"}
    assert emails == {"platform@example.com": ALERTS, "oncall@example.com": ALERTS}


def test_alarm_topics_are_outputs() -> None:
    outputs = recorded(STACK).plan.outputs
    assert outputs["alarm_topic_arn"] == ALERTS
    assert outputs["budget_urgent_topic_arn"].endswith(":watch-budget-urgent")


# --- Slack ---


def test_slack_channel_subscribes_to_its_topic_and_urgent_budget_alerts_only() -> None:
    found = recorded(STACK).inputs(SLACK)
    assert (found["slackTeamId"], found["slackChannelId"]) == ("T0123ABCD", "C0123ABCD")
    assert found["snsTopicArns"] == [CHAT, "arn:aws:sns:ap-northeast-1:123456789012:watch-budget-urgent"]


def test_slack_channel_role_and_guardrail_only_allow_reading_alarms() -> None:
    recording = recorded(STACK)
    policy = recording.one("aws:iam/policy:Policy", "alarms-channel")
    assert recording.inputs(SLACK)["guardrailPolicyArns"] == ["arn:aws:iam::123456789012:policy/watch-alarms"]
    actions = {action for one in json.loads(policy.inputs["policy"])["Statement"] for action in one["Action"]}
    assert {action.split(":")[1].rstrip("s")[:4] for action in actions} <= {"Desc", "GetM", "List"}
    attachment = recording.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "alarms-channel")
    assert attachment.urn in recording.before(recording.one(SLACK))


# --- the agent ---


@BOTH
def test_log_groups_have_retention_and_precede_the_agent(unknown: bool) -> None:
    # The agent may not create a log group.
    recording = recorded(STACK, unknown)
    addon = recording.one(ADDON, "cloudwatch-observability")
    own = [one for one in recording.all(GROUP) if one.name.startswith("cloudwatch-observability")]
    assert {one.inputs["name"]: one.inputs["retentionInDays"] for one in own} == {
        "/aws/ec2/watch": 30,
        "/aws/application/watch": 30,
        "/aws/containerinsights/watch-eks/dataplane": 30,
        "/aws/containerinsights/watch-eks/performance": 30,
    }
    assert {one.urn for one in own} <= recording.before(addon)
    if not unknown:
        statements = document(recording, "aws:iam/policy:Policy", "cloudwatch-observability")
        assert "logs:CreateLogGroup" not in {action for one in statements for action in one["Action"]}
        (logs,) = (one for one in statements if one["Sid"] == "WriteLogs")
        groups = {arn.removesuffix(":*").partition(":log-group:")[2] for arn in logs["Resource"]}
        assert groups == {one.inputs["name"] for one in own}


@BOTH
def test_agent_role_trusts_its_service_account_in_the_addon_namespace(unknown: bool) -> None:
    found = recorded(STACK, unknown).inputs(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation", "cloudwatch-observability"
    )
    assert (found["namespace"], found["serviceAccount"]) == ("amazon-cloudwatch", "cloudwatch-agent")
    association = recorded(STACK, unknown).one(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation", "cloudwatch-observability"
    )
    before = recorded(STACK, unknown).before(recorded(STACK, unknown).one(ADDON, "cloudwatch-observability"))
    assert association.urn in before, "a pod that starts before it never gets the role"


def values() -> Any:
    return recorded(STACK).inputs(ADDON, "cloudwatch-observability")["configurationValues"]


def test_agent_collects_container_insights_and_does_not_instrument_applications() -> None:
    collected = values()["agent"]["config"]["logs"]["metrics_collected"]
    assert collected == {"kubernetes": {"enhanced_container_insights": True, "accelerated_compute_metrics": False}}
    assert "application_signals" not in json.dumps(values())
    assert values()["otelContainerInsights"] == {"enabled": True, "logs": {"enabled": False}}


def test_fluent_bit_sends_each_kind_of_log_to_its_group_and_creates_none() -> None:
    found = values()["containerLogs"]["fluentBit"]["config"]["extraFiles"]
    groups = {
        name: [line.split()[1] for line in text.splitlines() if line.strip().startswith("log_group_name")]
        for name, text in found.items()
    }
    assert groups == {
        "application-log.conf": ["/aws/application/watch"],
        "dataplane-log.conf": ["/aws/containerinsights/watch-eks/dataplane"],
        "host-log.conf": ["/aws/ec2/watch"],
    }
    assert all("auto_create_group false" in text for text in found.values())


def test_node_logs_come_from_the_journal() -> None:
    # AL2023 writes no log files.
    found = files({"application": "/a", "dataplane": "/d", "host": "/h"})
    sections = found["host-log.conf"].split("[")
    kinds = [section.partition("]")[0] for section in sections[1:]]
    assert kinds == ["INPUT", "INPUT", "FILTER", "INPUT", "FILTER", "OUTPUT"]
    inputs = [section for section in sections if section.startswith("INPUT")]
    assert all("Name systemd" in one and "Path /var/log/journal" in one for one in inputs)
    assert found["host-log.conf"].count("    Systemd_Filter PRIORITY=") == 7, "each filter has a line of its own"
    for text in found.values():
        states = [line.split()[1] for line in text.splitlines() if line.strip().startswith("DB ")]
        assert len(set(states)) == len(states) > 0, "two inputs would overwrite each other's place"


def test_log_group_names_default_to_those_of_aws() -> None:
    kinds = ("host", "application", "dataplane", "performance")
    assert CloudwatchObservability().log_groups("c") == {kind: f"/aws/containerinsights/c/{kind}" for kind in kinds}


def test_metrics_of_the_design_are_known() -> None:
    asked = {
        *("node_cpu_utilization", "node_memory_utilization", "node_network_total_bytes"),
        *("node_filesystem_utilization", "pod_status_failed", "cluster_failed_node_count"),
    }
    assert asked <= CONTAINER_INSIGHTS.keys()
