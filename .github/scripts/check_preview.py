"""Set the preview of a stack beside its difference: `check_preview.py STACK FOLDER`.

FOLDER has the events of the engine and the difference, and gets `preview.json`. A stack without state has no events.
"""

import sys
from pathlib import Path

from program import aiplatform
from summary import write


def main(stack: str, folder: str) -> int:
    """The exit status of `aiplatform check-preview`; 0 without a preview."""
    events, difference, out = (Path(folder, name) for name in ("events.json", "difference/diff.json", "preview.json"))
    if not events.is_file():
        return 0
    checked = aiplatform(
        "check-preview", str(difference), str(events), f"--stack={stack}", "--format=json", f"--out={out}"
    )
    sys.stdout.write(checked.stderr)
    if checked.returncode == 0:
        write(aiplatform("comment", str(out), "--dry-run").stdout)
    return checked.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
