"""What environment.yaml may say of a cluster.

Trap 42: which AMI the instances run is a value, so that a release can be pinned.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import MISSING
from tests.blocks.helpers import SUBNETS, VPC

KEYS = {
    "AccountId": MISSING,
    "Region": MISSING,
    "ClusterName": MISSING,
    "AlarmEmail": MISSING,
    "AlarmsEnabled": True,
    "AlarmReservationPercent": 90,
    "LogRetentionDays": 30,
    "AccessLogDays": 365,
}
INSTANCE_KEYS = {
    "VpcId": MISSING,
    "PrivateSubnetIds": MISSING,
    "InstanceType": "t3.medium",
    "EcsImageId": "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    "MinSize": 1,
    "MaxSize": 4,
    "TargetCapacityPercent": 100,
}
VALUES: dict[str, Any] = {
    "vpc_id": VPC,
    "private_subnet_ids": SUBNETS,
    "ecs_image_id": INSTANCE_KEYS["EcsImageId"],
    "instance_type": "t3.medium",
    "min_size": 1,
    "max_size": 4,
    "target_capacity_percent": 100,
}


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        pytest.param(eb.ClusterEnvironment, KEYS, id="Fargate"),
        pytest.param(eb.InstancesEnvironment, KEYS | INSTANCE_KEYS, id="instances"),
    ],
)
def test_the_keys_and_their_defaults_are_a_contract(
    kind: type[eb.Environment], keys: dict[str, Any]
) -> None:
    assert {field.key: field.spec.default for field in fields_of(kind).values()} == keys


def test_a_cluster_on_fargate_has_no_instances() -> None:
    env = eb.ClusterEnvironment(app="cluster", images=(), values={})

    assert env.instances() is None


def test_trap_42_the_instances_are_what_the_file_says_its_ami_included() -> None:
    env = eb.InstancesEnvironment(app="cluster", images=(), values=VALUES)

    assert env.instances() == eb.InstanceSettings(
        vpc_id=VPC,
        subnet_ids=SUBNETS,
        image_id=VALUES["ecs_image_id"],
        instance_type="t3.medium",
        min_size=1,
        max_size=4,
        target_percent=100,
    )


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        pytest.param({"min_size": 0, "max_size": 1}, [], id="good"),
        pytest.param(
            {"min_size": 2, "max_size": 2},
            [
                (
                    "max_size",
                    "2 is not above the 2 of MinSize; replacing an instance needs room for one "
                    "more",
                )
            ],
            id="no room",
        ),
    ],
)
def test_sizes_that_leave_room_for_one_more(
    sizes: dict[str, int], found: list[tuple[str, str]]
) -> None:
    env = eb.InstancesEnvironment(app="cluster", images=(), values=VALUES | sizes)

    assert list(env.problems()) == found
