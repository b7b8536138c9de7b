"""The picture of an architecture as SVG and as Mermaid.

Columns from left to right: people, the border of the VPC, what runs in the cluster (callers left of those they call),
stores, the rest of the region, other regions. The boxes of Python's layout libraries have no frames within frames, and
those that have need a program that is no package, so that the columns are laid out here.
"""

import html
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiplatform.report.architecture import Architecture, Edge, Node, Place

WIDTH, HEIGHT, LANE, COLUMN_GAP, ROW_GAP = 232, 48, 10, 60, 16
"""Pixels of a box, of a lane for an arrow, and between boxes."""

_LANE = "~"

PAD, HEAD = 14, 22
"""Pixels around the boxes of a frame, and of its title."""

_TITLE, _TEXT = 27, 34
"""Letters that fit into a box."""

_MOST = 14
"""Boxes of a column; the others are one box."""

_COLOURS: Mapping[str, tuple[str, str]] = {
    "ink": ("#1d2430", "#e6eaf0"),
    "soft": ("#4b5563", "#b4c0d0"),
    "line": ("#c3cad5", "#465364"),
    "frame": ("#00000008", "#ffffff0a"),
    "people": ("#eef1f5", "#333c49"),
    "edge": ("#dbe7ff", "#22365e"),
    "cluster": ("#d9f2e3", "#1d4430"),
    "capacity": ("#fdeccf", "#553e15"),
    "data": ("#eadffb", "#3f2b62"),
    "region": ("#eadffb", "#3f2b62"),
    "elsewhere": ("#e7e9ee", "#333c49"),
}
"""On light and on dark ground; paper is light."""


def _style() -> str:
    light, dark = (" ".join(f"--a-{name}: {pair[side]};" for name, pair in _COLOURS.items()) for side in (0, 1))
    fills = " ".join(f".architecture .{name} {{ fill: var(--a-{name}) }}" for name in list(_COLOURS)[3:])
    return f"""
.architecture {{ {light} font: 12px system-ui, sans-serif }}
@media screen and (prefers-color-scheme: dark) {{ .architecture {{ {dark} }} }}
.architecture rect {{ stroke: var(--a-line) }} {fills}
.architecture text {{ fill: var(--a-ink) }} .architecture .title {{ font-weight: 600 }}
.architecture .text {{ font-size: 11px; fill: var(--a-soft) }}
.architecture path {{ fill: none; stroke: var(--a-soft); stroke-width: 1.2 }}
.architecture marker path {{ fill: var(--a-soft); stroke: none }}
"""


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Frame:
    """A box around others, with a title."""

    box: Box
    title: str


@dataclass(frozen=True)
class Drawing:
    """An architecture with the place of each box."""

    width: int
    height: int
    frames: tuple[Frame, ...]
    boxes: Mapping[str, Box]
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]


def drawing(of: Architecture) -> Drawing:
    """Lay out an architecture."""
    of = _folded(of)
    columns = _columns(of)
    boxes: dict[str, Box] = {}
    for number, column in enumerate(columns):
        top = PAD + 3 * (HEAD + PAD)
        for key in column:
            height = LANE if _LANE in key else HEIGHT
            boxes[key] = Box(PAD * 2 + number * (WIDTH + COLUMN_GAP), top, WIDTH, height)
            top += height + ROW_GAP
    below = max((box.y + box.height for box in boxes.values()), default=0) + ROW_GAP
    boxes |= _below(of, boxes, below)
    frames = tuple(_frames(of, boxes))
    every = [*boxes.values(), *(frame.box for frame in frames)]
    width, height = max(box.x + box.width for box in every) + PAD, max(box.y + box.height for box in every) + PAD
    return Drawing(width, height, frames, boxes, {node.key: node for node in of.nodes}, of.edges)


def _folded(of: Architecture) -> Architecture:
    """Return an architecture with one box for those that are too many for a column."""
    names: dict[str, str] = {}
    nodes: list[Node] = []
    by_place: dict[tuple[Place, str], list[Node]] = defaultdict(list)
    for node in of.nodes:
        by_place[node.place, node.region].append(node)
    for (place, region), here in by_place.items():
        shown = here if len(here) <= _MOST else here[: _MOST - 1]
        nodes += shown
        rest = here[len(shown) :]
        if rest:
            key = f"more.{place}.{region}"
            nodes.append(Node(key, place, f"{len(rest)} more", ", ".join(one.title for one in rest), region))
            names |= {one.key: key for one in rest}
    edges = (Edge(names.get(one.source, one.source), names.get(one.target, one.target), one.text) for one in of.edges)
    kept = dict.fromkeys(one for one in edges if one.source != one.target)
    return Architecture(of.stack, of.region, of.vpc, of.cluster, tuple(nodes), tuple(kept))


