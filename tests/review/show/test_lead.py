"""The headline above the consequences: not where the first of them begins with the very words."""

from __future__ import annotations

import pytest

from ecs_blocks.review.model import Consequence, Weight
from ecs_blocks.review.show.markdown import markdown
from ecs_blocks.review.show.page import page
from ecs_blocks.review.show.words import lead
from tests.review.show.reviews import review, stack

LONG = "a " + "very " * 60 + "long sentence"


@pytest.mark.parametrize(
    ("headline", "first", "shown"),
    [
        ("2 tasks → 4 tasks", "2 tasks → 4 tasks", False),
        ("2 tasks → 4 tasks", "Web: 2 tasks → 4 tasks", False),
        ("Table: it goes; 2 more things to approve", "Table: it goes", False),
        (f"{LONG[:220].rstrip()}…; 1 more change", f"Web: {LONG}", False),
        ("the task rolls; 3 more changes", "Alarm: it is gone", True),
        ("it goes soon", "Table: it goes", True),
        ("a new stack: 3 resources", "", True),
    ],
)
def test_a_headline_is_not_said_a_third_time(headline: str, first: str, shown: bool) -> None:  # noqa: FBT001 - of the table
    told = (Consequence(kind="data", weight=Weight.APPROVAL, text=first),) if first else ()
    one = stack(headline=headline, consequences=told)

    assert lead(one) == (headline if shown else "")


def test_where_it_stands() -> None:
    told = (Consequence(kind="data", weight=Weight.APPROVAL, text="Table: it goes"),)
    again = review(stack(headline="it goes", consequences=told))
    other = review(stack(headline="much happens", consequences=told))

    assert "<b>hoge/prod</b></summary>" in markdown(again)
    assert "<b>hoge/prod</b>: much happens</summary>" in markdown(other)
    assert '<p class="headline">' not in page(again, ())
    assert '<p class="headline">much happens</p>' in page(other, ())
