"""Tasks stop, are shown for a while, and are run one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import NAME, SERVICE, client, parameters, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.ecs.model import Service


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        fake.deployed(NAME, SERVICE, {"Image": "hoge:1"})
        yield fake


def service(fake: FakeAws) -> Service:
    return fake.ecs.find(fake.stack(NAME).resources["Service"].physical_id)


def update(fake: FakeAws, image: str = "hoge:2", seconds: float = 600) -> None:
    client(fake).update_stack(
        StackName=NAME, UsePreviousTemplate=True, Parameters=parameters(Image=image)
    )
    fake.clock.sleep(seconds)


def test_a_scale_in_stops_healthy_tasks(fake: FakeAws) -> None:
    fake.ecs.scale(service(fake).name, 1)
    stopped = [one for one in service(fake).tasks if not one.lives]

    assert [(one.stop_code, one.failed) for one in stopped] == [
        ("ServiceSchedulerInitiated", False)
    ]
    assert "Scaling activity initiated by" in str(stopped[0].stopped_reason)


def test_stopped_tasks_are_shown_for_an_hour(fake: FakeAws) -> None:
    update(fake)
    ecs, old = fake.aws().client("ecs"), service(fake).tasks[0]
    within = ecs.describe_tasks(tasks=[old.arn])
    fake.clock.sleep(3700)
    later = ecs.describe_tasks(tasks=[old.arn])

    assert [one["taskArn"] for one in within["tasks"]] == [old.arn]
    assert later["failures"] == [{"arn": old.arn, "reason": "MISSING"}]


def test_a_failed_creation_takes_the_log_group_with_it() -> None:
    with FakeAws() as fake:
        fake.script.tasks_fail(logs=["boom"])
        aws = client(fake)
        aws.create_stack(
            StackName=NAME, TemplateBody=SERVICE, Parameters=parameters(Image="hoge:1")
        )
        fake.clock.sleep(600)

        assert fake.stack(NAME).status == "ROLLBACK_COMPLETE"
        assert fake.world.logs.groups == {}
        assert [one.status for one in fake.ecs.services] == ["INACTIVE"]


@pytest.mark.parametrize(
    ("operation", "arguments", "answer"),
    [
        (
            "describe_services",
            {"cluster": "other", "services": ["hoge"]},
            "ClusterNotFoundException: Cluster not found.",
        ),
        (
            "list_service_deployments",
            {"service": "fuga"},
            "ServiceNotFoundException: Service not found.",
        ),
        (
            "describe_task_definition",
            {"taskDefinition": "fuga"},
            "ClientException: Unable to describe task definition.",
        ),
        (
            "stop_task",
            {"task": "0a"},
            "InvalidParameterException: The referenced task was not found.",
        ),
    ],
)
def test_ecs_says_what_is_not_there(
    fake: FakeAws, operation: str, arguments: dict[str, Any], answer: str
) -> None:
    assert refused(getattr(fake.aws().client("ecs"), operation), **arguments) == answer


def test_a_task_that_is_run_ends_as_the_script_says(fake: FakeAws) -> None:
    fake.script.run_task_ends(3, logs=["migrating", "failed"])
    ecs = fake.aws().client("ecs")
    task = ecs.run_task(taskDefinition="hoge", startedBy="ci")["tasks"][0]["taskArn"]
    fake.clock.sleep(30)
    ended = ecs.describe_tasks(tasks=[task])["tasks"][0]

    assert (ended["lastStatus"], ended["containers"][0]["exitCode"]) == ("STOPPED", 3)
    assert [len(lines) for lines in fake.world.logs.groups["/ecs/hoge"].values()] == [2]


def test_a_task_that_cannot_run_is_a_failure_in_the_answer(fake: FakeAws) -> None:
    fake.script.run_task_is_refused("RESOURCE:CPU")
    found = fake.aws().client("ecs").run_task(taskDefinition="hoge")

    assert (found["tasks"], found["failures"]) == ([], [{"reason": "RESOURCE:CPU"}])
