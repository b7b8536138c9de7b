"""Build every real part that is not on this machine, and say where each one is."""

import sys
import time

from tests.parts.go import GO_MODULES, program
from tests.parts.place import MissingPartError


def main() -> int:
    """0, or 1 when a part could not be had."""
    missing = 0
    for name in sorted(name for module in GO_MODULES for name in module.programs):
        started = time.monotonic()
        try:
            path = program(name, build=True)
        except MissingPartError as error:
            sys.stderr.write(f"{name}: {error}\n")
            missing += 1
        else:
            sys.stdout.write(f"{name}: {path} ({time.monotonic() - started:.0f} s)\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
