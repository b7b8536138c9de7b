"""Spot instances outside the cluster that EC2 cannot stop, and settings that only Spot has."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

_REQUESTS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-requests.html"
_INTERRUPTIONS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html"
_NIGHTS = "  ai-platform:schedules: {nights: {start: 0 8 * * *, stop: 0 20 * * *, timeZone: UTC}}\n"


def case(settings: str, *lines: str, source: str, more: str = "", edits: tuple[tuple[str, str], ...] = ()) -> Case:
    """A case of one instance at the end of the file."""
    instance = f"  ai-platform:instances:\n    one: {{instanceType: g5.xlarge, zones: [us-west-2a], {settings}}}\n"
    return Case((*edits, ("", instance + more)), lines, source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "spot: a one-time request with a schedule": case(
        "capacity: spot, interruption: terminate, schedule: nights",
        "28: instances.one.schedule: cannot stop a Spot instance of a one-time request; set interruption: stop, or remove the schedule",
        source=_REQUESTS,
        more=_NIGHTS,
    ),
    "spot: an interruption of an On-Demand instance": case(
        "interruption: stop",
        "28: instances.one.interruption: has no effect on an On-Demand instance; set capacity: spot, or remove it",
        source=_INTERRUPTIONS,
    ),
    "spot: hibernation": case(
        "capacity: spot, interruption: hibernate",
        "28: instances.one.interruption: 'hibernate' is not one of stop, terminate; did you mean terminate?",
        source=_INTERRUPTIONS,
    ),
    "warning: spot in production": case(
        "capacity: spot",
        "28: instances.one.capacity: EC2 can interrupt one with two minutes' notice, until there is capacity for g5.xlarge in us-west-2a again; use onDemand for what users wait for",
        source=_INTERRUPTIONS,
        edits=(("environment: test", "environment: prod"),),
    ),
}
