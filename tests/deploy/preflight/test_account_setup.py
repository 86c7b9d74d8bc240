"""What an account needs once: shown, done, and done once only.

Trap 17: ENI trunking is turned on, or an instance takes two tasks with an interface each.
Trap 18: the service-linked roles that a new account lacks are made, before stacks race for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.account_setup import Step, apply, plan
from ecs_blocks.deploy.errors import DeployError
from tests.deploy.preflight.account_world import ALL_ROLES, GOOD, Account
from tests.deploy.preflight.scripted import DENIED, refused

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

WRITES = ("iam.CreateServiceLinkedRole", "ecs.PutAccountSettingDefault")


def writes(server: Scripted) -> list[tuple[str, ...]]:
    return [(*asked.values(),) for name, asked in server.asked if name in WRITES]


def test_a_new_account_gets_everything_and_keeps_it(server: Scripted) -> None:
    account = Account(server, awsvpcTrunking="disabled", guardDutyActivate="off")
    done = apply(server.aws, plan(server.aws))

    assert account.roles == set(ALL_ROLES)
    assert account.settings == {"guardDutyActivate": "off", **GOOD}
    assert [(one.name, one.now, one.will_be) for one in done] == [
        ("ecs.amazonaws.com", "missing", "there"),
        ("elasticloadbalancing.amazonaws.com", "missing", "there"),
        ("ecs.application-autoscaling.amazonaws.com", "missing", "there"),
        ("autoscaling.amazonaws.com", "missing", "there"),
        ("serviceLongArnFormat", "not set", "enabled"),
        ("taskLongArnFormat", "not set", "enabled"),
        ("containerInstanceLongArnFormat", "not set", "enabled"),
        ("awsvpcTrunking", "disabled", "enabled"),
        ("containerInsights", "not set", "enhanced"),
    ]

    server.asked.clear()
    assert apply(server.aws, plan(server.aws)) == []
    assert writes(server) == []


@pytest.mark.parametrize("now", [{}, {"awsvpcTrunking": "disabled"}], ids=["never set", "off"])
def test_trap_17_eni_trunking_is_turned_on(server: Scripted, now: dict[str, str]) -> None:
    rest = {name: value for name, value in GOOD.items() if name != "awsvpcTrunking"}
    account = Account(server, *ALL_ROLES, **rest, **now)
    [step] = apply(server.aws, plan(server.aws))

    assert writes(server) == [("awsvpcTrunking", "enabled")]
    assert account.settings["awsvpcTrunking"] == "enabled"
    assert step.help == "an instance takes more tasks with a network interface each"


def test_a_plan_changes_nothing(server: Scripted) -> None:
    Account(server)

    assert not any(one.is_done for one in plan(server.aws))
    assert writes(server) == []


@pytest.mark.parametrize(
    ("insights", "expected"),
    [
        ("enhanced", []),
        ("enabled", []),
        ("disabled", [("containerInsights", "enhanced")]),
    ],
)
def test_what_is_good_enough_stays(
    server: Scripted, insights: str, expected: list[tuple[str, str]]
) -> None:
    Account(server, *ALL_ROLES, **{**GOOD, "containerInsights": insights})
    apply(server.aws, plan(server.aws))

    assert writes(server) == expected


def test_a_role_that_somebody_made_meanwhile_is_no_failure(server: Scripted) -> None:
    account = Account(server, **GOOD)
    steps = plan(server.aws)
    account.roles.update(ALL_ROLES)

    assert [one.name for one in apply(server.aws, steps)] == list(ALL_ROLES)


def test_what_fails_does_not_keep_the_rest_from_being_done(server: Scripted) -> None:
    account = Account(server, **{**GOOD, "awsvpcTrunking": "disabled"})
    server.on("iam.CreateServiceLinkedRole", DENIED)

    with pytest.raises(DeployError) as error:
        apply(server.aws, plan(server.aws))

    assert account.settings["awsvpcTrunking"] == "enabled"
    assert error.value.exit_code == 14
    assert error.value.message.splitlines() == [
        f"making the service-linked role of {name}: permission is missing: you are not authorized"
        for name in (
            "ECS",
            "Elastic Load Balancing",
            "the scaling of services",
            "Auto Scaling groups",
        )
    ]
    assert error.value.hint == "all other steps are done; run this again"


def test_a_refused_name_of_a_role_is_told(server: Scripted) -> None:
    Account(server, *ALL_ROLES[1:], **GOOD)
    server.on("iam.CreateServiceLinkedRole", refused("InvalidInput", "not in this partition"))

    with pytest.raises(DeployError) as error:
        apply(server.aws, plan(server.aws))

    assert (error.value.exit_code, error.value.message) == (
        15,
        "making the service-linked role of ECS: InvalidInput: not in this partition",
    )


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        ("iam.GetRole", "reading the role AWSServiceRoleForECS: permission is missing"),
        ("ecs.ListAccountSettings", "reading the settings of ECS: permission is missing"),
    ],
)
def test_a_plan_is_not_made_of_guesses(server: Scripted, denied: str, expected: str) -> None:
    Account(server, *ALL_ROLES)
    server.on(denied, DENIED)

    with pytest.raises(DeployError) as error:
        plan(server.aws)

    assert error.value.message == f"{expected}: you are not authorized"


def test_a_step_is_done_when_it_changes_nothing() -> None:
    assert Step("setting", "a", "b", "enabled", "enabled").is_done
    assert not Step("setting", "a", "b", "disabled", "enabled").is_done
