"""004: monitoring, backups and budget of the stack openwebui, and the deliverables of its document."""

import json
import re

import pytest

from aiplatform.findings.checks import findings
from aiplatform.fit.fit import fit
from catalog.reading.problems import SettingsError
from config.loader import load_file
from config.settings import Settings
from tests.aiplatform.costing import stack_bill
from tests.config.base import ROOT, STACK_FILES, TODAY
from tests.requirements.conftest import planned
from tests.requirements.query import Json, Planned

ALARM, TOPIC = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:sns/topic:Topic"
BUDGET, SUBSCRIPTION = "aws:budgets/budget:Budget", "aws:sns/topicSubscription:TopicSubscription"
LOGS, ADDON = "aws:cloudwatch/logGroup:LogGroup", "eks:index:Addon"
STATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8").split("## State\n")[1].split("\n## ")[0]
RECOVERY = (ROOT / "docs" / "recovery.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return load_file(STACK_FILES, "openwebui", today=TODAY).settings


def arn(plan: Planned, topic: str) -> Json:
    """The ARN of a topic by its name."""
    found = plan.one(TOPIC, name=topic)
    region = found.inputs.get("region", plan.region)
    return f"arn:aws:sns:{region}:{plan.account}:{topic}"


# --- metrics, logs, alarms ---


@pytest.mark.requirement("004-obs-03", "004-obs-04", "004-obs-05", "004-ver-09")
def test_agent_on_every_node_sends_metrics_that_ec2_lacks(openwebui: Planned) -> None:
    addon = openwebui.one(ADDON, addonName="amazon-cloudwatch-observability").inputs
    values = addon["configurationValues"]
    kubernetes = values["agent"]["config"]["logs"]["metrics_collected"]["kubernetes"]
    assert kubernetes["enhanced_container_insights"] is True, "cluster, nodes and pods: CPU, memory, network, disk"
    # The load average, which the agent itself does not have.
    assert values["otelContainerInsights"]["enabled"] is True
    assert addon["serviceAccountRoleArn"].endswith(":role/openwebui-cloudwatch-agent-dev")
    sids = {one["Sid"] for one in openwebui.statements("openwebui-cloudwatch-agent-dev")}
    assert {"WriteLogs", "SendMetrics"} <= sids


@pytest.mark.requirement("004-obs-06", "004-ver-09")
def test_three_log_groups_keep_thirty_days_and_fluent_bit_writes_two_of_them(openwebui: Planned) -> None:
    for name in ("/aws/eks/openwebui-eks-dev/cluster", "/aws/ec2/openwebui", "/aws/application/openwebui"):
        assert openwebui.one(LOGS, name=name).inputs["retentionInDays"] == 30
    values = openwebui.one(ADDON, addonName="amazon-cloudwatch-observability").inputs["configurationValues"]
    files = values["containerLogs"]["fluentBit"]["config"]["extraFiles"]
    written = set(re.findall(r"log_group_name\s+(\S+)", "\n".join(files.values())))
    assert {"/aws/ec2/openwebui", "/aws/application/openwebui"} <= written


@pytest.mark.requirement("004-obs-07", "004-obs-08", "004-obs-09", "004-ver-09")
@pytest.mark.parametrize(
    ("name", "metric", "limit", "slack"),
    [
        ("cpu", "node_cpu_utilization", (80, 300), False),
        ("memory", "node_memory_utilization", (85, 300), False),
        ("pods", "pod_status_failed", (1, 60), True),
        ("crashes", "pod_container_status_waiting_reason_crash_loop_back_off", (1, 60), True),
    ],
)
def test_alarms_fire_at_their_threshold_and_notify_a_topic_and_slack_where_set(
    openwebui: Planned, name: str, metric: str, limit: tuple[int, int], slack: bool
) -> None:
    alarm = openwebui.one(ALARM, name=f"openwebui-{name}-dev").inputs
    assert (alarm["namespace"], alarm["metricName"]) == ("ContainerInsights", metric)
    assert (alarm["threshold"], alarm["period"] * alarm["evaluationPeriods"]) == limit
    assert alarm["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
    told = [arn(openwebui, "openwebui-alarms-dev")] + ([arn(openwebui, "openwebui-alarms-dev-slack")] if slack else [])
    assert alarm["alarmActions"] == told


@pytest.mark.requirement("004-obs-09")
def test_slack_receives_its_topic_through_amazon_q(openwebui: Planned, settings: Settings) -> None:
    channel = openwebui.one("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration").inputs
    assert arn(openwebui, "openwebui-alarms-dev-slack") in channel["snsTopicArns"]
    assert settings.alarms is not None
    assert settings.alarms.slack is not None
    assert channel["slackChannelId"] == settings.alarms.slack.channel_id
    mails = openwebui.all(SUBSCRIPTION, protocol="email")
    assert [(one.inputs["topic"], one.inputs["endpoint"]) for one in mails] == [
        (arn(openwebui, "openwebui-alarms-dev"), "devops@example.com")
    ]


# --- budget ---


@pytest.mark.requirement("004-cst-15", "004-cst-16", "004-ver-16")
def test_budget_notifies_at_three_thresholds_by_mail_text_message_and_topic(openwebui: Planned) -> None:
    budget = openwebui.one(BUDGET).inputs
    assert (budget["name"], budget["limitAmount"], budget["limitUnit"]) == ("openwebui-monthly-budget", "200", "USD")
    told = {
        (one["notificationType"], one["threshold"]): (
            one.get("subscriberEmailAddresses", []),
            one.get("subscriberSnsTopicArns", []),
        )
        for one in budget["notifications"]
    }
    text, urgent = arn(openwebui, "openwebui-budget-sms-dev"), arn(openwebui, "openwebui-budget-urgent-dev")
    assert told == {
        ("ACTUAL", 80): (["devops@example.com"], []),
        ("ACTUAL", 100): (["devops@example.com"], [text]),
        ("FORECASTED", 120): (["devops@example.com"], [urgent]),
    }
    phones = {one.inputs["topic"]: one.inputs["endpoint"] for one in openwebui.all(SUBSCRIPTION, protocol="sms")}
    assert phones == {text: "+821012345678", urgent: "+821012345678"}


@pytest.mark.deviates("004-cst-17")
def test_bill_above_the_budget_is_a_finding_with_both_figures(openwebui: Planned, settings: Settings) -> None:
    bill = stack_bill("openwebui")
    (told,) = [one for one in findings(openwebui.plan, settings, bill) if one.rule == "cost-over-budget"]
    assert told.severity == "warning"
    assert f"{bill.total.expected:,.2f} USD a month" in told.message
    assert told.message.endswith("above the budget of 200.00")


# --- backups ---


@pytest.mark.requirement("004-bak-03")
@pytest.mark.deviates("004-bak-01", "004-bak-02")
def test_bucket_of_the_state_is_created_before_the_stack(openwebui: Planned) -> None:
    assert {one.inputs["bucket"] for one in openwebui.all("aws:s3/bucket:Bucket")} == {
        "openwebui-files-dev",
        "openwebui-files-dev-us-west-2",
    }
    assert "--versioning-configuration Status=Enabled" in STATE
    assert '"SSEAlgorithm":"AES256"' in STATE
    # Old versions only: a state that nobody writes for a year has to be readable.
    assert '"NoncurrentVersionTransitions":[{"NoncurrentDays":90,"StorageClass":"STANDARD_IA"}' in STATE
    assert '{"NoncurrentDays":365,"StorageClass":"GLACIER"}]' in STATE
    assert '"Transitions"' not in STATE


@pytest.mark.requirement("004-ops-02")
def test_state_needs_no_lock_table(openwebui: Planned) -> None:
    assert openwebui.all("aws:dynamodb/table:Table") == []
    assert "Pulumi's S3 backend locks a" in STATE


def backup_rules(plan: Planned) -> dict[str, Json]:
    """The rules of the backup plan by name."""
    return {one["ruleName"]: one for one in plan.one("aws:backup/plan:Plan").inputs["rules"]}


@pytest.mark.requirement("004-bak-04", "004-ver-12")
def test_volumes_are_backed_up_daily_at_03_00_in_seoul_and_kept_a_week(openwebui: Planned) -> None:
    daily = backup_rules(openwebui)["daily"]
    assert (daily["schedule"], daily["scheduleExpressionTimezone"]) == ("cron(0 3 * * ? *)", "Asia/Seoul")
    assert daily["lifecycle"] == {"deleteAfter": 7}
    selection = openwebui.one("aws:backup/selection:Selection").inputs
    assert selection["conditions"] == [{"stringEquals": [{"key": "aws:ResourceTag/Backup", "value": "openwebui"}]}]
    (storage_class,) = openwebui.manifests("StorageClass")
    assert storage_class["parameters"]["tagSpecification_1"] == "Backup=openwebui"
    assert openwebui.one("aws:rds/instance:Instance").inputs["tags"]["Backup"] == "openwebui"


@pytest.mark.requirement("004-bak-06", "004-bak-07")
def test_hourly_backup_meets_the_recovery_point_and_daily_ones_are_refused(
    openwebui: Planned, settings: Settings
) -> None:
    assert settings.backups is not None
    assert (settings.backups.recovery_time_hours, settings.backups.recovery_point_hours) == (4, 1)
    assert settings.backups.plans["hourly"].longest_gap() == 60
    assert backup_rules(openwebui)["hourly"]["schedule"] == "cron(0 * * * ? *)"
    with pytest.raises(SettingsError, match=r"recoveryPointHours"):
        planned("openwebui", "backups.plans={daily: {schedule: 0 3 * * *, timeZone: Asia/Seoul, keepDays: 7}}")


@pytest.mark.requirement("004-bak-08", "004-bak-10")
def test_zone_loss_is_survived_and_recovery_steps_fit_their_times(openwebui: Planned, settings: Settings) -> None:
    assert openwebui.one("aws:rds/instance:Instance").inputs["multiAz"] is True
    assert openwebui.one("aws:elasticache/replicationGroup:ReplicationGroup").inputs["automaticFailoverEnabled"] is True
    assert settings.backups is not None
    steps = settings.backups.recovery_minutes
    assert steps.total() <= 4 * 60
    assert steps.rebuild + steps.verify <= 2 * 60, "of a cluster whose data is not in it"
    for row in (
        "| a zone | automatically",
        "| the cluster | manually | 2 hours",
        "| the region | manually | 4 hours",
    ):
        assert RECOVERY.count(row) == 1


@pytest.mark.requirement("004-bak-09")
def test_backups_state_and_images_are_copied_to_a_second_region(openwebui: Planned) -> None:
    vault = f"arn:aws:backup:us-west-2:{openwebui.account}:backup-vault:openwebui-backups-dev-copies"
    for rule in backup_rules(openwebui).values():
        assert [one["destinationVaultArn"] for one in rule["copyActions"]] == [vault]
    assert "aws s3 sync s3://mlops-terraform-state " in STATE
    images = openwebui.one("aws:ecr/replicationConfiguration:ReplicationConfiguration").inputs
    (rule,) = images["replicationConfiguration"]["rules"]
    assert [one["region"] for one in rule["destinations"]] == ["us-west-2"]


@pytest.mark.requirement("004-ops-03", "004-ops-04", "004-ops-05", "004-ops-06", "004-ver-13")
def test_runbook_has_four_steps_in_order() -> None:
    steps = re.findall(r"^## Step (\d): (.+)$", RECOVERY, re.M)
    assert steps == [
        ("1", "assess"),
        ("2", "divert, notify, collect logs"),
        ("3", "rebuild and restore"),
        ("4", "verify"),
    ]
    parts = re.split(r"^## ", RECOVERY, flags=re.M)
    told = {part.partition("\n")[0]: part.lower() for part in parts}
    wanted = {
        "Step 1: assess": ("extent of the failure", "data that is lost", "incident lead decides"),
        "Step 2: divert, notify, collect logs": ("**divert.**", "**notify.**", "**collect.**"),
        "Step 3: rebuild and restore": ("pulumi up", "### restore data"),
        "Step 4: verify": ("function", "monitoring"),
    }
    assert [(step, word) for step, words in wanted.items() for word in words if word not in told[step]] == []


# --- the document's own checks ---


@pytest.mark.requirement("004-ver-01")
def test_each_of_the_six_deliverables_is_in_the_plan(openwebui: Planned, settings: Settings) -> None:
    counts = {
        "network": len(openwebui.all("aws:ec2/subnet:Subnet")),
        "names": len(settings.project.naming.exceptions) if settings.project.naming else 0,
        "security groups": len(
            [one for one in openwebui.all("aws:ec2/securityGroup:SecurityGroup") if "name" in one.inputs]
        ),
        "cluster": len(openwebui.all("eks:index:Cluster")),
        "budget": len(openwebui.all(BUDGET)),
        "backup": len(backup_rules(openwebui)),
    }
    assert counts == {"network": 4, "names": 8, "security groups": 3, "cluster": 1, "budget": 1, "backup": 2}


@pytest.mark.requirement("004-ver-14", "004-ver-17")
def test_only_the_budget_is_a_finding_and_every_pod_fits(openwebui: Planned, settings: Settings) -> None:
    found = findings(openwebui.plan, settings, stack_bill("openwebui"))
    assert {one.rule for one in found if one.severity != "info"} == {"budget-tag", "cost-over-budget", "quota-request"}
    assert [one.rule for one in fit(openwebui.plan, settings).findings if one.severity == "error"] == []
    assert {key for key, _ in openwebui.provider_tags.items()} >= {"Project", "Environment", "Owner", "CostCenter"}
    # Nothing but what the design and its notes want: no node that nothing runs on, no endpoint that is paid for.
    assert {one.inputs["vpcEndpointType"] for one in openwebui.all("aws:ec2/vpcEndpoint:VpcEndpoint")} == {"Gateway"}
    assert json.loads(openwebui.provider.inputs["defaultTags"])["tags"]["Environment"] == "dev"
