"""Time and peak memory of `aiplatform plan` and of the bare program, in turns, so that load of the machine affects
both.

python -m benchmarks.plan [STACK] [ROUNDS]
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

MIB = 1024


class Run(NamedTuple):
    """One run of a program."""

    seconds: float
    mebibytes: float


def measure(arguments: list[str]) -> Run:
    """Run a program to its end and return its time and memory as reported by the kernel."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.execv(arguments[0], arguments)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return Run(time.perf_counter() - start, usage.ru_maxrss / MIB)


def main() -> None:
    """Print the medians of both programs and their ratios."""
    stack = sys.argv[1] if len(sys.argv) > 1 else "dev"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "plan")
        ours = [sys.executable, "-m", "aiplatform", "plan", "--stack", stack, "--out", out]
        bare = [sys.executable, "-m", "benchmarks.bare", f"{out}/plan.json"]
        measure(ours)
        runs = [(measure(ours), measure(bare)) for _ in range(rounds)]
    for title, unit, field in (("time", "s", "seconds"), ("peak memory", "MiB", "mebibytes")):
        one, other = (statistics.median(getattr(pair[side], field) for pair in runs) for side in (0, 1))
        print(f"{title:12} plan {one:8.2f} {unit:4} bare {other:8.2f} {unit:4} ratio {one / other:.2f}")


if __name__ == "__main__":
    main()
