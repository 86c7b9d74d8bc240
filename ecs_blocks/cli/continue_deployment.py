"""``ecs-blocks continue``: answer a deployment that waits at a pause hook, and watch its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import structs

from ecs_blocks.cli.aws_options import (
    app_argument,
    aws_options,
    one_env_option,
    opened,
    told,
    yes_option,
)
from ecs_blocks.cli.deploy_options import timeout_option
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.single_deploy import Desk
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.deploy.condition import services_now
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.pauses import answer
from ecs_blocks.deploy.ui import PauseAnswer, Waits
from ecs_blocks.deploy.watch import Patience

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.deploy.ending import Outcome


@click.command("continue")
@app_argument
@one_env_option
@click.option("--roll-back", is_flag=True, help="Go back to the version before instead.")
@yes_option
@timeout_option
@aws_options
@stacks_option
@steadfast
def continue_deployment(
    app: str,
    environment: str,
    timeout_min: int,
    profile: str | None,
    root: Path,
    *,
    roll_back: bool,
    yes: bool,
    local: bool,
) -> int:
    """Let the deployment of APP go on that waits at a pause hook, and watch it to its end.

    With --roll-back ECS goes back to the version before, and so does the stack.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    waits = Waits(patience=Patience(timeout_s=timeout_min * 60.0))
    desk = Desk.at(connection, yes=yes, waits=waits)
    wish = PauseAnswer.ROLL_BACK if roll_back else PauseAnswer.CONTINUE
    try:
        stack = connection.stack()
        services = services_now(connection.aws, stack)
        waiting = [(one, one.pause) for one in services if one.pause is not None]
        if not waiting:
            raise DeployError(
                Exit.INPUT,
                f"{stack.name}: no service waits at a pause hook",
                f"how it is: {connection.place.command('status')}",
            )
        lines = [f"{one.logical_id} waits for {one.waiting_for}" for one, _ in waiting]
        if not desk.terminal.agree(lines, "Roll it back?" if roll_back else "Let it go on?"):
            return desk.terminal.declined()
        for one, pause in waiting:
            desk.terminal.say(answer(connection.aws, one.logical_id, pause, wish))
        outcome = desk.attach(stack)
    finally:
        desk.terminal.close()
    return told(_as_wished(outcome) if roll_back else outcome)


def _as_wished(outcome: Outcome) -> Outcome:
    """To have gone back is no failure here."""
    if outcome.code is not Exit.ROLLED_BACK:
        return outcome
    return structs.replace(outcome, code=Exit.DONE, hint="", causes=(), failures=())
