"""The whole of what a person agrees to: where to, what it leads to, and every change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.show.line import Paper, hanging
from ecs_blocks.deploy.show.plan_text import Group, render, verdict
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.plan import Plan

_WORDS: Final = {
    "CREATE": "a new stack",
    "UPDATE": "an update",
    "REPLACE": "made again: an earlier creation failed, and what it left is deleted first",
    "SETTINGS": "only the stack's own settings change",
    "NOTHING": "nothing to change",
}


def plan_view(plan: Plan, *, columns: int = 100, encoding: str = "utf-8") -> str:
    """The plan as text, lines of at most *columns*."""
    paper = Paper(max(columns, 20), encoding=encoding)
    head = "\n".join(line for item in _head(plan) for line in hanging(*item, paper))
    if plan.kind in ("NOTHING", "SETTINGS"):
        return head + "\n"
    told = f"{head}\n\n"
    if plan.consequences:
        # the review is loaded only where it has something to say
        from ecs_blocks.deploy.show.consequence_text import consequence_lines  # noqa: PLC0415

        told += "".join(f"{line}\n" for line in consequence_lines(plan.consequences, paper)) + "\n"
    return told + render(plan.changes, plan.parameters, columns=columns, encoding=encoding)


def question_of(plan: Plan) -> str:
    """What is asked below the plan: how much is lost by it, or else needs a person's yes.

    A rollback says which version it goes back to.
    """
    words = _to_agree_to(plan)
    although = f", with {' and '.join(words)}" if words else ""
    what = f"Go back to {plan.back_to} in" if plan.back_to else "Deploy this to"
    return f"{what} {plan.environment}{although}?"


def needs_approval(plan: Plan) -> bool:
    """Whether it does something that the question below it counts."""
    return bool(_to_agree_to(plan))


def _to_agree_to(plan: Plan) -> list[str]:
    """What is lost, or may be; where nothing is, how much is marked for approval."""
    groups = [verdict(one).group for one in plan.changes]
    lost = sum(one in (Group.REPLACED, Group.REMOVED) for one in groups)
    undecided = groups.count(Group.UNDECIDED)
    words = [f"{lost} replaced or removed"] if lost else []
    words += [f"{undecided} undecided"] if undecided else []
    marked = sum(one.weight is Weight.APPROVAL for one in plan.consequences)
    return words or ([f"{marked} to approve (!!)"] if marked else [])


def _head(plan: Plan) -> Iterator[tuple[str, str]]:
    """Each line, with the sign before it."""
    yield "", f"{plan.stack_name}: {_WORDS[plan.kind]}"
    yield "", f"account {plan.account_id}, {plan.region}, as {plan.made_by}"
    yield from (("- ", fact) for fact in plan.facts)
    yield from (("~ ", setting) for setting in plan.settings)
    yield from (("! ", f"warning: {warning}") for warning in plan.warnings)
