"""Install every missing real part and print the path of each: `python -m tests.parts [NAME]...`."""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.parts import (
    checkov,
    clients,
    debian,
    go,
    kafka,
    litellm,
    mlflow,
    nftables,
    open_webui,
    postgresql,
    redis,
    router,
    zizmor,
)
from tests.parts.place import MissingPartError, building

PARTS: dict[str, Callable[..., Path]] = {
    **{name: partial(go.program, name) for module in go.GO_MODULES for name in sorted(module.programs)},
    **{name: partial(debian.program, name) for name in debian.PACKAGES},
    "postgresql": partial(postgresql.programs, postgresql.packaged()),
    "mlflow": mlflow.programs,
    "nftables": nftables.program,
    "query-engine": litellm.query_engine,
    "litellm": litellm.programs,
    "open-webui": open_webui.programs,
    "redis": redis.programs,
    "router": router.programs,
    **{f"kafka-{version}": partial(kafka.jars, version) for version in kafka.VERSIONS},
    "clients": clients.programs,
    "checkov": checkov.program,
    "zizmor": zizmor.program,
}
"""Functions that return the path of a part, or build it if called with `build=True`."""


def main(*names: str) -> int:
    """Return 0, or 1 if a part is not available."""
    missing = 0
    for name in names or PARTS:
        started = time.monotonic()
        try:
            with building():
                path = PARTS[name](build=True)
        except MissingPartError as error:
            sys.stderr.write(f"{name}: {error}\n")
            missing += 1
        else:
            sys.stdout.write(f"{name}: {path} ({time.monotonic() - started:.0f} s)\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
