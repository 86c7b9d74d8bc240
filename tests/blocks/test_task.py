"""A task definition with its roles and its log group.

Trap 8: CloudFormation deregisters the revision it replaces, and then nothing can be rolled back to.
Trap 20: a reservation and a hard limit, not the limit alone.
Trap 22: a log that blocks must not block the application.
Trap 26: a task that is told to stop has time to finish.
Trap 43: only tasks of this account and region may become the roles.
"""

from __future__ import annotations

from typing import Any

import awacs.sqs
import pytest
from troposphere import iam

import ecs_blocks as eb
from ecs_blocks import policies
from tests.blocks.helpers import (
    KEY,
    REPOSITORY,
    TOKENS,
    built,
    fargate_task,
    resources,
    task_trust,
)

_EC2 = eb.Ec2Size(memory_reservation_mib=512, memory_mib=990)


def definition(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = resources(fargate_task(**changed))["WebTaskDefinition"]
    return found


def container(**changed: Any) -> dict[str, Any]:
    [found] = definition(**changed)["Properties"]["ContainerDefinitions"]
    one: dict[str, Any] = found
    return one


def tmpfs(size_mib: int) -> dict[str, Any]:
    """``/tmp`` from which code may run: the JVM's libraries unpack theirs there."""
    options = ["rw", "exec", "nosuid", "nodev"]
    return {"ContainerPath": "/tmp", "Size": size_mib, "MountOptions": options}


CONTAINER: dict[str, Any] = {
    "Name": "app",
    "Image": f"{REPOSITORY}:1",
    "Essential": True,
    "PortMappings": [{"Name": "app", "ContainerPort": 8080, "Protocol": "tcp"}],
    "User": "1000:1000",
    "Privileged": False,
    "ReadonlyRootFilesystem": True,
    "LinuxParameters": {
        "InitProcessEnabled": True,
        "Capabilities": {"Drop": ["ALL"]},
        "Tmpfs": [tmpfs(64)],
    },
    "StopTimeout": 30,
    "LogConfiguration": {
        "LogDriver": "awslogs",
        "Options": {
            "awslogs-group": {"Ref": "WebLogGroup"},
            "awslogs-region": {"Ref": "AWS::Region"},
            "awslogs-stream-prefix": "app",
            "mode": "non-blocking",
            "max-buffer-size": "25m",
        },
    },
}


def test_a_task_on_fargate() -> None:
    assert definition() == {
        "Type": "AWS::ECS::TaskDefinition",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Family": {"Ref": "AWS::StackName"},
            "NetworkMode": "awsvpc",
            "RuntimePlatform": {"CpuArchitecture": "X86_64", "OperatingSystemFamily": "LINUX"},
            "ExecutionRoleArn": {"Fn::GetAtt": ["WebExecutionRole", "Arn"]},
            "TaskRoleArn": {"Fn::GetAtt": ["WebTaskRole", "Arn"]},
            "ContainerDefinitions": [CONTAINER],
            "RequiresCompatibilities": ["FARGATE"],
            "Cpu": "256",
            "Memory": "512",
        },
    }


def test_trap_20_a_task_on_instances_has_a_reservation_and_a_hard_limit() -> None:
    found = definition(size=_EC2)["Properties"]

    assert "Cpu" not in found
    assert "Memory" not in found
    assert found["RequiresCompatibilities"] == ["EC2"]
    assert found["ContainerDefinitions"] == [
        CONTAINER | {"Cpu": 256, "MemoryReservation": 512, "Memory": 990}
    ]


def test_a_task_of_tokens() -> None:
    size = eb.FargateSize(cpu=TOKENS.number, memory_mib=TOKENS.other_number, architecture="ARM64")
    variables = {"HOST": TOKENS.word, "URL": eb.text("https://", TOKENS.word)}

    found = resources(
        fargate_task(
            image=TOKENS.word,
            size=size,
            variables=variables,
            log_retention_days=TOKENS.number,
            log_key_arn=TOKENS.key_arn,
        )
    )

    task = found["WebTaskDefinition"]["Properties"]
    [one] = task["ContainerDefinitions"]
    assert (task["Cpu"], task["Memory"]) == ({"Ref": "Number"}, {"Ref": "OtherNumber"})
    assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"
    assert one["Image"] == {"Ref": "Word"}
    assert one["Environment"] == [
        {"Name": "HOST", "Value": {"Ref": "Word"}},
        {"Name": "URL", "Value": {"Fn::Sub": "https://${Word}"}},
    ]
    assert found["WebLogGroup"]["Properties"]["KmsKeyId"] == {"Ref": "KeyArn"}


def test_trap_8_the_revision_before_stays() -> None:
    found = definition()

    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_trap_22_a_full_log_does_not_stop_the_application() -> None:
    options = container()["LogConfiguration"]["Options"]

    assert (options["mode"], options["max-buffer-size"]) == ("non-blocking", "25m")


def test_trap_22_the_log_group_is_the_task_s_own_with_a_retention() -> None:
    assert resources(fargate_task())["WebLogGroup"]["Properties"] == {
        "LogGroupName": {"Fn::Sub": "/ecs/${AWS::StackName}"},
        "RetentionInDays": 30,
        "KmsKeyId": KEY,
    }


@pytest.mark.parametrize("seconds", [2, 30, 120])
def test_trap_26_a_stopping_task_gets_the_time_that_was_asked_for(seconds: int) -> None:
    settings = eb.Container(stop_timeout_s=seconds)

    assert container(container=settings)["StopTimeout"] == seconds


@pytest.mark.parametrize("role", ["WebExecutionRole", "WebTaskRole"])
def test_trap_43_only_tasks_of_this_account_become_a_role(role: str) -> None:
    found = resources(fargate_task())[role]["Properties"]

    assert found["AssumeRolePolicyDocument"] == task_trust()


