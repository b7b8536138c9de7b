"""The environments that Argo CD delivers to, their order, and their approval."""

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
    """Return the environments in the order of their waves; within a wave, automatic ones come before manual ones."""
    found = [
        Delivered(key, settings.namespace(key), one.delivery.automatic, one.delivery.self_heal, one.delivery.wave)
        for key, one in settings.environments.items()
        if one.delivery is not None
    ]
    return sorted(found, key=lambda one: (one.wave, not one.automatic, one.environment))


def steps(environments: list[Delivered]) -> list[list[Delivered]]:
    """Return the environments by release step. Automatic and manual environments of a wave are two steps."""
    return [list(group) for _, group in groupby(environments, key=lambda one: (one.wave, one.automatic))]
