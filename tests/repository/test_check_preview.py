"""The preview of a stack beside its difference, on the page of the job and as a file for the comment."""

import json
from pathlib import Path

from tests.repository.base import Checkout

BUCKET = "urn:pulumi:dev::ai-platform::aws:s3/bucket:Bucket::models"
DIFFERENCE = {
    "version": 1,
    "before": "main",
    "after": "head",
    "fails": [],
    "stacks": [{"stack": "dev", "headline": "", "notes": [], "sections": [], "steps": {BUCKET: "update"}}],
}


def checked(checkout: Checkout, *events: object) -> tuple[int, Path]:
    folder = checkout.folder.parent
    (folder / "difference").mkdir()
    (folder / "difference" / "diff.json").write_text(json.dumps(DIFFERENCE), encoding="utf-8")
    if events:
        (folder / "events.json").write_text("\n".join(map(json.dumps, events)), encoding="utf-8")
    run = checkout.run("check_preview.py", "dev", str(folder))
    return run.returncode, folder / "preview.json"


def test_preview_is_shown_and_kept_for_the_comment(checkout: Checkout) -> None:
    event = {"resourcePreEvent": {"metadata": {"op": "replace", "urn": BUCKET}}}
    status, file = checked(checkout, {"preludeEvent": {}}, event, {"summaryEvent": {}})
    assert status == 0
    (stack,) = json.loads(file.read_text(encoding="utf-8"))["stacks"]
    (section,) = stack["sections"]
    assert section["lines"][0]["text"] == "pulumi preview: replace; difference without credentials: update"
    assert "pulumi preview: replace" in checkout.summary


def test_stack_without_state_has_no_preview(checkout: Checkout) -> None:
    status, file = checked(checkout)
    assert (status, file.exists(), checkout.summary) == (0, False, "")


def test_file_that_is_no_preview_fails(checkout: Checkout) -> None:
    assert checked(checkout, {"preludeEvent": {}}, {"cancelEvent": {}})[0] == 2