def _columns(of: Architecture) -> list[list[str]]:
    """Return the keys of nodes by column, in the order of their callers; callers are left of those that they call.

    An arrow over several columns has a lane in each of them, so that it crosses no box. Arrows to one node share it.
    """
    inside = [node for node in of.nodes if node.place == "cluster"]
    depth = _depths(inside, of.edges)
    places: list[list[Node]] = [[node for node in of.nodes if node.place == place] for place in ("people", "edge")]
    places += [[node for node in inside if depth[node.key] == level] for level in sorted(set(depth.values()))]
    places += [[node for node in of.nodes if node.place == place] for place in ("data", "region", "elsewhere")]
    columns = [[node.key for node in column] for column in places if column]
    level = {key: number for number, column in enumerate(columns) for key in column}
    regions = {node.key: node.region for node in of.nodes}
    callers: dict[str, list[str]] = defaultdict(list)
    for edge in of.edges:
        last = edge.source
        for number in range(level[edge.source] + 1, level[edge.target]):
            lane = f"{edge.target}{_LANE}{number}"
            if lane not in callers:
                columns[number].append(lane)
            callers[lane].append(last)
            last = lane
        callers[edge.target].append(last)
    row: dict[str, int] = {}
    for column in columns:
        rows = {key: [row[one] for one in callers[key] if one in row] for key in column}
        middle = {key: sum(found) / len(found) if found else float(len(row)) for key, found in rows.items()}
        column.sort(key=lambda key: (regions.get(key, ""), middle[key]))
        row |= {key: number for number, key in enumerate(column)}
    return columns


def _depths(inside: Sequence[Node], edges: Sequence[Edge]) -> dict[str, int]:
    """Return the longest chain of callers of each node; a circle ends it."""
    depth = {node.key: 0 for node in inside}
    for _ in inside:
        for one in edges:
            if one.source in depth and one.target in depth and depth[one.source] + 1 < len(depth):
                depth[one.target] = max(depth[one.target], depth[one.source] + 1)
    levels = sorted(set(depth.values()))
    return {key: levels.index(level) for key, level in depth.items()}


