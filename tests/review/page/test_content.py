"""What a page says, without a browser."""

from __future__ import annotations

import json
import re
from html import unescape

from msgspec import structs

from ecs_blocks.review.model import Consequence, PropertyChange, Status, Weight
from ecs_blocks.review.show.machine import to_json
from ecs_blocks.review.show.page import page
from ecs_blocks.review.show.page.links import Linked, linked, new_anchor
from ecs_blocks.review.show.page.pieces import Piece, compared
from tests.review.page.samples import ADDED, pictured, sample
from tests.review.show.reviews import BESIDE, CHANGED, GONE, review, stack, still


def words(html: str) -> str:
    """The text of a page, its tags left out."""
    inner = html.partition("<body>")[2].partition('<script type="application/json"')[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inner)).split())


def data_of(html: str) -> str:
    """The JSON in a page."""
    return html.partition('id="data">')[2].partition("</script>")[0]


def test_the_summary_comes_first_and_the_weightiest_stack_before_the_others() -> None:
    text = words(page(sample(), ()))
    order = [
        "3 stacks: 1 needs approval, 1 calm, 1 unchanged",
        "from main (3f2a1c9) to the work tree",
        "compared with where this branch left main",
        "!! needs approval hoge prod rolling, 2→2 tasks, peak 4; the table is deleted not rev",
        "· calm hoge dev rolling, 1→1 tasks reversible",
        "Unchanged: fuga (prod)",
        "the table HogeTable is deleted, with its data",
        "Going back later: not reversible",
        "whether the image exists; a deploy asks ECR",
        "Parameters that change",
        "Changes, resource by resource",
        "Outputs that change",
        "template bytes: 48,000 of 51,200 (94 %, before 47,000)",
        "1 with room to spare",
        "hoge stg, prod: 2 parameters of 3 differ",
    ]
    places = [text.find(one) for one in order]

    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_each_change_says_what_happens_why_and_where() -> None:
    text = words(page(sample(), ()))
    for told in (
        "!? HogeLoadBalancer AWS::ElasticLoadBalancingV2::LoadBalancer may be replaced, decided "
        "during deploy; the old one is deleted Scheme cannot be changed in place made by "
        "stacks/hoge/stack.py:31 link to this change",
        "Scheme may replace by stack.py:31 internet-facing {",
        "Name not there hoge",
        "Token changes; its value is hidden",
        "Subnets[0] because Net changes follows Net",
        "- HogeTable AWS::DynamoDB::Table leaves the stack and is deleted",
        "+ HogeQueue AWS::SQS::Queue is added",
        "1 with nothing but tags, order, metadata or policies",
        "Password changes; its value is hidden",
        "Url http ://a https ://a",
    ):
        assert told in text


def test_a_cause_that_all_properties_share_is_told_once() -> None:
    change = structs.replace(
        CHANGED,
        properties=(CHANGED.properties[0], structs.replace(CHANGED.properties[0], path="X")),
    )
    text = words(page(review(stack(changes=(change,), consequences=())), ()))

    assert text.count("because ImageTag 1.8.2 → 1.8.3") == 1


def test_what_is_added_or_removed_has_one_side() -> None:
    value = PropertyChange(path="Name", before=None, after="hoge")
    added = structs.replace(ADDED, properties=(value,))
    gone = structs.replace(GONE, properties=(structs.replace(value, before="hoge", after=None),))
    for change in (added, gone):
        text = words(page(review(stack(changes=(change,), parameters=())), ()))
        assert "Property Value Name hoge" in text
        assert "not there" not in text


def test_nothing_changes() -> None:
    text = words(page(review(still("hoge", "dev"), still("hoge", "prod")), ()))

    assert text.startswith("Skip to the review 2 stacks: 2 unchanged from main")
    assert "Unchanged: hoge (dev, prod)" in text
    assert "What happens" not in text


