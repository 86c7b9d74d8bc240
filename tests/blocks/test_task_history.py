"""A cluster's history: which events it keeps, who may write, and what its saved queries ask.

Trap 49: an event that EventBridge may not write is lost without a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.task_history import QUERIES
from tests.blocks.helpers import Built, new_stack, resolved
from tests.blocks.test_ecs_events import matches

if TYPE_CHECKING:
    from ecs_blocks.blocks.task_history import TaskHistoryHandle

HERE: Final = "ap-northeast-1:123456789012"
CLUSTER: Final = f"arn:aws:ecs:{HERE}:cluster/main"
GROUP: Final = "/aws/events/ecs/containerinsights/main/performance"
"""As ECS's console calls its own."""
ADDED: Final = [
    "SharedTaskHistoryLogGroup",
    "SharedTaskHistoryRule",
    "SharedStoppedTasksQuery",
    "SharedStopReasonsQuery",
    "SharedExitCodesQuery",
    "SharedDeploymentsQuery",
]
STOPPED: Final[dict[str, Any]] = {
    "version": "0",
    "id": "3317b2af-7005-947d-b652-f55e762e571a",
    "detail-type": "ECS Task State Change",
    "source": "aws.ecs",
    "account": "123456789012",
    "time": "2026-08-05T03:12:07Z",
    "region": "ap-northeast-1",
    "resources": [f"arn:aws:ecs:{HERE}:task/main/7f2a0000000000000000000000000000"],
    "detail": {
        "attachments": [{"id": "1789bcae", "type": "eni", "status": "DELETED", "details": []}],
        "availabilityZone": "ap-northeast-1a",
        "clusterArn": CLUSTER,
        "containers": [
            {
                "containerArn": f"arn:aws:ecs:{HERE}:container/cf159fd6",
                "exitCode": 1,
                "lastStatus": "STOPPED",
                "name": "app",
                "image": "app:1.8.3",
                "runtimeId": "7f2a0000000000000000000000000000-0206597506",
                "taskArn": f"arn:aws:ecs:{HERE}:task/main/7f2a0000000000000000000000000000",
                "cpu": "0",
            }
        ],
        "createdAt": "2026-08-05T03:11:30.163Z",
        "startedAt": "2026-08-05T03:12:00.345Z",
        "stoppingAt": "2026-08-05T03:12:06.345Z",
        "stoppedAt": "2026-08-05T03:12:07.345Z",
        "desiredStatus": "STOPPED",
        "group": "service:hoge",
        "lastStatus": "STOPPED",
        "launchType": "FARGATE",
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "taskArn": f"arn:aws:ecs:{HERE}:task/main/7f2a0000000000000000000000000000",
        "taskDefinitionArn": f"arn:aws:ecs:{HERE}:task-definition/hoge:42",
        "version": 6,
    },
}
"""Source: Amazon ECS Developer Guide, "Amazon ECS task state change events"."""
ACTION: Final[dict[str, Any]] = {
    **STOPPED,
    "detail-type": "ECS Service Action",
    "resources": [f"arn:aws:ecs:{HERE}:service/main/hoge"],
    "detail": {
        "eventType": "ERROR",
        "eventName": "SERVICE_TASK_PLACEMENT_FAILURE",
        "clusterArn": CLUSTER,
        "reason": "RESOURCE:FARGATE",
        "createdAt": "2026-08-05T03:12:07.087Z",
    },
}
"""Source: the same, "Amazon ECS service action events"."""
DEPLOYMENT: Final[dict[str, Any]] = {
    **STOPPED,
    "detail-type": "ECS Deployment State Change",
    "resources": [f"arn:aws:ecs:{HERE}:service/main/hoge"],
    "detail": {
        "eventType": "ERROR",
        "eventName": "SERVICE_DEPLOYMENT_FAILED",
        "deploymentId": "ecs-svc/123",
        "updatedAt": "2026-08-05T03:12:07Z",
        "reason": "ECS deployment circuit breaker: task failed to start.",
    },
}
"""Source: the same, "Amazon ECS service deployment state change events"."""


def made(**changed: Any) -> Built[TaskHistoryHandle]:
    """A history of the cluster ``main``."""
    stack = new_stack()
    people = (eb.Subscription("ops@example.com"),)
    cluster = stack.add("Shared", eb.Cluster(name="main", subscriptions=people))
    return Built(stack, stack.add("Shared", eb.TaskHistory(cluster=cluster, **changed)))


