"""Public addresses of tasks, and security groups beside the task's own."""

from __future__ import annotations

from abc import ABC
from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.task_environment import VpcTaskEnvironment
from tests.blocks.helpers import SUBNETS, TOKENS, VPC, fargate_task, parts
from tests.blocks.standard import Standard

GROUP = eb.SecurityGroupId("sg-0a1b2c3d")
EC2 = eb.Ec2Size(memory_reservation_mib=256, memory_mib=512)
NONE_ON_INSTANCES = (
    "a task on instances gets no public address, only one on Fargate does; put it into private "
    "subnets with a NAT gateway"
)


def network(found: dict[str, Any]) -> dict[str, Any]:
    """What a service says of its tasks' network interfaces."""
    of_tasks: dict[str, Any] = found["NetworkConfiguration"]["AwsvpcConfiguration"]
    return of_tasks


def service(**changed: Any) -> dict[str, Any]:
    made = parts()
    [found] = made.new(made.service(addresses=eb.Addresses(**changed))).values()
    return network(found["Properties"])


def test_private_and_in_one_group_unless_it_is_said() -> None:
    own = {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}

    assert service() == {
        "AssignPublicIp": "DISABLED",
        "Subnets": SUBNETS,
        "SecurityGroups": [own],
    }


def test_a_public_address_and_further_groups() -> None:
    found = service(public=True, security_group_ids=(GROUP, TOKENS.word))

    assert found["AssignPublicIp"] == "ENABLED"
    assert found["SecurityGroups"][1:] == ["sg-0a1b2c3d", {"Ref": "Word"}]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        pytest.param(
            (GROUP,) * 5,
            "6 security groups with the task's own; ECS takes 5 of a task",
            id="too many",
        ),
        pytest.param(
            GROUP,
            "security_group_ids is a tuple of ids, like (env.database_client_id,)",
            id="one alone",
        ),
    ],
)
def test_groups_that_ecs_does_not_take(groups: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Addresses(security_group_ids=groups)

    assert str(refused.value) == message


class _Public(VpcTaskEnvironment, ABC):
    """Public, in one more group."""

    more_id: eb.Param[eb.SecurityGroupId]
    open_subnet_ids: eb.Param[list[eb.SubnetId]]

    def task_subnet_ids(self) -> eb.Value[list[eb.SubnetId]]:
        """Public ones."""
        return self.open_subnet_ids

    def addresses(self) -> eb.Addresses:
        """Public, and in one more group."""
        return eb.Addresses(public=True, security_group_ids=(self.more_id,))


class _Web(_Public, eb.FargateWebServiceEnvironment):
    """A web service."""


class _Shared(_Public, eb.FargateSharedWebServiceEnvironment):
    """Behind a shared balancer."""


class _Network(_Public, eb.FargateNetworkServiceEnvironment):
    """By TCP."""


class _Background(_Public, eb.FargateBackgroundServiceEnvironment):
    """Behind nothing."""


class _Worker(_Public, eb.FargateQueueWorkerEnvironment):
    """A worker."""


class _Job(_Public, eb.FargateScheduledJobEnvironment):
    """A job."""


SAID = {
    "AssignPublicIp": "ENABLED",
    "Subnets": {"Ref": "OpenSubnetIds"},
    "SecurityGroups": [{"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}, {"Ref": "MoreId"}],
}
ENDPOINT = eb.NetworkEndpoint(listener=eb.Tcp(5432))


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        pytest.param(_Web, lambda env: eb.WebService.standard(env, port=8080), id="web"),
        pytest.param(
            _Shared,
            lambda env: eb.WebService.standard(
                env,
                port=8080,
                front=eb.Shared(
                    balancer=env.shared_balancer(),
                    routes=(eb.Route(paths=eb.under("/web"), priority=10),),
                ),
            ),
            id="behind a shared balancer",
        ),
        pytest.param(
            _Network,
            lambda env: eb.NetworkService.standard(
                env, port=5432, endpoints=(ENDPOINT,), ingress=(eb.Cidr("10.0.0.0/8"),)
            ),
            id="by TCP",
        ),
        pytest.param(_Background, eb.BackgroundService.standard, id="background"),
        pytest.param(_Worker, eb.QueueWorker.standard, id="worker"),
    ],
)
def test_an_environment_class_says_it_of_any_service(kind: Any, block: Any) -> None:
    assert network(Standard(kind, block).properties("WebService")) == SAID


def test_an_environment_class_says_it_of_a_job() -> None:
    def left_alone(env: Any) -> eb.ScheduledJob:
        return eb.ScheduledJob.standard(env, runner=eb.RunTask(env.failure_rule_state))

    target = Standard(_Job, left_alone).properties("WebSchedule")["Target"]
    watched = Standard(_Job, eb.ScheduledJob.standard).properties("WebStateMachine")

    assert network(target["EcsParameters"]) == SAID
    assert "ENABLED" in str(watched["DefinitionString"])
    assert "${MoreId}" in str(watched["DefinitionString"])


def on_instances() -> eb.Service:
    made = parts(fargate_task(size=EC2))
    return made.service(addresses=eb.Addresses(public=True))


def job_on_instances() -> Any:
    class OnInstances(eb.ScheduledJobEnvironment):
        def addresses(self) -> eb.Addresses:
            return eb.Addresses(public=True)

    return Standard(OnInstances, eb.ScheduledJob.standard)


def daemon() -> Any:
    public = eb.TaskNetwork(vpc_id=VPC, subnet_ids=SUBNETS, addresses=eb.Addresses(public=True))
    return Standard(eb.DaemonEnvironment, lambda env: eb.Daemon.standard(env, network_mode=public))


@pytest.mark.parametrize("make", [on_instances, job_on_instances, daemon], ids=lambda f: f.__name__)
def test_instances_have_no_public_addresses_for_tasks(make: Any) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == NONE_ON_INSTANCES
