"""A deploy that has ended well marks its images; whatever becomes of that, it has ended well.

Trap 28: an image that still runs is not to expire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ecs_blocks.errors import Terminated
from tests.cli.deploying.services import BREAKER, SERVICE, with_services
from tests.cli.deploying.stage import STACK, app
from tests.fake_aws import denied
from tests.fake_aws.ids import ACCOUNT, REGION

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

HERE: Final = ("hoge", "--env", "prod")
URL: Final = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/hoge"
NAME: Final = f"{ACCOUNT}.{REGION}.{STACK}.WebTask.app"
MARK: Final = f"deployed-{NAME}"
BEFORE: Final = f"deployed-before-{NAME}"


def push(stage: Stage, tag: str) -> str:
    stage.fake.clock.advance(1)
    return f"{URL}@{stage.fake.world.ecr.image('hoge', tag)}"


def runs(stage: Stage, image: str) -> None:
    """Let the script say *image*."""
    app(stage.project, "hoge", more=SERVICE.format(name="Web", image=image, more=BREAKER))


def marks(stage: Stage) -> dict[str, str]:
    """Which image has each mark, by the tag that it was pushed with."""
    images = stage.fake.world.ecr.repositories["hoge"].values()
    return {tag: one["tags"][0] for one in images for tag in one["tags"][1:]}


@pytest.fixture
def images(stage: Stage) -> dict[str, str]:
    """Two images, of which the first is deployed."""
    stage.fake.world.ecr.moving["hoge"] = ("deployed-*",)
    found = {tag: push(stage, tag) for tag in ("1", "2")}
    with_services(stage, "Web", image=found["1"])
    return found


def test_a_deploy_and_a_rollback_mark_what_runs_and_what_ran(
    stage: Stage, images: dict[str, str]
) -> None:
    seen = [marks(stage)]
    runs(stage, images["2"])
    done = [stage.deploy()]
    seen.append(marks(stage))
    done.append(stage.within("rollback", *HERE, "--yes"))
    seen.append(marks(stage))

    assert [one.code for one in done] == [0, 0]
    assert not any("note:" in one.stderr for one in done)
    assert all(f"{STACK}: marked in ECR: {MARK}\n" in one.stderr for one in done)
    assert seen == [
        {MARK: "1"},
        {MARK: "2", BEFORE: "1"},
        {MARK: "1", BEFORE: "2"},
    ]


def test_a_deploy_that_fails_moves_no_mark(stage: Stage, images: dict[str, str]) -> None:
    runs(stage, images["2"])
    stage.fake.script.tasks_fail(1)

    assert stage.deploy().code == 10
    assert marks(stage) == {MARK: "1"}


@pytest.mark.parametrize("again", [("deploy", *HERE, "--yes"), ("attach", *HERE)])
def test_a_mark_that_failed_is_told_and_the_next_that_looks_puts_it(
    stage: Stage, images: dict[str, str], again: tuple[str, ...]
) -> None:
    runs(stage, images["2"])
    stage.fake.fault("PutImage", denied, nth=2)  # the first is the one of before
    done = stage.deploy()
    between = marks(stage)
    ended = stage.within(*again)

    assert done.code == 0
    assert done.outcome[0].startswith("OK: ")
    [note] = [one for one in done.outcome if "note:" in one]
    assert f"could not mark what runs: {MARK} (the permission ecr:PutImage is missing)" in note
    assert between == {MARK: "1", BEFORE: "1"}
    assert (ended.code, marks(stage)) == (0, {MARK: "2", BEFORE: "1"})
    assert stage.records[-1]["result"] == "done"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Terminated])
@pytest.mark.parametrize("operation", ["DescribeRepositories", "PutImage"])
def test_a_deploy_that_is_left_while_it_marks_has_ended_well(
    stage: Stage,
    images: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    stop: type[KeyboardInterrupt],
) -> None:
    def interrupted(*_given: object, **_more: object) -> None:
        raise stop

    called = {"DescribeRepositories": "_takes_marks", "PutImage": "_tagged"}[operation]
    runs(stage, images["2"])
    with monkeypatch.context() as patched:
        patched.setattr(f"ecs_blocks.deploy.marking.{called}", interrupted)
        done = stage.within("deploy", *HERE, "--yes")
    ended = stage.within("attach", *HERE)

    assert done.code == 0
    assert done.outcome[0].startswith("OK: ")
    assert [one.strip() for one in done.outcome if "note:" in one] == [
        "note: its images are not marked: interrupted; ecs-blocks attach hoge --env prod marks them"
    ]
    assert (ended.code, marks(stage)) == (0, {MARK: "2", BEFORE: "1"})


def test_each_of_many_stacks_has_marks_of_its_own(stage: Stage, images: dict[str, str]) -> None:
    more = SERVICE.format(name="Web", image=images["2"], more=BREAKER)
    for name in ("hoge", "fuga"):
        app(stage.project, name, more=more)
    done = stage.within("deploy", "hoge", "fuga", "--env", "prod", "--yes")
    other = MARK.replace(STACK, "fuga-prod")

    assert done.code == 0
    assert marks(stage) == {MARK: "2", other: "2", BEFORE: "1"}


def test_a_deletion_names_the_marks_that_it_leaves(stage: Stage, images: dict[str, str]) -> None:  # noqa: ARG001 - deployed
    done = stage.within("delete", *HERE, "--yes")

    assert done.code == 0
    assert "These tags stay in ECR" in done.stderr
    assert f"imageTag={MARK}" in done.stderr
