"""``redeploy``: new tasks of the version that runs, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import pytest

from ecs_blocks.cli.terminal import Terminal
from tests.cli.deploying.services import BREAKER, service, with_services
from tests.cli.deploying.stage import STACK, staged
from tests.cli.deploying.terminal import ENTER, console
from tests.cli.deploying.virtual import virtually
from tests.fake_aws.faults import changed, denied, reset_after, reset_before, stale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Stage
    from tests.fake_aws.ecs.model import Deployment, Service

pytestmark = pytest.mark.slow

HERE: Final = ("hoge", "--env", "prod")
REDEPLOY: Final = ("redeploy", *HERE, "--yes")
STATUS: Final = "ecs-blocks status hoge --env prod"
TYPE: Final = "ecs-blocks redeploy hoge --env prod"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """One service, ``Web``, that runs."""
    with virtually(tmp_path, per_second=1e6) as found:
        with_services(found, "Web")
        yield found


def forced(stage: Stage, name: str = "Web") -> Deployment:
    """What somebody else, or an earlier process, has started."""
    one = service(stage, name)
    return stage.fake.ecs.rollouts.begin(one, one.definition_arn, is_forced=True)


def test_it_says_what_it_does_asks_and_calls_nothing(stage: Stage) -> None:
    done = stage.within("redeploy", *HERE)

    assert done.code == 4
    assert done.lines == [
        f"{STACK}: what runs is started again; neither the stack nor its values change",
        "  Web: hoge-Web:1, 2 tasks; meanwhile at least 100 % and at most 200 % of them run",
        "    app: hoge:1, by its tag: what the tag means now is pulled",
        "    if the new tasks fail, ECS goes back to those that run now",
        "nobody is here to agree to this; add --yes",
        "nothing was changed",
    ]
    assert stage.fake.asked("UpdateService") == []


def test_all_tasks_are_new_and_nothing_else_is(stage: Stage) -> None:
    one = service(stage)
    before = {task.id for task in one.tasks}
    done = stage.within(*REDEPLOY)
    living = {task.id for task in one.tasks if task.lives}

    assert done.code == 0, done.stderr
    assert stage.fake.asked("UpdateService") == [
        {"cluster": one.cluster_arn, "service": one.arn, "forceNewDeployment": True}
    ]
    assert len(living) == 2
    assert not living & before
    assert one.definition_arn.endswith("task-definition/hoge-Web:1")
    assert done.outcome[0] == f"OK: {STACK}: Web was started again"
    assert done.outcome[1:] == ["  hoge-Web:1 serves: 2 of 2 tasks run"]
    assert "REDEPLOY starting again, REDEPLOY_IN_PROGRESS, 0s" in done.stderr
    assert "new hoge-Web:1: 0/2 running · 2 starting, old hoge-Web:1: 2/" in done.stderr
    assert "REDEPLOY started again, REDEPLOY_COMPLETE" in done.stderr


def test_no_record_is_kept_as_no_version_was_deployed(stage: Stage) -> None:
    before = stage.records
    stage.within(*REDEPLOY)

    assert stage.records == before
    assert stage.within("deploy", *HERE, "--yes").outcome == [
        f"OK: {STACK}: nothing to change",
        "  hoge-Web:1 serves: 2 of 2 tasks run",
    ]


def test_new_tasks_that_fail_are_told_with_their_lines_and_the_old_ones_stay(stage: Stage) -> None:
    one = service(stage)
    before = {task.id for task in one.tasks}
    stage.fake.script.tasks_do_not_start(
        "ResourceInitializationError: unable to pull secrets or registry auth: no such secret"
    )
    done = stage.within(*REDEPLOY)

    assert done.code == 10, done.stderr
    assert done.outcome[0].startswith(
        f"FAILED: {STACK}: Web: ECS went back to hoge-Web:1 (circuit breaker, "
    )
    assert "no such secret" in done.outcome[1]
    assert done.outcome[-1] == f"  mend the cause, then: {TYPE}"
    assert {task.id for task in one.tasks if task.lives} == before
    assert "REDEPLOY could not be started again, REDEPLOY_FAILED" in done.stderr


def test_that_it_failed_is_seen_where_service_deployments_may_not_be_listed(stage: Stage) -> None:
    """Both versions are of the same task definition: only the deployment's id tells them apart."""
    stage.fake.fault("ListServiceDeployments", denied, times=None)
    stage.fake.script.tasks_fail(1)
    done = stage.within(*REDEPLOY)

    assert done.code == 10, done.stderr
    assert f"{STACK}: Web: ECS went back to hoge-Web:1 (" in done.outcome[0]


