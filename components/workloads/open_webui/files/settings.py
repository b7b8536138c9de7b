"""Writes the stack file's settings of Open WebUI to its database, where those of the web interface are.

Reads SETTINGS (JSON: what the variables of this container set, as `key` or `key:path.below.it`). Every other setting
stays as administrators left it. Works with Open WebUI's own modules alone and prints no value.
"""

import asyncio
import json
import os
from typing import Any

from open_webui.config import DEFAULT_CONFIG, seed_registered_defaults
from open_webui.internal.db import get_async_db
from open_webui.models.config import Config
from sqlalchemy import text

LOCK = 812_411
"""Of this program, in the database: two replicas would insert the same rows."""

CONNECTIONS = ("openai.api_base_urls", "openai.api_keys")
"""Lists whose first entry is the stack file's; administrators add others behind it."""


def changed(key: str, path: str, stored: Any) -> Any:  # noqa: ANN401, any JSON
    """The value of a setting: that of the variables, within what is stored."""
    value = DEFAULT_CONFIG[key]
    if key in CONNECTIONS and isinstance(stored, list):
        return [*value, *stored[len(value) :]]
    if not path or not isinstance(stored, dict):
        return value
    whole = json.loads(json.dumps(stored))
    below = whole
    *folders, last = path.split(".")
    for folder in folders:
        below, value = below.setdefault(folder, {}), value[folder]
    below[last] = value[last]
    return whole


async def main() -> None:
    """Write the settings, one replica after the other."""
    async with get_async_db() as lock:
        await lock.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
        await seed_registered_defaults()
        for setting in json.loads(os.environ["SETTINGS"]):
            key, _, path = setting.partition(":")
            if key not in DEFAULT_CONFIG:
                print(f"{key}: unknown to this version", flush=True)
                continue
            stored = await Config.get(key)
            value = changed(key, path, stored)
            if value != stored:
                await Config.upsert({key: value})
                print(f"{setting}: set", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
