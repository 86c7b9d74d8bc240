"""A graph as Mermaid's text, which GitHub and GitLab draw in a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.review.picture.drawing import draw
from ecs_blocks.review.picture.folding import folded
from ecs_blocks.review.picture.graph import SIGNS, Area, Mark, css_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.model import StackReview
    from ecs_blocks.review.picture.graph import Graph, Node
    from ecs_blocks.review.side import Pair

_CLASSES: Final = {
    Mark.ADDED: ("added", "fill:#dafbe1,stroke:#1a7f37,stroke-width:2px,color:#0b3d1a"),
    Mark.CHANGED: ("changed", "fill:#fff8c5,stroke:#9a6700,stroke-width:2px,color:#4d3300"),
    Mark.REVISION: ("revision", "fill:#fff8c5,stroke:#9a6700,color:#4d3300"),
    Mark.MAYBE_REPLACED: (
        "maybe",
        "fill:#ffebe9,stroke:#cf222e,stroke-dasharray:5 3,color:#6e0e16",
    ),
    Mark.REPLACED: ("replaced", "fill:#ffebe9,stroke:#cf222e,stroke-width:3px,color:#6e0e16"),
    Mark.REMOVED: ("removed", "fill:#f6f8fa,stroke:#cf222e,stroke-dasharray:5 3,color:#6e0e16"),
}
_PLAIN: Final = "fill:#f6f8fa,stroke:#8c959f,color:#1f2328"
_FRAME: Final = "fill:none,stroke:#8c959f"
"""Of what nothing happens to: Mermaid's own colours look like marks."""
_UNSAFE: Final = re.compile(r"[^\w .:/*@+~!?(),=-]")


def mermaid(pair: Pair, review: StackReview) -> str:
    """The stack as a flowchart from top to bottom, without the fence around it."""
    return "\n".join(_lines(folded(draw(pair, review))))


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart TB"
    names = {node.key: f"n{number}" for number, node in enumerate(graph.nodes)}
    areas = [area for area in Area if any(node.area is area for node in graph.nodes)]
    for area in areas:
        yield f'  subgraph {css_class(area)}["{area.value}"]'
        for node in graph.nodes:
            if node.area is area:
                yield f'    {names[node.key]}["{_label(node)}"]'
        yield "  end"
    for edge in graph.edges:
        yield f"  {names[edge.source]} --> {names[edge.target]}"
    yield f"  classDef default {_PLAIN}"
    if areas:
        yield f"  classDef area {_FRAME}"
        yield f"  class {','.join(map(css_class, areas))} area"
    for mark, (name, style) in _CLASSES.items():
        marked = [names[node.key] for node in graph.nodes if node.mark is mark]
        if marked:
            yield f"  classDef {name} {style}"
            yield f"  class {','.join(marked)} {name}"


def _label(node: Node) -> str:
    lines = [_escaped(node.heading), _escaped(node.subtitle)]
    if node.mark is not Mark.NONE:
        lines.append(f"{SIGNS[node.mark]} {node.mark.value}")
    if node.note:
        lines.append(node.note)
    return "<br/>".join(lines)


def _escaped(text: str) -> str:
    """Whatever Mermaid or Markdown could read as their own becomes a numeric entity."""
    return _UNSAFE.sub(lambda found: f"#{ord(found.group())};", text)
