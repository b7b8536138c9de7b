"""Run this repository's command line from a job."""

import json
import os
import subprocess
import sys
from pathlib import Path


def aiplatform(*words: str) -> subprocess.CompletedProcess[str]:
    """What a command prints on a wide page, and its exit status."""
    return subprocess.run(
        [sys.executable, "-m", "aiplatform", *words],
        env={**os.environ, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )


def digest(folder: Path) -> str:
    """The digest of the plan in a folder; empty without a plan."""
    try:
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    return str(plan["provenance"]["planDigest"])
