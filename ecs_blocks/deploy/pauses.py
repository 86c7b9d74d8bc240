"""Deployments that wait for a person at a ``PAUSE`` hook: who is asked, and what ECS is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.ui import PauseAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.progress import Pause, Service
    from ecs_blocks.deploy.ui import Ui


def answer(aws: Aws, name: str, pause: Pause, wish: PauseAnswer) -> str:
    """Tell ECS that the deployment of a service goes on or back; what was done, in words.

    Raises:
        DeployError: ECS refuses: the time is over, say, or somebody else was faster.
    """
    asked(
        f"answering the pause of {name} at {pause.stage}",
        aws.client("ecs").continue_service_deployment,
        serviceDeploymentArn=pause.deployment_arn,
        hookId=pause.hook_id,
        action=wish.value,
    )
    goes = "goes on" if wish is PauseAnswer.CONTINUE else "rolls back"
    return f"{name}: the deployment {goes} from {pause.stage}"


class Asker:
    """Asks the person in front of a deploy once for each pause; nobody's answer leaves it be."""

    def __init__(self, aws: Aws, ui: Ui) -> None:
        self._aws = aws
        self._ui = ui
        self._asked: set[Pause] = set()

    def __call__(self, services: Iterable[Service]) -> None:
        """Ask for those of *services* that wait, and tell ECS."""
        for service in services:
            pause = service.pause
            if pause is None or pause in self._asked:
                continue
            self._asked.add(pause)
            wish = self._ui.paused(service)
            if wish is None:
                continue
            try:
                self._ui.say(answer(self._aws, service.logical_id, pause, wish))
            except DeployError as error:
                self._ui.say(str(error))
