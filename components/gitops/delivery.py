"""Which environments Argo CD delivers to, in which order, and who agrees."""

from dataclasses import dataclass
from itertools import groupby

from config.settings import Settings


@dataclass(frozen=True)
class Delivered:
    """An environment whose versions come from Git."""

    environment: str
    namespace: str
    automatic: bool
    self_heal: bool
    wave: int


def delivered(settings: Settings) -> list[Delivered]:
    """The environments in the order of their waves; those of one wave that need nobody come before the others."""
    found = [
        Delivered(key, settings.namespace(key), one.delivery.automatic, one.delivery.self_heal, one.delivery.wave)
        for key, one in settings.environments.items()
        if one.delivery is not None
    ]
    return sorted(found, key=lambda one: (one.wave, not one.automatic, one.environment))


def steps(environments: list[Delivered]) -> list[list[Delivered]]:
    """Those that are released together, one step after the other. Nobody and somebody agreeing are two steps."""
    return [list(group) for _, group in groupby(environments, key=lambda one: (one.wave, one.automatic))]
