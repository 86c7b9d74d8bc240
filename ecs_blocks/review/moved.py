"""A stack that is made elsewhere, and the one that stays: another name, account or Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Template
from ecs_blocks.review.impact.conflicts import taken_in_the_account
from ecs_blocks.review.impact.phrases import count
from ecs_blocks.review.model import Consequence, Weight

if TYPE_CHECKING:
    from ecs_blocks.review.side import Side

_PLACES: Final = {"AWS::AccountId": "account", "AWS::Region": "Region"}


def elsewhere(before: Side, after: Side) -> Consequence | None:
    """That a new stack is made and the old one stays, where nothing of it can be updated."""
    old, new = before.stack_name, after.stack_name
    for pseudo, noun in _PLACES.items():
        places = before.pseudo.get(pseudo), after.pseudo.get(pseudo)
        if all(places) and places[0] != places[1]:
            return _beside(
                f"the {noun} is {places[1]} instead of {places[0]}: a new stack is made there, and "
                f"{old} stays in {places[0]}, with all that it holds",
                (),
            )
    if old == new:
        return None
    templates = Template(before.shown()), Template(after.shown())
    fails = tuple(taken_in_the_account(*templates))
    made = f"the stack is called {new} instead of {old}: a second one is made, and {old} stays"
    if fails:
        what = count(len(fails), "thing")
        made = f"the deploy fails: {made}, which still has {what} that the new one cannot make too"
    return _beside(made, fails)


def left_behind(stack_name: str) -> Consequence:
    """That a stack without an app stays, and nobody manages it any more."""
    return Consequence(
        kind="deletion",
        weight=Weight.NOTICE,
        text=f"{stack_name} stays in the account with all that it holds, managed by nobody",
    )


def _beside(text: str, fails: tuple[str, ...]) -> Consequence:
    return Consequence(
        kind="blocked" if fails else "addition", weight=Weight.APPROVAL, text=text, details=fails
    )
