"""What a plan leads to, in the words of a review, for whoever approves it.

The review compares the stack's template and values with the plan's. What is replaced, is for
CloudFormation to say, in the change set: where it differs, its word counts, and that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.cloudformation.changes import CALM_TYPES
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.live.sides import as_it_is, planned
from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.model import WEIGHTS, Action, Consequence, Replacement, Weight
from ecs_blocks.review.side import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.changes import Change
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.target import Target
    from ecs_blocks.review.model import ResourceChange
    from ecs_blocks.review.side import Side

_ACTIONS: Final = {"Add": Action.ADD, "Modify": Action.MODIFY, "Remove": Action.REMOVE}
_WORDS: Final = {
    Action.ADD: "is added",
    Action.MODIFY: "is changed",
    Action.REMOVE: "is removed",
}


def with_consequences(aws: Aws, target: Target, plan: Plan, stack: Stack | None) -> Plan:
    """*plan*, which was made for *stack*, with what it leads to.

    Where that cannot be told the plan is as good as without: a warning says so.
    """
    if plan.kind not in ("CREATE", "UPDATE", "REPLACE"):
        return plan
    try:
        found = tuple(_told(aws, target, plan, stack))
    except DeployError as error:
        warning = f"what this leads to cannot be told: {error.message}"
    except Exception as error:  # noqa: BLE001 - words about a deploy must never stop it
        warning = f"what this leads to cannot be told, by a fault of ecs_blocks: {error!r:.200}"
    else:
        return structs.replace(plan, consequences=found)
    warnings = tuple(dict.fromkeys((*plan.warnings, warning)))
    return structs.replace(plan, consequences=(), warnings=warnings)


def _told(aws: Aws, target: Target, plan: Plan, stack: Stack | None) -> list[Consequence]:
    content = plan.content
    given = {key: value for key, value in content.parameters.items() if value is not None}
    after = planned(target, given)
    before: Side | None = None
    if stack is not None and stack.row.way is Way.UPDATE:
        kept = {
            key: stack.parameters[key]
            for key, value in content.parameters.items()
            if value is None and key in stack.parameters
        }
        after = planned(target, {**given, **kept})
        before = as_it_is(aws, stack, after)
    review = review_pair(
        Pair(app=target.app, environment=target.environment, before=before, after=after)
    )
    # of a new stack the change set lists itself what is made
    found = [one for one in review.consequences if before or one.kind != "addition"]
    if plan.change_set_id:
        found += differing(review.changes, plan.changes)
    return sorted(found, key=lambda one: WEIGHTS.index(one.weight))


def differing(ours: Iterable[ResourceChange], theirs: Iterable[Change]) -> Iterator[Consequence]:
    """Where CloudFormation's change set, *theirs*, says otherwise than the review, *ours*.

    A change in place that only one of them knows of is none worth a sentence; nor are new revisions
    of a task definition, or what happens inside of nested stacks.
    """
    known = {one.logical_id: one for one in ours if one.type not in CALM_TYPES}
    told = {one.logical_id: one for one in theirs if not one.path and not one.follows}
    for name, change in told.items():
        mine, action = known.get(name), _ACTIONS.get(change.action)
        if action is not None and change.type not in CALM_TYPES and _differs(mine, action, change):
            yield _otherwise(change, mine)
    for name, mine in known.items():
        if name not in told and mine.replacement is Replacement.YES:
            text = f"CloudFormation leaves {name} as it is: it is not replaced"
            yield _sentence(name, text, Weight.NOTICE)


def _differs(mine: ResourceChange | None, action: Action, change: Change) -> bool:
    if mine is None:
        return action is not Action.MODIFY or change.replacement == "True"
    if mine.action is not action:
        return True
    is_replaced = mine.replacement is Replacement.YES
    return (change.replacement == "True" and not is_replaced) or (
        change.replacement == "False" and is_replaced
    )


def _words(change: Change) -> str:
    if change.action == "Modify":
        return "is replaced" if change.replacement == "True" else "is not replaced"
    return _WORDS[_ACTIONS[change.action]]


def _otherwise(change: Change, mine: ResourceChange | None) -> Consequence:
    expected = "no change of it" if mine is None else _expected(mine)
    text = (
        f"{change.logical_id} {_words(change)}, by CloudFormation's change set; the review "
        f"expected {expected}, and CloudFormation's word counts"
    )
    return _sentence(change.logical_id, text, Weight.NOTICE if change.is_calm else Weight.APPROVAL)


def _expected(mine: ResourceChange) -> str:
    if mine.action is not Action.MODIFY:
        return f"that it {_WORDS[mine.action]}"
    return {
        Replacement.YES: "that it is replaced",
        Replacement.NO: "that it is not",
        Replacement.MAYBE: "that this is decided during the deploy",
    }[mine.replacement]


def _sentence(name: str, text: str, weight: Weight) -> Consequence:
    return Consequence(kind="replacement", weight=weight, text=text, resources=(name,))
