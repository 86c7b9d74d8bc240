"""One stack: deploy what was prepared, keep its record, and say where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ecs_blocks
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.recording import recorded

if TYPE_CHECKING:
    from ecs_blocks.cli.aws_options import Connection
    from ecs_blocks.deploy.deployment import Ui, Waits
    from ecs_blocks.deploy.ending import Outcome
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared
    from ecs_blocks.deploy.records.store import RecordStore


def carried_out(  # noqa: PLR0917 - the parts of one deploy
    connection: Connection,
    prepared: Prepared,
    ui: Ui,
    waits: Waits,
    store: RecordStore,
    plan: Plan | None = None,
) -> Outcome:
    """Deploy *prepared*; a *plan* that was approved before is carried out as it is.

    Raises:
        DeployError: nothing was changed, or what goes on is not ours to end.
    """
    outcome = Deployment(connection.aws, prepared, ui, waits).run(plan)
    if outcome.token:
        version, clock = ecs_blocks.__version__, connection.aws.clock
        record = recorded(prepared, outcome, connection.project.root, version, clock)
        kept = store.write(record)
        ui.say(kept.warning or f"{prepared.target.stack_name}: recorded in {kept.place}")
    return outcome
