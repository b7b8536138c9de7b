"""Run this repository's command line from a job."""

import os
import subprocess
import sys


def aiplatform(*words: str) -> subprocess.CompletedProcess[str]:
    """What a command prints on a wide page, and its exit status."""
    return subprocess.run(
        [sys.executable, "-m", "aiplatform", *words],
        env={**os.environ, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )
