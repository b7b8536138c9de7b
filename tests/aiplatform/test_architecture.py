"""The picture of the architecture: complete, without overlaps, and safe for any value of a stack file."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from aiplatform.report.architecture import Architecture, Edge, Node, architecture
from aiplatform.report.drawing import Box, Drawing, drawing, mermaid, svg
from config.settings import Settings
from tests.components.base import SHIPPED, settings_of

EVIL = '"]</text><script>alert(1)</script> & #1'


def of(stack: str) -> Architecture:
    return architecture(settings_of(stack), stack, has_ingress=True)


def _made(*nodes: Node, edges: tuple[Edge, ...] = ()) -> Architecture:
    return Architecture("dev", "us-west-2", "VPC", "EKS", nodes, edges)


def calls(found: Architecture) -> set[tuple[str, str]]:
    return {(one.source, one.target) for one in found.edges}


def _apart(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def _within(inner: Box, outer: Box) -> bool:
    right, bottom = outer.x + outer.width, outer.y + outer.height
    return (
        outer.x <= inner.x
        and inner.x + inner.width <= right
        and outer.y <= inner.y
        and inner.y + inner.height <= bottom
    )


def _well_laid(shown: Drawing) -> None:
    boxes = list(shown.boxes.values())
    whole = Box(0, 0, shown.width, shown.height)
    assert all(_within(box, whole) for box in (*boxes, *(frame.box for frame in shown.frames)))
    assert all(_apart(one, other) for number, one in enumerate(boxes) for other in boxes[number + 1 :])
    for frame in shown.frames:
        # A lane leads through the borders of frames.
        held = [shown.boxes[key] for key in shown.nodes]
        assert all(_within(box, frame.box) or _apart(box, frame.box) for box in held), frame.title


@pytest.mark.parametrize("stack", SHIPPED)
def test_picture_of_a_stack_is_well_laid_and_has_all_that_runs(stack: str) -> None:
    settings, found = settings_of(stack), of(stack)
    keys = {node.key for node in found.nodes}
    sections = {
        "databases": settings.databases,
        "auroraClusters": settings.aurora_clusters,
        "caches": settings.caches,
        "fileSystems": settings.file_systems,
        "buckets": settings.buckets,
        "instances": settings.instances,
        "nodeGroups": settings.node_groups,
        "nodePools": settings.node_pools,
        "environments": settings.environments,
        "workloads": [one.path[1] for one in settings.workloads.wanted()],
    }
    assert {f"{section}.{key}" for section, held in sections.items() for key in held} <= keys
    shown = drawing(found)
    _well_laid(shown)
    ElementTree.fromstring(svg(shown, stack))  # noqa: S314, written here
    assert mermaid(found).count("[") == len(found.nodes) + mermaid(found).count("subgraph")


def test_every_other_region_has_a_frame_with_its_copies() -> None:
    stacks = [stack for stack in SHIPPED if settings_of(stack).other_regions()]
    assert stacks
    for stack in stacks:
        titles = {frame.title for frame in drawing(of(stack)).frames}
        wanted = {one.region for one in of(stack).nodes if one.place == "elsewhere"}
        assert {f"AWS {region}" for region in wanted} <= titles


def test_arrows_of_prod_are_the_calls_of_its_workloads() -> None:
    assert calls(of("prod")) == {
        ("users", "balancer"),
        ("operators", "api"),
        ("balancer", "workloads.mlflow"),
        ("workloads.mlflow", "databases.metadata"),
        ("workloads.mlflow", "buckets.artifacts"),
        ("workloads.vllm", "fileSystems.models"),
        ("tenants", "workloads.vllm"),
        ("tenants", "buckets.dumps"),
    }


def test_balancer_calls_a_workload_without_a_host_of_its_own() -> None:
    assert not list(settings_of("dev").workloads.mlflow.hosts())  # type: ignore[union-attr]
    assert ("balancer", "workloads.mlflow") in calls(of("dev"))


def test_environment_calls_the_stores_and_workloads_of_its_connections() -> None:
    found = calls(of("nemo"))
    assert {("environments.production", f"workloads.{key}") for key in ("kafka", "redis")} <= found
    assert ("environments.production", "databases.main") in found


def test_stack_without_ingress_has_no_users_in_its_picture() -> None:
    found = architecture(settings_of("dev"), "dev", has_ingress=False)
    assert {"users", "balancer"} & {node.key for node in found.nodes} == set()
    assert "balancer" not in {one.source for one in found.edges}


def test_thousand_tenants_are_one_box() -> None:
    settings = settings_of("lab")
    assert settings.tenants is not None
    many = settings.tenants.model_copy(update={"range": settings.tenants.range.model_copy(update={"last": 1000})})
    changed: Settings = settings.model_copy(update={"tenants": many})
    found = architecture(changed, "lab", has_ingress=True)
    (tenants,) = [node for node in found.nodes if node.key == "tenants"]
    assert re.fullmatch(r"\d{3,4} tenants", tenants.title)
    assert len(svg(drawing(found), "lab")) < 30_000


def test_boxes_beyond_a_column_are_one_that_names_them() -> None:
    buckets = [Node(f"buckets.{number}", "region", f"S3 {number}") for number in range(40)]
    edges = tuple(Edge("app", node.key) for node in buckets)
    shown = drawing(_made(Node("app", "cluster", "App"), *buckets, edges=edges))
    assert len(shown.nodes) == 15
    assert shown.nodes["more.region."].title == "27 more"
    assert shown.nodes["more.region."].text.startswith("S3 13, S3 14")
    assert len(shown.edges) == 14


def test_arrow_over_a_column_crosses_no_box() -> None:
    nodes = (Node("a", "people", "A"), Node("b", "edge", "B"), Node("c", "cluster", "C"), Node("d", "data", "D"))
    shown = drawing(_made(*nodes, edges=(Edge("a", "b"), Edge("b", "c"), Edge("c", "d"), Edge("a", "d"))))
    _well_laid(shown)
    (path,) = [line for line in svg(shown, "dev").splitlines() if "A → D" in line]
    levels = {int(y) for y in re.findall(r" (\d+) \d+ (?=\d+H)", path)} | {int(y) for y in re.findall(r" (\d+)H", path)}
    assert levels
    for key in ("b", "c"):
        box = shown.boxes[key]
        assert all(not box.y <= level <= box.y + box.height for level in levels)


def test_calls_in_a_circle_are_drawn() -> None:
    nodes = [Node(key, "cluster", key) for key in "abc"]
    shown = drawing(_made(*nodes, edges=(Edge("a", "b"), Edge("b", "c"), Edge("c", "a"))))
    _well_laid(shown)
    assert svg(shown, "dev").count('marker-end="url(#arrow)"') == 3


def test_values_of_a_stack_file_are_no_markup_in_a_picture() -> None:
    found = _made(Node("a", "cluster", EVIL, EVIL), Node("b", "data", EVIL), edges=(Edge("a", "b", EVIL),))
    found = replace(found, vpc=EVIL, cluster=EVIL, region=EVIL)
    drawn = svg(drawing(found), EVIL)
    assert "<script>" not in drawn
    titles = [one.text for one in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}title")]  # noqa: S314
    assert f"{EVIL}: {EVIL}" in titles
    chart = mermaid(found)
    assert "<script>" not in chart
    assert all(line.count('"') in {0, 2} for line in chart.splitlines())
