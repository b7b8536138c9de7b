"""The report of every shipped stack in a browser: correct, complete, accessible and safe."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aiplatform.cost.pricer import bill
from aiplatform.finding import Finding
from aiplatform.first_up import first_up
from aiplatform.preview.plan import Plan, Resource
from aiplatform.report.page import LINES, page
from catalog.prices import load_prices
from tests.browser.conftest import Open, Written
from tests.components.base import settings_of
from tests.config.base import TODAY
from tests.parts.counts import proven

DESK, PHONE, PAPER = 1280, 390, 718
"""Widths in pixels; paper is A4 without a centimetre of margin at each side."""

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 at level AA, for text of any size."""

EVIL = """<script>document.title = 'taken'</script><img src=x onerror="alert(1)"> & "it's" {{ 1 + 1 }}"""


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_page_opens_from_disk_without_any_request(written: Written, open_page: Open) -> None:
    opened = open_page(written.report)
    opened.page.wait_for_load_state("networkidle")
    assert opened.requests == [written.report.as_uri()]
    assert opened.complaints == []
    proven("reports that opened in a browser")


def test_headline_figures_are_those_of_the_files(written: Written, open_page: Open) -> None:
    costs, findings, plan = (written.read(name) for name in ("cost.json", "findings.json", "plan.json"))
    shown = open_page(written.report).page
    assert shown.title().partition(": ")[0] == costs["stack"] == plan["stack"]
    first, second, third, _ = (_plain(text) for text in shown.locator(".card").all_inner_texts())
    assert first.startswith(f"{costs['monthly']:,.2f} {costs['currency']} a month")
    assert f"from {costs['minimum']:,.2f} to {costs['maximum']:,.2f}" in first
    counts = [sum(one["severity"] == severity for one in findings) for severity in ("error", "warning", "info")]
    assert second.startswith(" / ".join(map(str, counts)))
    assert int(third.split()[0]) + int(third.split()[2]) <= len(plan["resources"])


def test_shown_parts_of_the_bill_sum_to_the_total(written: Written, open_page: Open) -> None:
    rows = open_page(written.report).ask("rows", "costs")
    total = sum(float(expected.replace(",", "")) for *_, expected, _ in rows)
    assert total == pytest.approx(written.read("cost.json")["monthly"], abs=0.005 * (len(rows) + 1))


def test_largest_lines_of_the_bill_are_shown_with_their_price_and_the_rest_named(
    written: Written, open_page: Open
) -> None:
    lines = written.read("cost.json")["lines"]
    opened = open_page(written.report)
    opened.ask("open")
    rows = opened.page.get_by_role("table", name="The largest lines of the bill").locator("tbody tr")
    shown = [row.split("\t") for row in rows.all_inner_texts()]
    assert len(shown) == min(len(lines), LINES)
    known = {
        (line["urn"].rpartition("::")[2], line["item"], line["unit"], line["rate"], f"{line['monthly']:,.2f}")
        for line in lines
    }
    assert [row for row in shown if (row[0], row[1], row[3], float(row[4]), row[5]) not in known] == []
    # No rate has more digits than a person compares, and none is written as a power of ten.
    assert [row for row in shown if not re.fullmatch(r"\d+(\.\d{1,6})?", row[4])] == []
    left = len(lines) - len(shown)
    assert opened.page.get_by_text(f"{left} lines more").is_visible() == (left > 0)


def test_every_finding_is_visible_with_its_fix(written: Written, open_page: Open) -> None:
    findings = written.read("findings.json")
    rows = open_page(written.report).ask("rows", "findings") if findings else []
    assert [[_plain(cell) for cell in row] for row in rows] == [
        [
            one["severity"],
            _plain(f"{one['message']} {one['rule']}"),
            _plain(one["fix"]),
            one["urn"].rpartition("::")[2],
        ]
        for one in findings
    ]


def test_every_link_of_the_contents_scrolls_to_its_section(written: Written, open_page: Open) -> None:
    shown = open_page(written.report, script=False).page
    links = shown.get_by_role("navigation", name="Sections").get_by_role("link").all()
    assert len(links) == shown.locator("h2").count() > 0
    for link in links:
        link.click()
        target = shown.url.partition("#")[2]
        heading = shown.locator(f"h2[id='{target}']")
        assert heading.count() == 1, target
        # The last sections are too short to come to the top.
        place = heading.bounding_box()
        assert place is not None
        assert -1 < place["y"] <= 900 - place["height"]


