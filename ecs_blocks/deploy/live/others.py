"""Who else works on a stack: open change sets, the last operation, and what it left behind."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.cloudformation.cause import cause_of, sentence
from ecs_blocks.deploy.cloudformation.change_set import is_foreign, listed
from ecs_blocks.deploy.cloudformation.events import Event, Feed
from ecs_blocks.deploy.cloudformation.statuses import Result, is_over
from ecs_blocks.deploy.live.asking import Fact, Told, tried, unknown
from ecs_blocks.deploy.live.blocking import noticed
from ecs_blocks.deploy.live.phases import phases
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.review.impact.drift import ago

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place


def open_change_sets(aws: Aws, stack: Stack, now: dt.datetime) -> Iterator[Told]:
    """Change sets that wait to be executed: whoever executes one makes every other plan void.

    Raises:
        DeployError: the credentials are over.
    """
    found = tried(listed, aws, stack.stack_id)
    if isinstance(found, Gap):
        yield unknown("which other change sets are open", found)
        return
    for one in found:
        if one.get("ExecutionStatus") != "AVAILABLE":
            continue
        name, at = one.get("ChangeSetName", ""), _age(one.get("CreationTime"), now)
        if is_foreign(one):
            what = f": {one['Description']}" if one.get("Description") else ""
            yield noticed(f"somebody else's change set is open: {name}{at}{what}")
        else:
            yield Fact(f"a plan of ecs-blocks waits to be carried out: change set {name}{at}")


def last_operation(aws: Aws, stack: Stack, now: dt.datetime, who: dict[str, str]) -> Iterator[Told]:
    """How the last operation ended, when, why and by whom. *who* are known by their tokens.

    Raises:
        DeployError: the credentials are over.
    """
    events = tried(Feed(aws, stack.stack_id, None).read)
    if isinstance(events, Gap):
        yield unknown("how the last operation ended", events)
        return
    own = [one for one in events if one.is_of_stack]
    if not own:
        return
    kind = own[0].status.partition("_")[0].lower()
    by = f" by {who[own[0].token]}" if own[0].token in who else ""
    ended = f"ended as {stack.status}" if is_over(stack.status) else f"is {stack.status}"
    text = f"the last operation{by}, {_kind(kind)}{_event_age(own[-1], now)}, {ended}"
    if stack.row.result not in (Result.ROLLED_BACK, Result.STUCK):
        took = phases(events) if stack.row.result is Result.DONE else ""
        yield Fact(f"{text} {took}".rstrip())
        return
    cause = cause_of(events)
    causes = [sentence(one) for one in (cause.first, *cause.also) if one is not None]
    yield noticed(text, *(f"because: {one}" for one in causes))


def settings(place: Place, stack: Stack) -> Iterator[Told]:
    """What the stack keeps from earlier deploys: protection, its role, its way of deploying."""
    if stack.protected:
        yield Fact("termination protection is on")
    wanted = place.settings.service_role_arn
    if stack.role_arn and wanted and stack.role_arn != wanted:
        yield noticed(f"CloudFormation acts as {wanted} from now on, not as {stack.role_arn}")
    elif stack.role_arn and not wanted:
        yield Fact(
            f"CloudFormation acts as {stack.role_arn}, which an earlier deploy gave the stack"
        )
    if stack.is_express:
        yield noticed(
            f"{stack.name} was last deployed in EXPRESS mode, in which CloudFormation reports "
            "success before the tasks are healthy, and does not roll back"
        )


def _kind(kind: str) -> str:
    return {"create": "a creation", "update": "an update", "delete": "a deletion"}.get(kind, kind)


def _event_age(event: Event, now: dt.datetime) -> str:
    try:
        return _age(dt.datetime.fromisoformat(event.at), now)
    except ValueError:
        return ""


def _age(at: Any, now: dt.datetime) -> str:
    return f" {ago((now - at).total_seconds())}" if isinstance(at, dt.datetime) else ""
