"""Invalid values of monitoring and releases: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "warning: alerts without monitoring": (
        shared(
            ("{api: {}}", "{api: {}}\n      alerts: {receiver: chat}"),
            (
                '  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n',
                "",
            ),
        ),
        ("47: environments.dev.alerts: requires the section monitoring; add it, or remove alerts",),
    ),
    "warning: monitoring: a receiver told nothing": (
        shared(('channel: "#alerts"}}', 'channel: "#alerts"}}, duty: {pagerduty: {routingKey: {secret: slack}}}')),
        (
            "54: monitoring.receivers.duty: receives no alerts; set it in an environment's alerts or as defaultReceiver, or remove it",
        ),
    ),
    "warning: a delivery without gitops": (
        shared(
            ("{api: {}}", "{api: {}}\n      delivery: {automatic: true, wave: 1}"),
            ("  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n", ""),
        ),
        ("47: environments.dev.delivery: requires the section gitops; add it, or remove the delivery",),
    ),
    "warning: gitops: an example's repository": (
        shared(("/shop/releases", "/example/releases")),
        (
            "57: gitops.repository: https://github.com/example/releases is an example repository; set your own before you deploy",
        ),
    ),
}
# fmt: on
