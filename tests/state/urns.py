"""The kept lists of URNs, one file for each shipped stack."""

from collections.abc import Iterable
from pathlib import Path

from aiplatform.preview.plan import Resource
from tests.state.types import KEPT

FOLDER = Path(__file__).parent / "urns"


def kept(resources: Iterable[Resource]) -> set[str]:
    """The URNs that a release must not lose."""
    return {resource.urn for resource in resources if resource.type in KEPT}


def listed(stack: str) -> list[str]:
    """The URNs in a stack's file."""
    return (FOLDER / f"{stack}.txt").read_text(encoding="utf-8").splitlines()


def add(stack: str, urns: Iterable[str]) -> int:
    """Add URNs to a stack's file, and say how many are new. What is listed stays: a state somewhere has it."""
    file = FOLDER / f"{stack}.txt"
    before = set(listed(stack)) if file.exists() else set()
    after = before | set(urns)
    file.write_text("".join(f"{urn}\n" for urn in sorted(after)), encoding="utf-8")
    return len(after - before)


def lost(urns: Iterable[str], resources: Iterable[Resource]) -> list[str]:
    """The URNs that no resource of a plan has or had: the engine would delete what is behind them."""
    known = {urn for resource in resources for urn in (resource.urn, *resource.aliases)}
    return sorted(set(urns) - known)


def disputed(urns: Iterable[str], resources: Iterable[Resource]) -> list[str]:
    """The URNs that two resources of a plan claim: the engine refuses the second."""
    claims: dict[str, int] = {}
    for resource in resources:
        for urn in (resource.urn, *resource.aliases):
            claims[urn] = claims.get(urn, 0) + 1
    return sorted(urn for urn in set(urns) if claims.get(urn, 0) > 1)
