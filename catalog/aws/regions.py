"""Names that AWS derives from a region."""

_DIRECTIONS = ("north", "south", "east", "west", "central")
# Most regions have three zones, named a to c. These have others.
_ZONES = {
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
}


def short(region: str) -> str:
    """The abbreviation in the ids of zones and the host names of caches: `use1`, `apse2`."""
    area, _, rest = region.partition("-")
    place, _, number = rest.rpartition("-")
    letters = "".join(word[0] for word in _DIRECTIONS if word in place)
    return f"{area}{'g' if place.startswith('gov') else ''}{letters}{number}"


def zones(region: str) -> list[str]:
    """The availability zones of a region."""
    return [region + letter for letter in _ZONES.get(region, "abc")]
