"""Time and peak memory of `aiplatform plan` by number of tenants, and of the bare program with the same resources.

python -m benchmarks.tenants [COUNT ...]
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.plan import Run, measure

STACK = """\
config:
  ai-platform:project: {{name: academy, environment: test, region: us-west-2}}
  ai-platform:network: {{cidr: 10.100.0.0/16, zones: [us-west-2a, us-west-2b]}}
  ai-platform:cluster:
    endpoint: {{public: false}}
  ai-platform:nodeGroups:
    general: {{instanceTypes: [m7i.2xlarge], scaling: {{min: 2, desired: 2, max: 450}}}}
  ai-platform:tenants:
    range: {{first: 1, last: {count}}}
    members: {{"9999": {{instructor: true}}}}
    digits: 4
    quota: {{cpu: "1", memory: 2Gi}}
"""

COUNTS = (1, 16, 100, 1000)
ROUNDS = 3
"""Rounds for small numbers of tenants; a large number is measured once, because it takes long enough."""

LARGE = 500


def _program(folder: Path) -> None:
    """Return the project folder with only the stack of this benchmark."""
    root = Path(__file__).parents[1]
    for name in ("Pulumi.yaml", "__main__.py", "catalog", "config", "components", "aiplatform", "benchmarks"):
        (folder / name).symlink_to(root / name)


def _both(folder: Path, count: int) -> tuple[Run, Run]:
    """Return the medians of the rounds of the platform's program and of the bare program."""
    (folder / "Pulumi.class.yaml").write_text(STACK.format(count=count), encoding="utf-8")
    out = folder / "out"
    ours = [sys.executable, "-m", "aiplatform", "plan", "--stack", "class", "--fail-on", "never", "--out", str(out)]
    bare = [sys.executable, "-m", "benchmarks.bare", str(out / "plan.json")]
    rounds = 1 if count >= LARGE else ROUNDS
    pairs = [(measure(ours), measure(bare)) for _ in range(rounds)]
    one, other = (
        Run(*(statistics.median(getattr(pair[side], field) for pair in pairs) for field in Run._fields))
        for side in (0, 1)
    )
    return one, other


def main() -> None:
    """Print a line for each count, with the time and memory of each additional tenant since the previous line."""
    counts = [int(word) for word in sys.argv[1:]] or list(COUNTS)
    before: tuple[int, Run] | None = None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _program(folder)
        # The program is located by the current folder.
        os.chdir(folder)
        for count in counts:
            ours, bare = _both(folder, count)
            more = ""
            if before is not None:
                tenants, run = count - before[0], before[1]
                seconds, mebibytes = (ours.seconds - run.seconds) / tenants, (ours.mebibytes - run.mebibytes) / tenants
                more = f"  each more {1000 * seconds:6.1f} ms {mebibytes:5.2f} MiB"
            print(
                f"{count:5} tenants  plan {ours.seconds:7.2f} s {ours.mebibytes:6.0f} MiB"
                f"  bare {bare.seconds:7.2f} s {bare.mebibytes:6.0f} MiB"
                f"  ratio {ours.seconds / bare.seconds:.2f} {ours.mebibytes / bare.mebibytes:.2f}{more}",
                flush=True,
            )
            before = (count, ours)


if __name__ == "__main__":
    main()