def test_without_going_back_somebody_has_to_decide(tmp_path: Path) -> None:
    more = BREAKER.replace("Rollback=True", "Rollback=False")
    with virtually(tmp_path, per_second=1e6) as stage:
        with_services(stage, "Web", more=more)
        stage.fake.script.tasks_fail(1)
        asked = stage.within("redeploy", *HERE)
        done = stage.within(*REDEPLOY)

    assert "    if the new tasks fail, ECS stops there and does not go back" in asked.lines
    assert done.code == 11, done.stderr
    assert "hoge-Web:1 failed (circuit breaker, " in done.outcome[0]
    assert done.outcome[-1] == f"  mend the cause, then: {TYPE}"


def test_without_a_circuit_breaker_the_time_ends_the_watching(tmp_path: Path) -> None:
    with virtually(tmp_path, per_second=1e6) as stage:
        with_services(stage, "Web", more="")
        stage.fake.script.tasks_fail(1)
        asked = stage.within("redeploy", *HERE)
        late = stage.within(*REDEPLOY, "--timeout", "10")
        stage.fake.script.tasks_work()
        again = stage.within("redeploy", *HERE)
        calls = stage.fake.asked("UpdateService")

    assert asked.lines[-3] == (
        "    if the new tasks fail, ECS goes on trying: there is no circuit breaker"
    )
    assert late.code == 12, late.stderr
    assert late.outcome[0].startswith(
        f"STILL RUNNING: {STACK} is still being redeployed after 10 minutes"
    )
    assert " exited 1, after 6s, " in late.outcome[1]
    assert late.outcome[-1] == f"  how it goes: {STATUS}"
    assert again.code == 0, again.stderr
    assert "; it is only watched" in again.stderr
    assert len(calls) == 1


def test_run_again_it_watches_what_it_had_started(stage: Stage) -> None:
    """A process that was killed, or a job that was repeated."""
    forced(stage)
    done = stage.within(*REDEPLOY, "--service", "Web")

    assert done.code == 0, done.stderr
    assert f"{STACK}: what runs is being started again already; that is watched" in done.stderr
    assert done.outcome[0].startswith(f"OK: {STACK}: Web was started again")
    assert stage.fake.asked("UpdateService") == []


def test_an_answer_that_is_lost_is_looked_for(stage: Stage) -> None:
    """It is sent once: each call that arrives would exchange all tasks anew."""
    stage.fake.fault("UpdateService", reset_after, times=None)
    done = stage.within(*REDEPLOY)

    assert done.code == 0, done.stderr
    assert done.outcome[0].startswith(f"OK: {STACK}: Web was started again")
    assert len(stage.fake.asked("UpdateService")) == 1


def test_a_call_that_never_arrived_says_so_and_may_be_repeated(stage: Stage) -> None:
    fault = stage.fake.fault("UpdateService", reset_before, times=None)
    done = stage.within(*REDEPLOY)

    assert fault.happened
    assert done.code == 12
    assert done.lines[-2].startswith("starting Web again: AWS could not be reached: ")


def test_an_old_answer_is_no_proof_that_the_new_tasks_run(stage: Stage) -> None:
    """DescribeServices may be a moment behind: it shows the deployment before, completed."""
    fault = stage.fake.fault("DescribeServices", stale, after="UpdateService", times=4)
    stage.fake.script.tasks_fail(1)
    done = stage.within(*REDEPLOY)

    assert fault.happened == 4
    assert done.code == 10, done.stderr
    assert "somebody else" not in done.stderr


