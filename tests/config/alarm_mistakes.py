"""Invalid values of alarms and budgets: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

ENDPOINTS = "ec2, ecr.api, ecr.dkr, eks, eks-auth, sts, logs, elasticloadbalancing, autoscaling, secretsmanager"
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
            "28: alarms.rules.one.metric: node_cpu_utilization comes from an agent that this stack has not; write addons.cloudwatchObservability: {enabled: true}",
        ),
    ),
    "alarm: a metric that nobody sends": (
        _alarms("metric: node_cpu_utilisation, threshold: 80"),
        (
            "29: alarms.rules.one.metric: nobody sends node_cpu_utilisation to ContainerInsights; did you mean node_cpu_utilization?",
        ),
    ),
    "alarm: memory, which EC2 does not see": (
        _alarms(
            "namespace: AWS/EC2, instance: web, metric: MemoryUtilization, threshold: 85",
            "  ai-platform:instances: {web: {instanceType: t3.small, zones: [us-west-2a]}}\n",
        ),
        (
            "29: alarms.rules.one.metric: EC2 sends no MemoryUtilization: it does not see into an instance; write node_memory_utilization or node_filesystem_utilization of namespace: ContainerInsights, which the agent on the nodes sends",
        ),
    ),
    "alarm: a metric of another namespace": (
        _alarms("metric: FreeStorageSpace, threshold: 1"),
        (
            "29: alarms.rules.one.metric: FreeStorageSpace is none of ContainerInsights but of AWS/RDS; write namespace: AWS/RDS",
        ),
    ),
    "alarm: no database": (
        _alarms("namespace: AWS/RDS, metric: CPUUtilization, threshold: 80"),
        ("29: alarms.rules.one: watches no database; name one of databases as database",),
    ),
    "alarm: an unknown database": (
        _alarms("namespace: AWS/RDS, database: rums, metric: CPUUtilization, threshold: 80"),
        ("29: alarms.rules.one.database: 'rums' is no name in databases; did you mean runs?",),
    ),
    "alarm: a database for the cluster's metric": (
        _alarms("database: runs, metric: node_cpu_utilization, threshold: 80"),
        ("29: alarms.rules.one.database: belongs to namespace: AWS/RDS; remove it",),
    ),
    "alarm: no channel": (
        _alarms("metric: pod_status_failed, threshold: 1, slack: true"),
        ("29: alarms.rules.one.slack: true writes to no channel; write alarms.slack, or remove it",),
    ),
    "alarm: a channel by its name": (
        _alarms(
            "metric: pod_status_failed, threshold: 1, slack: true",
            "    slack: {workspaceId: T01, channelId: '#alerts'}\n",
        ),
        (
            "31: alarms.slack.channelId: '#alerts' is no id of a Slack channel; copy it from the channel's details, like C0123ABCD",
        ),
    ),
    "alarm: no minute": (
        _alarms("metric: pod_status_failed, threshold: 1, minutes: 0"),
        ("29: alarms.rules.one.minutes: 0 is too small; the least is 1",),
    ),
    "agent: a log group of another": (
        (
            (
                "",
                "  ai-platform:addons:\n    cloudwatchObservability: {enabled: true, hostLogs: /aws/eks/shop-eks/cluster}\n",
            ),
        ),
        (
            "28: addons.cloudwatchObservability.hostLogs: /aws/eks/shop-eks/cluster is the log group of the control plane too; choose another",
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
            "28: addons.cloudwatchObservability.applicationLogs: /logs is the log group of host logs too; choose another",
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
            "28: addons.cloudwatchObservability.openTelemetry: true is known from v6.0.1 of the add-on on, which need not be the cluster's default; write a version like v6.4.0-eksbuild.1",
        ),
    ),
    "warning: alarm: nobody is told": (
        (("", f"{AGENT}  ai-platform:alarms:\n    rules: {{one: {{metric: pod_status_failed, threshold: 1}}}}\n"),),
        ("28: alarms: reach nobody; write emails or slack",),
    ),
    "warning: alarm: a channel that is told nothing": (
        _alarms("metric: pod_status_failed, threshold: 1", "    slack: {workspaceId: T01, channelId: C01}\n"),
        ("31: alarms.slack: is told nothing; write slack: true at a rule, or remove it",),
    ),
    "warning: budget: urgent by e-mail alone": (
        _budget("notify: [a@example.com], alerts: [{percent: 120, of: forecast, urgent: true}]"),
        (
            "28: costs.budget.alerts[0].urgent: true reaches nobody beside what e-mail does; write phones or alarms.slack",
        ),
    ),
    "warning: agent: metrics that find no way out": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                f"    zones: [us-west-2a, us-west-2b]\n    nat: none\n    endpoints: {{interface: [{ENDPOINTS}]}}\n",
            ),
            (
                "",
                "  ai-platform:addons:\n    cloudwatchObservability: {enabled: true, version: v6.4.0-eksbuild.1, openTelemetry: true}\n",
            ),
        ),
        (
            "30: addons.cloudwatchObservability.openTelemetry: true has no way to CloudWatch without NAT; add monitoring to network.endpoints.interface",
        ),
    ),
    "budget: text messages to nobody": (
        _budget("notify: [a@example.com], alerts: [{percent: 100, sms: true}]"),
        ("28: costs.budget.alerts[0].sms: true reaches no phone; write phones",),
    ),
    "budget: a phone that is told nothing": (
        _budget("notify: [a@example.com], alerts: [{percent: 100}], phones: ['+12065550100']"),
        ("28: costs.budget.phones: are told nothing; write sms: true at an alert, or remove them",),
    ),
    "budget: a region that sends no text messages": (
        _budget(
            "notify: [a@example.com], alerts: [{percent: 100, sms: true}], phones: ['+821012345678'], smsRegion: ap-northeast-2"
        ),
        (
            "28: costs.budget.smsRegion: AWS sends no text messages from ap-northeast-2; write smsRegion: ap-northeast-1",
        ),
    ),
    "budget: a phone without its country": (
        _budget("notify: [a@example.com], alerts: [{percent: 100, sms: true}], phones: ['01012345678']"),
        (
            "28: costs.budget.phones[0]: '01012345678' is no phone number; write it in quotes with its country, like '+821012345678'",
        ),
    ),
    "budget: an alert that reaches nobody": (
        _budget("alerts: [{percent: 100}]"),
        ("28: costs.budget.alerts[0]: reaches nobody; write notify, or sms with phones",),
    ),
    "budget: the same twice": (
        _budget("notify: [a@example.com], thresholds: [80], alerts: [{percent: 80}]"),
        ("28: costs.budget: tells twice of 80 percent actual; keep one, of thresholds and alerts together",),
    ),
    "budget: more notices than AWS takes": (
        _budget("notify: [a@example.com], thresholds: [10, 20, 30, 40, 50], alerts: [{percent: 80}]"),
        ("28: costs.budget: has 11 notices, and AWS Budgets takes 10; a threshold makes two",),
    ),
    "budget: a name with a colon": (
        _budget("name: 'a:b'"),
        (
            "28: costs.budget.name: 'a:b' is no name of a budget; write at most 100 signs, none of them a colon or backslash",
        ),
    ),
    "costs: a limit of nothing": (
        (("", "  ai-platform:costs: {budget: {monthlyLimit: 0}}\n"),),
        ("27: costs.budget.monthlyLimit: input should be greater than 0",),
    ),
    "costs: no address": (
        (("", "  ai-platform:costs: {budget: {monthlyLimit: 100, notify: [everyone]}}\n"),),
        (
            "27: costs.budget.notify[0]: 'everyone' is no e-mail address that AWS Budgets takes; write at most 50 characters like team@example.com",
        ),
    ),
    "costs: a negative assumption": (
        (("", "  ai-platform:costs: {assumptions: {natGbPerMonth: -1}}\n"),),
        ("27: costs.assumptions.natGbPerMonth: -1 is too small; the least is 0.0",),
    ),
    "costs: an assumption of another name": (
        (("", "  ai-platform:costs: {assumptions: {natGbPerMonths: 10}}\n"),),
        ("27: costs.assumptions.natGbPerMonths: is an unknown key; did you mean natGbPerMonth?",),
    ),
    "costs: hours for a group that is not there": (
        (("", "  ai-platform:costs: {assumptions: {groupHoursPerMonth: {gpus: 10}}}\n"),),
        ("27: costs.assumptions.groupHoursPerMonth.gpus: 'gpus' is no name in nodeGroups; choose one of cpu",),
    ),
}
