"""What starting services again means, for the one who has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.redeploy.running import is_rolling
from ecs_blocks.deploy.show.words import short_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.deploy.redeploy.running import Running


def redeploy_lines(stack_name: str, services: Sequence[Running]) -> list[str]:
    """One line on the whole, then some on each service."""
    news = [one for one in services if one.under_way is None]
    whole = "what runs is started again; neither the stack nor its values change"
    if not news:
        whole = "what runs is being started again already; that is watched"
    return [f"{stack_name}: {whole}", *(line for one in services for line in _service(one))]


def _service(one: Running) -> Iterator[str]:
    revision = last(one.task_definition)
    if one.under_way is not None:
        at = one.under_way.created_at
        since = f" since {at:%H:%M:%S} UTC" if at else ""
        yield f"  {one.logical_id}: {revision}, is being started again{since}; it is only watched"
        return
    yield f"  {one.logical_id}: {revision}, {_tasks(one)}"
    if one.of_stack and one.of_stack != one.task_definition:
        yield f"    this is not what the stack says, which is {last(one.of_stack)}"
    yield from (f"    {line}" for line in _images(one))
    yield f"    {_failing(one)}"


def _tasks(one: Running) -> str:
    """``2 tasks; meanwhile 100 % to 200 % of them run``."""
    described = one.service.described
    configuration = described.get("deploymentConfiguration") or {}
    strategy = str(configuration.get("strategy") or "")
    count = one.state.desired
    if described.get("schedulingStrategy") == "DAEMON":
        tasks = "a task on each instance"
    elif count == 0:
        return "and no task is wanted (desired count 0), so none starts"
    else:
        tasks = f"{count} task{'s' if count > 1 else ''}"
    if not is_rolling(one.service):
        return f"{tasks}, exchanged as {strategy} says"
    least, most = configuration.get("minimumHealthyPercent"), configuration.get("maximumPercent")
    if least is None or most is None:
        return f"{tasks}, exchanged step by step"
    return f"{tasks}; meanwhile at least {least} % and at most {most} % of them run"


def _images(one: Running) -> Iterator[str]:
    for container in one.service.definition.get("containerDefinitions") or ():
        name, image = container.get("name", ""), str(container.get("image", ""))
        if "@sha256:" in image:
            yield f"{name}: {short_image(image)}, by its digest: the same image"
        else:
            yield f"{name}: {short_image(image)}, by its tag: what the tag means now is pulled"


def _failing(one: Running) -> str:
    """What becomes of new tasks that fail.

    Source: API reference, DeploymentCircuitBreaker, DeploymentAlarms.
    """
    configuration = one.service.described.get("deploymentConfiguration") or {}
    breaker = configuration.get("deploymentCircuitBreaker") or {}
    alarms = configuration.get("alarms") or {}
    is_watched = bool(alarms.get("enable") and alarms.get("rollback"))
    if not is_rolling(one.service):  # a circuit breaker is for rolling updates only
        if is_watched:
            return "if an alarm rings, ECS goes back; when else it gives up is not known here"
        return "if the new tasks fail, the old ones stay; when ECS gives up is not known here"
    if breaker.get("enable") and breaker.get("rollback"):
        return "if the new tasks fail, ECS goes back to those that run now"
    if breaker.get("enable"):
        told = "if the new tasks fail, ECS stops there and does not go back"
        return f"{told}; if an alarm rings, it does" if is_watched else told
    if is_watched:
        return "if an alarm rings, ECS goes back to those that run now; there is no circuit breaker"
    return "if the new tasks fail, ECS goes on trying: there is no circuit breaker"
