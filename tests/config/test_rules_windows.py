"""Backup and maintenance windows of RDS, which must not overlap."""

from config.windows import windows_overlap
from tests.each import each


@each(
    ("daily", "weekly", "overlap"),
    [
        ("03:00-04:00", "sun:04:00-sun:05:00", False),
        ("03:00-04:00", "sun:02:00-sun:03:00", False),
        ("03:00-04:00", "sun:03:59-sun:05:00", True),
        ("03:00-04:00", "sun:02:00-sun:03:01", True),
        ("03:00-04:00", "wed:03:15-wed:03:45", True),
        ("03:15-03:45", "wed:03:00-wed:04:00", True),
        ("03:00-04:00", "wed:03:00-wed:04:00", True),
        # A daily window over midnight belongs to two days.
        ("23:30-00:30", "tue:00:00-tue:00:15", True),
        ("23:30-00:30", "tue:00:30-tue:01:00", False),
        ("23:30-00:30", "mon:23:00-mon:23:30", False),
        ("23:30-00:30", "mon:23:00-mon:23:31", True),
        # The week ends on Sunday at midnight, and so does neither window.
        ("23:30-00:30", "mon:00:00-mon:00:30", True),
        ("00:00-00:30", "sun:23:30-mon:00:00", False),
        ("00:00-00:30", "sun:23:30-mon:00:01", True),
        ("23:30-00:00", "sun:23:45-mon:00:15", True),
        ("12:00-12:30", "sun:23:30-mon:00:30", False),
        # A weekly window of more than a day meets every daily one.
        ("12:00-12:30", "sat:00:00-sun:13:00", True),
        ("12:00-12:30", "sun:23:00-mon:12:00", False),
        ("12:00-12:30", "sun:23:00-mon:12:01", True),
        # To the minute before it begins.
        ("00:00-23:59", "sun:23:59-mon:00:00", False),
    ],
)
def test_windows_overlap_where_they_share_a_minute(daily: str, weekly: str, overlap: bool) -> None:
    assert windows_overlap(daily, weekly) is overlap