def test_another_deployment_is_in_the_way(stage: Stage) -> None:
    stage.fake.script.tasks_fail(1)
    stage.fake.ecs.deploy(service(stage).name)
    done = stage.within(*REDEPLOY)

    assert done.code == 13
    assert done.lines[0].startswith("Web: hoge-Web:2 is being deployed since ")
    assert done.lines[1:] == [
        "  run the same command again once that is over; how it is: ecs-blocks status hoge --env "
        "prod"
    ]
    assert stage.fake.asked("UpdateService") == []


def test_a_deployment_that_goes_back_is_in_the_way(stage: Stage) -> None:
    deployment = forced(stage)
    stage.fake.ecs.rollouts.fail(service(stage), deployment, "alarms ring", roll_back=True)
    done = stage.within(*REDEPLOY)

    assert done.code == 13
    assert done.lines[0] == "Web: ECS is ending a deployment, and going back to hoge-Web:1"


def test_a_deployment_that_waits_for_a_person_says_how_to_answer(stage: Stage) -> None:
    stage.fake.script.pauses = ["POST_TEST_TRAFFIC_SHIFT"]
    stage.fake.ecs.deploy(service(stage).name)
    stage.fake.clock.advance(60)
    done = stage.within(*REDEPLOY)

    assert done.code == 13
    assert ", and waits for approval at POST_TEST_TRAFFIC_SHIFT" in done.lines[0]
    assert done.lines[1].endswith("; answer it: ecs-blocks continue hoge --env prod")


def blue_green(answer: dict[str, Any]) -> None:
    """ECS says how a deployment goes only of a rolling one."""
    for one in answer["services"]:
        one["deploymentConfiguration"]["strategy"] = "BLUE_GREEN"
        for deployment in one["deployments"]:
            deployment.pop("rolloutState", None)


@pytest.mark.parametrize(
    ("kind", "code", "why"),
    [
        (denied, 14, "permission is missing: ecs:ListServiceDeployments"),
        (reset_before, 12, "ecs:ListServiceDeployments got no answer; nothing was started"),
    ],
)
def test_where_nobody_says_whether_it_is_deployed_nothing_is_started(
    stage: Stage, kind: Any, code: int, why: str
) -> None:
    stage.fake.fault("DescribeServices", changed(blue_green), times=None)
    stage.fake.fault("ListServiceDeployments", kind, times=None)
    done = stage.within(*REDEPLOY)

    assert done.code == code, done.stderr
    assert f"Web: whether a deployment of it runs is not to be known: {why}" in done.lines
    assert stage.fake.asked("UpdateService") == []


ALARMS: Final = {"alarmNames": ["Errors"], "enable": True, "rollback": True}
OFF: Final = {"alarmNames": ["Errors"], "enable": True, "rollback": False}
ON: Final = {"enable": True, "rollback": True}


@pytest.mark.parametrize(
    ("configuration", "told"),
    [
        (
            {"alarms": ALARMS},
            "if an alarm rings, ECS goes back to those that run now; there is no circuit breaker",
        ),
        (
            {"alarms": OFF},
            "if the new tasks fail, ECS goes on trying: there is no circuit breaker",
        ),
        (
            {"alarms": ALARMS, "deploymentCircuitBreaker": {"enable": True, "rollback": False}},
            "if the new tasks fail, ECS stops there and does not go back; if an alarm rings, it "
            "does",
        ),
        (
            {"alarms": ALARMS, "deploymentCircuitBreaker": ON},
            "if the new tasks fail, ECS goes back to those that run now",
        ),
        (
            {"strategy": "BLUE_GREEN", "deploymentCircuitBreaker": ON},
            "if the new tasks fail, the old ones stay; when ECS gives up is not known here",
        ),
        (
            {"strategy": "CANARY", "alarms": ALARMS},
            "if an alarm rings, ECS goes back; when else it gives up is not known here",
        ),
    ],
)
def test_what_becomes_of_tasks_that_fail_is_told_as_it_is(
    stage: Stage, configuration: dict[str, Any], told: str
) -> None:
    def configured(answer: dict[str, Any]) -> None:
        for one in answer["services"]:
            one["deploymentConfiguration"] = configuration

    stage.fake.fault("DescribeServices", changed(configured), times=None)
    done = stage.within("redeploy", *HERE)

    assert f"    {told}" in done.lines


