"""Start a task, once, whatever becomes of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.calls import asked, code_of, explained, is_passing, text_of
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off import refusals
from ecs_blocks.deploy.one_off.request import arguments, tags
from ecs_blocks.deploy.one_off.tags import with_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.one_off.request import Job

_ATTEMPTS: Final = 5
_REFUSED: Final = frozenset(
    {
        *("InvalidParameterException", "ClientException", "BlockedException"),
        *("PlatformUnknownException", "PlatformTaskDefinitionIncompatibilityException"),
        *("UnsupportedFeatureException", "ClusterNotFoundException"),
    }
)


def start(aws: Aws, job: Job) -> Mapping[str, Any]:
    """Start the task of *job*, or find the one that was started with its token; what ECS says.

    Raises:
        DeployError: there is none: ECS has no room, refuses, or did not answer.
    """
    doing = f"starting a task of {job.service.revision}"
    wanted, marks = arguments(job), tags(job.service)
    api = aws.client("ecs").run_task
    for attempt in range(_ATTEMPTS):
        try:
            answer = with_tags(api, marks, **wanted)
        except (BotoCoreError, ClientError) as error:
            if code_of(error) == "ConflictException":
                return _started_before(aws, job, error)
            if not is_passing(error) or attempt == _ATTEMPTS - 1:
                raise _refused(error, doing) from error
            aws.clock.sleep(min(2**attempt, 20))
        else:
            return _task_of(answer)
    raise AssertionError  # the last attempt returns or raises


def stop(aws: Aws, cluster: str, task_arn: str, reason: str) -> None:
    """Let ECS stop a task: SIGTERM, and after its stop timeout SIGKILL.

    Raises:
        DeployError: ECS refuses, or did not answer.
    """
    asked(
        "stopping the task",
        aws.client("ecs").stop_task,
        cluster=cluster,
        task=task_arn,
        reason=reason,
    )


def _task_of(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    tasks = answer.get("tasks") or ()
    if tasks:
        found: Mapping[str, Any] = tasks[0]
        return found
    why = refusals.of_failures(answer.get("failures") or ())
    raise DeployError(Exit.REJECTED, f"ECS did not start the task: {why.sentence}", why.hint)


def _refused(error: Exception, doing: str) -> DeployError:
    if code_of(error) not in _REFUSED:
        return explained(error, doing)
    why = refusals.of_text(text_of(error))
    return DeployError(Exit.REJECTED, f"ECS did not start the task: {why.sentence}", why.hint)


def _started_before(aws: Aws, job: Job, error: Exception) -> Mapping[str, Any]:
    """The task that was started with the same token, from another revision."""
    response = error.response if isinstance(error, ClientError) else {}
    arns = [str(one) for one in response.get("resourceIds") or ()]
    if arns:
        answer = asked(
            "reading the task that was started before",
            aws.client("ecs").describe_tasks,
            cluster=job.service.cluster,
            tasks=arns[:1],
        )
        found: Mapping[str, Any] | None = next(iter(answer.get("tasks") or ()), None)
        if found is not None:
            return found
    raise DeployError(
        Exit.NEEDS_A_PERSON,
        f"ECS started a task for this before, and does not know it any more: {text_of(error)}",
        "look whether it did its work; an hour later it can be started again",
    )
