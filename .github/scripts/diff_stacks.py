"""Compare stacks with the base of a pull request: `diff_stacks.py BASE FILE`, which gets the JSON of `aiplatform diff`.

STACKS holds their names as a JSON list. The page of the job shows what the comment on the pull request says.
"""

import json
import os
import sys
from pathlib import Path

from changed_stacks import is_commit
from program import aiplatform
from summary import block, quoted, write

NO_STACK = {"version": 1, "before": "the base", "after": "the pull request", "fails": [], "stacks": []}
WRONG = 2


def main(base: str, file: str) -> int:
    """0; the status of `aiplatform diff` when it compares nothing. A stack that it cannot compare is a line of it."""
    stacks: list[str] = json.loads(os.environ["STACKS"])
    if not is_commit(base):
        write("There is no earlier commit to compare with.\n")
    if not stacks or not is_commit(base):
        Path(file).write_text(json.dumps(NO_STACK), encoding="utf-8")
        return 0
    chosen = [f"--stack={stack}" for stack in stacks]
    compared = aiplatform("diff", base, *chosen, "--format=json", f"--out={file}")
    with quoted():
        sys.stdout.write(f"{compared.stdout}{compared.stderr}")
    if compared.returncode >= WRONG or not Path(file).is_file():
        write("## Not compared\n\n" + block("Errors", compared.stderr, limit=100_000))
        return compared.returncode or 1
    write(aiplatform("comment", file, "--dry-run").stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
