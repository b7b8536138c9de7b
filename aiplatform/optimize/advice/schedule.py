"""Stop at night and at weekends."""

from collections.abc import Iterator, Sequence

from aiplatform.optimize.idea import Change, Idea, Subject
from catalog.reading.problems import Path
from config.settings import Settings

OFFICE = {"office-hours": (8, 20), "working-hours": (9, 17)}
"""Names of new schedules, and hours of start and stop on weekdays."""

TIME_ZONES = {
    "us-east-": "America/New_York",
    "us-west-": "America/Los_Angeles",
    "ap-northeast-1": "Asia/Tokyo",
    "ap-northeast-2": "Asia/Seoul",
    "ap-south-": "Asia/Kolkata",
    "ap-southeast-1": "Asia/Singapore",
    "ap-southeast-2": "Australia/Sydney",
    "eu-west-1": "Europe/Dublin",
    "eu-west-2": "Europe/London",
    "eu-": "Europe/Berlin",
    "sa-": "America/Sao_Paulo",
}
"""Usual time zones by the first letters of regions; UTC elsewhere."""


def ideas(subject: Subject) -> Iterator[Idea]:
    """Give what has no schedule the one that the stack uses, or office hours where the stack has none."""
    settings = subject.settings
    lacking = list(_without(settings))
    if not lacking:
        return
    production = subject.is_production
    used = next(iter(settings.schedules), None)
    if used is not None:
        yield _idea(lacking, used, ())
        return
    for name, (start, stop) in OFFICE.items():
        schedule = {
            "start": f"0 {start} * * MON-FRI",
            "stop": f"0 {stop} * * MON-FRI",
            "timeZone": _time_zone(settings),
        }
        yield _idea(lacking, name, ((("schedules", name), schedule),), production=production)


def _without(settings: Settings) -> Iterator[Path]:
    # Karpenter's nodes have no schedule, and need the node group on which Karpenter runs.
    groups = {} if settings.node_pools else settings.node_groups
    for section, entries in (
        ("nodeGroups", groups),
        ("databases", settings.databases),
        ("instances", settings.instances),
    ):
        yield from ((section, name) for name, entry in entries.items() if getattr(entry, "schedule", None) is None)


def _idea(lacking: Sequence[Path], name: str, new: tuple[Change, ...], *, production: bool = False) -> Idea:
    what = ", ".join(f"{section}.{key}" for section, key in lacking)
    hours = f" ({new[0][1]['start']} to {new[0][1]['stop']})" if new else ""
    return Idea(
        f"stop {what} by the schedule {name}{hours}",
        (*new, *(((*path, "schedule"), name) for path in lacking)),
        "hours",
        "the platform outside these hours, and about ten minutes at each start",
        "no user of this production needs it outside these hours" if production else "",
    )


def _time_zone(settings: Settings) -> str:
    region = settings.project.region
    return next((zone for prefix, zone in TIME_ZONES.items() if region.startswith(prefix)), "UTC")
