"""A service that runs in the fake, and tasks beside it."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from ecs_blocks.deploy.one_off.service import read_service, services_of
from tests.deploy.stage import STACK
from tests.fake_aws import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.one_off.service import Service
    from tests.fake_aws import FakeAws

GROUP: Final = "/ecs/hoge-prod"
REPOSITORY: Final = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge"
LOGS: Final = {
    "LogDriver": "awslogs",
    "Options": {
        "awslogs-group": {"Ref": "Group"},
        "awslogs-region": {"Ref": "AWS::Region"},
        "awslogs-stream-prefix": "app",
    },
}
NETWORK: Final = {
    "AwsvpcConfiguration": {
        "Subnets": ["subnet-1", "subnet-2"],
        "SecurityGroups": ["sg-1"],
        "AssignPublicIp": "DISABLED",
    }
}
TEMPLATE: Final[dict[str, Any]] = {
    "Parameters": {"Image": {"Type": "String"}, "Level": {"Type": "String"}},
    "Resources": {
        "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "prod"}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": GROUP}},
        "Targets": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {"Port": 8080, "TargetType": "ip"},
        },
        "TaskDefinition": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "Family": STACK,
                "NetworkMode": "awsvpc",
                "RequiresCompatibilities": ["FARGATE"],
                "Cpu": "256",
                "Memory": "512",
                "ExecutionRoleArn": "arn:aws:iam::123456789012:role/hoge-execution",
                "ContainerDefinitions": [
                    {
                        "Name": "app",
                        "Image": {"Ref": "Image"},
                        "Essential": True,
                        "Environment": [
                            {"Name": "LOG_LEVEL", "Value": {"Ref": "Level"}},
                            {"Name": "QUEUE", "Value": {"Ref": "Queue"}},
                        ],
                        "Secrets": [
                            {
                                "Name": "DATABASE_URL",
                                "ValueFrom": "arn:aws:ssm:ap-northeast-1:123456789012:parameter/db",
                            }
                        ],
                        "LogConfiguration": LOGS,
                    },
                    {
                        "Name": "proxy",
                        "Image": "envoy:1",
                        "Essential": False,
                        "LogConfiguration": LOGS,
                    },
                ],
            },
        },
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "Cluster": {"Ref": "Cluster"},
                "TaskDefinition": {"Ref": "TaskDefinition"},
                "DesiredCount": 1,
                "NetworkConfiguration": NETWORK,
                "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Weight": 1}],
                "PropagateTags": "SERVICE",
                "EnableECSManagedTags": True,
                "LoadBalancers": [
                    {
                        "TargetGroupArn": {"Ref": "Targets"},
                        "ContainerName": "app",
                        "ContainerPort": 8080,
                    }
                ],
            },
        },
    },
}
VALUES: Final = {"Image": f"{REPOSITORY}:1.8.1", "Level": "info"}
MIGRATE: Final = {
    "name": "Migrate",
    "service": "Service",
    "command": ["./migrate", "--all"],
    "timeout_minutes": 15,
}


_PROCESSES: Final[WeakKeyDictionary[FakeAws, Aws]] = WeakKeyDictionary()


def aws_of(fake: FakeAws) -> Aws:
    """The process of a test: to make a client takes longer than most tests."""
    if fake not in _PROCESSES:
        _PROCESSES[fake] = fake.aws()
    return _PROCESSES[fake]


def template(*steps: Mapping[str, Any], **containers: Mapping[str, Any]) -> dict[str, Any]:
    """``TEMPLATE`` with *steps* before the deploy, and changed properties of containers."""
    made = copy.deepcopy(TEMPLATE)
    if steps:
        made["Metadata"] = {"ecs_blocks": {"before_deploy": [dict(one) for one in steps]}}
    for one in made["Resources"]["TaskDefinition"]["Properties"]["ContainerDefinitions"]:
        one.update(containers.get(one["Name"], {}))
    return made


def serving(fake: FakeAws, made: Mapping[str, Any] = TEMPLATE, **values: str) -> None:
    """The stack, with a service that runs version 1.8.1."""
    fake.deployed(STACK, made, {**VALUES, **values})
    fake.clock.advance(120)
    fake.calls.clear()
    remembers_tokens(fake)


def service(fake: FakeAws) -> Service:
    """The service, as it is read."""
    aws = aws_of(fake)
    stack_id = fake.stack(STACK).id
    return read_service(aws, stack_id, "Service", services_of(aws, stack_id)["Service"])


def remembers_tokens(fake: FakeAws) -> None:
    """Let RunTask start one task for each clientToken, and refuse another request with the same."""
    started: dict[str, tuple[str, dict[str, Any]]] = {}
    run_task: Callable[[Any], dict[str, Any]] = fake.ecs.run_task

    def once(request: dict[str, Any]) -> dict[str, Any]:
        content = json.dumps(request, sort_keys=True, default=str)
        digest = hashlib.sha256(content.encode()).hexdigest()
        before = started.get(request["clientToken"])
        if before is None:
            answer = run_task(request)
            if answer["tasks"]:
                started[request["clientToken"]] = (digest, answer)
            return answer
        if before[0] != digest:
            raise AwsError("ConflictException", "The clientToken is in use with another request.")
        return before[1]

    fake.canned("ecs", "RunTask", once)
    fake.canned("ecs", "ListTaskDefinitions", lambda request: listed(fake, request))


def listed(fake: FakeAws, request: Mapping[str, Any]) -> dict[str, Any]:
    """The revisions of a family with a status."""
    found = [
        arn
        for arn, one in fake.ecs.definitions.all.items()
        if one["family"] == request["familyPrefix"] and one["status"] == request["status"]
    ]
    return {"taskDefinitionArns": found[::-1]}


def write(fake: FakeAws, task_id: str, *lines: str, container: str = "app") -> None:
    """Let a container of a task write lines now."""
    fake.world.logs.write(GROUP, f"app/{container}/{task_id}", lines)


def left_over(fake: FakeAws) -> list[str]:
    """The revisions for one task that are still active."""
    return [
        f"{one['family']}:{one['revision']}"
        for one in fake.ecs.definitions.all.values()
        if one["family"].endswith("-run") and one["status"] == "ACTIVE"
    ]
