"""Keep what was deployed, and how it went: every deploy that began has a record, with its end.

A process that is killed writes none, or one without an end. Whoever sees the end later makes up for
it: who watches the operation again, or deploys the same once more and finds nothing to change.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.cloudformation.events import Feed, last_operation
from ecs_blocks.deploy.cloudformation.stack import read_stack, read_template_body
from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings
from ecs_blocks.deploy.cloudformation.statuses import Result, row_of
from ecs_blocks.deploy.content import Content, content_of, hidden_in
from ecs_blocks.deploy.ending import FAILED, NOT_KNOWN, STILL_RUNNING, Outcome
from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.records.failure import without_texts
from ecs_blocks.deploy.records.record import Deployed, Ended, mark, record_of, with_end
from ecs_blocks.templates.read import parsed

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.one_off.step import StepError
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.planning import Prepared
    from ecs_blocks.deploy.records.record import Record
    from ecs_blocks.deploy.records.store import RecordStore

_PINNED: Final = "@sha256:"
UNKNOWN: Final = "unknown"
"""Who deployed, in a record that was made from the stack alone."""
_LOOKED_AT: Final = 5
"""The operation that ran last has one of the newest records, if it has one."""


def recorded(prepared: Prepared, outcome: Outcome, tool_version: str, clock: Clock) -> Record:
    """The record of *outcome*."""
    target = prepared.target
    deployed = Deployed(
        place=target.place,
        content=prepared.content,
        template=target.rendered.template,
        images=_images(prepared),
        who=prepared.identity.arn,
        revision=prepared.revision,
        back_to=prepared.back_to,
    )
    return record_of(deployed, _ended(outcome, clock), tool_version)


def of_step(failed: StepError) -> Outcome:
    """What a record says of a deploy that ended with a step before it: nothing was changed."""
    first, _, _ = failed.message.partition("\n")
    return Outcome(
        code=failed.code,
        sentence=first,
        hint=failed.hint,
        causes=(first,),
        failures=(failed.task,),
        token=failed.operation,
        began=failed.began,
        elapsed_s=failed.task.ran_s or 0.0,
        word=FAILED,
    )


def caught_up(aws: Aws, store: RecordStore, prepared: Prepared, outcome: Outcome) -> Outcome:
    """*outcome*, which found nothing to change, as that of the operation that had changed it.

    Only where that was a deploy of the same content whose end nobody has recorded.

    Raises:
        DeployError: CloudFormation does not tell, or the records cannot be read.
    """
    events = Feed(aws, outcome.stack_id, None).read()
    stack = [event for event in events if event.is_of_stack]
    token = stack[-1].token if stack else ""
    if content_of(token) != prepared.content.digest:
        return outcome
    known = record_of_operation(store, prepared.target.place, token)
    if known is not None and known.is_final:
        return outcome
    began, ended = _time(events[0].at), _time(events[-1].at)
    took_s = (ended - began).total_seconds() if began and ended else 0.0
    return structs.replace(
        outcome,
        token=token,
        began=events[0].at,
        elapsed_s=took_s,
        stack_status=stack[-1].status,
    )


def made_up_for(
    aws: Aws, place: Place, outcome: Outcome, tool_version: str, clock: Clock
) -> Record | None:
    """The record of a deploy that ended well and has none, from the stack itself.

    Only where the stack gives back exactly what was deployed: the operation's token says whether it
    does. Who deployed it, and from which revision, nobody knows any more.

    Raises:
        DeployError: AWS did not answer.
    """
    content = content_of(outcome.token)
    if content is None or not content.strip("0"):  # a deletion's or a cancellation's has none
        return None
    result = row_of(outcome.stack_status).result if outcome.stack_status else None
    stack = read_stack(aws, outcome.stack_id) if result is Result.DONE else None
    if stack is None or last_operation(aws, stack.stack_id)[0] != outcome.token:
        return None
    text = read_template_body(aws, stack.stack_id, stack.name)
    if not isinstance(text, str):
        return None  # a template of ours is given back as it was sent
    if not _is_all(place, stack, text, outcome.token):
        return None
    deployed = Deployed(
        place=place,
        content=Content(text, stack.parameters, stack.tags),
        template=parsed(text.encode(), f"the template of {stack.name}"),
        images={key: one for key, one in stack.parameters.items() if _PINNED in one},
        who=UNKNOWN,
        revision=Revision(),
    )
    # a reason of AWS may repeat a value of a NoEcho parameter, which is not known here
    ended = structs.replace(_ended(outcome, clock), root_cause="")
    record = record_of(deployed, ended, tool_version)
    if not record.no_echo:
        return record
    return structs.replace(record, failures=without_texts(record.failures))


def _is_all(place: Place, stack: Stack, text: str, token: str) -> bool:
    """Whether what the stack gives back is what was deployed with this *token*.

    Values of NoEcho parameters are not given back; then the digest cannot be made again, and only
    what GetTemplate may have lost is looked for: characters that are not ASCII.
    """
    if hidden_in(text):
        return "?" not in text
    settings = StackSettings.of(place.settings)
    contents = (
        Content(text, stack.parameters, stack.tags, role, settings=one)
        for role in {stack.role_arn, ""}
        for one in (settings, StackSettings())
    )
    return any(one.digest == content_of(token) for one in contents)


def record_of_operation(store: RecordStore, place: Place, token: str) -> Record | None:
    """The record of the operation with this token, if it is one of the newest.

    Raises:
        DeployError: the records cannot be read.
    """
    for entry in store.entries(place.app, place.environment, _LOOKED_AT):
        if entry.id.endswith(f"-{mark(token)}") and not entry.problem:
            found = store.read(place.app, place.environment, entry.id)
            return found if found.operation == token else None
    return None


def finished(record: Record, outcome: Outcome, clock: Clock) -> Record:
    """*record*, with the end that somebody has seen by now."""
    return with_end(record, _ended(outcome, clock))


def _ended(outcome: Outcome, clock: Clock) -> Ended:
    return Ended(
        stack_id=outcome.stack_id,
        operation=outcome.token,
        when=_time(outcome.began) or clock.utc(),
        code=outcome.code,
        duration_s=outcome.elapsed_s,
        root_cause=outcome.causes[0] if outcome.causes else "",
        stack_status=outcome.stack_status,
        is_known=outcome.headline not in (NOT_KNOWN, STILL_RUNNING),
        failed_tasks=outcome.failed_tasks,
        failures=outcome.failures,
        word=outcome.word.lower() if outcome.word == FAILED else "",
    )


def _images(prepared: Prepared) -> dict[str, str]:
    """What its tasks run; of a plan or a record of before, what its parameters say."""
    looked_up = {one.parameter or one.given: one.runs for one in prepared.resolved.images}
    given = prepared.content.parameters
    return looked_up or {key: value for key, value in given.items() if value and _PINNED in value}


def _time(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None
