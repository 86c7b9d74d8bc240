"""How a container runs, beside its image.

Trap 26: a task that is told to stop has time to finish.
Trap 35: ECS Exec needs a channel for the role, and folders that can be written to.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import KEY, TOKENS, fargate_task, resources

_EXEC = eb.Exec(key_arn=KEY, log_group_name="/ecs/cluster-prod/exec")


def container(**settings: Any) -> dict[str, Any]:
    """The container definition of a task that runs as *settings* say."""
    task = resources(fargate_task(container=eb.Container(**settings)))["WebTaskDefinition"]
    [found] = task["Properties"]["ContainerDefinitions"]
    one: dict[str, Any] = found
    return one


ROWS = [
    pytest.param({"command": ("serve", "-v")}, "Command", ["serve", "-v"], id="a command"),
    pytest.param({"entry_point": ("/init",)}, "EntryPoint", ["/init"], id="an entry point"),
    pytest.param(
        {"health_check": eb.HealthCheck(("/bin/check", "--fast"))},
        "HealthCheck",
        {
            "Command": ["CMD", "/bin/check", "--fast"],
            "Interval": 30,
            "Timeout": 5,
            "Retries": 3,
            "StartPeriod": 0,
        },
        id="a health check of words",
    ),
    pytest.param(
        {
            "health_check": eb.HealthCheck(
                "curl -f localhost || exit 1",
                interval_s=5,
                timeout_s=2,
                retries=10,
                start_period_s=300,
            )
        },
        "HealthCheck",
        {
            "Command": ["CMD-SHELL", "curl -f localhost || exit 1"],
            "Interval": 5,
            "Timeout": 2,
            "Retries": 10,
            "StartPeriod": 300,
        },
        id="a health check for the shell",
    ),
    pytest.param(
        {"restart": eb.Restart()},
        "RestartPolicy",
        {"Enabled": True, "RestartAttemptPeriod": 300},
        id="a restart",
    ),
    pytest.param(
        {"restart": eb.Restart(ignored_exit_codes=(0, 143), attempt_period_s=60)},
        "RestartPolicy",
        {"Enabled": True, "RestartAttemptPeriod": 60, "IgnoredExitCodes": [0, 143]},
        id="a restart with codes",
    ),
    pytest.param(
        {"ulimits": (eb.Ulimit("nofile", 65536),)},
        "Ulimits",
        [{"Name": "nofile", "SoftLimit": 65536, "HardLimit": 65536}],
        id="a limit",
    ),
    pytest.param(
        {"ulimits": (eb.Ulimit("nofile", 1024, 4096),)},
        "Ulimits",
        [{"Name": "nofile", "SoftLimit": 1024, "HardLimit": 4096}],
        id="a limit with another hard one",
    ),
    pytest.param(
        {"mounts": (eb.Mount(eb.ScratchVolume("cache"), "/cache"),)},
        "MountPoints",
        [{"SourceVolume": "cache", "ContainerPath": "/cache", "ReadOnly": False}],
        id="a mount",
    ),
    pytest.param(
        {"ports": (eb.Port(9000, name="metrics"),)},
        "PortMappings",
        [
            {"Name": "app", "ContainerPort": 8080, "Protocol": "tcp"},
            {"Name": "metrics", "ContainerPort": 9000, "Protocol": "tcp"},
        ],
        id="a second port",
    ),
]


@pytest.mark.parametrize(("settings", "key", "expected"), ROWS)
def test_a_container_runs_as_it_is_told(
    settings: dict[str, Any], key: str, expected: object
) -> None:
    assert container(**settings)[key] == expected


def test_what_is_not_asked_for_is_not_there() -> None:
    assert set(container()) == {
        "Name",
        "Image",
        "Essential",
        "PortMappings",
        "User",
        "Privileged",
        "ReadonlyRootFilesystem",
        "LinuxParameters",
        "StopTimeout",
        "LogConfiguration",
    }


BAD = [
    pytest.param(
        {"stop_timeout_s": 1}, "stop_timeout_s is 1; allowed: 2 and more", id="trap 26: 1 s"
    ),
    pytest.param(
        {"environment_files": eb.EnvironmentFile(bucket=eb.BucketName("b"), key="a.env")},
        "environment_files is a tuple, like (eb.EnvironmentFile(…),)",
        id="a file without its tuple",
    ),
    pytest.param(
        {"ports": [eb.Port(9090, "metrics")]},
        'ports is a tuple, like (eb.Port(9090, "metrics"),)',
        id="a list of ports",
    ),
    pytest.param(
        {"command": "serve -v"},
        'command is a tuple of words, like ("./worker", "--verbose")',
        id="a command as one text",
    ),
    pytest.param(
        {
            "mounts": (
                eb.Mount(eb.ScratchVolume("a"), "/data"),
                eb.Mount(eb.ScratchVolume("b"), "/data"),
            )
        },
        "/data: two volumes are mounted at one path",
        id="two volumes at one path",
    ),
    pytest.param(
        {"exec": _EXEC, "mounts": (eb.Mount(eb.ScratchVolume("a"), "/managed-agents"),)},
        "/managed-agents: two volumes are mounted at one path",
        id="where exec writes",
    ),
]


@pytest.mark.parametrize(("settings", "message"), BAD)
def test_settings_that_cannot_be(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Container(**settings)

    assert str(refused.value) == message


PARTS = [
    pytest.param(lambda: eb.HealthCheck(()), "a health check needs a command", id="no command"),
    *(
        pytest.param(
            lambda name=name, value=value: eb.HealthCheck("true", **{name: value}),
            f"{name} of a health check is {value}; allowed: {allowed}",
            id=f"{name} {value}",
        )
        for name, value, allowed in (
            ("interval_s", 4, "5 to 300"),
            ("interval_s", 301, "5 to 300"),
            ("timeout_s", 1, "2 to 60"),
            ("timeout_s", 61, "2 to 60"),
            ("retries", 0, "1 to 10"),
            ("retries", 11, "1 to 10"),
            ("start_period_s", 301, "0 to 300"),
        )
    ),
    pytest.param(
        lambda: eb.Restart(attempt_period_s=59),
        "attempt_period_s is 59; allowed: 60 to 1800",
        id="a restart too soon",
    ),
    pytest.param(
        lambda: eb.Restart(ignored_exit_codes=tuple(range(51))),
        "at most 50 exit codes can be ignored",
        id="too many codes",
    ),
    pytest.param(
        lambda: eb.Port(8080, name="HTTP"),
        "'HTTP' cannot be a port's name: at most 64 lower case letters, digits, hyphens and "
        "underscores",
        id="a port in capitals",
    ),
]


@pytest.mark.parametrize(("make", "message"), PARTS)
def test_parts_that_ecs_refuses(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message


def test_on_fargate_one_limit_can_be_set() -> None:
    limits = eb.Container(ulimits=(eb.Ulimit("nofile", 1), eb.Ulimit("core", 0)))

    with pytest.raises(eb.BlockError) as refused:
        fargate_task(container=limits)

    assert str(refused.value) == "core: on Fargate only the limit nofile can be set"
    size = eb.Ec2Size(memory_reservation_mib=512, memory_mib=990)
    assert fargate_task(size=size, container=limits).container is limits


def test_trap_35_exec_mounts_what_its_agent_writes_to_and_the_root_stays_read_only() -> None:
    found = container(exec=_EXEC)

    assert found["ReadonlyRootFilesystem"] is True
    assert [(one["ContainerPath"], one["ReadOnly"]) for one in found["MountPoints"]] == [
        ("/managed-agents", False),
        ("/var/lib/amazon/ssm", False),
        ("/var/log/amazon/ssm", False),
    ]


def test_trap_35_exec_lets_the_role_open_its_channel_and_write_the_session_s_log() -> None:
    role = resources(fargate_task(container=eb.Container(exec=_EXEC)))["WebTaskRole"]
    [policy] = role["Properties"]["Policies"]
    group = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group"

    assert policy["PolicyName"] == "Exec"
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
                "logs:DescribeLogGroups",
            ],
            "Resource": ["*"],
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [{"Fn::Sub": f"{group}:/ecs/cluster-prod/exec:*"}],
        },
        {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": [KEY]},
    ]


def test_trap_35_without_exec_the_role_has_no_channel() -> None:
    assert "Policies" not in resources(fargate_task())["WebTaskRole"]["Properties"]


def test_exec_of_tokens() -> None:
    exec_ = eb.Exec(key_arn=TOKENS.key_arn, log_group_name=TOKENS.word, enabled=TOKENS.flag)
    role = resources(fargate_task(container=eb.Container(exec=exec_)))["WebTaskRole"]
    [policy] = role["Properties"]["Policies"]

    _, log, key = policy["PolicyDocument"]["Statement"]
    assert log["Resource"][0]["Fn::Sub"].endswith(":log-group:${Word}:*")
    assert key["Resource"] == [{"Ref": "KeyArn"}]


def test_a_mount_and_what_exec_mounts_are_all_volumes_of_the_task() -> None:
    settings = eb.Container(exec=_EXEC, mounts=(eb.Mount(eb.ScratchVolume("cache"), "/cache"),))
    task = resources(fargate_task(container=settings))["WebTaskDefinition"]["Properties"]

    assert [one["Name"] for one in task["Volumes"]] == [
        "cache",
        "exec-agent",
        "exec-state",
        "exec-log",
    ]
