"""The tasks that run, held against what a deploy makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.condition import condition_of
from ecs_blocks.deploy.show.condition_text import condition_lines
from tests.deploy.live.stage import (
    SCALED,
    bounds,
    changed,
    fixed,
    reviewed,
    sentences,
    service,
    target_of,
)
from tests.deploy.stage import place
from tests.fake_aws import denied

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.review.model import StackReview
    from tests.fake_aws import FakeAws

pytestmark = pytest.mark.slow


def of_service(review: StackReview) -> list[str]:
    """The sentences that are about the number of tasks that run."""
    return [one for one in sentences(review) if "run now, and" in one]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (
            bounds(1, 2),
            ["notice: Service: 3 tasks run now, and at most 2 may from now on: it scales in to 2"],
        ),
        (
            bounds(5, 8),
            [
                "notice: Service: 3 tasks run now, and at least 5 have to from now on: it scales "
                "out to 5"
            ],
        ),
        (bounds(2, 8), []),
        (SCALED, []),
        (
            changed(fixed),
            [
                "notice: Service: 3 tasks run now, and the template says DesiredCount 2: this "
                "deploy sets it back to 2"
            ],
        ),
    ],
)
def test_the_tasks_that_run_are_held_against_the_template(
    fake: FakeAws, tmp_path: Path, template: dict[str, Any], said: list[str]
) -> None:
    assert of_service(reviewed(fake, target_of("1.8.3", template), tmp_path)) == said


def test_bounds_that_do_not_change_move_no_tasks(fake: FakeAws, tmp_path: Path) -> None:
    """Nobody registers them anew, so what was scaled by hand stays."""
    fake.ecs.scale(service(fake), 9)

    review = reviewed(fake, target_of("1.8.3"), tmp_path)

    assert "scales" not in str(sentences(review))


def test_it_rolls_with_as_many_as_run(fake: FakeAws, tmp_path: Path) -> None:
    review = reviewed(fake, target_of("1.8.3"), tmp_path)

    assert sentences(review)[-1].startswith("calm: Service: rolling, 3 tasks, peak 6, no downtime")
    assert review.facts[0] == "Service: 3 tasks run now, of hoge-prod:1"


def test_scaling_that_is_suspended_by_hand_is_told(fake: FakeAws, tmp_path: Path) -> None:
    state = {"DynamicScalingOutSuspended": True}
    fake.world.scaling.states[f"service/default/{service(fake)}"] = state
    found = reviewed(fake, target_of("1.8.3"), tmp_path)
    [one] = [one for one in found.consequences if "suspended by hand" in one.text]

    assert (one.weight.value, one.text) == (
        "notice",
        "Service: scaling is suspended by hand: it gets no tasks however busy it is",
    )
    assert one.details[0].startswith("to resume it: aws application-autoscaling register-scal")


def test_the_status_tells_that_scaling_is_suspended(fake: FakeAws) -> None:
    state = {"DynamicScalingInSuspended": True}
    fake.world.scaling.states[f"service/default/{service(fake)}"] = state
    aws, stack = fake.aws(), read_stack(fake.aws(), "hoge-prod")
    assert stack is not None
    lines = condition_lines(condition_of(aws, place(), stack), [])
    fake.fault("DescribeScalableTargets", denied)
    unknown = condition_lines(condition_of(aws, place(), stack), [])

    assert lines[-1].startswith(
        "  Service: scaling is suspended by hand: it loses no tasks however idle it is; to resume "
        "it: aws application-autoscaling register-scalable-target"
    )
    assert unknown[-1] == (
        "  whether scaling is suspended is not known: the permission "
        "application-autoscaling:DescribeScalableTargets is missing"
    )


def test_scaling_that_nobody_may_ask_about_is_not_known(fake: FakeAws, tmp_path: Path) -> None:
    fake.fault("DescribeScalableTargets", denied)
    found = reviewed(fake, target_of("1.8.3"), tmp_path)

    assert (
        "whether scaling is suspended or resumed by hand: the permission "
        "application-autoscaling:DescribeScalableTargets is missing"
    ) in found.unknowns


def test_a_task_definition_of_somebody_else_is_told(fake: FakeAws, tmp_path: Path) -> None:
    fake.ecs.deploy(service(fake), "hoge:hotfix")
    fake.clock.advance(600)

    assert (
        "notice: Service: runs hoge-prod:2, which the stack did not give it (that is hoge-prod:1): "
        "this deploy replaces it"
    ) in sentences(reviewed(fake, target_of("1.8.3"), tmp_path))
    assert (
        "notice: Service: runs hoge-prod:2, which the stack did not give it (that is hoge-prod:1): "
        "this deploy leaves it as it is"
    ) in sentences(reviewed(fake, target_of("1.8.2"), tmp_path))


def test_a_deployment_that_goes_on_is_told(fake: FakeAws, tmp_path: Path) -> None:
    fake.ecs.deploy(service(fake), "hoge:hotfix")

    found = sentences(reviewed(fake, target_of("1.8.3"), tmp_path))

    assert "notice: Service: a deployment of it goes on now: this deploy takes its place" in found


def test_a_deployment_that_waits_for_a_person_is_told_with_the_command(
    fake: FakeAws, tmp_path: Path
) -> None:
    fake.script.pauses = ["POST_TEST_TRAFFIC_SHIFT"]
    fake.ecs.deploy(service(fake), "hoge:hotfix")
    fake.clock.advance(120)

    review = reviewed(fake, target_of("1.8.2"), tmp_path)

    [told] = [one for one in review.consequences if "waits for approval" in one.text]
    assert told.weight == "notice"
    assert told.text.startswith(
        "Service: its deployment waits for approval at POST_TEST_TRAFFIC_SHIFT until 20"
    )
    assert told.text.endswith(" UTC, then it rolls back")
    assert told.details == ("to answer: ecs-blocks continue hoge --env prod",)


def test_a_deployment_that_goes_on_by_itself_waits_for_nobody(
    fake: FakeAws, tmp_path: Path
) -> None:
    fake.ecs.deploy(service(fake), "hoge:hotfix")

    review = reviewed(fake, target_of("1.8.2"), tmp_path)

    assert "waits for" not in str(review.consequences)
    assert "waits for a person" not in str(review.unknowns)


def test_what_may_not_be_read_of_a_deployment_is_unknown(fake: FakeAws, tmp_path: Path) -> None:
    fake.fault("DescribeServiceDeployments", denied, times=None)
    fake.ecs.deploy(service(fake), "hoge:hotfix")

    assert (
        "whether the deployment of Service waits for a person: permission "
        "ecs:DescribeServiceDeployments is missing"
    ) in reviewed(fake, target_of("1.8.2"), tmp_path).unknowns


def test_a_service_at_rest_is_not_asked_for_its_deployment(fake: FakeAws, tmp_path: Path) -> None:
    reviewed(fake, target_of("1.8.3"), tmp_path)

    assert fake.asked("DescribeServiceDeployments") == []
