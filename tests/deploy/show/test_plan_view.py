"""What stands above a plan's changes, and what is asked below them."""

from __future__ import annotations

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.changes import Change
from ecs_blocks.deploy.show.plan_view import plan_view, question_of
from ecs_blocks.review.model import Consequence, Weight
from tests.deploy.show.test_outcome_json import PLAN

QUEUE = "AWS::SQS::Queue"
REMOVED = Change("Remove", "Old", QUEUE)
REPLACED = Change("Modify", "Queue", QUEUE, replacement="True")
UNDECIDED = Change("Modify", "Other", QUEUE, replacement="Conditional")
CALM = Change("Modify", "Task", "AWS::ECS::TaskDefinition", replacement="True")
OPEN = Consequence(kind="exposure", weight=Weight.APPROVAL, text="open to the world")
READ = Consequence(kind="scaling", weight=Weight.NOTICE, text="more tasks")


@pytest.mark.parametrize(
    ("changes", "consequences", "asked"),
    [
        ((CALM,), (READ,), "Deploy this to prod?"),
        ((REMOVED, REPLACED), (OPEN,), "Deploy this to prod, with 2 replaced or removed?"),
        ((UNDECIDED,), (), "Deploy this to prod, with 1 undecided?"),
        (
            (REMOVED, UNDECIDED),
            (),
            "Deploy this to prod, with 1 replaced or removed and 1 undecided?",
        ),
        ((CALM,), (OPEN, READ), "Deploy this to prod, with 1 to approve (!!)?"),
    ],
)
def test_the_question_says_what_needs_a_yes(
    changes: tuple[Change, ...], consequences: tuple[Consequence, ...], asked: str
) -> None:
    plan = structs.replace(PLAN, changes=changes, consequences=consequences)

    assert question_of(plan) == asked


def test_the_question_of_a_rollback_says_where_to() -> None:
    plan = structs.replace(PLAN, changes=(REMOVED,), back_to="2026-11-23T01:49:03Z-3fa9c1d2")

    assert question_of(plan) == (
        "Go back to 2026-11-23T01:49:03Z-3fa9c1d2 in prod, with 1 replaced or removed?"
    )


def test_what_stands_above_is_wrapped_between_words() -> None:
    plan = structs.replace(
        PLAN,
        kind="NOTHING",
        facts=("Image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/hoge:1.8.3 is there",),
        warnings=("the alarm \x1b[31mHogeDown has no data",),
    )

    assert plan_view(plan, columns=40).splitlines()[-5:] == [
        "- Image",
        "  123456789012.dkr.ecr.eu-west-1.amazona",
        "  ws.com/hoge:1.8.3 is there",
        "! warning: the alarm HogeDown has no",
        "  data",
    ]