def test_the_container_can_be_told_apart_where_it_has_to_be() -> None:
    found = container(container=eb.Container(user="65532:65532", tmp_mib=256), port=9000)

    assert found["User"] == "65532:65532"
    assert found["LinuxParameters"]["Tmpfs"] == [tmpfs(256)]
    assert found["PortMappings"] == [{"Name": "app", "ContainerPort": 9000, "Protocol": "tcp"}]


def test_the_application_may_do_nothing_unless_it_is_named() -> None:
    queue = policies.policy("Queue", policies.allow([awacs.sqs.SendMessage], [TOKENS.word]))

    closed = resources(fargate_task())["WebTaskRole"]["Properties"]
    opened = resources(fargate_task(task_policies=(queue,)))["WebTaskRole"]["Properties"]

    assert "Policies" not in closed
    assert opened["Policies"] == [
        {
            "PolicyName": "Queue",
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": ["sqs:SendMessage"],
                        "Resource": [{"Ref": "Word"}],
                    }
                ],
            },
        }
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", ""), ("text", "text"), (1, "1"), (True, "true"), (TOKENS.number, {"Ref": "Number"})],
)
def test_a_variable_is_text(value: Any, expected: object) -> None:
    assert container(variables={"NAME": value})["Environment"] == [
        {"Name": "NAME", "Value": expected}
    ]


BAD = [
    pytest.param({"port": 0}, "port 0 is not between 1 and 65535", id="port 0"),
    pytest.param({"port": 65536}, "port 65536 is not between 1 and 65535", id="port 65536"),
    pytest.param(
        {
            "variables": {"B": "1", "A": "1"},
            "secrets": {
                "A": eb.SsmParameter(eb.SsmParameterName("/a")),
                "B": eb.SsmParameter(eb.SsmParameterName("/b")),
            },
        },
        "A, B: a variable and a secret of the same name",
        id="a variable and a secret",
    ),
    pytest.param(
        {"secrets": {"PASSWORD": "/web/password"}},
        "the secret PASSWORD has to be eb.SsmParameter(...) or eb.Secret(...), not str",
        id="a secret as text",
    ),
    pytest.param(
        {"variables": {"OPTIONS": None}},
        'the variable OPTIONS is None; write "" for an empty one',
        id="a variable without a value",
    ),
    pytest.param({"port": "80"}, "port is a whole number like 8080, not str", id="port as text"),
    pytest.param(
        {"port": TOKENS.number}, "port is a whole number like 8080, not Token", id="port as token"
    ),
]


@pytest.mark.parametrize(("changed", "message"), BAD)
def test_a_task_that_ecs_would_refuse(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        fargate_task(**changed)

    assert str(refused.value) == message


def test_the_logical_ids_are_a_contract() -> None:
    assert built(fargate_task()).ids == [
        "WebLogGroup",
        "WebExecutionRole",
        "WebTaskRole",
        "WebTaskDefinition",
    ]


def test_the_handle_hands_on_the_revision() -> None:
    handle = built(fargate_task()).handle

    assert (handle.arn.to_dict(), handle.port) == ({"Ref": "WebTaskDefinition"}, 8080)


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(fargate_task())

    made.handle.resource.EnableFaultInjection = True
    made.handle.container.Interactive = True
    made.handle.execution_role.RoleName = "web-execution"
    made.handle.role.ManagedPolicyArns = ["arn:aws:iam::123456789012:policy/web"]
    made.handle.role.Policies = [iam.Policy(PolicyName="None", PolicyDocument={})]
    made.handle.log_group.LogGroupName = "/web"

    found = {name: body["Properties"] for name, body in made.resources.items()}
    assert found["WebTaskDefinition"]["EnableFaultInjection"] is True
    assert found["WebTaskDefinition"]["ContainerDefinitions"][0]["Interactive"] is True
    assert found["WebExecutionRole"]["RoleName"] == "web-execution"
    assert found["WebTaskRole"]["ManagedPolicyArns"] == ["arn:aws:iam::123456789012:policy/web"]
    assert found["WebTaskRole"]["Policies"] == [{"PolicyName": "None", "PolicyDocument": {}}]
    assert found["WebLogGroup"]["LogGroupName"] == "/web"


def test_a_worker_listens_on_no_port() -> None:
    made = built(fargate_task(port=None))

    [one] = made.resources["WebTaskDefinition"]["Properties"]["ContainerDefinitions"]
    assert "PortMappings" not in one
    with pytest.raises(eb.BlockError) as refused:
        _ = made.handle.port
    assert str(refused.value) == "the task listens on no port; give it one, like port=8080"


def test_a_port_says_what_is_spoken_there() -> None:
    found = container(port=eb.Port(50051, name="api", app_protocol="grpc"))

    assert found["PortMappings"] == [
        {"Name": "api", "ContainerPort": 50051, "Protocol": "tcp", "AppProtocol": "grpc"}
    ]


def test_a_task_with_a_larger_disk_of_its_own() -> None:
    size = eb.FargateSize(cpu=256, memory_mib=512, ephemeral_storage_gib=100)

    assert definition(size=size)["Properties"]["EphemeralStorage"] == {"SizeInGiB": 100}
    assert "EphemeralStorage" not in definition()["Properties"]


@pytest.mark.parametrize("gib", [20, 201])
def test_a_disk_that_fargate_does_not_have(gib: int) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.FargateSize(cpu=256, memory_mib=512, ephemeral_storage_gib=gib)

    assert str(refused.value) == f"ephemeral_storage_gib is {gib}; allowed: 21 to 200"
