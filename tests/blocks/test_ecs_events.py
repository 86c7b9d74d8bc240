"""Events of ECS as words: which are told, which are not, and that nothing is told in a circle."""

from __future__ import annotations

import re
from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.ecs_events import PARTS
from tests.blocks.helpers import TOPIC, parts

SERVICE = {"Ref": "WebService"}
GROUP = {"Fn::Sub": "service:${WebService.Name}"}


def rules(**changed: Any) -> dict[str, Any]:
    """The rules over a service of the cluster ``main``."""
    made = parts()
    block = eb.EcsEvents(service=made.running(), topic_arn=TOPIC, **changed)
    return {name: one["Properties"] for name, one in made.new(block).items()}


def matches(pattern: Any, event: Any) -> bool:
    """Whether EventBridge would hold *event* to match: what of its patterns is used here."""
    if isinstance(pattern, list):
        values = event if isinstance(event, list) else [event]
        return any(_one(rule, value) for rule in pattern for value in values)
    for key, part in pattern.items():
        if key == "$or":
            if not any(matches(one, event) for one in part):
                return False
        elif not isinstance(event, dict) or key not in event or not matches(part, event[key]):
            return False
    return True


def _one(rule: Any, value: Any) -> bool:
    if isinstance(rule, dict) and "prefix" in rule:
        return str(value).startswith(rule["prefix"])
    if isinstance(rule, dict) and "suffix" in rule:
        return str(value).endswith(str(rule["suffix"]))
    return bool(rule == value)


def stopped(code: str, reason: str, *, last: str = "STOPPED") -> dict[str, Any]:
    """A task's event."""
    return {
        "source": "aws.ecs",
        "detail-type": "ECS Task State Change",
        "detail": {
            "group": GROUP,
            "clusterArn": "arn:aws:ecs:ap-northeast-1:123456789012:cluster/main",
            "lastStatus": last,
            "stopCode": code,
            "stoppedReason": reason,
        },
    }


def test_the_ids_are_a_contract() -> None:
    assert list(rules()) == ["WebDeploymentFailedRule", "WebTaskTroubleRule", "WebTaskStoppedRule"]


def test_a_failed_deployment_of_this_service_is_told() -> None:
    assert rules()["WebDeploymentFailedRule"]["EventPattern"] == {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        "resources": [SERVICE],
        "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
    }


@pytest.mark.parametrize(
    ("placement", "names"),
    [
        pytest.param(
            False,
            ["SERVICE_TASK_CONFIGURATION_FAILURE", "SERVICE_TASK_START_IMPAIRED"],
            id="the cluster tells of places",
        ),
        pytest.param(
            True,
            [
                "SERVICE_TASK_PLACEMENT_FAILURE",
                "SERVICE_TASK_CONFIGURATION_FAILURE",
                "SERVICE_TASK_START_IMPAIRED",
            ],
            id="a cluster of another making",
        ),
    ],
)
def test_a_task_that_cannot_start_is_told(*, placement: bool, names: list[str]) -> None:
    assert rules(placement=placement)["WebTaskTroubleRule"]["EventPattern"] == {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Service Action"],
        "resources": [SERVICE],
        "detail": {"eventName": names},
    }


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        pytest.param(
            "EssentialContainerExited", "Essential container in task exited", True, id="1"
        ),
        pytest.param("TaskFailedToStart", "CannotPullContainerError: …", True, id="no image"),
        pytest.param(
            "ServiceSchedulerInitiated",
            "Task failed ELB health checks in (target-group arn:…)",
            True,
            id="unhealthy for the balancer",
        ),
        pytest.param(
            "ServiceSchedulerInitiated",
            "Task failed container health checks",
            True,
            id="unhealthy by itself",
        ),
        pytest.param(
            "ServiceSchedulerInitiated",
            "Scaling activity initiated by (deployment ecs-svc/1)",
            False,
            id="scaled in, or replaced",
        ),
        pytest.param("SpotInterruption", "Your Spot Task was interrupted.", False, id="Spot"),
        pytest.param("UserInitiated", "Task stopped by user", False, id="by hand"),
    ],
)
def test_a_task_that_breaks_down_is_told_one_that_is_not_needed_is_not(
    code: str, reason: str, *, told: bool
) -> None:
    pattern = rules()["WebTaskStoppedRule"]["EventPattern"]

    assert matches(pattern, stopped(code, reason)) is told


def test_a_task_is_told_once_when_it_has_stopped() -> None:
    pattern = rules()["WebTaskStoppedRule"]["EventPattern"]

    assert not matches(pattern, stopped("EssentialContainerExited", "…", last="DEACTIVATING"))


def test_a_service_of_the_same_name_in_another_cluster_is_not_meant() -> None:
    pattern = rules()["WebTaskStoppedRule"]["EventPattern"]
    event = stopped("EssentialContainerExited", "…")
    event["detail"]["clusterArn"] = "arn:aws:ecs:ap-northeast-1:123456789012:cluster/not-main"

    assert not matches(pattern, event)


def test_every_rule_tells_the_topic_in_words() -> None:
    for rule in rules().values():
        [target] = rule["Targets"]
        words = target["InputTransformer"]["InputTemplate"]
        paths = target["InputTransformer"]["InputPathsMap"]

        assert target["Arn"] == TOPIC
        assert words.startswith('"')
        assert words.endswith('"')
        assert '"' not in words[1:-1], "EventBridge takes the text as one JSON string"
        assert set(re.findall(r"<(\w+)>", words)) == set(paths)
        assert paths.items() <= PARTS.items()
        assert rule["State"] == "ENABLED"
