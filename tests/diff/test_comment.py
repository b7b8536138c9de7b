"""`aiplatform comment`: one comment on a pull request, from a file that nobody trusts."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aiplatform.cli.comment import LIMIT, MARK, comment
from aiplatform.cli.main import app
from aiplatform.diff.difference import Difference, Part
from aiplatform.diff.formats import Comparison, as_json
from aiplatform.diff.line import Line
from tests.each import each

HOSTILE = "</details> @team [a](http://b) <img src=x>"
RUN = "https://github.com/owner/platform/actions/runs/7"


def document(*lines: Line, headline: str = "1 error", title: str = "Lost or interrupted") -> str:
    stack = Difference("dev", None, None, (Part(title, lines),), headline=headline)
    return as_json(Comparison("main", "head", (stack,)))


@dataclass
class GitHub:
    """The requests of GitHub's API that a comment needs."""

    url: str = ""
    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        self.asked.append(f"{method} {path}")
        if method == "POST" and body is not None:
            one = {"id": len(self.comments) + 1, "user": {"login": "github-actions[bot]"}, **body}
            self.comments.append(one)
            return one
        if method == "PATCH" and body is not None:
            (found,) = [one for one in self.comments if path.endswith(f"/{one['id']}")]
            found.update(body)
            return found
        if "/pulls?" in path:
            return self.pulls
        page = int(path.rpartition("page=")[2])
        return self.comments[(page - 1) * 100 : page * 100]


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    cloud = GitHub(pulls=[{"number": 3, "head": {"sha": "old"}}, {"number": 4, "head": {"sha": "abc"}}])

    class Handler(http.server.BaseHTTPRequestHandler):
        def _do(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(size)) if size else None
            answer = json.dumps(cloud.answer(self.command, self.path, body)).encode()
            self.send_response(200 if self.headers["Authorization"] == "Bearer secret" else 401)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PATCH = _do  # noqa: N815, the names of the base class

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    event = tmp_path / "event.json"
    owner = {"owner": {"login": "fork"}}
    run_ = {"html_url": RUN, "head_sha": "abc", "head_branch": "topic", "head_repository": owner}
    event.write_text(json.dumps({"workflow_run": run_}), encoding="utf-8")
    cloud.url = f"http://127.0.0.1:{server.server_address[1]}"
    given = {"GITHUB_API_URL": cloud.url, "GITHUB_TOKEN": "secret", "GITHUB_REPOSITORY": "owner/platform"}
    for name, value in {**given, "GITHUB_EVENT_PATH": str(event)}.items():
        monkeypatch.setenv(name, value)
    yield cloud
    server.shutdown()
    server.server_close()


def run(file: Path, content: str, *words: str) -> tuple[int, str]:
    file.write_text(content, encoding="utf-8")
    done = CliRunner().invoke(app, ["comment", str(file), *words])
    return done.exit_code, done.stdout + done.stderr


def test_second_push_updates_the_comment_of_the_first(github: GitHub, tmp_path: Path) -> None:
    first = run(tmp_path / "diff.json", document(headline="1 error"))
    second = run(tmp_path / "diff.json", document(headline="2 errors"))

    assert (first, second) == ((0, "written: the comment on #4\n"), (0, "updated: the comment on #4\n"))
    (only,) = github.comments
    assert "## dev: 2 errors" in only["body"]
    assert only["body"].startswith(MARK)


def test_pull_request_of_a_fork_is_found_by_its_branch(github: GitHub, tmp_path: Path) -> None:
    run(tmp_path / "diff.json", document())

    assert "GET /repos/owner/platform/pulls?state=open&head=fork%3Atopic&per_page=100" in github.asked


def test_commit_that_is_no_longer_the_head_gets_no_comment(github: GitHub, tmp_path: Path) -> None:
    github.pulls = [{"number": 4, "head": {"sha": "newer"}}]

    assert run(tmp_path / "diff.json", document())[0] == 0
    assert github.comments == []


def test_comment_of_a_user_with_the_same_first_line_is_kept(github: GitHub, tmp_path: Path) -> None:
    github.comments = [{"id": 9, "user": {"login": "fork"}, "body": MARK}]

    run(tmp_path / "diff.json", document())

    assert [one["body"] == MARK for one in github.comments] == [True, False]


def test_comment_behind_a_hundred_others_is_found(github: GitHub, tmp_path: Path) -> None:
    run(tmp_path / "diff.json", document())
    github.comments = [{"id": n + 100, "user": {"login": "a"}, "body": "hi"} for n in range(120)] + github.comments

    assert run(tmp_path / "diff.json", document())[1] == "updated: the comment on #4\n"


def test_rejected_token_ends_with_3(github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert github.url
    monkeypatch.setenv("GITHUB_TOKEN", "other")

    status, said = run(tmp_path / "diff.json", document())

    assert (status, "GitHub rejects GET /repos/owner/platform/pulls: 401" in said) == (3, True)


def test_long_difference_is_cut_with_a_link() -> None:
    lines = [Line(f"s3 Bucket {number}", "x" * 100, "info") for number in range(2_000)]
    body = comment([document(*lines, title="Resources")], RUN)

    assert LIMIT - 500 < len(body) <= LIMIT
    assert body.count("<details>") == body.count("</details>") == 1
    assert body.endswith(f"more lines.\n[All of it]({RUN})")


@each("digest, shown", [("sha256:" + 64 * "a", True), ("sha256:a", False), ("<b>", False), ("", False)])
def test_comment_shows_the_digest_of_the_plan_alone(digest: str, shown: bool) -> None:
    stack = Difference("dev", None, None, (), headline="no difference", digest=digest)
    body = comment([as_json(Comparison("main", "head", (stack,)))], RUN)
    assert (f"<sub>Plan of dev: {digest}</sub>" in body, "Plan of" in body) == (shown, shown)


def test_untrusted_file_writes_no_markup() -> None:
    line = Line(HOSTILE, HOSTILE, "error", fix=HOSTILE, source="https://a.example/) [x](http://evil")
    body = comment([document(line, headline=HOSTILE, title=HOSTILE)], 'https://x"><script>')

    assert "<img" not in body.replace(r"\<img", "")
    assert "</details>" not in body.replace(r"\</details", "")
    assert "[source]" not in body
    assert "script" not in body
    assert "@team" not in body


@each(
    "content",
    ["", "[]", "{}", '{"version": 1}', document().replace('"version": 1', '"version": 2'),
     document(Line("a", "b", "info")).replace('"info"', '"<b>"')],
)  # fmt: skip
def test_file_that_is_no_difference_ends_with_2(tmp_path: Path, content: str) -> None:
    status, said = run(tmp_path / "diff.json", content, "--dry-run")

    assert (status, "is no output of aiplatform diff --format json" in said) == (2, True)


def test_comment_outside_a_workflow_requires_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_EVENT_PATH", "GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    assert run(tmp_path / "diff.json", document())[0] == 2
    assert run(tmp_path / "diff.json", document(), "--dry-run")[1].startswith(MARK)
