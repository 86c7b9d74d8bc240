"""A whole deploy with a step: it runs before anything changes, and its failure changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.one_off.upgrade import runs, upgrade
from tests.deploy.one_off.world import MIGRATE, aws_of, left_over, serving, template
from tests.deploy.stage import STACK, Person, deploy
from tests.fake_aws import Killed, changed

if TYPE_CHECKING:
    from ecs_blocks.deploy.planning import Prepared
    from tests.fake_aws import FakeAws

pytestmark = pytest.mark.slow


@pytest.fixture
def what(fake: FakeAws) -> Prepared:
    """The next version of a service that runs."""
    made = template()
    del made["Resources"]["Service"]["Properties"]["NetworkConfiguration"]  # the fake has no EC2
    serving(fake, made)
    fake.world.ssm.values["/db"] = "nobody sees it"
    return upgrade(fake, (MIGRATE,), made=made)[0]


def running(fake: FakeAws) -> set[str]:
    """The images of the service's tasks."""
    return {
        one.containers[0]["image"].rpartition(":")[2]
        for one in fake.ecs.tasks.all
        if one.lives and one.group.startswith("service:")
    }


def test_the_step_runs_after_the_approval_and_before_the_execution(
    fake: FakeAws, what: Prepared
) -> None:
    person = Person()
    outcome = deploy(fake, what, person, aws=aws_of(fake))
    done = [one for one in fake.operations if one in ("RunTask", "ExecuteChangeSet")]

    assert outcome.code is Exit.DONE, outcome
    assert done == ["RunTask", "ExecuteChangeSet"]
    assert running(fake) == {"1.8.2"}
    assert "Migrate has done its work" in person.said
    assert any("Migrate runs ./migrate --all" in one for one in person.plans[0].facts)


def test_a_failed_step_leaves_the_old_version_serving(fake: FakeAws, what: Prepared) -> None:
    before = fake.stack(STACK).updated
    fake.script.run_task_ends(1, logs=["table is locked"])
    with pytest.raises(DeployError) as caught:
        deploy(fake, what, aws=aws_of(fake))

    assert caught.value.code is Exit.REJECTED
    assert "table is locked" in caught.value.message
    assert fake.asked("ExecuteChangeSet") == []
    assert fake.stack(STACK).updated == before
    assert running(fake) == {"1.8.1"}


def test_a_declined_plan_runs_no_step(fake: FakeAws, what: Prepared) -> None:
    deploy(fake, what, Person(agrees=False), aws=aws_of(fake))

    assert runs(fake) == []


def test_a_deploy_that_is_killed_in_its_step_goes_on_after_it(
    fake: FakeAws, what: Prepared
) -> None:
    fake.script.run_task_ends(0, after_s=60)
    fake.fault("RunTask", changed(lambda _answer: fake.kill_at(3)))
    with pytest.raises(Killed):
        deploy(fake, what, aws=fake.aws())
    person = Person()
    outcome = deploy(fake, what, person, aws=fake.aws())
    [task] = runs(fake)

    assert outcome.code is Exit.DONE, outcome
    assert f"Migrate is running already in task {task.id}; following it" in person.said
    assert len(fake.asked("ExecuteChangeSet")) == 1
    assert left_over(fake) == []


@pytest.mark.parametrize("again", [False, True])
def test_a_deploy_runs_a_failed_step_once_more_where_that_is_asked_for(
    fake: FakeAws, what: Prepared, *, again: bool
) -> None:
    fake.script.run_task_ends(1)
    with pytest.raises(DeployError):
        deploy(fake, what, aws=aws_of(fake))
    try:
        code = deploy(fake, what, aws=aws_of(fake), again=again).code
    except DeployError as error:
        code = error.code

    assert code is (Exit.DONE if again else Exit.REJECTED)
    assert len(runs(fake)) == 1 + again
