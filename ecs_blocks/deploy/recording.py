"""Keep what was deployed, and how it went: every deploy that began has a record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ecs_blocks.deploy.git import revision
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.records.record import record_of

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.ending import Outcome
    from ecs_blocks.deploy.planning import Prepared
    from ecs_blocks.deploy.records.record import Record


def recorded(
    prepared: Prepared, outcome: Outcome, folder: Path, tool_version: str, clock: Clock
) -> Record:
    """The record of *outcome*; *folder* is where the stacks are, whose git revision is kept."""
    target, content = prepared.target, prepared.content
    return record_of(
        app=target.app,
        environment=target.environment,
        account_id=target.account_id,
        region=target.place.region,
        stack_name=target.stack_name,
        stack_id=outcome.stack_id,
        operation=outcome.token,
        when=_time(outcome.began) or clock.utc(),
        who=prepared.identity.arn,
        revision=revision(folder),
        code=outcome.code,
        verified=outcome.code == Exit.DONE,
        duration_s=outcome.elapsed_s,
        root_cause=outcome.causes[0] if outcome.causes else "",
        template=target.rendered.template,
        template_text=content.template,
        parameters=content.parameters,
        pseudo=target.rendered.pseudo,
        tags=content.tags,
        images={one.parameter or one.given: one.runs for one in prepared.resolved.images},
        tool_version=tool_version,
    )


def _time(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None