def test_an_operation_on_the_stack_is_in_the_way(stage: Stage) -> None:
    stage.fake.script.hold("Topic")
    stage.fake.updated_by_another(Title="theirs")
    done = stage.within(*REDEPLOY)

    assert (done.code, done.lines) == (
        13,
        [
            f"{STACK} is UPDATE_IN_PROGRESS: an operation on the stack runs",
            "  watch it to its end, then run the same command again: ecs-blocks attach hoge --env "
            "prod",
        ],
    )
    assert stage.fake.asked("UpdateService") == []


def test_a_stack_without_a_service_has_nothing_to_start(tmp_path: Path) -> None:
    with virtually(tmp_path, per_second=1e6) as stage:
        stage.deployed()
        done = stage.within(*REDEPLOY)

    assert (done.code, done.lines) == (2, [f"{STACK} has no ECS service"])


def test_a_stack_that_was_only_planned_has_nothing_to_start(tmp_path: Path) -> None:
    with virtually(tmp_path, per_second=1e6) as stage:
        stage.within("deploy", *HERE, "--plan-only", "hoge.plan")
        done = stage.within(*REDEPLOY)

    assert (done.code, done.lines[0]) == (
        2,
        f"{STACK} was planned and never made; nothing runs",
    )


def deleted(one: Service) -> None:
    one.status = "DRAINING"


def of_codedeploy(one: Service) -> None:
    one.settings["deploymentController"] = {"type": "CODE_DEPLOY"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (deleted, "Web is being deleted: it is DRAINING"),
        (
            of_codedeploy,
            "Web is deployed by CODE_DEPLOY, not by ECS, which then starts no deployment",
        ),
    ],
)
def test_what_ecs_would_not_start_is_refused(
    stage: Stage, change: Callable[[Service], None], sentence: str
) -> None:
    change(service(stage))
    done = stage.within(*REDEPLOY)

    assert (done.code, done.lines[0]) == (15, sentence)


def test_a_task_definition_that_is_inactive_is_refused(stage: Stage) -> None:
    stage.fake.ecs.definitions.get("hoge-Web:1")["status"] = "INACTIVE"
    done = stage.within(*REDEPLOY)

    assert (done.code, done.lines) == (
        15,
        [
            "Web runs hoge-Web:1, which is INACTIVE: ECS deploys it no more",
            "  deploy a new revision: ecs-blocks deploy hoge --env prod",
        ],
    )


def test_a_missing_permission_is_named_and_nothing_was_started(stage: Stage) -> None:
    stage.fake.fault("UpdateService", denied, times=None)
    done = stage.within(*REDEPLOY)

    assert done.code == 14
    assert done.lines[-1].startswith("starting Web again: permission is missing: ")


def test_images_by_digest_stay_and_what_the_stack_does_not_say_is_told(tmp_path: Path) -> None:
    digest = f"public.ecr.aws/hoge@sha256:{'9c' * 32}"
    with virtually(tmp_path, per_second=1e6) as stage:
        with_services(stage, "Web", image=digest)
        one = service(stage)
        stage.fake.ecs.deploy(one.name, digest)
        stage.fake.clock.advance(120)
        stage.fake.ecs.scale(one.name, 0)
        done = stage.within("redeploy", *HERE)

    assert done.lines[1:4] == [
        "  Web: hoge-Web:2, and no task is wanted (desired count 0), so none starts",
        "    this is not what the stack says, which is hoge-Web:1",
        "    app: hoge@sha256:9c9c9c9c, by its digest: the same image",
    ]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Stage]:
    """Two services that run: ``Web`` and ``Worker``."""
    with virtually(tmp_path, per_second=1e6) as found:
        with_services(found, "Web", "Worker")
        yield found


def started(stage: Stage) -> list[str]:
    names = [one["service"].rpartition("/")[2] for one in stage.fake.asked("UpdateService")]
    return [name.split("-")[2] for name in names]


