"""What a stack file overrides: a reader of the plan sees where the platform's own values no longer hold."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from catalog.reading.problems import show
from config.overrides import overridden
from config.settings import Settings


def overrides(settings: Settings, urn: str) -> Iterator[Finding]:
    """One finding for each value that is merged over the platform's, at the platform's URN."""
    for one in overridden(settings):
        yield Finding(
            "override",
            "info",
            urn,
            f"{show(one.path)} sets the {one.override.kind} {one.name} to {one.value!r}, whatever the platform sets",
            "remove it where the platform's own value serves",
        )
