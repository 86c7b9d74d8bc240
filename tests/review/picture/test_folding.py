"""Many boxes become few, and what changes stays to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.review.picture.drawing import draw
from ecs_blocks.review.picture.folding import MAX_NODES, folded
from ecs_blocks.review.picture.graph import Area, Edge, Graph, Mark
from tests.review.large import large
from tests.review.picture.drawn import box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.review.picture.graph import Node


def _graph(nodes: Sequence[Node], *edges: tuple[str, str]) -> Graph:
    return Graph(title="x", nodes=tuple(nodes), edges=tuple(Edge(*one) for one in edges))


def _alarm(key: str, mark: Mark = Mark.NONE) -> Node:
    return box(key, kind="alarm", area=Area.WATCH, mark=mark)


def _told(graph: Graph) -> list[tuple[str, str]]:
    return [(node.heading, node.subtitle) for node in graph.nodes]


def test_alarms_to_which_the_same_happens_are_one_box() -> None:
    nodes = [
        box("service"),
        *(_alarm(f"a{n}") for n in range(4)),
        _alarm("new", Mark.ADDED),
    ]
    edges = [("service", node.key) for node in nodes[1:]]
    found = folded(_graph(nodes, *edges))

    assert _told(found) == [
        ("service", "service"),
        ("4 alarms", "logs and alarms"),
        ("new", "alarm"),
    ]
    assert found.nodes[1].ids == ("a0", "a1", "a2", "a3")
    assert found.edges == (Edge("service", "a0"), Edge("service", "new"))


def test_two_of_a_kind_stay_apart() -> None:
    graph = _graph([_alarm("a"), _alarm("b")])

    assert folded(graph) == graph


def test_records_of_one_name_are_one_box() -> None:
    records = [box(key, title="hoge.example.com", kind="record") for key in ("A", "AAAA")]

    assert _told(folded(_graph(records))) == [("hoge.example.com", "2 records")]


def test_what_is_folded_twice_is_counted_once() -> None:
    records = [
        box(f"{name}{kind}", title=f"{name}.example.com", kind="record", area=Area.TRAFFIC)
        for name in map(str, range(20))
        for kind in ("A", "AAAA")
    ]
    found = folded(_graph(records), max_nodes=10)

    assert _told(found) == [("40 records", "traffic")]


def test_a_small_picture_is_not_folded() -> None:
    graph = _graph([box(f"s{n}") for n in range(MAX_NODES)])

    assert folded(graph) == graph


def test_what_changes_stays_apart_from_what_does_not() -> None:
    nodes = [box(f"s{n}", mark=Mark.CHANGED if n == 7 else Mark.NONE) for n in range(40)]
    found = folded(_graph(nodes))

    assert _told(found) == [("39 services", "compute"), ("s7", "service")]
    assert [node.mark for node in found.nodes] == [Mark.NONE, Mark.CHANGED]


def test_families_are_recognised_by_what_they_hang_on() -> None:
    parents = [box("p", kind="cluster"), box("q", kind="queue")]
    children = [box(f"{parent}{n}") for parent in "pq" for n in range(20)]
    found = folded(_graph([*parents, *children], *((one.key[0], one.key) for one in children)))

    assert [node.heading for node in found.nodes] == ["p", "q", "20 services", "20 services"]
    assert found.edges == (Edge("p", "p0"), Edge("q", "q0"))


def test_even_if_everything_changes_it_can_be_read() -> None:
    kinds = [f"kind{n}" for n in range(100)]
    nodes = [box(f"{kind}-{n}", kind=kind, mark=Mark.CHANGED) for kind in kinds for n in range(3)]
    found = folded(_graph(nodes))

    assert _told(found) == [("300 resources", "compute")]


def test_162_resources() -> None:
    review, pairs = large()
    graph = draw(pairs[-1], review.stacks[-1])
    found = folded(graph)
    changing = {one.logical_id for one in review.stacks[-1].changes}

    assert len(graph.nodes) > 120
    assert len(found.nodes) <= 1.5 * MAX_NODES
    assert {one for node in found.nodes for one in node.ids} == {
        one for node in graph.nodes for one in node.ids
    }
    assert {mark for node in graph.nodes if (mark := node.mark)} == {
        mark for node in found.nodes if (mark := node.mark)
    }
    # the balancer that is replaced stands by itself
    assert [node.ids[0] for node in found.nodes if node.heading == "ALB, internal"] == [
        "BasketLoadBalancer"
    ]
    assert all(changing & set(node.ids) for node in found.nodes if node.mark is not Mark.NONE)
