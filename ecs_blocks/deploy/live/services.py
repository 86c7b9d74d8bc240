"""The ECS services of a stack as they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.calls import ERRORS, text_of
from ecs_blocks.deploy.ecs.names import cluster_in, last
from ecs_blocks.deploy.ecs.reading import Reader
from ecs_blocks.deploy.ecs.view import pause_of, waiting_for
from ecs_blocks.deploy.live.asking import Told, Unknown, tried, unknown
from ecs_blocks.deploy.live.blocking import noticed
from ecs_blocks.deploy.preflight.ask import find
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.suspended import suspended
from ecs_blocks.deploy.verification import expected_services
from ecs_blocks.review.live import RunningService

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.ecs.verify import ExpectedService
    from ecs_blocks.deploy.place import Place

_BATCH: Final = 10
"""What DescribeServices takes at once."""
_TASKS: Final = "how many tasks run now"


def services(
    aws: Aws, stack: Stack, template: Mapping[str, Any]
) -> tuple[dict[str, RunningService], list[Told]]:
    """The services that *stack* made by its *template*, by logical id, and what is not known.

    Raises:
        DeployError: the credentials are over.
    """
    expected = tried(expected_services, aws, stack.stack_id, template)
    if isinstance(expected, Gap):
        return {}, [unknown(_TASKS, expected)]
    found: dict[str, RunningService] = {}
    told: list[Told] = []
    for cluster, batch in _batches(expected):
        answer = find(
            "ecs:DescribeServices",
            aws.client("ecs").describe_services,
            ("ClusterNotFoundException",),
            cluster=cluster,
            services=[one.service_arn for one in batch],
        )
        if isinstance(answer, Gap):
            told.append(unknown(_TASKS, answer))
            continue
        by_arn = {str(one.get("serviceArn")): one for one in (answer or {}).get("services", ())}
        for one in batch:
            service = by_arn.get(one.service_arn)
            if service is not None and service.get("status") == "ACTIVE":
                found[one.logical_id] = _running(service, one)
    return found, told


def pauses(
    aws: Aws, place: Place, stack: Stack, template: Mapping[str, Any], moving: Collection[str]
) -> Iterator[Told]:
    """What each service of *moving* (logical ids) waits for, whose deployment goes on now.

    Raises:
        DeployError: the credentials are over.
    """
    expected = tried(expected_services, aws, stack.stack_id, template) if moving else []
    for one in [] if isinstance(expected, Gap) else expected:
        if one.logical_id not in moving:
            continue
        reader = Reader(aws, one.service_arn, one.cluster)
        try:
            now = reader.state()
            found = reader.rollout(now, None) if now is not None else None
        except ERRORS as error:
            reader.notes["service"] = text_of(error)
            found = None
        if (pause := pause_of(found)) is not None:
            yield noticed(
                f"{one.logical_id}: its deployment waits for {waiting_for(pause)}",
                f"to answer: {place.command('continue')}",
            )
        for note in reader.notes.values():
            yield Unknown(f"whether the deployment of {one.logical_id} waits for a person: {note}")


def held(
    aws: Aws, place: Place, stack: Stack, template: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[Told]:
    """Each service whose scaling somebody suspended or resumed by hand.

    *before* is *template* with values.

    Raises:
        DeployError: the credentials are over.
    """
    expected = tried(expected_services, aws, stack.stack_id, template)
    found = expected if isinstance(expected, Gap) else suspended(aws, place, expected, before)
    if isinstance(found, Gap):
        yield unknown("whether scaling is suspended or resumed by hand", found)
    else:
        yield from (noticed(one.text, one.way) for one in found if one.by_hand is not False)


def _batches(expected: list[ExpectedService]) -> Iterator[tuple[str, list[ExpectedService]]]:
    """Those of each cluster, as many as are asked about at once."""
    clusters: dict[str, list[ExpectedService]] = {}
    for one in expected:
        clusters.setdefault(cluster_in(one.service_arn) or one.cluster, []).append(one)
    for cluster, those in clusters.items():
        for begin in range(0, len(those) if cluster else 0, _BATCH):
            yield cluster, those[begin : begin + _BATCH]


def _running(service: Mapping[str, Any], one: ExpectedService) -> RunningService:
    return RunningService(
        wanted=int(service.get("desiredCount", 0)),
        running=int(service.get("runningCount", 0)),
        is_deploying=any(
            each.get("rolloutState") == "IN_PROGRESS" for each in service.get("deployments", ())
        ),
        task_definition=last(str(service.get("taskDefinition", ""))),
        own=last(one.task_definition_arn or ""),
    )
