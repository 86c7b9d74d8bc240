"""A deployment that waits for a person: in CI, for somebody later, and on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.stage import STACK, app
from tests.cli.deploying.terminal import CTRL_C, ENTER, console
from tests.cli.deploying.virtual import virtually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

HERE = ("hoge", "--env", "prod")
DEPLOY = ("deploy", *HERE, "--set", "Title=two")
TYPE = "ecs-blocks continue hoge --env prod"
STAGE = "POST_TEST_TRAFFIC_SHIFT"
SERVICE = """\
from troposphere import ecs
container = ecs.ContainerDefinition(
    Name="app",
    Image="public.ecr.aws/hoge:1",
    Environment=[ecs.Environment(Name="TITLE", Value=env.title)],
)
task = stack.add_resource(
    ecs.TaskDefinition("Task", Family="hoge-prod", ContainerDefinitions=[container])
)
stack.add_resource(
    ecs.Service("Service", Cluster="default", TaskDefinition=Ref(task), DesiredCount=1)
)
"""


def with_service(stage: Stage) -> None:
    """A service that runs, and whose next deployment pauses."""
    stage.fake.ecs.cluster()
    app(stage.project, "hoge", more=SERVICE)
    stage.deployed()
    stage.fake.script.pauses = [STAGE]


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Stage]:
    """A deploy that CI has left, at a pause."""
    with virtually(tmp_path, per_second=1e6) as stage:
        with_service(stage)
        done = stage.within(*DEPLOY, "--yes", "--timeout", "10")

        assert done.code == 12
        assert f"Service waits for approval at {STAGE} until " in done.outcome[0]
        assert f"to answer: {TYPE} (" in done.outcome[0]
        yield stage


def test_status_says_what_to_type(waiting: Stage) -> None:
    done = waiting.within("status", *HERE)

    assert f"  a deployment waits for a person; to answer: {TYPE}" in done.stdout.splitlines()


def test_somebody_lets_it_go_on_and_sees_its_end(waiting: Stage) -> None:
    done = waiting.within("continue", *HERE, "--yes")

    assert done.code == 0, done.stderr
    assert f"Service: the deployment goes on from {STAGE}" in done.stderr
    assert done.outcome[0].startswith(f"OK: {STACK} is UPDATE_COMPLETE, and its services run")
    assert [one["result"] for one in waiting.records] == ["done", "done"]


def test_somebody_rolls_it_back_and_that_is_no_failure(waiting: Stage) -> None:
    done = waiting.within("continue", *HERE, "--roll-back", "--yes")

    assert done.code == 0, done.stderr
    assert "UPDATE_ROLLBACK_COMPLETE); the version before serves" in done.outcome[0]
    assert waiting.fake.stack(STACK).status == "UPDATE_ROLLBACK_COMPLETE"
    assert waiting.records[-1]["result"] != "done"


def test_without_somebody_who_agrees_nothing_is_answered(waiting: Stage) -> None:
    waiting.fake.calls.clear()
    done = waiting.within("continue", *HERE)

    assert done.code == 4
    assert waiting.fake.asked("ContinueServiceDeployment") == []


def test_where_nothing_waits_it_says_so(tmp_path: Path) -> None:
    with virtually(tmp_path, per_second=1e6) as stage:
        stage.deployed()
        done = stage.within("continue", *HERE, "--yes")

    assert done.code == 2
    assert done.lines == [
        f"{STACK}: no service waits at a pause hook",
        "  how it is: ecs-blocks status hoge --env prod",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "code", "status"),
    [("c", 0, "UPDATE_COMPLETE"), ("r", 10, "UPDATE_ROLLBACK_COMPLETE")],
)
def test_on_a_terminal_it_is_asked(stage: Stage, key: str, code: int, status: str) -> None:
    with_service(stage)
    with console(stage, *DEPLOY, columns=200) as seen:
        seen.asked("Deploy this to prod? [y/N]: ")
        seen.press("y", ENTER)
        seen.until(f"Service waits for approval at {STAGE} until ")
        seen.asked("[c]ontinue; [r]oll back; [l]ater: it goes on waiting [l]: ")
        seen.press(key, ENTER)
        ended = seen.end()

    assert ended.code == code, seen.text
    assert stage.fake.stack(STACK).status == status


@pytest.mark.slow
def test_ctrl_c_at_that_question_is_about_the_watching(stage: Stage) -> None:
    with_service(stage)
    with console(stage, *DEPLOY, columns=200) as seen:
        seen.asked("Deploy this to prod? [y/N]: ")
        seen.press("y", ENTER)
        seen.asked("[l]ater: it goes on waiting [l]: ")
        seen.press(CTRL_C)
        seen.asked("[w]atch on [d]: ")
        seen.press("d", ENTER)
        ended = seen.end()

    assert ended.code == 130
    assert stage.fake.asked("ContinueServiceDeployment") == []
