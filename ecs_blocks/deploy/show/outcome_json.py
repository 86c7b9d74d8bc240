"""The outcomes of a deploy for a machine: what ``deploy --json`` writes.

The shape is described in docs/how-to/deploy.md. ``FORMAT`` grows when something in it is renamed,
removed or means something else; what is only added leaves it as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.errors import EXIT_CODES
from ecs_blocks.deploy.show.masking import shown
from ecs_blocks.deploy.show.plan_text import verdict
from ecs_blocks.deploy.show.safe_text import clean
from ecs_blocks.deploy.show.words import log_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.cloudformation.changes import Change
    from ecs_blocks.deploy.ending import Outcome
    from ecs_blocks.deploy.errors import Exit
    from ecs_blocks.deploy.progress import FailedTask
    from ecs_blocks.review.model import Consequence

FORMAT: Final = 1


def outcomes_json(outcomes: Mapping[str, Outcome], code: Exit) -> dict[str, Any]:
    """The outcomes by stack, and the exit *code* of the command."""
    return {
        "format": FORMAT,
        "code": int(code),
        "meaning": EXIT_CODES[code],
        "stacks": {name: outcome_json(outcome) for name, outcome in outcomes.items()},
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """One stack's outcome. ``changes`` is null where no plan is known.

    ``consequences`` are a review's; their ``causes`` are sentences here.
    """
    plan = outcome.plan
    return {
        "code": int(outcome.code),
        "meaning": EXIT_CODES[outcome.code],
        "result": outcome.headline.lower(),
        "sentence": outcome.sentence,
        "causes": list(outcome.causes),
        "failures": [_failure(one) for one in outcome.failures],
        "failed_tasks": outcome.failed_tasks,
        "services": [
            {
                "logical_id": one.logical_id,
                "serves": one.serves,
                "is_decided": one.is_decided,
                "sentence": one.sentence,
            }
            for one in outcome.verdicts
        ],
        "changes": None if plan is None else [_change(one) for one in plan.changes],
        "consequences": [] if plan is None else [_consequence(one) for one in plan.consequences],
        "warnings": [] if plan is None else list(plan.warnings),
        "notes": list(outcome.notes),
        "left_behind": list(outcome.left_behind),
        "hint": outcome.hint,
        "stack_id": outcome.stack_id,
        "stack_status": outcome.stack_status,
        "token": outcome.token,
        "elapsed_s": round(outcome.elapsed_s, 1),
    }


def _failure(task: FailedTask) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "class": str(task.kind),
        "reason": clean(task.summary),
        "container": task.container,
        "exit_code": task.exit_code,
        "ran_s": task.ran_s,
        "log_lines": log_of(task),
        "hint": task.hint,
        "note": task.note,
        "same": task.same,
    }


def _consequence(one: Consequence) -> dict[str, Any]:
    from ecs_blocks.review.show.words import reasons  # noqa: PLC0415 - it loads the review

    return {
        "kind": one.kind,
        "weight": one.weight.value,
        "text": one.text,
        "details": list(one.details),
        "resources": list(one.resources),
        "causes": reasons(one.causes),
    }


def _change(change: Change) -> dict[str, Any]:
    what = verdict(change)
    return {
        "action": change.action,
        "logical_id": change.logical_id,
        "path": list(change.path),
        "type": change.type,
        "physical_id": change.physical_id,
        "verdict": what.group.name.lower(),
        "text": what.text,
        "is_calm": change.is_calm,
        "properties": [
            {
                "path": one.path,
                "before": None if one.before is None else shown(one.path, one.before),
                "after": None if one.after is None else shown(one.path, one.after),
                "recreation": one.recreation,
                "cause": one.cause,
            }
            for one in change.properties
        ],
    }
