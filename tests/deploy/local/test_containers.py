"""With Docker, what is deployed runs: it answers over HTTP, and what fails is rolled back."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.local.process import Local, running
from ecs_blocks.deploy.local.web_server import _MACHINES, _elf, web_server
from tests.deploy.local.engine import CODE, OWN, containers, engine, load
from tests.deploy.local.stage import aws_of, deployed, target
from tests.ministack.server import install

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.local.clients import LocalAws
    from ecs_blocks.deploy.local.docker import Docker

pytestmark = [pytest.mark.ministack, pytest.mark.slow]

IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge-image"
GRACE = {"HealthCheckGracePeriodSeconds": "1"}


@pytest.fixture(scope="module")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Docker]:
    with engine(tmp_path_factory.mktemp("docker")) as docker:
        yield docker


@pytest.fixture(scope="module")
def aws(docker: Docker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Dev with its cluster; hoge's own image 1.0 is deployed."""
    home = tmp_path_factory.mktemp("ministack")
    with running(install(), home, docker.host) as local:
        aws = aws_of(local)
        deployed(aws, target("cluster"))
        build(docker, "1.0")
        assert deployed(aws, target("hoge", ImageTag="1.0"))["StackStatus"] == "CREATE_COMPLETE"
        yield aws
    assert containers(docker) == []


def build(docker: Docker, tag: str) -> None:
    """What ``docker build -t … .`` does: an image by the name that ECR will have for it."""
    load(docker, f"{IMAGE}:{tag}", web_server(OWN, 8080, f"hoge {tag}\n"))


def answer(local: Local, app: str = "hoge", path: str = "/") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", local.port, timeout=10)
    connection.request("GET", path, headers={"Host": f"{app}.dev.example.com"})
    response = connection.getresponse()
    found = response.status, response.read().decode()
    connection.close()
    return found


def test_an_image_that_is_not_built_yet_answers_for_itself(aws: LocalAws) -> None:
    stack = deployed(aws, target("fuga"))
    status, text = answer(aws.local, "fuga", "/health")

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert status == 200
    assert text.splitlines()[1].strip() == IMAGE.replace("hoge", "fuga") + ":local"


def test_the_next_version_is_what_answers(aws: LocalAws, docker: Docker) -> None:
    deployed(aws, target("hoge", ImageTag="1.0"))
    before = answer(aws.local)
    build(docker, "1.1")
    stack = deployed(aws, target("hoge", ImageTag="1.1"))

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert (before, answer(aws.local)) == ((200, "hoge 1.0\n"), (200, "hoge 1.1\n"))


def test_a_tag_that_is_built_again_is_another_image(aws: LocalAws, docker: Docker) -> None:
    load(docker, f"{IMAGE}:dev", web_server(OWN, 8080, "before\n"))
    deployed(aws, target("hoge", ImageTag="dev"))
    before = answer(aws.local)
    load(docker, f"{IMAGE}:dev", web_server(OWN, 8080, "after\n"))
    deployed(aws, target("hoge", ImageTag="dev"))

    assert (before[1], answer(aws.local)[1]) == ("before\n", "after\n")


def test_a_container_is_as_its_definition_says(aws: LocalAws, docker: Docker) -> None:
    deployed(aws, target("hoge", ImageTag="1.0"))
    [task] = running_tasks(aws)
    [found] = [one for one in containers(docker) if task in one["Config"]["Labels"].values()]
    host, ports = found["HostConfig"], found["NetworkSettings"]["Ports"]

    assert found["Config"]["User"] == "1000:1000"
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert host["Tmpfs"] == {"/tmp": "size=64m,rw,exec,nosuid,nodev"}
    assert host["Memory"] == 990 * 1024 * 1024
    assert "JAVA_OPTS=-Xmx256m" in found["Config"]["Env"]
    assert [binding["HostIp"] for binding in ports["8080/tcp"]] == ["127.0.0.1"]


def running_tasks(aws: LocalAws) -> list[str]:
    """Hoge's, by ARN."""
    [name] = [
        resource["PhysicalResourceId"]
        for resource in aws.client("cloudformation").describe_stack_resources(
            StackName="hoge-dev", LogicalResourceId="HogeService"
        )["StackResources"]
    ]
    service = name.rpartition("/")[2]
    found = aws.client("ecs").list_tasks(cluster="dev-default", serviceName=service)
    return list(found["taskArns"])


def stopped_tasks(aws: LocalAws, revision: str) -> list[dict[str, Any]]:
    ecs = aws.client("ecs")
    arns = ecs.list_tasks(cluster="dev-default", desiredStatus="STOPPED")["taskArns"]
    tasks = ecs.describe_tasks(cluster="dev-default", tasks=arns)["tasks"]
    return [task for task in tasks if task["taskDefinitionArn"] == revision]


def newest_revision(aws: LocalAws) -> str:
    listed = aws.client("ecs").list_task_definitions(familyPrefix="hoge-dev", sort="DESC")
    return str(listed["taskDefinitionArns"][0])


@pytest.mark.parametrize(
    ("fault", "code", "reason", "exit_code"),
    [
        ("exits", "EssentialContainerExited", "Essential container exited", 3),
        ("is deaf", "ServiceSchedulerInitiated", "Task failed ELB health checks in", None),
    ],
)
def test_one_that_fails_is_rolled_back_and_the_one_before_goes_on(
    aws: LocalAws, docker: Docker, fault: str, code: str, reason: str, exit_code: int | None
) -> None:
    deployed(aws, target("hoge", ImageTag="1.0", **GRACE))
    tag = fault.replace(" ", "-")
    load(docker, f"{IMAGE}:{tag}", _elf(_MACHINES[OWN], CODE[fault, OWN]))
    stack = deployed(aws, target("hoge", ImageTag=tag, **GRACE))
    events = aws.client("cloudformation").describe_stack_events(StackName="hoge-dev")
    [first, *_] = [
        event["ResourceStatusReason"]
        for event in reversed(events["StackEvents"])
        if event["ResourceStatus"] == "UPDATE_FAILED"
    ]
    tasks = stopped_tasks(aws, newest_revision(aws))

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "ECS Deployment Circuit Breaker was triggered" in first
    assert answer(aws.local) == (200, "hoge 1.0\n")
    failed = [task for task in tasks if task["stoppedReason"].startswith(reason)]

    # the next one may be on its way already when the third opens the circuit breaker
    assert len(failed) in (3, 4)
    assert len(tasks) - len(failed) <= 1
    assert {task["stopCode"] for task in failed} == {code}
    assert {task["containers"][0].get("exitCode") for task in failed} == {exit_code}
    assert all(task["startedBy"].startswith("ecs-svc/") for task in tasks)


def test_what_a_container_writes_is_in_its_log(aws: LocalAws) -> None:
    deployed(aws, target("hoge", ImageTag="1.0"))
    [task] = running_tasks(aws)
    stream = f"app/app/{task.rpartition('/')[2]}"
    events = aws.client("logs").get_log_events(logGroupName="/ecs/hoge-dev", logStreamName=stream)

    assert [event["message"] for event in events["events"]] == ["listening on 8080"]
