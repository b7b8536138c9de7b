"""Report on one issue whether a stack differs from its stack file: `drift_issue.py STACK OUTCOME`.

OUTCOME is that of the checks: `success` closes the issue, anything else opens it or comments on it.
"""

import json
import os
import subprocess
import sys


def main(stack: str, outcome: str) -> int:
    """Write the issue with the program of GitHub; 0 if that worked."""
    title = f"The stack {stack} differs from its stack file, or cannot be checked"
    server, repository, run = (os.environ[name] for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"))
    link = f"{server}/{repository}/actions/runs/{run}"
    number = _open_issue(title)
    if outcome == "success":
        if number is not None:
            _gh("issue", "close", number, "--comment", f"No difference: {link}")
        return 0
    text = f"The checks failed: {link}\n\nIf someone changed {stack} by hand, `pulumi up` restores the stack file."
    if number is None:
        _gh("issue", "create", "--title", title, "--body", text)
    else:
        _gh("issue", "comment", number, "--body", text)
    return 0


def _open_issue(title: str) -> str | None:
    """Return the number of the open issue with exactly this title that a workflow wrote."""
    words = ["--state", "open", "--app", "github-actions", "--limit", "1000", "--json", "number,title"]
    found = json.loads(_gh("issue", "list", *words))
    return next((str(one["number"]) for one in found if one["title"] == title), None)


def _gh(*words: str) -> str:
    return subprocess.run(["gh", *words], stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
