"""A task is started once, whatever becomes of the answer; a refusal says why and what to do."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.request import Job
from ecs_blocks.deploy.one_off.start import start, stop
from tests.deploy.one_off.world import aws_of, service, serving
from tests.fake_aws import (
    denied,
    error,
    expired,
    http_500_empty_after,
    reset_after,
    reset_before,
    throttled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fake_aws import FakeAws
    from tests.fake_aws.faults import Kind

TAGGING = error(
    "AccessDeniedException",
    "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecs:TagResource on *",
)


@pytest.fixture(autouse=True)
def _serving(fake: FakeAws) -> None:
    serving(fake)


def job(fake: FakeAws) -> Job:
    found = service(fake)
    return Job(
        service=found,
        definition=str(found.definition["taskDefinitionArn"]),
        container="app",
        command=("./migrate",),
        started_by="me",
        token="token-1",
    )


def tasks(fake: FakeAws) -> list[str]:
    """The tasks that this test started."""
    return [one.arn for one in fake.ecs.tasks.all if one.started_by == "me"]


def test_one_task_is_started(fake: FakeAws) -> None:
    task = start(aws_of(fake), job(fake))

    assert tasks(fake) == [task["taskArn"]]


@pytest.mark.parametrize(
    "fault",
    [reset_after, reset_before, http_500_empty_after, throttled],
    ids=["after", "before", "500", "throttled"],
)
def test_a_lost_answer_never_makes_a_second_task(fake: FakeAws, fault: Kind) -> None:
    wanted = job(fake)
    fake.fault("RunTask", fault, times=3)
    task = start(aws_of(fake), wanted)

    assert tasks(fake) == [task["taskArn"]]
    assert (
        len(
            {
                one.parameters["clientToken"]
                for one in fake.calls
                if one.service == "ecs" and one.operation == "RunTask"
            }
        )
        == 1
    )


def test_it_is_given_up_after_five_attempts(fake: FakeAws) -> None:
    wanted = job(fake)
    fake.fault("RunTask", throttled, times=None)
    with pytest.raises(DeployError) as caught:
        start(aws_of(fake), wanted)

    assert caught.value.code is Exit.STILL_RUNNING
    assert sum(one.operation == "RunTask" for one in fake.calls) == 5


@pytest.mark.parametrize(
    ("fault", "code", "message", "hint"),
    [
        (
            error(
                "InvalidParameterException", "No Container Instances were found in your cluster."
            ),
            Exit.REJECTED,
            "ECS did not start the task: the cluster has no instances (No Container Instances were "
            "found in your cluster.)",
            "let its Auto Scaling group have some, with managed scaling on for the capacity "
            "provider",
        ),
        (
            error("ClientException", "TaskDefinition is inactive"),
            Exit.REJECTED,
            "ECS did not start the task: the task definition is not active any more "
            "(TaskDefinition is inactive)",
            "deploy the service, so that it has one that is",
        ),
        (
            denied,
            Exit.CREDENTIALS,
            f"starting a task of hoge-prod:1: permission is missing: {denied.error.message}",  # type: ignore[union-attr]  # this fault has one
            "",
        ),
        (
            expired,
            Exit.CREDENTIALS,
            "starting a task of hoge-prod:1: AWS does not accept the credentials: The security "
            "token included in the request is expired",
            "log in again (aws sso login, or your role), then run the same command",
        ),
    ],
)
def test_a_refusal_is_told_in_words(
    fake: FakeAws, fault: Kind, code: Exit, message: str, hint: str
) -> None:
    wanted = job(fake)
    fake.fault("RunTask", fault)
    with pytest.raises(DeployError) as caught:
        start(aws_of(fake), wanted)

    assert (caught.value.code, caught.value.message, caught.value.hint) == (code, message, hint)
    assert tasks(fake) == []


def test_no_room_is_told_in_words(fake: FakeAws) -> None:
    wanted = job(fake)
    fake.script.run_task_is_refused("RESOURCE:MEMORY")
    with pytest.raises(DeployError) as caught:
        start(aws_of(fake), wanted)

    assert caught.value.code is Exit.REJECTED
    assert caught.value.message == (
        "ECS did not start the task: no instance of the cluster has as much memory left "
        "(RESOURCE:MEMORY)"
    )


def test_the_services_tags_are_the_tasks(fake: FakeAws) -> None:
    wanted = job(fake)
    fake.ecs.tags[wanted.service.arn] = [{"key": "CostCenter", "value": "a"}]
    start(aws_of(fake), job(fake))

    assert fake.asked("RunTask")[0]["tags"] == [{"key": "CostCenter", "value": "a"}]


def test_without_the_permission_to_tag_it_starts_without_tags(fake: FakeAws) -> None:
    fake.ecs.tags[service(fake).arn] = [{"key": "CostCenter", "value": "a"}]
    wanted = job(fake)
    fake.fault("RunTask", TAGGING)
    start(aws_of(fake), wanted)

    assert [("tags" in one) for one in fake.asked("RunTask")] == [False]


def test_a_task_is_stopped_with_a_reason(fake: FakeAws) -> None:
    task = start(aws_of(fake), job(fake))
    stop(aws_of(fake), str(task["clusterArn"]), str(task["taskArn"]), "enough")
    [found] = [one for one in fake.ecs.tasks.all if one.arn == task["taskArn"]]

    assert (found.status, found.stopped_reason) == ("STOPPED", "enough")


class _Conflict(BaseHTTPRequestHandler):
    """ECS where a task has been started with the same token, from another revision."""

    known: Mapping[str, Any] = {}

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        operation = self.headers["x-amz-target"].rpartition(".")[2]
        status = 200
        answer: dict[str, Any] = {"tasks": [self.known] if self.known else [], "failures": []}
        if operation == "RunTask":
            arns = ["arn:aws:ecs:ap-northeast-1:123456789012:task/prod/0123"]
            status = 400
            answer = {"__type": "ConflictException", "message": "in use", "resourceIds": arns}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name there
        """Nothing is logged."""


@pytest.fixture
def conflict() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Conflict,), {}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_task_with_the_same_token_is_found(fake: FakeAws, conflict: ThreadingHTTPServer) -> None:
    wanted = job(fake)
    handler: Any = conflict.RequestHandlerClass
    handler.known = {"taskArn": "arn:aws:ecs:ap-northeast-1:123456789012:task/prod/0123"}
    fake.url = f"http://127.0.0.1:{conflict.server_port}"

    assert start(fake.aws(), wanted)["taskArn"].endswith("task/prod/0123")


def test_one_that_is_not_known_any_more_is_left_to_a_person(
    fake: FakeAws, conflict: ThreadingHTTPServer
) -> None:
    wanted = job(fake)
    fake.url = f"http://127.0.0.1:{conflict.server_port}"
    with pytest.raises(DeployError) as caught:
        start(fake.aws(), wanted)

    assert caught.value.code is Exit.NEEDS_A_PERSON
    assert caught.value.message == (
        "ECS started a task for this before, and does not know it any more: in use"
    )
