"""Schedules of Kubernetes and of EventBridge, each by its own grammar."""

import pytest

from config.schedules import eventbridge_expression, kubernetes_expression, kubernetes_gap
from config.types.times import is_eventbridge_schedule, is_kubernetes_schedule

KUBERNETES = {
    **dict.fromkeys(
        (
            "0 2 * * *",
            "*/15 * * * *",
            "5/15 * * * *",
            "0 0 1,15 * *",
            # Either day field starts a run.
            "0 0 13 * FRI",
            "0 0 * * sun",
            "0 0 * * 0-6",
            "0 0 ? * ?",
            "0 0 * JAN-mar *",
            "59 23 31 12 6",
            "@daily",
            "@midnight",
            "@hourly",
            "@weekly",
            "@monthly",
            "@yearly",
            "@annually",
            "@every 1h30m",
            "@every 90s",
        ),
        True,
    ),
    **dict.fromkeys(
        (
            "",
            "0 2 * *",
            "0 2 * * * *",
            "60 0 * * *",
            "0 24 * * *",
            "0 0 0 * *",
            "0 0 32 * *",
            "0 0 * 13 *",
            # Sunday is 0 alone, and a week does not wrap around.
            "0 0 * * 7",
            "0 0 * * FRI-MON",
            "0 0 * * 5-1",
            "0 0 L * *",
            "0 0 15W * *",
            "0 0 * * 5#2",
            "0 0 * * 5L",
            "*/0 * * * *",
            "0 0 * * MONDAY",
            "@reboot",
            "@every",
            "@every 5",
            "@every  1h",
            "cron(0 2 * * ? *)",
            "TZ=UTC 0 2 * * *",
        ),
        False,
    ),
}


@pytest.mark.parametrize(("value", "valid"), KUBERNETES.items())
def test_kubernetes_schedules_are_what_robfig_cron_parses(value: str, valid: bool) -> None:
    assert is_kubernetes_schedule(value) is valid


EVENTBRIDGE = {
    **dict.fromkeys(
        (
            "cron(0 8 ? * MON-FRI *)",
            "cron(0 8 * * ? *)",
            "cron(0/15 * * * ? *)",
            "cron(0 10 1,15 JAN-MAR ? 2026-2030)",
            "cron(0 0 L * ? *)",
            "cron(0 0 15W * ? *)",
            "cron(0 0 ? * 6L *)",
            "cron(0 0 ? * FRI#2 *)",
            "cron(0 0 ? * L *)",
            "cron(0 0 ? * 1 2199)",
            "cron(*/5 * * * ? *)",
            "rate(1 minute)",
            "rate(5 minutes)",
            "rate(1 day)",
            "rate(12 hours)",
            "at(2026-12-24T18:00:00)",
        ),
        True,
    ),
    **dict.fromkeys(
        (
            "",
            "0 8 * * *",
            "cron(0 8 * * *)",
            "cron(0 8 * * * *)",
            "cron(0 8 ? * ? *)",
            "cron(0 8 1 * MON *)",
            "cron(? 8 * * ? *)",
            "cron(60 8 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 8 ? * 0 *)",
            "cron(0 8 ? * 8 *)",
            "cron(0 8 ? * 5#6 *)",
            "cron(0 8 32W * ? *)",
            "cron(0 8 * * ? 1969)",
            "cron(0 8 * * ? 2200)",
            "cron(0 8 * * ? *",
            "Cron(0 8 * * ? *)",
            "rate(1 minutes)",
            "rate(5 minute)",
            "rate(0 minutes)",
            "rate(5 weeks)",
            "at(2026-12-24)",
            "at(2026-13-24T18:00:00)",
            "at(2026-12-24T18:00:00Z)",
            "@daily",
        ),
        False,
    ),
}


@pytest.mark.parametrize(("value", "valid"), EVENTBRIDGE.items())
def test_eventbridge_schedules_are_what_its_guide_describes(value: str, valid: bool) -> None:
    assert is_eventbridge_schedule(value) is valid


@pytest.mark.parametrize(
    ("cron", "eventbridge", "kubernetes"),
    [
        ("0 8 * * MON-FRI", "cron(0 8 ? * MON-FRI *)", "0 8 * * MON-FRI"),
        ("30 19 * * *", "cron(30 19 * * ? *)", "30 19 * * *"),
        ("0 0 1 * *", "cron(0 0 1 * ? *)", "0 0 1 * *"),
        ("0 0 * * 7", "cron(0 0 ? * SUN *)", "0 0 * * SUN"),
        ("0 0 * * FRI-MON", "cron(0 0 ? * FRI,SAT,SUN,MON *)", "0 0 * * FRI,SAT,SUN,MON"),
        ("0 0 * * 1-7", "cron(0 0 ? * MON,TUE,WED,THU,FRI,SAT,SUN *)", "0 0 * * MON,TUE,WED,THU,FRI,SAT,SUN"),
        ("*/10 6-18/2 * 3 *", "cron(*/10 6-18/2 * 3 ? *)", "*/10 6-18/2 * 3 *"),
    ],
)
def test_schedules_are_converted_to_both_grammars(cron: str, eventbridge: str, kubernetes: str) -> None:
    assert (eventbridge_expression(cron), kubernetes_expression(cron)) == (eventbridge, kubernetes)
    assert is_eventbridge_schedule(eventbridge)
    assert is_kubernetes_schedule(kubernetes)


@pytest.mark.parametrize(
    ("schedule", "minutes"),
    [
        ("0 2 * * *", 1440),
        ("@daily", 1440),
        ("@hourly", 60),
        ("@weekly", 7 * 1440),
        ("@every 1h30m", 90),
        ("@every 90s", 2),
        ("0 0 * * MON-FRI", 3 * 1440),
        ("0 0 ? * ?", 1440),
        ("0 */6 * * *", 360),
    ],
)
def test_gap_of_a_cron_job_is_the_longest_between_two_runs(schedule: str, minutes: int) -> None:
    assert kubernetes_gap(schedule) == minutes