def pattern() -> dict[str, Any]:
    """The rule's, as it is once the cluster is there."""
    found = resolved(made().template)["Resources"]["SharedTaskHistoryRule"]["Properties"]
    tasks, actions, deployments = found["EventPattern"]["$or"]
    arn = {"Fn::GetAtt": ["SharedCluster", "Arn"]}

    assert tasks["detail"]["clusterArn"] == actions["detail"]["clusterArn"] == [arn]
    [begins] = deployments["resources"]
    assert begins == {"prefix": {"Fn::Sub": f"arn:aws:ecs:{HERE}:service/${{SharedCluster}}/"}}
    for one in (tasks, actions):
        one["detail"]["clusterArn"] = [CLUSTER]
    begins["prefix"] = begins["prefix"]["Fn::Sub"].replace("${SharedCluster}", "main")
    pattern: dict[str, Any] = found["EventPattern"]
    return pattern


def changed(event: dict[str, Any], **detail: Any) -> dict[str, Any]:
    return {**event, "detail": {**event["detail"], **detail}}


def test_the_ids_are_a_contract() -> None:
    assert [one for one in made().ids if one in ADDED] == ADDED


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        pytest.param(STOPPED, True, id="a task broke down"),
        pytest.param(changed(STOPPED, lastStatus="RUNNING"), False, id="a task runs"),
        pytest.param(changed(STOPPED, lastStatus="DEACTIVATING"), False, id="it is about to stop"),
        pytest.param(
            changed(STOPPED, stopCode="ServiceSchedulerInitiated"),
            True,
            id="scaled in, or replaced",
        ),
        pytest.param(changed(STOPPED, stopCode="SpotInterruption"), True, id="Spot took it"),
        pytest.param(changed(STOPPED, group="family:job"), True, id="a job"),
        pytest.param(
            changed(STOPPED, clusterArn=f"{CLUSTER}-two"), False, id="a task of another cluster"
        ),
        pytest.param(ACTION, True, id="no place"),
        pytest.param(changed(ACTION, eventType="WARN"), True, id="a warning"),
        pytest.param(changed(ACTION, eventType="INFO"), False, id="a steady state"),
        pytest.param(
            changed(ACTION, clusterArn=f"{CLUSTER}-two"), False, id="a service of another cluster"
        ),
        pytest.param(DEPLOYMENT, True, id="a deployment failed"),
        pytest.param(changed(DEPLOYMENT, eventType="INFO"), True, id="a deployment began or ended"),
        pytest.param(
            {**DEPLOYMENT, "resources": [f"arn:aws:ecs:{HERE}:service/main-two/hoge"]},
            False,
            id="a deployment in another cluster",
        ),
        pytest.param({**STOPPED, "source": "my.own"}, False, id="not by ECS"),
        pytest.param(
            {**ACTION, "detail-type": "ECS Container Instance State Change"}, False, id="instances"
        ),
    ],
)
def test_what_one_looks_for_in_the_morning_is_kept(event: dict[str, Any], *, kept: bool) -> None:
    assert matches(pattern(), event) is kept


def test_trap_49_the_rule_of_this_stack_may_write_and_nobody_else() -> None:
    """Trap 49: as the group's own policy, which is no part of an account's ten.

    The rule has a name, for CloudFormation cuts the one that it makes of a long stack name.
    """
    resources = resolved(made().template)["Resources"]
    group = resources["SharedTaskHistoryLogGroup"]["Properties"]
    rule = resources["SharedTaskHistoryRule"]["Properties"]["Name"]
    told = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    source = f"arn:aws:events:{HERE}:rule/SharedTaskHistoryRule-${{Part1}}"

    assert rule == {"Fn::Sub": ["SharedTaskHistoryRule-${Part1}", {"Part1": told}]}

    assert group["ResourcePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RuleOfThisStack",
                "Effect": "Allow",
                "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": [f"arn:aws:logs:{HERE}:log-group:{GROUP}:*"],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "123456789012"},
                    "ArnEquals": {"aws:SourceArn": {"Fn::Sub": [source, {"Part1": told}]}},
                },
            }
        ],
    }