def test_collapsed_sections_open_and_close_by_keyboard(written: Written, open_page: Open) -> None:
    opened = open_page(written.report)
    folded = opened.ask("closed")
    assert folded
    keyboard = opened.page.keyboard
    opened.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
    # What is opened brings what it holds into the order of the keyboard.
    for _ in range(opened.page.evaluate("document.querySelectorAll('summary, a, .scroll').length")):
        keyboard.press("Tab")
        if opened.page.evaluate("document.activeElement.matches('details:not([open]) > summary')"):
            keyboard.press("Enter")
    assert opened.ask("closed") == []
    opened.page.locator("summary").first.focus()
    keyboard.press("Space")
    assert len(opened.ask("closed")) == 1


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_page_stays_within_the_window_and_wide_tables_scroll(written: Written, open_page: Open, width: int) -> None:
    opened = open_page(written.report, width=width)
    assert opened.ask("outside") == []
    opened.ask("open")
    assert opened.ask("outside") == []
    assert opened.ask("crushed") == []


def test_numbers_of_tables_are_visible_on_a_phone(written: Written, open_page: Open) -> None:
    opened = open_page(written.report, width=PHONE)
    opened.ask("open")
    cells = opened.page.locator("td.number").all()
    assert cells
    places = [cell.bounding_box() for cell in cells]
    assert [place for place in places if place is None or place["x"] < 0 or place["x"] + place["width"] > PHONE] == []


def test_wide_picture_on_a_phone_scrolls_by_keyboard(written: Written, open_page: Open) -> None:
    shown = open_page(written.report, width=PHONE).page
    box = shown.locator("#architecture ~ .scroll").first
    assert box.evaluate("(one) => one.scrollWidth > one.clientWidth")
    box.focus()
    shown.keyboard.press("End")
    shown.keyboard.press("ArrowRight")
    # Scrolling is smooth.
    deadline = time.monotonic() + 10
    while not box.evaluate("(one) => one.scrollLeft"):
        assert time.monotonic() < deadline
        shown.wait_for_timeout(50)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_contrast_meets_the_accessibility_minimum(written: Written, open_page: Open, dark: bool) -> None:
    opened = open_page(written.report, dark=dark)
    ground = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") != dark
    opened.ask("open")
    _stands_out(opened.ask("contrasts", False))


def _stands_out(found: list[dict[str, Any]]) -> None:
    assert len(found) > 100
    assert [one for one in found if one["ratio"] < LEAST_CONTRAST] == []
    proven("texts whose contrast was measured", len(found))


def test_images_and_columns_have_accessible_names(written: Written, open_page: Open) -> None:
    opened = open_page(written.report)
    opened.ask("open")
    nodes = opened.page.context.new_cdp_session(opened.page).send("Accessibility.getFullAXTree")["nodes"]
    names: dict[str, list[str]] = {}
    for node in nodes:
        names.setdefault(node.get("role", {}).get("value", ""), []).append(node.get("name", {}).get("value", ""))
    pictures = opened.page.locator("svg, img, canvas").count()
    assert pictures == len(names["image"]) > 0
    for role in ("image", "columnheader", "link", "heading", "navigation", "table"):
        assert all(name.strip() for name in names[role]), (role, names[role])


def test_diagram_labels_end_within_their_shapes(written: Written, open_page: Open) -> None:
    assert open_page(written.report).ask("spilled") == []


@pytest.mark.parametrize("stack", ["offline", "pools"], ids=["networks", "node-pools"])
def test_long_diagram_labels_are_cut_and_have_a_tooltip(stack: str, tmp_path: Path, open_page: Open) -> None:
    settings = settings_of(stack)
    provider = _resource("pulumi:providers:aws", "aws", None, region="us-west-2")
    plan = Plan("project", stack, (provider,), {})
    costs = bill(plan, settings.costs, load_prices(), today=TODAY)
    file = tmp_path / "report.html"
    file.write_text(page(plan, settings, costs, (), first_up(plan)), encoding="utf-8")
    opened = open_page(file)
    assert opened.ask("spilled") == []
    texts = opened.page.locator("svg text").all_text_contents()
    cut = [text.split("…", 1) for text in texts if "…" in text]
    assert cut
    assert [shown for shown, whole in cut if not whole.startswith(shown)] == []


