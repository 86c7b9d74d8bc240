"""Containers beside the application's own: what they have, may read, and wait for."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import KEY, REPOSITORY, TOKENS, built, fargate_task, resources
from tests.blocks.test_task import CONTAINER
from tests.blocks.web import on_instances

_REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"
_CHECK = eb.HealthCheck("true")


def sidecar(**changed: Any) -> eb.Sidecar:
    arguments: dict[str, Any] = {"name": "proxy", "image": f"{_REGISTRY}/proxy:1", "memory_mib": 64}
    return eb.Sidecar(**arguments | changed)


def beside(*sidecars: eb.Sidecar, **changed: Any) -> dict[str, Any]:
    return resources(fargate_task(sidecars=sidecars, **changed))


def test_a_sidecar_has_what_every_container_has() -> None:
    app, found = beside(sidecar())["WebTaskDefinition"]["Properties"]["ContainerDefinitions"]
    expected = {key: value for key, value in CONTAINER.items() if key != "PortMappings"}
    log = CONTAINER["LogConfiguration"]
    expected["LogConfiguration"] = log | {
        "Options": log["Options"] | {"awslogs-stream-prefix": "proxy"}
    }

    assert app == CONTAINER
    assert found == expected | {
        "Name": "proxy",
        "Image": f"{_REGISTRY}/proxy:1",
        "Essential": False,
        "Cpu": 32,
        "Memory": 64,
    }


def test_a_sidecar_of_tokens_with_all_that_it_can_have() -> None:
    one = sidecar(
        image=TOKENS.word,
        memory_mib=TOKENS.number,
        cpu=TOKENS.other_number,
        essential=True,
        variables={"LEVEL": TOKENS.word},
        secrets={"TOKEN": eb.SsmParameter(TOKENS.secret_name)},
        container=eb.Container(ports=(eb.Port(9901, name="admin"),), after={"app": "START"}),
    )
    found = beside(one)["WebTaskDefinition"]["Properties"]["ContainerDefinitions"][1]

    assert {key: found[key] for key in ("Image", "Memory", "Cpu", "Essential")} == {
        "Image": {"Ref": "Word"},
        "Memory": {"Ref": "Number"},
        "Cpu": {"Ref": "OtherNumber"},
        "Essential": True,
    }
    assert found["Environment"] == [{"Name": "LEVEL", "Value": {"Ref": "Word"}}]
    assert [one["Name"] for one in found["Secrets"]] == ["TOKEN"]
    assert found["PortMappings"] == [{"Name": "admin", "ContainerPort": 9901, "Protocol": "tcp"}]
    assert found["DependsOn"] == [{"ContainerName": "app", "Condition": "START"}]


@pytest.mark.parametrize(
    ("image", "repositories"),
    [
        pytest.param(f"{_REGISTRY}/proxy:1.2", ["web", "proxy"], id="a tag"),
        pytest.param(
            f"{_REGISTRY}/team/proxy@sha256:{'0' * 64}", ["web", "team/proxy"], id="digest"
        ),
        pytest.param(f"{_REGISTRY}/proxy:1@sha256:{'0' * 64}", ["web", "proxy"], id="both"),
        pytest.param(f"{REPOSITORY}:2", ["web"], id="the application's own"),
        pytest.param("public.ecr.aws/nginx/nginx:1", ["web"], id="a public one"),
        pytest.param(TOKENS.word, ["web"], id="a token"),
    ],
)
def test_the_image_of_a_sidecar_may_be_pulled_too(image: Any, repositories: list[str]) -> None:
    role = beside(sidecar(image=image))["WebExecutionRole"]["Properties"]
    [pull] = [one for one in role["Policies"] if one["PolicyName"] == "Pull"]
    [statement] = pull["PolicyDocument"]["Statement"]

    found = [one["Fn::Sub"].partition(":repository/")[2] for one in statement["Resource"]]
    assert found == repositories


def test_the_secrets_of_a_sidecar_may_be_read_too() -> None:
    name = eb.SsmParameterName("/proxy/token")
    one = sidecar(secrets={"TOKEN": eb.SsmParameter(name, KEY)})
    role = beside(one)["WebExecutionRole"]["Properties"]

    assert [one["PolicyName"] for one in role["Policies"]] == [
        "Logs",
        "Pull",
        "LogInToEcr",
        "Parameters",
        "Decrypt",
    ]


def test_containers_share_a_volume() -> None:
    socket = eb.ScratchVolume("socket")
    mounts = eb.Container(mounts=(eb.Mount(socket, "/run/app"),))
    found = beside(sidecar(container=mounts), container=mounts)["WebTaskDefinition"]["Properties"]

    assert found["Volumes"] == [{"Name": "socket"}]
    assert [one["MountPoints"][0]["SourceVolume"] for one in found["ContainerDefinitions"]] == [
        "socket",
        "socket",
    ]


GOOD = [
    pytest.param({"proxy": "START"}, {}, id="START"),
    pytest.param({"proxy": "SUCCESS"}, {}, id="SUCCESS"),
    pytest.param({"proxy": "COMPLETE"}, {}, id="COMPLETE"),
    pytest.param(
        {"proxy": "HEALTHY"},
        {"container": eb.Container(health_check=_CHECK), "essential": True},
        id="HEALTHY",
    ),
]


@pytest.mark.parametrize(("after", "changed"), GOOD)
def test_the_application_waits_for_a_sidecar(
    after: dict[str, Any], changed: dict[str, Any]
) -> None:
    found = beside(sidecar(**changed), container=eb.Container(after=after))
    app = found["WebTaskDefinition"]["Properties"]["ContainerDefinitions"][0]

    [(name, condition)] = after.items()
    assert app["DependsOn"] == [{"ContainerName": name, "Condition": condition}]


def task(*sidecars: eb.Sidecar, **settings: Any) -> eb.Task:
    return fargate_task(sidecars=sidecars, container=eb.Container(**settings))


BAD = [
    pytest.param(
        lambda: sidecar(name="a b"),
        "'a b' cannot be a container's name: letters, digits, hyphens and underscores",
        id="a name",
    ),
    pytest.param(
        lambda: sidecar(memory_mib=5),
        "proxy: memory_mib is 5; Docker takes 6 and more",
        id="too little memory",
    ),
    pytest.param(
        lambda: sidecar(container=eb.Container(exec=eb.Exec(key_arn=KEY, log_group_name="/a"))),
        "proxy: a shell is opened in the application's container; give exec to its Container",
        id="a shell",
    ),
    pytest.param(
        lambda: task(sidecar(), sidecar()),
        "there are two containers proxy; rename one",
        id="two of one name",
    ),
    pytest.param(
        lambda: task(sidecar(name="app")), "there are two containers app; rename one", id="app"
    ),
    pytest.param(
        lambda: task(sidecar(variables={"A": None})),
        'proxy: the variable A is None; write "" for an empty one',
        id="a variable without a value",
    ),
    pytest.param(
        lambda: task(sidecar(), after={"proxi": "START"}),
        "app waits for proxi, which is no other container; did you mean proxy?",
        id="a name that is misspelt",
    ),
    pytest.param(
        lambda: task(sidecar(), after={"proxy": "HEALTY"}),
        "app waits for proxy until HEALTY; allowed: START, COMPLETE, SUCCESS, HEALTHY; did you "
        "mean HEALTHY?",
        id="a condition that is misspelt",
    ),
    pytest.param(
        lambda: task(after={"app": "START"}),
        "app waits for app, which is no other container",
        id="itself",
    ),
    pytest.param(
        lambda: task(sidecar(), after={"proxy": "HEALTHY"}),
        "app waits until proxy is healthy, which has no check",
        id="no health check",
    ),
    pytest.param(
        lambda: task(sidecar(essential=True), after={"proxy": "SUCCESS"}),
        "app waits for the end of proxy, which is essential: the task would end with it",
        id="the end of what is essential",
    ),
    pytest.param(
        lambda: task(sidecar(container=eb.Container(ports=(eb.Port(8080, name="other"),)))),
        "two ports of the task have the number 8080",
        id="one port twice",
    ),
    pytest.param(
        lambda: task(sidecar(container=eb.Container(ports=(eb.Port(81),)))),
        "two ports of the task have the name app",
        id="one name twice",
    ),
]


@pytest.mark.parametrize(("make", "message"), BAD)
def test_sidecars_that_ecs_would_refuse(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message


ROUTER = eb.LogRouter(
    image="public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.0",
    options={"Name": "datadog"},
    secret_options={"apikey": eb.SsmParameter(eb.SsmParameterName("/datadog/key"))},
)


def test_a_log_router_takes_the_application_s_log_and_keeps_its_own_in_the_log_group() -> None:
    found = beside(ROUTER, sidecar())["WebTaskDefinition"]["Properties"]["ContainerDefinitions"]
    app, router, proxy = found

    assert app["LogConfiguration"] == {
        "LogDriver": "awsfirelens",
        "Options": {"Name": "datadog"},
        "SecretOptions": [
            {
                "Name": "apikey",
                "ValueFrom": {
                    "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                    ":parameter/datadog/key"
                },
            }
        ],
    }
    assert router["FirelensConfiguration"] == {
        "Type": "fluentbit",
        "Options": {"enable-ecs-log-metadata": "true"},
    }
    assert [one["LogConfiguration"]["LogDriver"] for one in (router, proxy)] == ["awslogs"] * 2
    assert (router["Name"], router["User"], router["Essential"], router["Memory"]) == (
        "log-router",
        "0:0",
        True,
        128,
    )


def test_the_secrets_of_a_router_s_options_may_be_read() -> None:
    role = beside(ROUTER)["WebExecutionRole"]["Properties"]

    assert "Parameters" in [one["PolicyName"] for one in role["Policies"]]


@pytest.mark.parametrize(
    ("user", "suppressed"),
    [
        pytest.param("1000:1000", True, id="only the router is root"),
        pytest.param("0", False, id="the application is root as well"),
        pytest.param("root:root", False, id="by name"),
    ],
)
def test_that_a_router_is_root_needs_no_reason_of_the_user_s(
    user: str,
    suppressed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = beside(ROUTER, container=eb.Container(user=user))["WebTaskDefinition"]

    assert ("Metadata" in found) is suppressed


def test_every_sidecar_is_reachable_through_the_handle() -> None:
    made = built(fargate_task(sidecars=(sidecar(),)))

    made.handle.sidecars["proxy"].StartTimeout = 60

    found = made.resources["WebTaskDefinition"]["Properties"]["ContainerDefinitions"][1]
    assert found["StartTimeout"] == 60


@pytest.mark.parametrize(
    ("id_", "nesting"),
    [
        ("WebMemoryAlarm", ()),
        (
            "WebMemoryScaling",
            ("TargetTrackingScalingPolicyConfiguration", "CustomizedMetricSpecification"),
        ),
    ],
)
def test_memory_on_instances_is_that_of_all_containers(id_: str, nesting: tuple[str, ...]) -> None:
    found = on_instances(sidecars=(sidecar(), sidecar(name="agent", memory_mib=128)))
    properties = found.properties(id_)
    for name in nesting:
        properties = properties[name]

    assert properties["Metrics"][-1]["Expression"] == {
        "Fn::Sub": "utilization * (${TaskMemory} + 64 + 128) / (${TaskMaxMemory} + 64 + 128)"
    }