def test_the_group_is_where_the_console_looks_is_encrypted_and_ends() -> None:
    group = made(retention_days=90).resources["SharedTaskHistoryLogGroup"]["Properties"]

    assert group["LogGroupName"] == GROUP
    assert group["RetentionInDays"] == 90
    assert group["KmsKeyId"] == {"Fn::GetAtt": ["SharedKey", "Arn"]}


def test_events_go_to_the_group_as_they_are() -> None:
    """With a transformer the group would get no JSON; its own ARN ends in ``:*``."""
    [target] = made().resources["SharedTaskHistoryRule"]["Properties"]["Targets"]
    group = "log-group:${SharedTaskHistoryLogGroup}"
    here = "${AWS::Region}:${AWS::AccountId}"

    assert target == {
        "Id": "TaskHistory",
        "Arn": {"Fn::Sub": f"arn:${{AWS::Partition}}:logs:{here}:{group}"},
    }


def test_queries_are_saved_in_a_folder_of_the_stack_and_ask_this_group() -> None:
    found = made()
    queries = [found.resources[one]["Properties"] for one in ADDED[2:]]

    assert list(found.handle.queries) == list(QUERIES)
    assert {one["Name"]["Fn::Sub"].partition("/")[0] for one in queries} == {"${AWS::StackName}"}
    assert all(one["LogGroupNames"] == [{"Ref": "SharedTaskHistoryLogGroup"}] for one in queries)
    assert all(one["QueryString"].startswith("filter `detail-type` ") for one in queries)


def paths(value: Any, path: str = "") -> set[str]:
    """Every part of an event by its name in CloudWatch Logs Insights: ``detail.containers.0``."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    found: set[str] = set()
    for key, part in parts:
        own = f"{path}.{key}" if path else str(key)
        found |= {own} | (paths(part, own) if isinstance(part, (dict, list)) else set())
    return found


@pytest.mark.parametrize("suffix", QUERIES)
def test_a_query_asks_for_fields_that_events_have(suffix: str) -> None:
    """A container has a ``reason`` where its agent had one to tell."""
    _, *steps = QUERIES[suffix]
    known = paths(STOPPED) | paths(ACTION) | paths(DEPLOYMENT) | {"detail.containers.0.reason"}
    text = " ".join(steps).replace("ecs_event.", "")
    asked = set(re.findall(r"[a-z]+(?:\.\w+)+", text))

    assert asked != set()
    assert {re.sub(r"^container\.", "detail.containers.0.", one) for one in asked} <= known


def test_a_rule_has_a_name_that_eventbridge_takes() -> None:
    """At most 64 characters, of which the stack's id has 36."""
    stack = new_stack()
    people = (eb.Subscription("ops@example.com"),)
    cluster = stack.add("A" * 60, eb.Cluster(name="main", subscriptions=people))
    handle = stack.add("A" * 60, eb.TaskHistory(cluster=cluster))
    name, _ = handle.rule.Name.to_dict()["Fn::Sub"]

    assert len(name.replace("${Part1}", "8" * 36)) == 64


def test_what_went_wrong_is_asked_for_as_it_is_told() -> None:
    """Thousands that scaling stopped, each with the id of its deployment, would hide it."""
    _, *steps = QUERIES["StopReasons"]

    assert steps[1] == (
        'filter detail.stopCode != "ServiceSchedulerInitiated" '
        "or detail.stoppedReason like /(?i)(fail|unhealthy|error)/"
    )


@pytest.mark.parametrize(
    ("given", "got"),
    [
        pytest.param("main", "a name", id="text"),
        pytest.param(eb.ref("ClusterName"), "a name", id="a parameter"),
        pytest.param(eb.Cluster(name="main", subscriptions=()), "a Cluster", id="the block"),
    ],
)
def test_a_cluster_of_this_stack_is_needed(given: Any, got: str) -> None:
    expected = (
        'cluster has to be what stack.add("Shared", eb.Cluster…) gave, in the same stack; '
        f"got {got}"
    )
    with pytest.raises(eb.BlockError, match=re.escape(expected)):
        eb.TaskHistory(cluster=given)


def test_days_that_cloudwatch_does_not_take_are_refused() -> None:
    with pytest.raises(eb.BlockError, match=r"^retention_days is 31; allowed: 1, 3, 5, "):
        made(retention_days=31)
