"""A step before the deploy, through the program: it fails, stays failed, and runs ``--again``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.deploying.stage import DEPLOY, STACK
from tests.cli.deploying.virtual import virtually
from tests.deploy.one_off.world import remembers_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

_SCRIPT: Final = '''\
"""hoge: a service with a migration before each deploy."""

from troposphere import Ref, ecs, logs

import ecs_blocks as eb


class Values(eb.Environment):
    """What may be set."""

    level: eb.Param[str] = eb.param(default="info")


def stack(env: Values) -> eb.Stack:
    """A service, and its task."""
    stack = eb.Stack(env, description=__doc__)
    group = stack.add_resource(logs.LogGroup("Group", LogGroupName="/ecs/hoge"))
    task = stack.add_resource(
        ecs.TaskDefinition(
            "Task",
            Family="hoge",
            ContainerDefinitions=[
                ecs.ContainerDefinition(
                    Name="app",
                    Image="public.ecr.aws/hoge:1",
                    Essential=True,
                    Environment=[
                        ecs.Environment(Name="LEVEL", Value=env.level),
                    ],
                    LogConfiguration=ecs.LogConfiguration(
                        LogDriver="awslogs",
                        Options={
                            "awslogs-group": Ref(group),
                            "awslogs-region": "ap-northeast-1",
                            "awslogs-stream-prefix": "app",
                        },
                    ),
                )
            ],
        )
    )
    service = stack.add_resource(
        ecs.Service(
            "Service",
            Cluster="default",
            TaskDefinition=Ref(task),
            DesiredCount=1,
            DeploymentConfiguration=ecs.DeploymentConfiguration(
                DeploymentCircuitBreaker=ecs.DeploymentCircuitBreaker(Enable=True, Rollback=True)
            ),
        )
    )
    stack.before_deploy("Migrate", service, command=["./migrate"], container="app")
    return stack
'''
VALUES: Final = "parameters:\n  default: {}\n  prod:\n"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The app, deployed once; in virtual time, for after an hour ECS forgets a stopped task."""
    with virtually(tmp_path) as found:
        found.project.app("hoge", VALUES, _SCRIPT)
        found.fake.ecs.cluster()
        done = found.deploy()

        assert done.code == 0, done.stderr
        remembers_tokens(found.fake)
        found.fake.calls.clear()
        yield found


def test_a_step_that_failed_runs_again_only_where_that_is_asked_for(stage: Stage) -> None:
    stage.fake.script.run_task_ends(1, logs=["the table is locked"])
    words = (*DEPLOY, "--set", "Level=debug")
    failed = stage.within(*words)
    again = stage.within(*words)

    assert (failed.code, again.code) == (15, 15)
    assert "the table is locked" in failed.stderr
    assert "it failed in this deploy before and was not run again" in again.stderr
    assert stage.fake.asked("ExecuteChangeSet") == []
    record = stage.records[-1]
    assert [one["result"] for one in stage.records] == ["done", "failed"]
    assert (record["exit_code"], record["verified"]) == (15, False)
    assert record["root_cause"].startswith("Migrate failed before the deploy (exit code 1, task ")
    [failure] = record["failures"]
    assert (failure["container"], failure["exit_code"]) == ("app", 1)
    assert failure["log_lines"] == ["the table is locked"]

    stage.fake.script.run_task_ends(0, logs=["migrated"])
    done = stage.within(*words, "--again")

    assert done.code == 0, done.stderr
    assert "migrated" in done.stderr
    assert len(stage.fake.asked("ExecuteChangeSet")) == 1
    assert [one["result"] for one in stage.records] == ["done", "failed", "done"]


def test_nothing_is_gone_back_from_where_a_step_failed(stage: Stage) -> None:
    stage.fake.script.run_task_ends(0)
    stage.within(*DEPLOY, "--set", "Level=warn")
    stage.fake.script.run_task_ends(1, logs=["the table is locked"])
    stage.within(*DEPLOY, "--set", "Level=debug")
    listed = stage.within("rollback", "hoge", "--env", "prod", "--list")
    first, why, line, now, _before = listed.stdout.splitlines()

    assert first.startswith("x 1  ")
    assert " failed in " in first
    assert why.endswith(": app exited 1")
    assert (line.strip(), now[:3]) == ("the table is locked", "* 2")
    assert listed.lines[-1].startswith("* runs now; x was not kept; go back to another: ")


def test_the_tasks_that_failed_are_in_the_json_with_their_masked_lines(stage: Stage) -> None:
    stage.fake.script.run_task_ends(0)
    stage.fake.script.tasks_fail(1, logs=["refused: AKIAIOSFODNN7EXAMPLE", "::error::x"])
    done = stage.within(*DEPLOY, "--set", "Level=debug", "--json")
    found = done.json["stacks"][STACK]
    [failure] = found["failures"]

    assert (done.code, failure["class"], failure["exit_code"]) == (10, "exit code", 1)
    assert failure["log_lines"] == ["refused: (hidden)", ": :error::x"]
    assert "AKIAIOSFODNN7EXAMPLE" not in done.stderr + done.stdout
    [kept] = stage.records[-1]["failures"]
    assert (kept["log_lines"], kept["class"]) == (failure["log_lines"], "exit code")
    status = stage.within("status", "hoge", "--env", "prod").stdout.splitlines()
    assert any(line.startswith("     task ") and "app exited 1" in line for line in status)
    assert "         : :error::x" in status
    assert "      : :error::x" in done.stderr.splitlines()
