"""AWS managed policies that roles can have, read from `data/managed-policies.txt`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

AS_OF = "2026-11"


@cache
def paths() -> Mapping[str, str]:
    """Return the path and name of each policy, as it is in the ARN, by its name."""
    text = files("catalog").joinpath("data/managed-policies.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {line.rpartition("/")[2]: line for line in lines}