def test_environments_alone() -> None:
    html = page(review(base="", environments=(BESIDE,)), ())

    assert "Environments side by side in the work tree" in words(html)
    assert '<details class="group" open>' in html
    assert "WafArn not there" in words(html)


def test_new_and_gone_stacks_say_so() -> None:
    one = stack("dev", status=Status.NEW, headline="it is made")
    other = stack("prod", status=Status.GONE, headline="it stays", consequences=(), changes=())
    text = words(page(review(one, other), ()))

    assert "new : it is made" in text
    assert "gone : it stays" in text


def test_many_calm_consequences_stand_behind_a_click() -> None:
    calm = tuple(
        Consequence(kind="configuration", weight=Weight.CALM, text=f"{n} changes")
        for n in range(20)
    )
    heavy = tuple(structs.replace(one, weight=Weight.APPROVAL) for one in calm)

    assert "<summary>8 more</summary>" in page(review(stack(consequences=calm)), ())
    assert "more</summary>" not in page(review(stack(consequences=heavy)), ())


def test_a_resource_that_is_named_leads_to_its_change() -> None:
    html = page(sample(), ())

    assert 'the table <a href="#hoge-prod-HogeTable">HogeTable</a> is deleted' in html
    assert '<details class="change removed" id="hoge-prod-HogeTable"' in html


def test_every_fragment_is_there_once() -> None:
    for html in (page(sample(), ()), page(*pictured())):
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    hidden = "a\xa0b\u202ec\x1b[31m\x00\ud800"
    html = page(review(stack(headline=hidden)), ())

    assert "a\\xa0b\\u202ec\\x1b[31m\\x00\\ud800" in words(html)
    assert json.loads(data_of(html))["stacks"][0]["headline"] == hidden
    assert html.encode()


def test_what_the_account_says_is_there() -> None:
    assert "it was changed by hand" in words(
        page(review(stack(facts=("it was changed by hand",))), ())
    )


def test_it_is_the_same_every_time() -> None:
    assert page(*pictured()) == page(*pictured())


def test_it_holds_the_review_for_machines() -> None:
    review, pairs = pictured()
    data = data_of(page(review, pairs))

    assert json.loads(data) == json.loads(to_json(review))
    assert "<" not in data


def test_a_picture_has_a_legend_of_what_is_in_it() -> None:
    legend = page(*pictured()).partition("<figcaption")[2].partition("</figcaption>")[0]

    assert words(f"<body><i {legend}").split(" ") == [
        *("+", "added", "~", "changed", "!!", "replaced"),
        *("traffic", "compute", "data", "permissions", "logs", "and", "alarms"),
    ]


def test_anchors_are_told_apart() -> None:
    taken = {"main"}

    assert [new_anchor(one, taken) for one in ("main", "a b", "a/b", "<>")] == [
        *("main-2", "a-b", "a-b-2", "place"),
    ]


def test_only_whole_words_are_links() -> None:
    assert linked("Queue: MyQueue, Queue2, `Queue --all`", {"Queue": "q"}) == (
        Linked("Queue", "q"),
        *map(Linked, (": ", "MyQueue", ", ", "Queue2", ", ")),
        Linked("Queue --all", is_code=True),
    )


def test_what_differs_is_marked_by_the_word() -> None:
    assert compared("-Xmx1500m -Xms1500m", "-Xmx1600m -Xms1500m") == (
        (Piece("-Xmx1500m", differs=True), Piece(" -Xms1500m")),
        (Piece("-Xmx1600m", differs=True), Piece(" -Xms1500m")),
    )
    assert compared("abc", "xyz") == ((Piece("abc", differs=True),), (Piece("xyz", differs=True),))
    assert compared(None, "x") == ((), (Piece("x"),))
    assert compared("x", "x") == ((Piece("x"),), (Piece("x"),))


def test_long_texts_are_compared_as_a_whole() -> None:
    one, other = ("a b " * 1000, "a c " * 1000)

    assert compared(one, other) == ((Piece(one, differs=True),), (Piece(other, differs=True),))
