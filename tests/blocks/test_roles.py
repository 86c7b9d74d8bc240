"""Roles that are brought along: nothing is attached to them, and what would be is refused."""

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
EXECUTION = "the execution role is given by its ARN, and nothing is attached to it: leave out "


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"roles": eb.Roles(task=OWN), "task_policies": (policies.policy("A"),)},
            f"{TASK}task_policies, or let the block make the task role",
            id="a grant",
        ),
        pytest.param(
            {"roles": eb.Roles(task=OWN), "container": eb.Container(exec=EXEC, mounts=(EFS,))},
            f"{TASK}the EfsVolume, exec, or let the block make the task role",
            id="a file system and a shell",
        ),
        pytest.param(
            {"roles": eb.Roles(execution=OWN), "secrets": SECRET},
            f"{EXECUTION}secrets, or let the block make the execution role",
            id="a secret",
        ),
        pytest.param(
            {
                "roles": eb.Roles(execution=OWN),
                "sidecars": (
                    eb.Sidecar(name="proxy", image="proxy:1", memory_mib=64, secrets=SECRET),
                ),
            },
            f"{EXECUTION}secrets, or let the block make the execution role",
            id="a secret of a sidecar",
        ),
        pytest.param(
            {
                "roles": eb.Roles(execution=OWN),
                "container": eb.Container(environment_files=(FILE,)),
            },
            f"{EXECUTION}environment_files, or let the block make the execution role",
            id="a file",
        ),
    ],
)
def test_what_needs_the_block_s_role_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        fargate_task(**changed)

    assert str(refused.value) == message


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
        """One that cannot be."""
        return eb.Roles(task=OWN)


def test_a_worker_needs_a_role_that_may_receive() -> None:
    with pytest.raises(eb.BlockError) as refused:
        Standard(_Worker, eb.QueueWorker.standard)

    assert str(refused.value) == (
        "the task role is given by its ARN, and nothing is attached to it: a worker's role has to "
        "receive the queue's messages, so let the block make it"
    )
