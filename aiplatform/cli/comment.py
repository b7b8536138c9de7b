"""`aiplatform comment`: one comment on a pull request, written by a workflow that runs no code of the pull request.

The workflow gets a file from a run for the pull request, which can be of a fork: nothing in it is trusted. It is read
as JSON, and every text in it is escaped. The pull request is found by the event of GitHub, not by the file.
"""

import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import typer

from aiplatform.cli.check_preview import content
from aiplatform.diff.difference import Difference
from aiplatform.diff.formats import Comparison, markdown, read
from aiplatform.errors import AccessError, CallError
from catalog.aws.aws_type import Json

LIMIT = 60_000
"""Characters of a comment, of which GitHub takes 65,536."""

MARK = "<!-- aiplatform diff -->"
"""The first line of the comment, by which the next run finds it."""

_AUTHOR = "github-actions[bot]"
_SECONDS = 30
_PAGE = 100


def write_comment(file: Path, previews: Sequence[Path] = (), *, dry_run: bool) -> None:
    """Write or update the comment; with `dry_run`, print it. `previews` are outputs of `aiplatform check-preview`.

    Raises:
        CallError: the file or the event of the workflow is invalid.
        AccessError: GitHub rejects a request.
    """
    event = {} if dry_run else _event()
    run = event.get("workflow_run", {})
    body = comment([content(one) for one in (file, *previews)], str(run.get("html_url", "")))
    if dry_run:
        typer.echo(body)
        return
    repository = os.environ["GITHUB_REPOSITORY"]
    number = _pull_request(repository, run)
    if number is None:
        typer.echo("no open pull request has this commit any more; nothing is written")
        return
    found = _own_comment(repository, number)
    if found is None:
        _ask("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body})
    else:
        _ask("PATCH", f"/repos/{repository}/issues/comments/{found}", {"body": body})
    typer.echo(f"{'written' if found is None else 'updated'}: the comment on #{number}")


def comment(contents: Sequence[str], link: str) -> str:
    """Return the text of the comment from the JSON of `aiplatform diff` and of previews, cut with a link to the
    whole."""
    where = link if re.fullmatch(r"https://[\w./:-]+", link, re.ASCII) else ""
    footer = f"\n[All of it]({where})" if where else ""
    body = f"{MARK}\n{markdown(_joined(list(map(read, contents)))).rstrip()}"
    if len(body) + len(footer) <= LIMIT:
        return body + footer
    lines = body.split("\n")
    room = LIMIT - len(footer) - 200
    shown: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    opened = sum(line.startswith("<details>") for line in shown) - sum(line == "</details>" for line in shown)
    closing = "\n\n</details>" * opened
    return "\n".join(shown) + f"{closing}\n\n**Cut:** {len(lines) - len(shown)} more lines.{footer}"


def _joined(found: Sequence[Comparison]) -> Comparison:
    """Return the first comparison, in which each stack also has the sections of the others."""
    first, *others = found

    def whole(stack: Difference) -> Difference:
        more = [part for other in others for one in other.stacks if one.stack == stack.stack for part in one.parts]
        return replace(stack, parts=(*stack.parts, *more))

    return replace(first, stacks=tuple(map(whole, first.stacks)))


def _event() -> Mapping[str, Json]:
    """Return the event of the workflow."""
    missing = [name for name in ("GITHUB_EVENT_PATH", "GITHUB_REPOSITORY", "GITHUB_TOKEN") if not os.environ.get(name)]
    if missing:
        raise CallError(f"{', '.join(missing)}: not set; it runs in a workflow of GitHub, or with --dry-run")
    found: Mapping[str, Json] = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    if "workflow_run" not in found:
        raise CallError("the event is no workflow_run")
    return found


def _pull_request(repository: str, run: Mapping[str, Json]) -> int | None:
    """Return the open pull request of the run's commit. GitHub names none for a fork, so it is found by its branch."""
    head = f"{run['head_repository']['owner']['login']}:{run['head_branch']}"
    query = urllib.parse.urlencode({"state": "open", "head": head, "per_page": _PAGE})
    found = _ask("GET", f"/repos/{repository}/pulls?{query}")
    return next((int(one["number"]) for one in found if one["head"]["sha"] == run["head_sha"]), None)


def _own_comment(repository: str, number: int) -> int | None:
    """Return the comment that an earlier run wrote; a user's comment with the same first line is none."""
    for one in _pages(f"/repos/{repository}/issues/{number}/comments"):
        if one["user"]["login"] == _AUTHOR and str(one["body"]).startswith(MARK):
            return int(one["id"])
    return None


def _pages(path: str) -> Iterator[Mapping[str, Json]]:
    page = 1
    while found := _ask("GET", f"{path}?per_page={_PAGE}&page={page}"):
        yield from found
        if len(found) < _PAGE:
            return
        page += 1


def _ask(method: str, path: str, body: Mapping[str, Json] | None = None) -> Json:
    """Return the answer of GitHub's API: https://docs.github.com/en/rest"""
    url = os.environ.get("GITHUB_API_URL", "https://api.github.com") + path
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise CallError("GITHUB_API_URL: is no https address")
    request = urllib.request.Request(  # noqa: S310, checked above
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310, checked above
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AccessError(f"GitHub rejects {method} {path.partition('?')[0]}: {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise AccessError(f"GitHub does not answer: {error.reason}") from error
