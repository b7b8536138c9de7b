"""Report overrides, so that a plan shows which values differ from the platform's."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from catalog.reading.problems import show
from config.overrides import overridden
from config.settings import Settings


def overrides(settings: Settings, urn: str) -> Iterator[Finding]:
    """Yield a finding for each value that is merged over the platform's, at the URN of the platform."""
    for one in overridden(settings):
        yield Finding(
            "override",
            "info",
            urn,
            f"{show(one.path)} overrides the {one.override.kind} {one.name} with {one.value!r}",
            "remove it if the platform's value is sufficient",
        )
