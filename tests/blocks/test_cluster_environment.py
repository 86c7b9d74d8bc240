"""What environment.yaml may say of a cluster.

Trap 42: which AMI the instances run is a value, so that a release can be pinned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import MISSING
from tests.blocks.helpers import SUBNETS, VPC
from tests.project import project

if TYPE_CHECKING:
    from pathlib import Path

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


AL2023 = "/aws/service/ecs/optimized-ami/amazon-linux-2023"
X86 = f"{AL2023}/recommended/image_id"
ARM = f"{AL2023}/arm64/recommended/image_id"
OTHER_ARM = "/aws/service/bottlerocket/aws-ecs-2/arm64/latest/image_id"


def misfit(instances: str, image: str, of_image: str, path: str) -> str:
    return (
        f"the instances are {instances}, the image {image} is for {of_image}; take the path "
        f"{path}, or another type of instances"
    )


@pytest.mark.parametrize(
    ("kind", "image", "found"),
    [
        ("m7i.large", X86, []),
        ("g5.xlarge", X86, []),
        ("m7g.large", ARM, []),
        ("m7g.large", OTHER_ARM, []),
        # what is in a parameter of one's own is not known, nor what is looked up
        ("m7g.large", "/platform/our-own-ami", []),
        ("m7g.large", None, []),
        (eb.ref("InstanceType"), ARM, []),
        # where the image is left to the default, the type is what was typed
        *(
            (
                kind,
                X86,
                [
                    (
                        "instance_type",
                        misfit("arm64 (Graviton)", X86, "x86_64", "with /arm64/ in it"),
                    )
                ],
            )
            for kind in ("m7g.large", "t4g.small", "c7gn.large", "g5g.xlarge", "a1.large")
        ),
        *(
            (
                "m7i.large",
                image,
                [("ecs_image_id", misfit("x86_64", image, "arm64 (Graviton)", "without /arm64/"))],
            )
            for image in (ARM, OTHER_ARM, ARM.replace("recommended", "al2023-ami-ecs-hvm-1-arm64"))
        ),
    ],
)
def test_instances_and_their_image_are_of_one_architecture(
    kind: Any, image: str | None, found: list[tuple[str, str]]
) -> None:
    written = {} if image is None else {"ecs_image_id": image}
    values = VALUES | {"instance_type": kind, "ecs_image_id": eb.ref("EcsImageId")}
    env = eb.InstancesEnvironment(app="cluster", images=(), values=values, written=written)

    assert list(env.problems()) == found


def test_a_mix_of_one_architecture_and_its_image() -> None:
    class Graviton(eb.SpotInstancesEnvironment):
        architecture = "ARM64"

    values = VALUES | {
        "instance_memory_min_mib": 1,
        "instance_memory_max_mib": 2,
        "min_size": 1,
        "max_size": 2,
    }
    sides = [
        Graviton(app="cluster", images=(), values=values, written={"ecs_image_id": image})
        for image in (ARM, X86)
    ]

    assert [list(one.problems()) for one in sides] == [
        [],
        [("ecs_image_id", misfit("arm64 (Graviton)", X86, "x86_64", "with /arm64/ in it"))],
    ]


def test_a_file_with_graviton_beside_the_usual_image_is_refused(tmp_path: Path) -> None:
    text = """\
from __future__ import annotations
import ecs_blocks as eb

def stack(env: eb.InstancesEnvironment) -> eb.Stack:
    return eb.Stack(env, description="a cluster")
"""
    file = """\
parameters:
  prod:
    ClusterName: main
    AlarmEmail: a@example.com
    InstanceType: m7g.large
"""
    platform = """\
parameters:
  prod:
    AccountId: "123456789012"
    Region: ap-northeast-1
    VpcId: vpc-0123456789abcdef0
    PrivateSubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
"""

    [problem] = project(tmp_path, file, platform=platform, script=text).refusal()

    assert problem.startswith(
        "stacks/hoge/environment.yaml:5:19: parameters.prod.InstanceType: the instances are arm64 "
    )
