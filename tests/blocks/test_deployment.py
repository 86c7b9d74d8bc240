"""How tasks are replaced: what each strategy says to ECS, and what it refuses to say.

Trap 6: a deployment that can never succeed keeps CloudFormation waiting for hours.
Trap 7: tasks that come up and fall down again never add up to a failure.
Trap 9: leaving a setting out is not switching it off.
Trap 23: alarms of a service that its deployment names are a circle.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.templates.stack import Scope
from tests.blocks.helpers import TOKENS, Built, new_stack, parts
from tests.blocks.web import on_fargate

OFF = {"AlarmNames": [], "Enable": False, "Rollback": False}
CALLERS = ["target-errors", "target-connection-errors", "balancer-errors", "response-time"]


def configuration(deployment: eb.Deployment) -> dict[str, Any]:
    """What *deployment* says to the service, in a stack of its own."""
    stack = new_stack()
    found: dict[str, Any] = deployment.configuration(Scope(stack, "Web")).to_dict()
    return found


def alarms(*words: str) -> dict[str, Any]:
    """Deployment alarms of these names."""
    names = [{"Fn::Sub": "${AWS::StackName}-" + word} for word in words]
    return {"AlarmNames": names, "Enable": True, "Rollback": True}


def web(deployment: eb.Deployment) -> dict[str, Any]:
    """The resources of a standard web service with *deployment*."""
    found: dict[str, Any] = on_fargate(deployment=deployment).template["Resources"]
    return found


def deployed(deployment: eb.Deployment) -> dict[str, Any]:
    """The ``DeploymentConfiguration`` of that service."""
    found: dict[str, Any] = web(deployment)["WebService"]["Properties"]["DeploymentConfiguration"]
    return found


def test_rolling_is_what_a_service_has_by_itself() -> None:
    assert configuration(eb.Rolling()) == {
        "MinimumHealthyPercent": 100,
        "MaximumPercent": 200,
        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        "Alarms": OFF,
    }


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        pytest.param(
            eb.BlueGreen(), {"Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 10}, id="blue/green"
        ),
        pytest.param(
            eb.Canary(percent=5, wait_minutes=15, bake_minutes=30),
            {
                "Strategy": "CANARY",
                "BakeTimeInMinutes": 30,
                "CanaryConfiguration": {"CanaryPercent": 5, "CanaryBakeTimeInMinutes": 15},
            },
            id="canary",
        ),
        pytest.param(
            eb.Linear(step_percent=25, step_minutes=3),
            {
                "Strategy": "LINEAR",
                "BakeTimeInMinutes": 10,
                "LinearConfiguration": {"StepPercent": 25, "StepBakeTimeInMinutes": 3},
            },
            id="linear",
        ),
    ],
)
def test_a_shift_of_traffic_names_its_strategy_and_its_times(
    deployment: eb.Deployment, expected: dict[str, Any]
) -> None:
    assert configuration(deployment) == {
        "MinimumHealthyPercent": 100,
        "MaximumPercent": 200,
        "LifecycleHooks": [],
        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        "Alarms": OFF,
        **expected,
    }


@pytest.mark.parametrize(
    "deployment", [eb.Rolling(), eb.BlueGreen(), eb.Canary(), eb.Linear()], ids=repr
)
def test_trap_6_a_deployment_that_fails_ends_and_goes_back(deployment: eb.Deployment) -> None:
    breaker = configuration(deployment)["DeploymentCircuitBreaker"]

    assert (breaker["Enable"], breaker["Rollback"]) == (True, True)


@pytest.mark.parametrize(
    "deployment", [eb.BlueGreen(), eb.Canary(), eb.Linear()], ids=lambda d: d.strategy
)
def test_trap_6_the_bake_time_is_always_written(deployment: eb.Deployment) -> None:
    assert configuration(deployment)["BakeTimeInMinutes"] == 10


@pytest.mark.parametrize(
    ("threshold", "kind", "value"),
    [
        pytest.param(eb.FailedTasks(count=3), "COUNT", 3, id="tasks"),
        pytest.param(eb.FailedShare(percent=25), "BOUNDED_PERCENT", 25, id="a share"),
        pytest.param(
            eb.FailedShare(percent=25, bounded=False), "UNBOUNDED_PERCENT", 25, id="unbounded"
        ),
    ],
)
def test_a_threshold_of_one_s_own(
    threshold: eb.FailedTasks | eb.FailedShare, kind: str, value: int
) -> None:
    for deployment in (eb.Rolling(threshold=threshold), eb.Canary(threshold=threshold)):
        assert configuration(deployment)["DeploymentCircuitBreaker"] == {
            "Enable": True,
            "Rollback": True,
            "ResetOnHealthyTask": True,
            "ThresholdConfiguration": {"Type": kind, "Value": value},
        }


def test_trap_7_failures_can_add_up_over_healthy_tasks() -> None:
    threshold = eb.FailedTasks(count=5, reset_on_healthy_task=False)
    breaker = configuration(eb.Rolling(threshold=threshold))["DeploymentCircuitBreaker"]

    assert breaker["ResetOnHealthyTask"] is False


def test_a_threshold_may_differ_between_environments() -> None:
    threshold = eb.FailedTasks(count=TOKENS.number, reset_on_healthy_task=TOKENS.flag)
    breaker = configuration(eb.Rolling(threshold=threshold))["DeploymentCircuitBreaker"]

    assert breaker["ThresholdConfiguration"]["Value"] == {"Ref": "Number"}
    assert breaker["ResetOnHealthyTask"] == {"Ref": "Flag"}


@pytest.mark.parametrize(
    "deployment",
    [
        pytest.param(
            eb.Rolling(
                minimum_healthy_percent=TOKENS.number,
                maximum_percent=TOKENS.other_number,
                rebalances_zones=False,
            ),
            id="rolling",
        ),
        pytest.param(eb.BlueGreen(bake_minutes=TOKENS.number), id="blue/green"),
        pytest.param(
            eb.Canary(wait_minutes=TOKENS.number, percent=TOKENS.other_number), id="canary"
        ),
        pytest.param(
            eb.Linear(step_minutes=TOKENS.number, step_percent=TOKENS.other_number), id="linear"
        ),
    ],
)
def test_numbers_may_be_tokens(deployment: eb.Deployment) -> None:
    assert "{'Ref': 'Number'}" in str(configuration(deployment))


def test_trap_9_coming_back_from_another_strategy_is_said() -> None:
    found = configuration(eb.Rolling(explicit=True))

    assert (found["Strategy"], found["LifecycleHooks"]) == ("ROLLING", [])
    assert found["EarlySuccessCriteria"] == {"Enable": False}


@pytest.mark.parametrize("explicit", [False, True])
def test_a_rolling_update_may_succeed_before_the_old_tasks_left(*, explicit: bool) -> None:
    found = configuration(
        eb.Rolling(minimum_healthy_percent=50, early_success_percent=80, explicit=explicit)
    )

    assert found["EarlySuccessCriteria"] == {
        "Enable": True,
        "HealthyPercent": 80,
        "SourceServiceRevisionCleanup": "DEFERRED",
    }


def test_trap_9_no_alarms_is_said() -> None:
    assert deployed(eb.BlueGreen(alarms=()))["Alarms"] == OFF


@pytest.mark.parametrize(
    "deployment", [eb.BlueGreen(), eb.Canary(), eb.Linear()], ids=lambda d: d.strategy
)
def test_a_shift_watches_what_callers_notice(deployment: eb.Deployment) -> None:
    assert deployed(deployment)["Alarms"] == alarms(*CALLERS)


@pytest.mark.parametrize("deployment", [eb.Rolling, eb.BlueGreen], ids=lambda kind: kind.__name__)
def test_trap_23_the_alarms_of_a_deployment_are_those_that_page(deployment: Any) -> None:
    resources = web(deployment(alarms=("TargetErrors", "Cpu")))
    watched = resources["WebService"]["Properties"]["DeploymentConfiguration"]["Alarms"]

    assert watched == alarms("target-errors", "cpu")
    for title, name in (("WebTargetErrorsAlarm", 0), ("WebCpuAlarm", 1)):
        alarm = resources[title]["Properties"]
        assert alarm["AlarmName"] == watched["AlarmNames"][name]
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopicArn"}]


def test_trap_23_watched_alarms_come_after_the_service() -> None:
    resources = web(eb.Rolling(alarms=("TargetErrors", "NoHealthyHost", "Cpu")))

    assert resources["WebTargetErrorsAlarm"]["DependsOn"] == ["WebService"]
    assert resources["WebNoHealthyHostAlarm"]["DependsOn"] == ["WebService"]
    assert "DependsOn" not in resources["WebCpuAlarm"], "its dimension orders it already"
    assert "DependsOn" not in resources["WebResponseTimeAlarm"], "nobody watches it"


def test_trap_23_the_service_refers_to_no_alarm() -> None:
    service = web(eb.Rolling(alarms=("TargetErrors", "Cpu")))["WebService"]

    assert "Alarm'" not in str(service).replace("'Alarms'", "")


@pytest.mark.parametrize(
    ("name", "way"),
    [
        pytest.param("TargetError", "; did you mean TargetErrors?", id="misspelt"),
        pytest.param(
            "Backlog",
            "; there are: Cpu, Memory, TargetErrors, TargetConnectionErrors, BalancerErrors, "
            "RejectedConnections, UnhealthyHosts, ResponseTime, RunningBelowDesired, "
            'NoHealthyHost; one of another stack is eb.ExistingAlarm("its name")',
            id="unknown",
        ),
    ],
)
def test_trap_23_an_alarm_that_does_not_exist_is_refused(name: str, way: str) -> None:
    with pytest.raises(eb.BlockError) as caught:
        on_fargate(deployment=eb.Rolling(alarms=(name,)))

    expected = f"the deployment watches the alarm {name}, which does not exist{way}"
    assert str(caught.value) == expected


def test_a_service_without_a_balancer_watches_its_own_alarms() -> None:
    made = parts()
    service = made.running()
    alarm = made.stack.add(
        "Web",
        eb.Alarm(
            suffix="Backlog",
            description="too much waits",
            watches=eb.Metric(namespace="A", name="B", statistic="Sum", dimensions={}),
            above=1,
            notify=eb.Notify(topic_arn=TOKENS.topic_arn),
        ),
    )
    exposed = eb.Exposed(service=service.resource, alarms=(alarm,))
    eb.Rolling(alarms=("Backlog",)).attach(Scope(made.stack, "Web"), exposed)

    assert Built(made.stack, None).resources["WebBacklogAlarm"]["DependsOn"] == ["WebService"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: eb.Rolling(minimum_healthy_percent=100, maximum_percent=100),
            "a deployment that keeps 100 % of the tasks and runs 100 % of them at most has no room",
            id="no room",
        ),
        pytest.param(
            lambda: eb.Rolling(maximum_percent=TOKENS.number),
            "maximum_percent is known only when CloudFormation runs, and ECS refuses to rebalance "
            "zones with 100: say rebalances_zones=False if it is 100 in an environment, and "
            "rebalances_zones=True if it is more in all",
            id="nobody says whether zones are rebalanced",
        ),
        pytest.param(
            lambda: eb.Rolling(
                minimum_healthy_percent=0, maximum_percent=100, rebalances_zones=True
            ),
            "rebalances_zones with a maximum_percent of 100: ECS starts the new task before the "
            "old one goes, and needs more than 100; say rebalances_zones=False",
            id="zones are rebalanced without room",
        ),
        pytest.param(
            lambda: eb.Rolling(early_success_percent=90),
            "early_success_percent is 90; allowed: minimum_healthy_percent, which is 100, to 100",
            id="a success before enough are healthy",
        ),
        pytest.param(
            lambda: eb.BlueGreen(bake_minutes=1441),
            "bake_minutes is 1441; allowed: 0 to 1440",
            id="a bake of more than a day",
        ),
        pytest.param(
            lambda: eb.Canary(wait_minutes=-1),
            "wait_minutes is -1; allowed: 0 to 1440",
            id="a wait that is over before it begins",
        ),
        pytest.param(
            lambda: eb.Canary(percent=0),
            "percent is 0; allowed: 0.1 to 100, in steps of 0.1",
            id="a canary of nothing",
        ),
        pytest.param(
            lambda: eb.Canary(percent=12.34),
            "percent is 12.34; allowed: 0.1 to 100, in steps of 0.1",
            id="a canary in hundredths",
        ),
        pytest.param(
            lambda: eb.Linear(step_percent=2),
            "step_percent is 2; allowed: 3 to 100, in steps of 0.1",
            id="small steps",
        ),
        pytest.param(
            lambda: eb.Canary(wait_minutes=1440, bake_minutes=541),
            "the deployment would take 1981 minutes; CloudFormation takes 1980 at most",
            id="a canary longer than CloudFormation waits",
        ),
        pytest.param(
            lambda: eb.Linear(step_percent=10, step_minutes=220, bake_minutes=1),
            "the deployment would take 1981 minutes; CloudFormation takes 1980 at most",
            id="steps longer than CloudFormation waits",
        ),
        pytest.param(
            lambda: eb.Linear(step_percent=11, step_minutes=220, bake_minutes=1),
            "the deployment would take 1981 minutes; CloudFormation takes 1980 at most",
            id="uneven steps",
        ),
    ],
)
def test_what_ecs_or_cloudformation_would_refuse(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as caught:
        make()

    assert str(caught.value) == message


def test_the_longest_deployment_that_is_taken() -> None:
    assert eb.Canary(wait_minutes=1440, bake_minutes=540)
    assert eb.Linear(step_percent=10, step_minutes=220, bake_minutes=0)
    assert eb.Canary(percent=0.1)
