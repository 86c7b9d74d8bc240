"""The picture as SVG: XML that says in words what it shows."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.picture.drawing import draw
from ecs_blocks.review.picture.folding import folded
from ecs_blocks.review.picture.graph import Graph, Mark
from ecs_blocks.review.picture.mermaid import mermaid
from ecs_blocks.review.picture.svg import described, svg
from ecs_blocks.review.side import Side
from ecs_blocks.templates.read import read_template
from tests.checks.test_odd_input import ODD, places
from tests.review.picture.drawn import box, graph, pair, parsed, texts
from tests.review.picture.test_drawing import WEB
from tests.review.stacks import side
from tests.review.test_foreign import FILES
from tests.scenarios.table import Scenario, scenarios

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = """<script>alert(1)</script> & "a" 'b' ]]> --> \x1b[31m \x00"""


def one_box(title: str, **settings: object) -> Graph:
    return Graph(title="x", nodes=(box("It", title=title, **settings),), edges=())


def test_a_box_says_its_name_its_kind_and_what_happens() -> None:
    found = svg(one_box("hoge", mark=Mark.REPLACED), "p", {})

    assert texts(found) == ["hoge", "!! replaced", "service"]
    assert 'class="box compute replaced"' in found
    assert texts(found, "title")[1] == "hoge, service, replaced: It"


def test_a_box_of_many_names_them_all() -> None:
    found = svg(one_box("", count=3, ids=("A", "B", "C")), "p", {})

    assert texts(found) == ["3 services", "compute"]
    assert texts(found, "title")[1] == "3 services, compute: A, B, C"


def test_long_names_are_cut_to_the_box_and_whole_in_the_title() -> None:
    long = "a-service-with-a-very-long-name-indeed"
    found = svg(one_box(long, mark=Mark.CHANGED, note="12 of its 13 parts"), "p", {})

    assert texts(found)[0] == "a-service-with-a-very-lo…"
    assert texts(found)[2] == "12 of its 13 parts"
    assert "service, changed, 12 of its 13 parts" in texts(found, "title")[1]
    assert long in texts(found, "title")[1]


def test_nothing_in_a_name_is_markup() -> None:
    found = svg(one_box(HOSTILE, kind=HOSTILE), "p", {})

    assert "<script" not in found
    assert "\x1b" not in found
    assert [one for one in parsed(found).iter() if one.tag.endswith("script")] == []


def test_a_box_leads_to_its_change() -> None:
    found = svg(one_box("hoge", ids=("It", "Part")), "p", {"Part": "hoge-prod-Part"})

    assert '<a href="#hoge-prod-Part">' in found
    assert "<a " not in svg(one_box("hoge"), "p", {"Part": "hoge-prod-Part"})


def test_the_whole_is_described_in_words() -> None:
    marked = Graph(title="hoge in prod", nodes=(box("a"), box("b", mark=Mark.ADDED)), edges=())

    assert described(marked) == ("hoge in prod: 2 resources in 2 boxes. Marked: b (service) added.")
    assert described(graph("a")) == "hoge: 1 resources in 1 boxes. Nothing in it changes."
    assert described(graph("a", is_new=True)).endswith("All of it is new.")


def test_two_pictures_of_one_page_share_no_id() -> None:
    both = [parsed(svg(graph("a b", "ab"), name, {})) for name in ("one", "two")]
    ids = [{e.get("id") for e in one.iter() if e.get("id")} for one in both]

    assert ids[0]
    assert ids[0] & ids[1] == set()


@pytest.mark.slow
@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.name)
def test_every_scenario_has_a_picture(scenario: Scenario) -> None:
    for app in scenario.rendered():
        for one in app.environments:
            after = Side(
                stack_name=one.stack_name,
                template=one.template,
                parameters=one.parameters,
                pseudo=one.pseudo,
            )
            both = pair(None, after)
            found = folded(draw(both, review_pair(both)))
            assert parsed(svg(found, "p", {})) is not None
            assert found.nodes
            # all that is there is drawn, each in one box
            drawn = [name for node in found.nodes for name in node.ids]
            assert sorted(drawn) == sorted(after.shown()["Resources"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_templates_of_others_have_a_picture(path: Path) -> None:
    one = Side(stack_name="x", template=read_template(path))
    for both in (pair(None, one), pair(one, None), pair(one, one)):
        found = review_pair(both)
        assert parsed(svg(folded(draw(both, found)), "p", {})) is not None
        assert mermaid(both, found).startswith("flowchart TB\n")


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_property_may_be_anything(odd: Any) -> None:
    for name in WEB:
        template = copy.deepcopy(WEB)
        for container, key in list(places(template[name])):
            kept, container[key] = container[key], odd
            both = pair(side(WEB), side(template))
            assert parsed(svg(folded(draw(both, review_pair(both))), "p", {})) is not None
            container[key] = kept
