"""Small templates and short ways for the fake's own tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fake_aws import FakeAws

NAME: Final = "hoge-prod"


def template(**changes: Any) -> str:
    """A log group, a role and a topic that refers to both."""
    return json.dumps(
        {
            "Parameters": {
                "Days": {"Type": "Number", "Default": 7},
                "Secret": {"Type": "String", "NoEcho": True, "Default": "none"},
            },
            "Resources": {
                "Group": {
                    "Type": "AWS::Logs::LogGroup",
                    "Properties": {"RetentionInDays": {"Ref": "Days"}},
                },
                "Role": {"Type": "AWS::IAM::Role", "Properties": {"Description": "one"}},
                "Topic": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {
                        "DisplayName": {"Fn::Sub": "${Group} ${Role.Arn} ${AWS::StackName}"}
                    },
                },
            },
            "Outputs": {"Topic": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic"}}},
            **changes,
        }
    )


BUCKETS: Final = json.dumps(
    {
        "Parameters": {"One": {"Type": "String", "Default": "a"}},
        "Resources": {
            name: {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "One"}}}
            for name in ("A", "B", "C")
        },
    }
)
"""Three resources that do not need one another."""


SERVICE: Final = json.dumps(
    {
        "Parameters": {"Image": {"Type": "String"}},
        "Resources": {
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/ecs/hoge"}},
            "Targets": {
                "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
                "Properties": {"Port": 8080, "TargetType": "ip"},
            },
            "TaskDefinition": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {
                    "Family": "hoge",
                    "ContainerDefinitions": [
                        {
                            "Name": "app",
                            "Image": {"Ref": "Image"},
                            "Memory": "512",
                            "LogConfiguration": {
                                "LogDriver": "awslogs",
                                "Options": {
                                    "awslogs-group": {"Ref": "Group"},
                                    "awslogs-stream-prefix": "app",
                                },
                            },
                        }
                    ],
                },
            },
            "Service": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "TaskDefinition": {"Ref": "TaskDefinition"},
                    "DesiredCount": 2,
                    "LoadBalancers": [
                        {
                            "TargetGroupArn": {"Ref": "Targets"},
                            "ContainerName": "app",
                            "ContainerPort": 8080,
                        }
                    ],
                    "DeploymentConfiguration": {
                        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}
                    },
                },
            },
        },
    }
)
"""A service behind a load balancer, with a circuit breaker."""


_CLIENTS: Final[WeakKeyDictionary[FakeAws, Any]] = WeakKeyDictionary()


def client(fake: FakeAws) -> Any:
    """A CloudFormation client, the same each time: making one takes longer than most calls."""
    if fake not in _CLIENTS:
        _CLIENTS[fake] = fake.aws().client("cloudformation")
    return _CLIENTS[fake]


def parameters(**values: str) -> list[dict[str, str]]:
    """Parameters as boto3 takes them."""
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def made(fake: FakeAws, **request: Any) -> str:
    """The ARN of a new change set that is complete."""
    wanted = {
        "StackName": NAME,
        "ChangeSetName": "eb-1",
        "TemplateBody": template(),
        "Capabilities": ["CAPABILITY_IAM"],
        **request,
    }
    found = client(fake).create_change_set(**wanted)["Id"]
    fake.clock.advance(5)
    return str(found)


def refused(call: Callable[..., Any], **arguments: Any) -> str:
    """The code and text with which AWS refuses."""
    try:
        call(**arguments)
    except ClientError as error:
        found: Mapping[str, str] = error.response["Error"]
        return f"{found['Code']}: {found['Message']}"
    return "done"


def told(fake: FakeAws, name: str = NAME) -> list[str]:
    """The events of a stack, oldest first: ``Group CREATE_COMPLETE``."""
    return [f"{one.logical_id} {one.status}" for one in fake.stack(name).events]
