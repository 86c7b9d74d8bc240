"""Small stacks for the tables: a service with what belongs to it, and what is said of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.review.changes import compared
from ecs_blocks.review.impact.gathering import consequences
from ecs_blocks.review.impact.subject import Subject, subject_of
from ecs_blocks.review.side import Pair, Side
from tests.review.stacks import body, side

if TYPE_CHECKING:
    from ecs_blocks.review.live import Live
    from ecs_blocks.review.model import Consequence

Resources = dict[str, Any]


def subject(
    before: Resources | Side | None, after: Resources | Side | None, *, live: Live | None = None
) -> Subject:
    """The subject of a change from one set of resources to another, with what runs."""
    sides = [side(one) if isinstance(one, dict) else one for one in (before, after)]
    pair = Pair(app="hoge", environment="prod", before=sides[0], after=sides[1], live=live)
    return subject_of(pair, compared(*sides).resources)


def told(
    before: Resources | Side | None, after: Resources | Side | None
) -> tuple[Consequence, ...]:
    """All consequences of a change."""
    return consequences(subject(before, after))


def lines(
    before: Resources | Side | None, after: Resources | Side | None, *kinds: str
) -> list[str]:
    """The consequences (of these kinds, or all), each as ``weight kind: text``."""
    return [
        f"{one.weight} {one.kind}: {one.text}"
        for one in told(before, after)
        if not kinds or one.kind in kinds
    ]


def details(before: Resources | Side | None, after: Resources | Side | None) -> list[str]:
    """The details of the first consequence that has any."""
    return next((list(one.details) for one in told(before, after) if one.details), [])


def container(**properties: Any) -> Resources:
    """The container ``app``."""
    return {"Name": "app", "Image": "repo/hoge:1.8.2", **properties}


def task(*containers: Resources, **properties: Any) -> Resources:
    """A task definition, by default with the container ``app`` alone, on EC2."""
    listed = list(containers) or [container()]
    return body("ECS::TaskDefinition", ContainerDefinitions=listed, **properties)


def web(count: int | None = 2, **properties: Any) -> Resources:
    """A service that runs ``Task``."""
    given = {} if count is None else {"DesiredCount": count}
    return body("ECS::Service", TaskDefinition={"Ref": "Task"}, **given, **properties)


def stack(service: Resources, definition: Resources | None = None, **more: Resources) -> Resources:
    """The service ``Web`` with its task definition ``Task``, and *more*."""
    return {"Web": service, "Task": definition or task(), **more}


def rolling(low: int, high: int, **more: Any) -> dict[str, Any]:
    """A deployment configuration with these percentages."""
    return {
        "DeploymentConfiguration": {"MinimumHealthyPercent": low, "MaximumPercent": high, **more}
    }


def target(low: int, high: int) -> Resources:
    """The scalable target of ``Web``."""
    return body(
        "ApplicationAutoScaling::ScalableTarget",
        ResourceId={"Fn::Sub": "service/c/${Web.Name}"},
        MinCapacity=low,
        MaxCapacity=high,
    )


def group(seconds: int | None = None, **properties: Any) -> Resources:
    """A target group with this deregistration delay."""
    attributes = [{"Key": "deregistration_delay.timeout_seconds", "Value": str(seconds)}]
    given = {} if seconds is None else {"TargetGroupAttributes": attributes}
    return body("ElasticLoadBalancingV2::TargetGroup", **given, **properties)


def balanced(logical_id: str = "Group") -> dict[str, Any]:
    """What makes a service register with a target group."""
    return {"LoadBalancers": [{"ContainerName": "app", "TargetGroupArn": {"Ref": logical_id}}]}
