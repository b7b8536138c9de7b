"""What AWS has in a region, and the names that it derives from one."""

import re
from collections.abc import Mapping

AS_OF = "2026-11"
"""Month of the tables of regions and zones."""

_THREE = (
    *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1"),
    *("ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"),
    *("ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"),
    *("il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-2"),
)
ZONES: Mapping[str, str] = dict.fromkeys(_THREE, "abc") | {
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "eu-west-2": "abcd",
    "us-east-1": "abcdef",
    "us-west-1": "ab",
    "us-west-2": "abcd",
}
"""Letters of the zones by region of the commercial partition:
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html"""

SOME_ACCOUNTS = frozenset({"ap-northeast-1b", "ca-central-1c", "us-west-1c"})
"""Zones that only some accounts have. In those accounts, another zone of the region is missing."""

NO_CONTROL_PLANE: Mapping[str, str] = {
    "us-east-1e": "use1-az3",
    "us-west-1c": "usw1-az2",
    "ca-central-1c": "cac1-az3",
}
"""Zones without EKS control planes: IDs by their usual name, which can differ between accounts.
https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html"""

_DIRECTIONS = ("north", "south", "east", "west", "central")
_PLACES = frozenset({*_DIRECTIONS, *(first + second for first in _DIRECTIONS[:2] for second in _DIRECTIONS[2:4])})
SMS_REGIONS = (
    *("af-south-1", "ap-northeast-1", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1"),
    *("ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ca-central-1", "ca-west-1", "eu-central-1"),
    *("eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("il-central-1", "me-central-1", "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
)
"""Where SNS sends text messages:
https://docs.aws.amazon.com/sns/latest/dg/sns-supported-regions-countries.html"""

_AMERICA = "us-east-1 us-east-2 us-west-2"
_PACIFIC = "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1"
_EUROPE = "eu-central-1 eu-west-1"
BACKUP_DESTINATIONS = {
    source: frozenset(destinations.split())
    for source, destinations in {
        "af-south-1": "eu-central-1 eu-west-1 eu-west-2",
        "ap-east-1": "ap-northeast-1 ap-southeast-1",
        "ap-northeast-1": f"ap-east-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 {_AMERICA}",
        "ap-northeast-2": f"ap-northeast-1 ap-southeast-1 {_AMERICA}",
        "ap-northeast-3": "ap-northeast-1",
        "ap-south-1": f"ap-south-2 ap-southeast-1 {_AMERICA}",
        "ap-south-2": "ap-south-1",
        "ap-southeast-1": "ap-east-1 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-2 ap-southeast-5 "
        f"{_AMERICA}",
        "ap-southeast-2": "ap-southeast-1 ap-southeast-4 us-east-1 us-west-1 us-west-2",
        "ap-southeast-3": "ap-southeast-1 ap-southeast-5",
        "ap-southeast-4": "ap-southeast-2",
        "ap-southeast-5": "ap-southeast-1",
        "ca-central-1": f"ca-west-1 eu-west-1 us-west-1 {_AMERICA}",
        "ca-west-1": "ca-central-1",
        "eu-central-1": f"af-south-1 eu-central-2 eu-north-1 eu-west-1 eu-west-2 eu-west-3 {_AMERICA}",
        "eu-central-2": _EUROPE,
        "eu-north-1": f"eu-west-2 eu-west-3 us-east-1 {_EUROPE}",
        "eu-west-1": "af-south-1 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-west-2 eu-west-3 us-west-1 "
        f"{_AMERICA}",
        "eu-west-2": f"af-south-1 eu-north-1 eu-west-3 us-east-1 {_EUROPE}",
        "eu-west-3": f"eu-north-1 eu-west-2 us-east-1 {_EUROPE}",
        "sa-east-1": "us-east-1 us-east-2",
        "us-east-1": "ap-southeast-2 ca-central-1 eu-north-1 eu-west-2 eu-west-3 sa-east-1 us-east-2 us-west-1 "
        f"us-west-2 {_PACIFIC} {_EUROPE}",
        "us-east-2": f"ca-central-1 sa-east-1 us-east-1 us-west-1 us-west-2 {_PACIFIC} {_EUROPE}",
        "us-west-1": f"ap-southeast-2 ca-central-1 eu-west-1 {_AMERICA}",
        "us-west-2": f"ap-southeast-2 ca-central-1 us-east-1 us-east-2 us-west-1 {_PACIFIC} {_EUROPE}",
    }.items()
}
"""Regions to which RDS replicates automated backups, by source, as of 2026-11:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html"""


def short(region: str) -> str:
    """The abbreviation in the ids of zones and the host names of caches: `use1`, `apse2`."""
    area, _, rest = region.partition("-")
    place, _, number = rest.rpartition("-")
    letters = "".join(word[0] for word in _DIRECTIONS if word in place)
    return f"{area}{'g' if place.startswith('gov') else ''}{letters}{number}"


def zones(region: str) -> list[str]:
    """Return the availability zones of a region, a to c for a region that the table lacks."""
    return [f"{region}{letter}" for letter in ZONES.get(region, "abc")]


def may_be_new(region: str) -> bool:
    """Return whether a region can be newer than the table: the next number of an area and place, like us-west-3."""
    found = re.fullmatch(r"([a-z]{2})-([a-z]+)-([1-9])", region)
    if found is None or found[2] not in _PLACES or not any(one.startswith(f"{found[1]}-") for one in ZONES):
        return False
    numbers = [int(one[-1]) for one in ZONES if one[:-2] == region[:-2]]
    return int(found[3]) == max(numbers, default=0) + 1


OPT_IN = frozenset(
    """
    af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
    ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1
    """.split()  # noqa: SIM905, as a table
)
"""Regions that an account cannot use before they are enabled:
https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"""
