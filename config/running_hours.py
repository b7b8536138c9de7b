"""Running hours of a schedule, calculated from its two cron expressions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

MINUTES_A_DAY = 24 * 60
WEEK = 7
LEAP_CYCLE = 4 * 365 + 1
"""Days after which dates repeat, 29 February included. Weekdays are then shifted by five: the result for a schedule
that sets both a month and a weekday deviates by less than a day in four years."""

RDS_STARTS_AFTER = WEEK * MINUTES_A_DAY
"""Minutes after which RDS starts a stopped instance automatically:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html"""

_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Times:
    """The times of an EventBridge expression in local time; daylight saving time is ignored, because it cancels out."""

    minutes: tuple[int, ...]
    """Minutes of the day, ascending."""

    days: frozenset[int] | None
    """Days of the month; None for every day."""

    months: frozenset[int] | None
    weekdays: frozenset[int] | None
    """Weekdays, from Sunday = 1 as in EventBridge; None for every weekday."""

    @property
    def weekly(self) -> bool:
        """Return whether it repeats every week."""
        return self.days is None and self.months is None

    def on(self, weekday: int, day: int, month: int) -> bool:
        """Return whether it occurs on such a day."""
        return (
            (self.weekdays is None or weekday in self.weekdays)
            and (self.days is None or day in self.days)
            and (self.months is None or month in self.months)
        )


def times(expression: str) -> Times:
    """Parse `cron(0 8 ? * MON-FRI *)` as EventBridge Scheduler does; the year is ignored.

    Raises:
        ValueError: the expression is invalid.
    """
    body = expression.removeprefix("cron(").removesuffix(")")
    fields = body.split()
    if body == expression or len(fields) != 6:
        raise ValueError(f"{expression!r} is not a cron expression of EventBridge")
    minute, hour, day, month, weekday, _ = fields
    minutes = _numbers(minute, 0, 59) or range(60)
    hours = _numbers(hour, 0, 23) or range(24)
    return Times(
        minutes=tuple(sorted(60 * h + m for h in hours for m in minutes)),
        days=_numbers(day, 1, 31),
        months=_numbers(month, 1, 12, _MONTHS),
        weekdays=_numbers(weekday, 1, 7, _DAYS),
    )


def _numbers(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int] | None:
    """Return the values of a field; None for all values."""
    if field in ("*", "?"):
        return None
    return frozenset(chain.from_iterable(_item(item, low, high, names) for item in field.split(",")))


def _item(item: str, low: int, high: int, names: tuple[str, ...]) -> range:
    body, slash, step = item.partition("/")
    if body == "*":
        return range(low, high + 1, int(step or 1))
    first, dash, last = body.partition("-")
    start = _number(first, low, names)
    end = _number(last, low, names) if dash else high if slash else start
    return range(start, end + 1, int(step or 1))


def _number(text: str, low: int, names: tuple[str, ...]) -> int:
    return names.index(text.upper()) + low if text.upper() in names else int(text)


def running_share(start: Times, stop: Times, *, starts_itself_after: int | None = None) -> Fraction:
    """Return the share of time between a start and the next stop, from 0 to 1: 0 without a start, 1 without a stop.

    With `starts_itself_after`, a resource that is stopped for as many minutes starts automatically and runs until the
    next stop. If start and stop occur in the same minute, the stop counts.
    """
    period = WEEK if start.weekly and stop.weekly else LEAP_CYCLE
    events = list(_changes(start, stop, period))
    if not any(on for _, on in events):
        return Fraction(0)
    if all(on for _, on in events):
        return Fraction(1)
    total = period * MINUTES_A_DAY
    stopped = sum(
        min((until - since) % total, starts_itself_after or total)
        for (since, on), (until, _) in zip(events, [*events[1:], events[0]], strict=True)
        if not on
    )
    return 1 - Fraction(stopped, total)


def longest_stop(start: Times, stop: Times) -> int:
    """Return the maximum number of minutes between a stop and the next start; 0 if nothing stops or starts."""
    period = WEEK if start.weekly and stop.weekly else LEAP_CYCLE
    events, total = list(_changes(start, stop, period)), period * MINUTES_A_DAY
    following = [*events[1:], *events[:1]]
    return max(
        (
            (until - since) % total
            for (since, on), (until, _) in zip(events, following, strict=True)
            if not on and len(events) > 1
        ),
        default=0,
    )


def running_days(start: Times, stop: Times) -> Fraction:
    """Return the share of days with running time, from 0 to 1."""
    period = WEEK if start.weekly and stop.weekly else LEAP_CYCLE
    events = list(_changes(start, stop, period))
    if len(events) < 2:
        return Fraction(int(any(on for _, on in events)))
    days: set[int] = set()
    for (since, on), (until, _) in zip(events, [*events[1:], events[0]], strict=True):
        if on:
            end = until if until > since else until + period * MINUTES_A_DAY
            days.update(day % period for day in range(since // MINUTES_A_DAY, (end - 1) // MINUTES_A_DAY + 1))
    return Fraction(len(days), period)


def longest_gap(fires: Times) -> int:
    """Return the maximum number of minutes between two consecutive times.

    Raises:
        ValueError: it never occurs.
    """
    period = WEEK if fires.weekly else LEAP_CYCLE
    return gap(moments(fires, period), period)


def moments(fires: Times, days: int) -> list[int]:
    """Return the minutes of a number of days, from a Sunday on, at which it occurs."""
    return [
        number * MINUTES_A_DAY + minute
        for number, day in enumerate(_calendar(days))
        if fires.on(*day)
        for minute in fires.minutes
    ]


def gap(minutes: Sequence[int], days: int) -> int:
    """Return the maximum number of minutes between two ascending times that repeat after a number of days.

    Raises:
        ValueError: there is none.
    """
    if not minutes:
        raise ValueError("it never occurs")
    again = [*minutes[1:], minutes[0] + days * MINUTES_A_DAY]
    return max(after - before for before, after in zip(minutes, again, strict=True))


def at_once(start: Times, stop: Times) -> bool:
    """Return whether both occur in the same minute of some day."""
    period = WEEK if start.weekly and stop.weekly else LEAP_CYCLE
    shared = set(start.minutes) & set(stop.minutes)
    return bool(shared) and any(start.on(*day) and stop.on(*day) for day in _calendar(period))


def _changes(start: Times, stop: Times, period: int) -> Iterator[tuple[int, bool]]:
    """Yield the minutes of starts (True) and stops (False), alternating within the cycle."""
    found: list[tuple[int, bool]] = []
    for number, day in enumerate(_calendar(period)):
        today = dict.fromkeys(start.minutes, True) if start.on(*day) else {}
        if stop.on(*day):
            today |= dict.fromkeys(stop.minutes, False)
        for minute in sorted(today):
            if not found or found[-1][1] != today[minute]:
                found.append((number * MINUTES_A_DAY + minute, today[minute]))
    if len(found) > 1 and found[0][1] == found[-1][1]:
        # The last change before the period's end holds on over its beginning.
        found.pop(0)
    yield from found


def _calendar(period: int) -> Iterator[tuple[int, int, int]]:
    """Yield weekday, day and month of each day of four years, of which the last is a leap year."""
    number = 0
    for year in range(4):
        for month, length in enumerate(_LENGTHS, start=1):
            for day in range(1, length + 1 + (year == 3 and month == 2)):
                if number == period:
                    return
                yield number % 7 + 1, day, month
                number += 1