def _below(of: Architecture, boxes: Mapping[str, Box], top: int) -> dict[str, Box]:
    """Return the boxes of the machines, in rows below the cluster."""
    machines = [node for node in of.nodes if node.place == "capacity"]
    inside = [boxes[node.key] for node in of.nodes if node.place == "cluster"]
    left = min((box.x for box in inside), default=PAD * 2 + 2 * (WIDTH + COLUMN_GAP))
    right = max((box.x + box.width for box in inside), default=left + WIDTH)
    across = max(1, (right - left + ROW_GAP) // (WIDTH + ROW_GAP))
    return {
        node.key: Box(
            left + number % across * (WIDTH + ROW_GAP), top + number // across * (HEIGHT + ROW_GAP), WIDTH, HEIGHT
        )
        for number, node in enumerate(machines)
    }


def _frames(of: Architecture, boxes: Mapping[str, Box]) -> Iterator[Frame]:
    """Yield the frames, the outermost first."""

    def around(title: str, places: tuple[Place, ...], more: int, region: str = "") -> Iterator[Frame]:
        held = [boxes[one.key] for one in of.nodes if one.place in places and one.region == region]
        if held:
            pad, head = PAD + 4 * more, PAD + HEAD * (more + 1)
            left, top = min(box.x for box in held) - pad, min(box.y for box in held) - head
            right, bottom = max(box.x + box.width for box in held) + pad, max(box.y + box.height for box in held) + pad
            yield Frame(Box(left, top, right - left, bottom - top), title)

    yield from around(f"AWS {of.region}", ("edge", "cluster", "capacity", "data", "region"), 2)
    yield from around(of.vpc, ("edge", "cluster", "capacity", "data"), 1)
    yield from around(of.cluster, ("cluster", "capacity"), 0)
    for region in sorted({node.region for node in of.nodes if node.region}):
        yield from around(f"AWS {region}", ("elsewhere",), 0, region)


def svg(shown: Drawing, title: str) -> str:
    """Return a drawing as SVG that needs no other file."""
    return "".join(_svg(shown, title))


def _svg(shown: Drawing, title: str) -> Iterator[str]:
    size = f'width="{shown.width}" height="{shown.height}" viewBox="0 0 {shown.width} {shown.height}"'
    name = html.escape(title)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" class="architecture" role="img" aria-label="{name}" {size}>\n'
    yield f"<title>{name}</title><style>{_style()}</style>\n"
    yield '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    yield '<path d="M0 0 8 4 0 8Z"/></marker></defs>\n'
    for frame in shown.frames:
        box = frame.box
        yield f"<g><title>{html.escape(frame.title)}</title>{_rectangle('frame', box)}"
        shortened = _short(frame.title, box.width // 8)
        yield f'<text class="title" x="{box.x + 10}" y="{box.y + 16}">{shortened}</text></g>\n'
    for edge in shown.edges:
        said = html.escape(f"{shown.nodes[edge.source].title} → {shown.nodes[edge.target].title} {edge.text}".strip())
        path = _path(shown, edge)
        yield f'<path d="{path}" marker-end="url(#arrow)"><title>{said}</title></path>\n'
    for key, node in shown.nodes.items():
        box = shown.boxes[key]
        yield f"<g><title>{html.escape(f'{node.title}: {node.text}'.removesuffix(': '))}</title>"
        yield _rectangle(node.place, box)
        yield f'<text class="title" x="{box.x + 9}" y="{box.y + 20}">{_short(node.title, _TITLE)}</text>'
        if node.text:
            yield f'<text class="text" x="{box.x + 9}" y="{box.y + 37}">{_short(node.text, _TEXT)}</text>'
        yield "</g>\n"
    yield "</svg>\n"


def _rectangle(kind: str, box: Box) -> str:
    return f'<rect class="{kind}" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="5"/>'


def _short(text: str, most: int) -> str:
    """Return a text as it is shown, with the whole as its tooltip where that is cut."""
    if len(text) <= most:
        return html.escape(text)
    return f"{html.escape(text[: most - 1])}…<title>{html.escape(text)}</title>"


def _path(shown: Drawing, edge: Edge) -> str:
    """Return an arrow from the right side of a box to the left side of another; around them within a column."""
    source, target = shown.boxes[edge.source], shown.boxes[edge.target]
    x, y = source.x + source.width, source.y + source.height // 2
    end = target.y + target.height // 2
    if target.x <= source.x:
        left = target.x + target.width
        return f"M{x} {y}C{x + 44} {y} {left + 44} {end} {left} {end}"
    lanes = [shown.boxes[key] for key in shown.boxes if key.startswith(f"{edge.target}{_LANE}")]
    path = f"M{x} {y}"
    for box in sorted((one for one in (*lanes, target) if one.x > source.x), key=lambda one: one.x):
        bend, middle = (box.x - x) // 2, box.y + box.height // 2
        path += f"C{x + bend} {y} {box.x - bend} {middle} {box.x} {middle}"
        x, y = box.x + box.width, middle
        path += f"H{x}" if box is not target else ""
    return path


def mermaid(of: Architecture) -> str:
    """Return an architecture as a flowchart of Mermaid: https://mermaid.js.org/syntax/flowchart.html"""
    return "\n".join(_mermaid(of)) + "\n"


def _mermaid(of: Architecture) -> Iterator[str]:
    names = {node.key: f"n{number}" for number, node in enumerate(of.nodes)}

    def listed(places: tuple[Place, ...], indent: str, region: str = "") -> Iterator[str]:
        for node in of.nodes:
            if node.place in places and node.region == region:
                text = f"<br/>{_quoted(node.text)}" if node.text else ""
                yield f'{indent}{names[node.key]}["{_quoted(node.title)}{text}"]'

    yield "flowchart LR"
    yield from listed(("people",), "  ")
    yield f'  subgraph region["AWS {_quoted(of.region)}"]'
    yield f'    subgraph vpc["{_quoted(of.vpc)}"]'
    yield from listed(("edge", "data"), "      ")
    yield f'      subgraph cluster["{_quoted(of.cluster)}"]'
    yield from listed(("cluster", "capacity"), "        ")
    yield from ("      end", "    end")
    yield from listed(("region",), "    ")
    yield "  end"
    for number, region in enumerate(sorted({node.region for node in of.nodes if node.region})):
        yield f'  subgraph other{number}["AWS {_quoted(region)}"]'
        yield from listed(("elsewhere",), "    ", region)
        yield "  end"
    for edge in of.edges:
        text = f'|"{_quoted(edge.text)}"|' if edge.text else ""
        yield f"  {names[edge.source]} -->{text} {names[edge.target]}"


def _quoted(text: str) -> str:
    """Return a text for a quoted label, in which nothing is markup."""
    plain = " ".join(text.split())
    return (
        plain.replace("#", "#35;").replace("&", "#38;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    )
