"""Roles that are brought along: nothing is attached to them, and grants are refused."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks import policies
from tests.blocks.helpers import KEY, TOKENS, built, fargate_task
from tests.blocks.standard import Standard

ARN = "arn:aws:iam::123456789012:role/teams/shop"
OWN = eb.ExistingRole(ARN)
SECRET = {"TOKEN": eb.SsmParameter(eb.SsmParameterName("/web/token"))}
FILE = eb.EnvironmentFile(bucket=eb.BucketName("settings"), key="web.env")


def test_both_are_the_block_s_unless_it_is_said() -> None:
    assert {"WebExecutionRole", "WebTaskRole"} <= set(built(fargate_task()).ids)


def test_both_are_given() -> None:
    made = built(fargate_task(roles=eb.Roles(task=OWN, execution=eb.ExistingRole(TOKENS.word))))
    properties = made.resources["WebTaskDefinition"]["Properties"]

    assert made.ids == ["WebLogGroup", "WebTaskDefinition"]
    assert properties["TaskRoleArn"] == made.handle.role_arn == ARN
    assert properties["ExecutionRoleArn"] == {"Ref": "Word"}
    assert made.handle.role is OWN


def test_one_is_given_and_the_other_made() -> None:
    made = built(fargate_task(roles=eb.Roles(task=OWN), secrets=SECRET))

    assert made.ids == ["WebLogGroup", "WebExecutionRole", "WebTaskDefinition"]
    assert made.resources["WebTaskDefinition"]["Properties"]["ExecutionRoleArn"] == {
        "Fn::GetAtt": ["WebExecutionRole", "Arn"]
    }


EFS = eb.Mount(
    eb.EfsVolume(
        name="x",
        file_system_id="fs-0123456789abcdef0",
        access_point_id="fsap-0123456789abcdef0",
    ),
    "/x",
)
EXEC = eb.Exec(key_arn=KEY, log_group_name="/ecs/exec")
TASK = "the task role is given by its ARN, and nothing is attached to it: leave out "


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"roles": eb.Roles(task=OWN), "task_policies": (policies.policy("A"),)},
            f"{TASK}task_policies, or let the block make the task role",
            id="a grant",
        ),
    ],
)
def test_what_needs_the_block_s_role_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        fargate_task(**changed)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(
            {"roles": eb.Roles(task=OWN), "container": eb.Container(exec=EXEC, mounts=(EFS,))},
            id="a file system and a shell",
        ),
        pytest.param({"roles": eb.Roles(execution=OWN), "secrets": SECRET}, id="a secret"),
        pytest.param(
            {
                "roles": eb.Roles(execution=OWN),
                "container": eb.Container(environment_files=(FILE,)),
            },
            id="a file",
        ),
    ],
)
def test_what_a_role_may_allow_already_is_there_and_nothing_is_attached(
    changed: dict[str, Any],
) -> None:
    found = built(fargate_task(**changed)).resources
    without = built(fargate_task(**{**changed, "roles": eb.Roles()})).resources
    given = {"TaskRoleArn", "ExecutionRoleArn"}
    definition, as_made = (
        {
            key: one
            for key, one in each["WebTaskDefinition"]["Properties"].items()
            if key not in given
        }
        for each in (found, without)
    )

    assert definition == as_made
    assert len(set(without) - set(found)) == 1


@pytest.mark.parametrize("arn", ["shop", "arn:aws:iam::123456789012:user/shop", ""])
def test_what_is_no_role_is_refused(arn: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.ExistingRole(arn)

    assert str(refused.value) == (
        f"{arn!r} is no role's ARN; it is like arn:aws:iam::123456789012:role/shop"
    )


class _Job(eb.FargateScheduledJobEnvironment):
    """A job whose roles somebody else keeps."""

    task_role_arn: eb.Param[str]

    def roles(self) -> eb.Roles:
        """One of them."""
        return eb.Roles(task=eb.ExistingRole(self.task_role_arn))


def test_who_starts_a_job_may_pass_on_the_role_that_is_given() -> None:
    found = Standard(_Job, eb.ScheduledJob.standard)
    statements = found.properties("WebStateMachineRole")["Policies"][0]["PolicyDocument"]
    [passed] = [s for s in statements["Statement"] if s["Action"] == ["iam:PassRole"]]

    assert passed["Resource"] == [
        {"Fn::GetAtt": ["WebExecutionRole", "Arn"]},
        {"Ref": "TaskRoleArn"},
    ]
    assert found.template["Outputs"]["TaskRoleArn"]["Value"] == {"Ref": "TaskRoleArn"}


class _Worker(eb.FargateQueueWorkerEnvironment):
    """A worker whose role somebody else keeps."""

    def roles(self) -> eb.Roles:
        """One that may receive already."""
        return eb.Roles(task=OWN)


def test_a_worker_s_role_may_allow_to_receive_already() -> None:
    found = Standard(_Worker, eb.QueueWorker.standard)
    definition = found.properties("WebTaskDefinition")
    [variables] = [one["Environment"] for one in definition["ContainerDefinitions"]]

    assert definition["TaskRoleArn"] == ARN
    assert "WebTaskRole" not in found.ids
    assert {"Name": "QUEUE_URL", "Value": {"Ref": "WebQueue"}} in variables


def test_a_grant_of_a_worker_is_refused_as_ever() -> None:
    with pytest.raises(eb.BlockError) as refused:
        Standard(
            _Worker,
            lambda env: eb.QueueWorker.standard(env, task_policies=(policies.policy("A"),)),
        )

    assert str(refused.value) == f"{TASK}task_policies, or let the block make the task role"
