"""Invalid values of alarms and budgets: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

AGENT = "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n"


def _alarms(rule: str, more: str = "", agent: str = AGENT) -> tuple[tuple[str, str], ...]:
    """The sections with one rule at line 29, or at 28 without the agent."""
    return (("", f"{agent}  ai-platform:alarms:\n    rules: {{one: {{{rule}}}}}\n    emails: [a@example.com]\n{more}"),)


def _budget(text: str) -> tuple[tuple[str, str], ...]:
    """A budget at line 28."""
    return (("", f"  ai-platform:costs:\n    budget: {{monthlyLimit: 200, {text}}}\n"),)


# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "alarm: the agent is not there": (
        _alarms("metric: node_cpu_utilization, threshold: 80", agent=""),
        (
            "28: alarms.rules.one.metric: node_cpu_utilization requires the CloudWatch agent; set addons.cloudwatchObservability: {enabled: true}",
        ),
    ),
    "alarm: a metric that nobody sends": (
        _alarms("metric: node_cpu_utilisation, threshold: 80"),
        (
            "29: alarms.rules.one.metric: unknown metric 'node_cpu_utilisation' of ContainerInsights; did you mean node_cpu_utilization?",
        ),
    ),
    "alarm: memory, which EC2 does not see": (
        _alarms(
            "namespace: AWS/EC2, instance: web, metric: MemoryUtilization, threshold: 85",
            "  ai-platform:instances: {web: {instanceType: t3.small, zones: [us-west-2a]}}\n",
        ),
        (
            "29: alarms.rules.one.metric: AWS/EC2 has no metric MemoryUtilization, because EC2 does not measure inside an instance; set namespace: ContainerInsights and node_memory_utilization or node_filesystem_utilization, which the agent sends",
        ),
    ),
    "alarm: a metric of another namespace": (
        _alarms("metric: FreeStorageSpace, threshold: 1"),
        ("29: alarms.rules.one.metric: FreeStorageSpace is not a metric of ContainerInsights; set namespace: AWS/RDS",),
    ),
    "alarm: no database": (
        _alarms("namespace: AWS/RDS, metric: CPUUtilization, threshold: 80"),
        ("29: alarms.rules.one: has no database; set database to a key of databases",),
    ),
    "alarm: an unknown database": (
        _alarms("namespace: AWS/RDS, database: rums, metric: CPUUtilization, threshold: 80"),
        ("29: alarms.rules.one.database: unknown database 'rums'; did you mean runs?",),
    ),
    "alarm: a database for the cluster's metric": (
        _alarms("database: runs, metric: node_cpu_utilization, threshold: 80"),
        ("29: alarms.rules.one.database: requires namespace: AWS/RDS; remove it",),
    ),
    "alarm: no channel": (
        _alarms("metric: pod_status_failed, threshold: 1, slack: true"),
        ("29: alarms.rules.one.slack: requires alarms.slack; set it, or remove this",),
    ),
    "alarm: a channel by its name": (
        _alarms(
            "metric: pod_status_failed, threshold: 1, slack: true",
            "    slack: {workspaceId: T01, channelId: '#alerts'}\n",
        ),
        (
            "31: alarms.slack.channelId: '#alerts' is not a Slack channel ID; copy it from the channel's details, like C0123ABCD",
        ),
    ),
    "alarm: no minute": (
        _alarms("metric: pod_status_failed, threshold: 1, minutes: 0"),
        ("29: alarms.rules.one.minutes: 0 is too small; the minimum is 1",),
    ),
    "agent: a log group of another": (
        (
            (
                "",
                "  ai-platform:addons:\n    cloudwatchObservability: {enabled: true, hostLogs: /aws/eks/shop-eks/cluster}\n",
            ),
        ),
        (
            "28: addons.cloudwatchObservability.hostLogs: /aws/eks/shop-eks/cluster is already the log group of the control plane; choose another",
        ),
    ),
    "agent: one log group for two": (
        (
            (
                "",
                "  ai-platform:addons:\n    cloudwatchObservability: {enabled: true, hostLogs: /logs, applicationLogs: /logs}\n",
            ),
        ),
        (
            "28: addons.cloudwatchObservability.applicationLogs: /logs is already the log group of host logs; choose another",
        ),
    ),
    "agent: OpenTelemetry in a version before it": (
        (
            (
                "",
                "  ai-platform:addons:\n    cloudwatchObservability: {enabled: true, version: v5.4.0-eksbuild.1, openTelemetry: true}\n",
            ),
        ),
        (
            "28: addons.cloudwatchObservability.openTelemetry: requires version 6.0.1 of the add-on or later, and the default can be older; set version, for example v6.4.0-eksbuild.1",
        ),
    ),
    "warning: alarm: nobody is told": (
        (("", f"{AGENT}  ai-platform:alarms:\n    rules: {{one: {{metric: pod_status_failed, threshold: 1}}}}\n"),),
        ("28: alarms: no recipient; set emails or slack",),
    ),
    "warning: alarm: a channel that is told nothing": (
        _alarms("metric: pod_status_failed, threshold: 1", "    slack: {workspaceId: T01, channelId: C01}\n"),
        ("31: alarms.slack: receives no alarm; set slack: true in a rule, or remove it",),
    ),
    "warning: budget: urgent by e-mail alone": (
        _budget("notify: [a@example.com], alerts: [{percent: 120, of: forecast, urgent: true}]"),
        ("28: costs.budget.alerts[0].urgent: adds no recipient to e-mail; set phones or alarms.slack",),
    ),
    "budget: text messages to nobody": (
        _budget("notify: [a@example.com], alerts: [{percent: 100, sms: true}]"),
        ("28: costs.budget.alerts[0].sms: no phone number; set phones",),
    ),
    "budget: a phone that is told nothing": (
        _budget("notify: [a@example.com], alerts: [{percent: 100}], phones: ['+12065550100']"),
        ("28: costs.budget.phones: receive no alert; set sms: true in an alert, or remove them",),
    ),
    "budget: a region that sends no text messages": (
        _budget(
            "notify: [a@example.com], alerts: [{percent: 100, sms: true}], phones: ['+821012345678'], smsRegion: ap-northeast-2"
        ),
        ("28: costs.budget.smsRegion: AWS sends no text messages from ap-northeast-2; set smsRegion: ap-northeast-1",),
    ),
    "budget: a phone without its country": (
        _budget("notify: [a@example.com], alerts: [{percent: 100, sms: true}], phones: ['01012345678']"),
        (
            "28: costs.budget.phones[0]: '01012345678' is not a phone number; write it in quotes with its country code, like '+821012345678'",
        ),
    ),
    "budget: an alert that reaches nobody": (
        _budget("alerts: [{percent: 100}]"),
        ("28: costs.budget.alerts[0]: no recipient; set notify, or sms with phones",),
    ),
    "budget: the same twice": (
        _budget("notify: [a@example.com], thresholds: [80], alerts: [{percent: 80}]"),
        ("28: costs.budget: duplicate alert at 80 percent actual; remove it from thresholds or alerts",),
    ),
    "budget: more notices than AWS takes": (
        _budget("notify: [a@example.com], thresholds: [10, 20, 30, 40, 50], alerts: [{percent: 80}]"),
        ("28: costs.budget: has 11 alerts, two for each threshold; AWS Budgets supports 10, remove some",),
    ),
    "budget: a name with a colon": (
        _budget("name: 'a:b'"),
        (
            "28: costs.budget.name: 'a:b' is not a budget name; write at most 100 characters without a colon or backslash",
        ),
    ),
    "costs: a limit of nothing": (
        (("", "  ai-platform:costs: {budget: {monthlyLimit: 0}}\n"),),
        ("27: costs.budget.monthlyLimit: input should be greater than 0",),
    ),
    "costs: no address": (
        (("", "  ai-platform:costs: {budget: {monthlyLimit: 100, notify: [everyone]}}\n"),),
        (
            "27: costs.budget.notify[0]: 'everyone' is not an e-mail address that AWS Budgets accepts; write at most 50 characters, like team@example.com",
        ),
    ),
    "costs: a negative assumption": (
        (("", "  ai-platform:costs: {assumptions: {natGbPerMonth: -1}}\n"),),
        ("27: costs.assumptions.natGbPerMonth: -1 is too small; the minimum is 0.0",),
    ),
    "costs: an assumption of another name": (
        (("", "  ai-platform:costs: {assumptions: {natGbPerMonths: 10}}\n"),),
        ("27: costs.assumptions.natGbPerMonths: unknown key; did you mean natGbPerMonth?",),
    ),
    "costs: hours for a group that is not there": (
        (("", "  ai-platform:costs: {assumptions: {groupHoursPerMonth: {gpus: 10}}}\n"),),
        ("27: costs.assumptions.groupHoursPerMonth.gpus: unknown node group 'gpus'; choose cpu",),
    ),
}