def test_of_two_services_both_are_started_again(two: Stage) -> None:
    done = two.within(*REDEPLOY)

    assert done.code == 0, done.stderr
    assert started(two) == ["Web", "Worker"]
    assert done.outcome[0].startswith(f"OK: {STACK}: Web, Worker were started again")
    assert done.outcome[1:] == [
        "  hoge-Web:1 serves: 2 of 2 tasks run",
        "  hoge-Worker:1 serves: 2 of 2 tasks run",
    ]


def test_or_the_one_that_is_named(two: Stage) -> None:
    two.fake.ecs.deploy(service(two).name)  # Web is none of our business then
    done = two.within(*REDEPLOY, "--service", "Worker")

    assert done.code == 0, done.stderr
    assert started(two) == ["Worker"]


def test_a_service_that_is_not_there_is_refused_with_those_that_are(two: Stage) -> None:
    near = two.within(*REDEPLOY, "--service", "Wokrer")
    far = two.within(*REDEPLOY, "--service", "Cron")

    assert (near.code, near.lines) == (
        2,
        [f"{STACK} has no service Wokrer; did you mean Worker?"],
    )
    assert far.lines == [f"{STACK} has no service Cron; there are: Web, Worker"]


def test_where_one_is_in_the_way_none_is_started(two: Stage) -> None:
    two.fake.ecs.deploy(service(two, "Worker").name)
    done = two.within(*REDEPLOY)

    assert done.code == 13
    assert started(two) == []


def test_of_two_the_one_that_fails_is_told(two: Stage) -> None:
    two.fake.script.tasks_fail(1, service=service(two, "Worker").name)
    done = two.within(*REDEPLOY)

    assert done.code == 10, done.stderr
    assert f"FAILED: {STACK}: Worker: ECS went back to hoge-Worker:1" in done.outcome[0]
    assert "  hoge-Web:1 serves: 2 of 2 tasks run" in done.outcome


def test_where_the_second_is_refused_the_first_goes_on(two: Stage) -> None:
    two.fake.fault("UpdateService", denied, nth=2, times=None)
    done = two.within(*REDEPLOY)

    assert done.code == 14
    assert done.lines[-2].startswith("starting Worker again: permission is missing: ")
    assert done.lines[-2].endswith("; what was started before goes on: Web")
    assert done.lines[-1] == "  run the same command again: it goes on where this one ended"


def test_somebody_who_starts_it_once_more_ends_the_watching(stage: Stage) -> None:
    def once_more() -> None:
        forced(stage)

    stage.fake.after["UpdateService"] = once_more
    done = stage.within(*REDEPLOY)

    assert done.code == 11, done.stderr
    assert "Web: somebody else started hoge-Web:1 once more (UpdateService at " in done.outcome[0]
    assert done.outcome[-1] == "  how it is: ecs-blocks status hoge --env prod"


def test_what_was_agreed_to_is_what_is_started(stage: Stage) -> None:
    """Somebody deploys another version while the question waits for its answer."""

    def agree(_: Terminal, *__: Any) -> bool:
        stage.fake.ecs.deploy(service(stage).name)
        stage.fake.clock.advance(120)
        return True

    with patch.object(Terminal, "agree", agree):
        done = stage.within("redeploy", *HERE)

    assert done.code == 13
    assert done.lines == [
        f"{STACK}: another version was deployed while you were asked; nothing was started",
        "  run the same command again to see it",
    ]


def test_ctrl_c_leaves_it_running_and_says_how_to_watch_on(stage: Stage) -> None:
    with patch.object(Terminal, "show", side_effect=KeyboardInterrupt):
        done = stage.within(*REDEPLOY)

    assert done.code == 130
    assert done.outcome == [
        f"STILL RUNNING: {STACK} is being redeployed; the operation goes on in AWS",
        f"  how it goes: {STATUS}",
    ]
    assert service(stage).deployments[0].rollout == "IN_PROGRESS"


def test_who_declines_changes_nothing(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        with_services(stage, "Web")
        with console(stage, "redeploy", *HERE, columns=120) as seen:
            seen.asked("Start this again? [y/N]: ")
            seen.press("n", ENTER)
            ended = seen.end()

    assert ended.code == 4, seen.text
    assert "nothing was changed" in seen.text
    assert stage.fake.asked("UpdateService") == []
