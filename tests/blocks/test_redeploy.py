"""A secret that changes deploys its service again, without a function of anybody's.

Trap 34: tasks keep the old value of a secret until somebody deploys.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, TOPIC, parts

PARAMETER = eb.SsmParameter(TOKENS.secret_name)
SECRET = eb.Secret(TOKENS.secret_arn)


def redeploy(*secrets: eb.Secret | eb.SsmParameter) -> dict[str, Any]:
    """What the block adds to a service."""
    made = parts()
    return made.new(
        eb.RedeployOnSecretChange(
            service=made.running(),
            secrets={f"S{n}": one for n, one in enumerate(secrets)},
            notify=eb.Notify(topic_arn=TOPIC),
        )
    )


@pytest.mark.parametrize(
    ("secrets", "rules"),
    [
        pytest.param((SECRET,), ["WebSecretChangedRule"], id="a secret"),
        pytest.param((PARAMETER,), ["WebParameterChangedRule"], id="a parameter"),
        pytest.param(
            (PARAMETER, SECRET), ["WebSecretChangedRule", "WebParameterChangedRule"], id="both"
        ),
    ],
)
def test_the_ids_are_a_contract(secrets: tuple[Any, ...], rules: list[str]) -> None:
    assert list(redeploy(*secrets)) == [
        "WebRedeployRole",
        "WebRedeploy",
        "WebRedeployStartRole",
        *rules,
        "WebRedeployFailedAlarm",
    ]


def test_trap_34_a_new_value_of_a_secret_starts_it() -> None:
    rule = redeploy(SECRET)["WebSecretChangedRule"]["Properties"]

    assert rule["EventPattern"] == {
        "source": ["aws.secretsmanager"],
        "detail-type": ["Secret Label Updated"],
        "resources": [{"Ref": "SecretArn"}],
        "detail": {"labelUpdated": ["AWSCURRENT"]},
    }
    assert rule["Targets"] == [
        {
            "Id": "Redeploy",
            "Arn": {"Ref": "WebRedeploy"},
            "RoleArn": {"Fn::GetAtt": ["WebRedeployStartRole", "Arn"]},
        }
    ]


def test_trap_34_a_new_value_of_a_parameter_starts_it() -> None:
    rule = redeploy(PARAMETER)["WebParameterChangedRule"]["Properties"]

    assert rule["EventPattern"] == {
        "source": ["aws.ssm"],
        "detail-type": ["Parameter Store Change"],
        "resources": [
            {
                "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                ":parameter${SecretName}"
            }
        ],
        "detail": {"operation": ["Create", "Update"]},
    }


def test_two_keys_of_one_secret_are_one_secret() -> None:
    found = redeploy(eb.Secret(TOKENS.secret_arn, "user"), eb.Secret(TOKENS.secret_arn, "password"))

    pattern = found["WebSecretChangedRule"]["Properties"]["EventPattern"]
    assert pattern["resources"] == [{"Ref": "SecretArn"}]


def test_it_deploys_the_same_version_again() -> None:
    machine = redeploy(SECRET)["WebRedeploy"]["Properties"]
    state = machine["Definition"]["States"]["Deploy"]

    assert machine["Definition"]["StartAt"] == "Deploy"
    assert state["Resource"] == {
        "Fn::Sub": "arn:${AWS::Partition}:states:::aws-sdk:ecs:updateService"
    }
    assert state["Parameters"] == {
        "Cluster": "main",
        "Service": {"Fn::GetAtt": ["WebService", "Name"]},
        "ForceNewDeployment": True,
    }
    assert state["End"] is True


def test_a_deployment_under_way_may_end_first() -> None:
    [retry] = redeploy(SECRET)["WebRedeploy"]["Properties"]["Definition"]["States"]["Deploy"][
        "Retry"
    ]
    waited = sum(retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(6))

    assert retry["MaxAttempts"] == 6
    assert waited > 30 * 60


@pytest.mark.parametrize(
    ("role", "service", "action", "resource"),
    [
        ("WebRedeployRole", "states", "ecs:UpdateService", "WebService"),
        ("WebRedeployStartRole", "events", "states:StartExecution", "WebRedeploy"),
    ],
)
def test_each_role_may_do_one_thing_to_one_resource(
    role: str, service: str, action: str, resource: str
) -> None:
    found = redeploy(SECRET)[role]["Properties"]
    [trust] = found["AssumeRolePolicyDocument"]["Statement"]
    [policy] = found["Policies"]

    assert trust["Principal"] == {"Service": [f"{service}.amazonaws.com"]}
    assert trust["Condition"].keys() == {"StringEquals", "ArnLike"}
    assert policy["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": [action], "Resource": [{"Ref": resource}]}
    ]


def test_somebody_hears_of_it_when_it_could_not() -> None:
    alarm = redeploy(SECRET)["WebRedeployFailedAlarm"]["Properties"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/States", "ExecutionsFailed")
    assert alarm["Dimensions"] == [{"Name": "StateMachineArn", "Value": {"Ref": "WebRedeploy"}}]
    assert alarm["AlarmActions"] == [TOPIC]


def test_no_secrets_are_refused() -> None:
    with pytest.raises(eb.BlockError) as caught:
        redeploy()

    assert str(caught.value) == "secrets is empty; give those that the task uses"
