"""Strategies of a service's own: over Fargate's providers, and over any others.

Trap 10: a launch type cannot become a strategy; a changed strategy needs a new deployment.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.capacity import MAX_NONCE
from tests.blocks.helpers import TOKENS, fargate_task, parts
from tests.blocks.standard import Standard

MIXED = (eb.Provider("FARGATE", base=1), eb.Provider("FARGATE_SPOT", weight=3))
EC2 = eb.Ec2Size(memory_reservation_mib=256, memory_mib=512)


def service(capacity: Any, task: eb.Task | None = None) -> dict[str, Any]:
    """The properties of a service with *capacity*."""
    made = parts(task)
    [found] = made.new(made.service(capacity=capacity)).values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def strategy(*providers: eb.Provider, task: eb.Task | None = None) -> dict[str, Any]:
    found = service(eb.CapacityStrategy(providers=providers), task)
    assert "LaunchType" not in found
    return {key: found[key] for key in ("CapacityProviderStrategy", "ForceNewDeployment")}


def test_fargate_with_a_base_and_three_in_four_on_spot() -> None:
    assert strategy(*MIXED) == {
        "CapacityProviderStrategy": [
            {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1},
            {"CapacityProvider": "FARGATE_SPOT", "Weight": 3},
        ],
        "ForceNewDeployment": {
            "EnableForceNewDeployment": True,
            "ForceNewDeploymentNonce": "capacity-FARGATE-1-1-FARGATE_SPOT-0-3",
        },
    }


def test_trap_10_a_provider_of_your_own_by_a_token() -> None:
    provider = eb.Provider(TOKENS.word, weight=TOKENS.number, base=TOKENS.other_number)

    assert strategy(provider, task=fargate_task(size=EC2)) == {
        "CapacityProviderStrategy": [
            {
                "CapacityProvider": {"Ref": "Word"},
                "Base": {"Ref": "OtherNumber"},
                "Weight": {"Ref": "Number"},
            }
        ],
        "ForceNewDeployment": {
            "EnableForceNewDeployment": True,
            "ForceNewDeploymentNonce": {"Fn::Sub": "capacity-${Word}-${OtherNumber}-${Number}"},
        },
    }


@pytest.mark.parametrize(
    ("providers", "message"),
    [
        pytest.param((), "0 providers; a strategy has 1 to 20", id="none"),
        pytest.param(
            tuple(eb.Provider(f"own-{number}") for number in range(21)),
            "21 providers; a strategy has 1 to 20",
            id="too many",
        ),
        pytest.param(
            (eb.Provider("own"), eb.Provider("own")),
            "own stands twice in one strategy; add the weights",
            id="twice",
        ),
        pytest.param(
            (eb.Provider("FARGATE"), eb.Provider("own")),
            "a strategy is of FARGATE and FARGATE_SPOT, or of providers of your own; ECS takes no "
            "mixture",
            id="a mixture",
        ),
        pytest.param(
            (eb.Provider("FARGATE", weight=0), eb.Provider("FARGATE_SPOT", weight=0)),
            "a provider needs a weight above 0; ECS refuses a strategy of zeros",
            id="no weight",
        ),
        pytest.param(
            (eb.Provider("FARGATE", base=1), eb.Provider("FARGATE_SPOT", base=1)),
            "2 providers have a base; ECS takes one of a strategy",
            id="two bases",
        ),
    ],
)
def test_a_strategy_that_ecs_does_not_take(
    providers: tuple[eb.Provider, ...], message: str
) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.CapacityStrategy(providers=providers)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({"weight": 1001}, "weight is 1001; allowed: 0 to 1000", id="weight"),
        pytest.param({"base": -1}, "base is -1; allowed: 0 to 100000", id="base"),
        pytest.param(
            {"name": "FARGATE-SPOT"},
            "'FARGATE-SPOT' cannot be a capacity provider of your own: no name begins with aws, "
            "ecs or fargate; did you mean FARGATE_SPOT?",
            id="misspelt",
        ),
        pytest.param(
            {"name": "own provider"},
            "a capacity provider is 'own provider'; it is written with at most 255 letters, "
            "digits, underscores and hyphens",
            id="a space",
        ),
        pytest.param(
            {"name": "a" * 256},
            f"a capacity provider is '{'a' * 256}'; it is written with at most 255 letters, "
            "digits, underscores and hyphens",
            id="long",
        ),
        pytest.param(
            {"name": "ecs-own"},
            "'ecs-own' cannot be a capacity provider of your own: no name begins with aws, ecs or "
            "fargate",
            id="reserved",
        ),
    ],
)
def test_a_provider_that_cannot_be(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Provider(**{"name": "own"} | arguments)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    "capacity", [eb.FargateCapacity(), eb.CapacityStrategy(providers=MIXED)], ids=["two", "any"]
)
def test_a_task_for_instances_does_not_run_on_fargate(capacity: Any) -> None:
    with pytest.raises(eb.BlockError) as refused:
        service(capacity, fargate_task(size=EC2))

    assert str(refused.value) == (
        "the task has an Ec2Size, and its capacity is Fargate; give it a FargateSize, or a "
        "provider of instances"
    )


@pytest.mark.parametrize("name", ["AWS-large", "Ecs_own", "FARGATE", "FARGATE_SPOT"])
def test_a_provider_that_aws_does_not_refuse(name: str) -> None:
    assert eb.Provider(name).name == name


def test_a_base_of_0_is_none() -> None:
    found = strategy(eb.Provider("FARGATE", base=1), eb.Provider("FARGATE_SPOT", base=0))

    assert [one.get("Base") for one in found["CapacityProviderStrategy"]] == [1, 0]


def nonce(*names: Any) -> Any:
    """What asks for a new deployment, over providers of *names*."""
    own = fargate_task(size=EC2)
    found = strategy(*(eb.Provider(name, weight=1000) for name in names), task=own)
    return found["ForceNewDeployment"]["ForceNewDeploymentNonce"]


def test_a_new_deployment_is_asked_for_in_few_words_and_whenever_a_name_changes() -> None:
    names = [f"{number}-{'a' * 250}" for number in range(20)]

    assert len(nonce(*names)) <= MAX_NONCE
    assert nonce(*names) != nonce(*reversed(names)) != nonce(*names[1:])


def test_names_that_are_short_or_not_known_yet_are_written_out() -> None:
    assert nonce("large", "small") == "capacity-large-0-1000-small-0-1000"
    assert nonce("own", TOKENS.word) == {"Fn::Sub": "capacity-own-0-1000-${Word}-0-1000"}


class _Wide(eb.ScheduledJobEnvironment):
    """A job on more providers than a schedule takes."""

    def capacity(self) -> eb.CapacityStrategy:
        """Seven."""
        return eb.CapacityStrategy(providers=tuple(eb.Provider(f"own-{n}") for n in range(7)))


def test_a_schedule_takes_six_providers_and_a_state_machine_more() -> None:
    with pytest.raises(eb.BlockError) as refused:
        Standard(_Wide, lambda env: eb.ScheduledJob.standard(env, runner=eb.RunTask()))

    assert str(refused.value) == (
        "7 providers; a schedule takes 6: name fewer, or let eb.StateMachine() run the job"
    )
    assert "WebStateMachine" in Standard(_Wide, eb.ScheduledJob.standard).ids


class _Job(eb.ScheduledJobEnvironment):
    """A job on instances of its own."""

    provider_name: eb.Param[str]

    def capacity(self) -> eb.CapacityStrategy:
        """One provider."""
        return eb.CapacityStrategy(providers=(eb.Provider(self.provider_name),))


def test_a_job_runs_by_a_strategy_of_its_own_left_alone_and_watched() -> None:
    def left_alone(env: Any) -> eb.ScheduledJob:
        return eb.ScheduledJob.standard(env, runner=eb.RunTask(env.failure_rule_state))

    target = Standard(_Job, left_alone).properties("WebSchedule")["Target"]
    watched = Standard(_Job, eb.ScheduledJob.standard).properties("WebStateMachine")

    assert target["EcsParameters"]["CapacityProviderStrategy"] == [
        {"CapacityProvider": {"Ref": "ProviderName"}, "Base": 0, "Weight": 1}
    ]
    assert '"CapacityProvider":"${ProviderName}","Base":0,"Weight":1' in (
        str(watched["DefinitionString"]).replace(" ", "").replace("\\n", "")
    )
