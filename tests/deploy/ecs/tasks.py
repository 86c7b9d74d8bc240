"""Tasks and task definitions as DescribeTasks and DescribeTaskDefinition give them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

ACCOUNT: Final = "123456789012"
REGION: Final = "ap-northeast-1"
REGISTRY: Final = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
IMAGE: Final = f"{REGISTRY}/hoge:1.8.3"
BEGUN: Final = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
LOG_GROUP: Final = "/ecs/hoge-prod"


def ecs_arn(rest: str) -> str:
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}:{rest}"


CLUSTER: Final = ecs_arn("cluster/default")
SERVICE: Final = ecs_arn("service/default/hoge")
GROUP: Final = (
    f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/hoge-tg/0123456789abcdef"
)


def revision_arn(number: int) -> str:
    return ecs_arn(f"task-definition/hoge:{number}")


def container(name: str = "app", **more: Any) -> dict[str, Any]:
    """A container's part of a task definition."""
    options = {
        "awslogs-group": LOG_GROUP,
        "awslogs-region": REGION,
        "awslogs-stream-prefix": "web",
    }
    return {
        "name": name,
        "image": IMAGE,
        "essential": True,
        "memory": 990,
        "portMappings": [{"containerPort": 8080}],
        "logConfiguration": {"logDriver": "awslogs", "options": options},
        **more,
    }


def definition(*containers: dict[str, Any], number: int = 42, **more: Any) -> dict[str, Any]:
    return {
        "taskDefinitionArn": revision_arn(number),
        "family": "hoge",
        "revision": number,
        "status": "ACTIVE",
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/hoge-exec",
        "containerDefinitions": list(containers) or [container()],
        **more,
    }


def ended(name: str = "app", code: int | None = None, reason: str = "") -> dict[str, Any]:
    """A container of a stopped task."""
    found: dict[str, Any] = {"name": name, "lastStatus": "STOPPED"}
    if code is not None:
        found["exitCode"] = code
    if reason:
        found["reason"] = reason
    return found


def task(
    reason: str,
    *containers: dict[str, Any],
    code: str = "TaskFailedToStart",
    number: int = 42,
    task_id: str = "7f2a0000000000000000000000000000",
    started_by: str = "ecs-svc/42",
    ran_s: float | None = None,
    at_s: float = 0,
    **more: Any,
) -> dict[str, Any]:
    """A stopped task; *ran_s* None never started; *at_s* is when it stopped, after BEGUN."""
    stopped = BEGUN + dt.timedelta(seconds=at_s)
    times = {"stoppedAt": stopped, "createdAt": BEGUN}
    if ran_s is not None:
        times["startedAt"] = stopped - dt.timedelta(seconds=ran_s)
    return {
        "taskArn": ecs_arn(f"task/default/{task_id}"),
        "taskDefinitionArn": revision_arn(number),
        "clusterArn": CLUSTER,
        "startedBy": started_by,
        "lastStatus": "STOPPED",
        "stopCode": code,
        "stoppedReason": reason,
        "containers": list(containers) or [ended()],
        **times,
        **more,
    }
