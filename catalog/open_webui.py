"""The environment variables of Open WebUI, in the version of `catalog.versions.OPEN_WEBUI_IMAGE`."""

import functools
from collections.abc import Mapping
from pathlib import Path

from catalog.versions import OPEN_WEBUI_IMAGE

VERSION = OPEN_WEBUI_IMAGE.rpartition(":v")[2]
TABLE = Path(__file__).parent / "data" / "open-webui-variables.txt"


@functools.cache
def variables() -> Mapping[str, tuple[str, ...]]:
    """Return the settings of the web interface that each variable sets, as `key` or `key:path.below.it`."""
    lines = (line.split() for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name: tuple(settings) for name, *settings in lines}