def test_page_without_javascript_is_the_same(written: Written, open_page: Open) -> None:
    plain, full = (open_page(written.report, script=script).page for script in (False, True))
    assert plain.inner_text("body") == full.inner_text("body")
    summary = plain.locator("summary", has_text="The largest lines of the bill")
    assert not plain.get_by_role("columnheader", name="Rate").is_visible()
    summary.click()
    assert plain.get_by_role("columnheader", name="Rate").is_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_print_shows_collapsed_sections_in_dark_ink(written: Written, open_page: Open, dark: bool) -> None:
    opened = open_page(written.report, width=PAPER, dark=dark)
    contents = opened.page.get_by_role("navigation").inner_text().split("\n")
    assert opened.ask("hidden")
    opened.page.emulate_media(media="print")
    # Links lead nowhere on paper.
    assert set(opened.ask("hidden")) <= set(contents)
    assert opened.page.evaluate(
        "[...document.querySelectorAll('.scroll')].every((one) => one.scrollWidth <= one.clientWidth)"
    )
    assert opened.ask("outside") == []
    assert opened.ask("crushed") == []
    _stands_out(opened.ask("contrasts", True))


def test_plan_values_are_text_and_run_nothing(tmp_path: Path, open_page: Open) -> None:
    file = tmp_path / "report.html"
    file.write_text(_evil_page(), encoding="utf-8")
    opened = open_page(file)
    assert opened.page.title() != "taken"
    assert opened.page.locator("script, img, iframe, object, embed, link").count() == 0
    assert opened.complaints == []
    assert opened.requests == [file.as_uri()]
    opened.ask("open")
    text = _plain(opened.page.inner_text("body"))
    assert "\\u00" not in text
    places = (
        f"finding's rule {EVIL}",
        f"finding's message {EVIL}",
        f"finding's fix {EVIL}",
        f"output {EVIL}",
        json.dumps({"key": f"a value {EVIL}"}),
        f"group {EVIL}",
        f"reason {EVIL}",
        f"role {EVIL}",
        f"user {EVIL}",
        f"statement {EVIL}",
        f"key {EVIL}",
        f"component {EVIL}",
        f"stack {EVIL}",
    )
    assert [place for place in places if place not in text] == []
    # A picture shows as much as there is room for, and the rest to whoever points at it.
    assert "node group <script>" in text
    assert any(f"node group {EVIL}: " in title for title in opened.page.locator("svg title").all_text_contents())


def test_content_security_policy_blocks_an_injected_script(tmp_path: Path, open_page: Open) -> None:
    file = tmp_path / "report.html"
    script = "<script>document.title = 'taken'</script>"
    file.write_text(_evil_page().replace("</body>", f"{script}</body>"), encoding="utf-8")
    opened = open_page(file)
    assert opened.page.locator("script").count() == 1
    assert opened.page.title() != "taken"
    assert "Content Security Policy" in "".join(opened.complaints)


def _evil_page() -> str:
    settings = settings_of("dev")
    groups = {f"node group {EVIL}": next(iter(settings.node_groups.values()))}
    stack = _resource("pulumi:pulumi:Stack", "stack", None)
    component = _resource("ai-platform:test:Test", f"component {EVIL}", stack)
    group = _resource("aws:ec2/securityGroup:SecurityGroup", "group", component, name=f"group {EVIL}")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": f"user {EVIL}"}}]}
    rights = {"Statement": [{"Effect": "Allow", "Sid": f"statement {EVIL}"}]}
    role = {"name": f"role {EVIL}", "assumeRolePolicy": json.dumps(trust)}
    door = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0", "description": f"reason {EVIL}"}
    rule = _resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", component, **door)
    resources = (
        _resource("pulumi:providers:aws", "aws", stack, region="us-west-2"),
        stack,
        component,
        group,
        replace(rule, dependencies=(group.urn,)),
        _resource("aws:iam/role:Role", "role", component, **role),
        _resource("aws:iam/rolePolicy:RolePolicy", "rights", component, role=role["name"], policy=json.dumps(rights)),
        _resource("aws:kms/key:Key", f"key {EVIL}", component),
    )
    outputs = {f"output {EVIL}": {"key": f"a value {EVIL}"}}
    plan = Plan("project", f"stack {EVIL}", resources, outputs)
    costs = bill(plan, settings.costs, load_prices(), today=TODAY)
    told = Finding(
        f"finding's rule {EVIL}", "error", resources[-1].urn, f"finding's message {EVIL}", f"finding's fix {EVIL}"
    )
    return page(plan, settings.model_copy(update={"node_groups": groups}), costs, (told,), first_up(plan))


def _resource(type_: str, name: str, parent: Resource | None, /, **inputs: Any) -> Resource:
    urn = f"urn:pulumi:stack::project::{type_}::{name}"
    return Resource(
        urn, type_, name, parent.urn if parent else None, None, (), inputs, custom=not type_.startswith("ai-platform:")
    )
