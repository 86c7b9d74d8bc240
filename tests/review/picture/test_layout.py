"""Where boxes stand."""

from __future__ import annotations

from itertools import combinations

import pytest

from ecs_blocks.review.picture.graph import Edge, Graph
from ecs_blocks.review.picture.layout import BOX_HEIGHT, BOX_WIDTH, BOXES_ACROSS, laid_out
from tests.review.picture.drawn import box, graph, rows

WIDEST = 1300
FAN = Graph(
    title="x",
    nodes=tuple(box(f"b{n}") for n in range(13)),
    edges=tuple(Edge("b0", f"b{n}") for n in range(1, 13)),
)
GRAPHS = {
    "empty": graph(""),
    "one": graph("a"),
    "alone": graph("a b c d e f g"),
    "chain": graph("a b c", "ab bc"),
    "diamond": graph("a b c d", "ab ac bd cd"),
    "long arrow": graph("a b c d", "ab bc cd ad"),
    "circle": graph("a b c", "ab bc ca"),
    "both ways": graph("a b", "ab ba"),
    "fan": FAN,
    "groups": graph("a b c d e f g", "ab cd"),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_no_box_stands_on_another_or_outside(name: str) -> None:
    found = laid_out(GRAPHS[name])

    assert set(found.corners) == {node.key for node in GRAPHS[name].nodes}
    for one, other in combinations(found.corners.values(), 2):
        apart = abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
        assert apart, name
    for corner in found.corners.values():
        assert 0 <= corner.x <= found.width - BOX_WIDTH
        assert 0 <= corner.y <= found.height - BOX_HEIGHT
    for bends in found.bends.values():
        assert all(0 <= p.x <= found.width and 0 <= p.y <= found.height for p in bends)


@pytest.mark.parametrize("name", GRAPHS)
def test_no_arrow_runs_through_a_box(name: str) -> None:
    found = laid_out(GRAPHS[name])
    for bends in found.bends.values():
        for point in bends:
            for corner in found.corners.values():
                inside_x = corner.x < point.x < corner.x + BOX_WIDTH
                assert not (inside_x and corner.y <= point.y <= corner.y + BOX_HEIGHT)


@pytest.mark.parametrize("name", GRAPHS)
def test_it_is_no_wider_than_a_screen(name: str) -> None:
    assert laid_out(GRAPHS[name]).width <= WIDEST


@pytest.mark.parametrize("name", GRAPHS)
def test_the_same_graph_gets_the_same_places(name: str) -> None:
    assert laid_out(GRAPHS[name]) == laid_out(GRAPHS[name])


def test_arrows_point_down() -> None:
    assert rows(laid_out(GRAPHS["diamond"])) == [["a"], ["b", "c"], ["d"]]


def test_a_chain_is_straight() -> None:
    found = laid_out(GRAPHS["chain"])

    assert len({corner.x for corner in found.corners.values()}) == 1


def test_a_layer_of_many_boxes_is_wrapped() -> None:
    found = rows(laid_out(FAN))

    assert found[0] == ["b0"]
    assert [len(row) for row in found[1:]] == [4, 4, 4]
    assert max(map(len, found)) <= BOXES_ACROSS


def test_an_arrow_past_a_row_bends_around_its_boxes() -> None:
    found = laid_out(GRAPHS["long arrow"])

    assert len(found.bends[Edge("a", "d")]) == 4  # at the top and the bottom of two rows
    assert found.bends[Edge("a", "b")] == ()


def test_boxes_without_arrows_stand_in_rows() -> None:
    assert [len(row) for row in rows(laid_out(GRAPHS["alone"]))] == [5, 2]
