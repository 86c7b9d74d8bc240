"""Services whose scaling is suspended now: by the template, by hand, or nobody may know."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError
from msgspec import structs

from ecs_blocks.deploy.ecs.verify import ExpectedService
from ecs_blocks.deploy.place import Access
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.suspended import Suspended, suspended
from tests.deploy.stage import place

OUT: Final = {"DynamicScalingOutSuspended": True}
ALL: Final = dict.fromkeys((*OUT, "DynamicScalingInSuspended", "ScheduledScalingSuspended"), True)
WEB: Final = ExpectedService("Web", "arn:aws:ecs:r:1:service/main/web-1", "")
OLD: Final = ExpectedService("Old", "arn:aws:ecs:r:1:service/old-1", "", cluster="main")
NOWHERE: Final = ExpectedService("Nowhere", "arn:aws:ecs:r:1:service/lost", "")
REST: Final = {one: one not in OUT for one in ALL}
NO_TASKS: Final = "it gets no tasks however busy it is"
NOTHING_ELSE: Final = "it loses no tasks however idle it is and no schedule counts"


def command(on: dict[str, bool]) -> str:
    """Every switch is in it, those of *on* by their value, the others off."""
    state = ",".join(f"{one}={'true' if on.get(one) else 'false'}" for one in ALL)
    return (
        "aws application-autoscaling register-scalable-target --service-namespace ecs "
        "--scalable-dimension ecs:service:DesiredCount --resource-id service/main/web-1 "
        f"--suspended-state {state} --region ap-northeast-1"
    )


COMMAND: Final = f"to resume it: {command({})}"
KEY: Final = "to resume it: ScalingSuspended: false in environment.yaml, and a deploy"


class Told:
    """Application Auto Scaling, and what it was asked."""

    region = "ap-northeast-1"

    def __init__(self, states: dict[str, Any], error: str = "") -> None:
        self.states = states
        self.error = error
        self.asked: list[list[str]] = []

    def client(self, _service: str) -> Any:
        return SimpleNamespace(describe_scalable_targets=self.describe)

    def describe(self, *, ResourceIds: list[str], **_: str) -> dict[str, Any]:  # noqa: N803 - AWS's
        if self.error:
            raise ClientError({"Error": {"Code": self.error}}, "DescribeScalableTargets")
        self.asked.append(ResourceIds)
        found = [one for one in ResourceIds if one in self.states]
        return {
            "ScalableTargets": [
                {"ResourceId": one, "SuspendedState": self.states[one]} for one in found
            ]
        }


def template(state: dict[str, bool] | None) -> dict[str, Any]:
    """Of the service Web, and what of its scaling is suspended."""
    properties = {"ResourceId": {"Fn::Sub": "service/main/${Web.Name}"}, "SuspendedState": state}
    target = {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": properties}
    return {"Resources": {"Web": {"Type": "AWS::ECS::Service"}, "Target": target}}


def told(aws: Any, services: list[ExpectedService], state: Any = None) -> list[Suspended] | Gap:
    return suspended(aws, place(), services, template(state))


@pytest.mark.parametrize(
    ("now", "by_template", "expected"),
    [
        (OUT, None, [(f"suspended by hand: {NO_TASKS}", COMMAND, True)]),
        (OUT, OUT, [(f"suspended: {NO_TASKS}", KEY, False)]),
        (
            ALL,
            REST,
            [
                (f"suspended by hand: {NO_TASKS}", f"to resume it: {command(REST)}", True),
                (f"suspended: {NOTHING_ELSE}", KEY, False),
            ],
        ),
        (
            OUT,
            ALL,
            [
                (f"suspended: {NO_TASKS}", KEY, False),
                (
                    "resumed by hand: it loses tasks at once where it is idle and schedules count "
                    "from their next time on",
                    f"to suspend it again: {command(ALL)}",
                    True,
                ),
            ],
        ),
        (
            REST,
            OUT,
            [
                (
                    f"suspended by hand: {NOTHING_ELSE}",
                    f"to have what the template says: {command(OUT)}",
                    True,
                ),
                (
                    "resumed by hand: it gets tasks at once where it is too busy",
                    f"to have what the template says: {command(OUT)}",
                    True,
                ),
            ],
        ),
        (
            {},
            OUT,
            [
                (
                    "resumed by hand: it gets tasks at once where it is too busy",
                    f"to suspend it again: {command(OUT)}",
                    True,
                )
            ],
        ),
    ],
)
def test_who_suspended_or_resumed_it_and_the_way_back(
    now: dict[str, bool],
    by_template: dict[str, bool] | None,
    expected: list[tuple[str, str, bool]],
) -> None:
    found = told(Told({"service/main/web-1": now}), [WEB], by_template)

    assert isinstance(found, list)
    assert [(one.text, one.way, one.by_hand) for one in found] == [
        (f"Web: scaling is {text}", way, by_hand) for text, way, by_hand in expected
    ]


def test_what_scales_is_not_told() -> None:
    assert told(Told({"service/main/web-1": dict.fromkeys(ALL, False)}), [WEB]) == []
    assert told(Told({}), [WEB], ALL) == []
    assert told(Told({}, "Never"), []) == []


@pytest.mark.parametrize(
    ("service", "state"),
    [
        (structs.replace(WEB, logical_id="Child.Web"), ALL),
        (WEB, {"DynamicScalingOutSuspended": {"Fn::Lookup": "!Ssm /held"}}),
    ],
)
def test_what_the_template_says_may_not_be_known(service: ExpectedService, state: Any) -> None:
    found = told(Told({"service/main/web-1": OUT}), [service], state)

    assert isinstance(found, list)
    assert [(one.text.partition(": ")[2], one.way, one.by_hand) for one in found] == [
        ("scaling is suspended: it gets no tasks however busy it is", COMMAND, None)
    ]


def test_nothing_is_asked_of_a_stack_that_scales_nothing() -> None:
    aws: Any = Told({}, "Never")

    assert (
        suspended(aws, place(), [WEB], {"Resources": {"Web": {"Type": "AWS::ECS::Service"}}}) == []
    )


def test_a_cluster_is_in_the_arn_or_known() -> None:
    aws = Told({})

    assert told(aws, [WEB, OLD, NOWHERE]) == []
    assert aws.asked == [["service/main/web-1", "service/main/old-1"]]


def test_many_are_asked_about_in_turn() -> None:
    aws = Told({})
    told(aws, [structs.replace(WEB, service_arn=f"{WEB.service_arn}{n}") for n in range(51)])

    assert [len(one) for one in aws.asked] == [50, 1]


def test_who_may_not_ask_does_not_know() -> None:
    assert told(Told({}, "AccessDeniedException"), [WEB]) == Gap(
        "the permission application-autoscaling:DescribeScalableTargets is missing"
    )


def test_nothing_is_asked_of_a_server_on_this_machine() -> None:
    here = structs.replace(place(), access=Access(local=True))
    aws: Any = Told({}, "Never")

    assert suspended(aws, here, [WEB], template(None)) == []
