"""Instances of several types, with Spot.

Trap 13: Spot may have none and may take away; a base of instances is never on Spot.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from tests.blocks.helpers import SUBNETS, TOKENS, VPC, instances
from tests.blocks.standard import Standard

REQUIREMENTS = eb.InstanceRequirements(
    vcpu_min=2, vcpu_max=4, memory_min_mib=4096, memory_max_mib=TOKENS.number
)
FITTING = {
    "VCpuCount": {"Min": 2, "Max": 4},
    "MemoryMiB": {"Min": 4096, "Max": {"Ref": "Number"}},
    "InstanceGenerations": ["current"],
    "BareMetal": "excluded",
    "BurstablePerformance": "excluded",
}


def group(mix: eb.InstanceMix) -> dict[str, Any]:
    found: dict[str, Any] = instances(instance_type=mix).resources["WebAutoScalingGroup"]
    properties: dict[str, Any] = found["Properties"]
    return properties


def test_trap_13_a_base_is_not_on_spot_and_types_come_in_the_order_of_preference() -> None:
    mix = eb.InstanceMix(types=("m7i.large", "m6i.large"), on_demand_percent=TOKENS.number)
    found = group(mix)

    assert "LaunchTemplate" not in found
    assert found["MixedInstancesPolicy"] == {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {
                "LaunchTemplateId": {"Ref": "WebLaunchTemplate"},
                "Version": {"Fn::GetAtt": ["WebLaunchTemplate", "LatestVersionNumber"]},
            },
            "Overrides": [{"InstanceType": "m7i.large"}, {"InstanceType": "m6i.large"}],
        },
        "InstancesDistribution": {
            "OnDemandAllocationStrategy": "prioritized",
            "OnDemandBaseCapacity": 1,
            "OnDemandPercentageAboveBaseCapacity": {"Ref": "Number"},
            "SpotAllocationStrategy": "price-capacity-optimized",
        },
    }


@pytest.mark.parametrize(
    ("architecture", "makers"),
    [("X86_64", ["intel", "amd"]), ("ARM64", ["amazon-web-services"])],
)
def test_whatever_type_fits(architecture: Any, makers: list[str]) -> None:
    requirements = eb.InstanceRequirements(
        vcpu_min=2,
        vcpu_max=4,
        memory_min_mib=4096,
        memory_max_mib=TOKENS.number,
        architecture=architecture,
    )
    policy = group(eb.InstanceMix(types=requirements, spot_strategy="capacity-optimized"))[
        "MixedInstancesPolicy"
    ]

    assert policy["LaunchTemplate"]["Overrides"] == [
        {"InstanceRequirements": {**FITTING, "CpuManufacturers": makers}}
    ]
    distribution = policy["InstancesDistribution"]
    assert distribution["OnDemandAllocationStrategy"] == "lowest-price"
    assert distribution["SpotAllocationStrategy"] == "capacity-optimized"


def test_the_template_names_no_type_beside_the_mix() -> None:
    found = instances(instance_type=eb.InstanceMix(types=REQUIREMENTS)).resources
    data = found["WebLaunchTemplate"]["Properties"]["LaunchTemplateData"]

    assert "InstanceType" not in data
    assert "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true" in str(data["UserData"])


REFUSED: list[tuple[Any, str]] = [
    (lambda: eb.InstanceMix(types=()), "0 types of instances; a group has 1 to 40"),
    (
        lambda: eb.InstanceMix(types=("m7i.large", "m7i.large")),
        "m7i.large: the type is named twice",
    ),
    (
        lambda: eb.InstanceMix(types=("m7g.large", "g5.xlarge", "g5g.xlarge", "t3.medium")),
        "m7g.large, g5g.xlarge: Graviton beside other types; the image of the instances is of one "
        "architecture, and the others would never start",
    ),
    (
        lambda: eb.InstanceRequirements(vcpu_min=4, vcpu_max=2, memory_min_mib=1, memory_max_mib=2),
        "vcpu: at least 4 is more than at most 2",
    ),
    (
        lambda: eb.InstanceRequirements(vcpu_min=2, vcpu_max=2, memory_min_mib=3, memory_max_mib=2),
        "memory: at least 3 is more than at most 2",
    ),
]


@pytest.mark.parametrize(
    "types",
    [
        ("m7g.large", "a1.large", "c6gn.large", "im4gn.large", "x2gd.medium", "g5g.xlarge"),
        ("g4dn.xlarge", "g5.xlarge", "u-6tb1.metal", "p6-b200.48xlarge", "m7i-flex.large"),
    ],
    ids=["Graviton", "x86"],
)
def test_one_architecture_is_told_by_the_names(types: tuple[str, ...]) -> None:
    assert eb.InstanceMix(types=types).types == types


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_a_mix_that_cannot_be_is_refused(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message


def test_the_standard_cluster_of_spot_instances_uses_every_parameter() -> None:
    made = Standard(eb.SpotInstancesEnvironment, eb.Cluster.standard)
    found = made.properties("WebAutoScalingGroup")["MixedInstancesPolicy"]

    assert made.unused == set()
    assert found["InstancesDistribution"]["OnDemandBaseCapacity"] == {"Ref": "OnDemandBase"}
    assert found["LaunchTemplate"]["Overrides"][0]["InstanceRequirements"]["VCpuCount"] == {
        "Min": {"Ref": "InstanceVcpus"},
        "Max": {"Ref": "InstanceVcpus"},
    }


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        (
            {"min_size": 4, "max_size": 4},
            [
                (
                    "max_size",
                    "4 is not above the 4 of MinSize; replacing an instance needs room for one "
                    "more",
                )
            ],
        ),
        (
            {"instance_memory_min_mib": 8192, "instance_memory_max_mib": 4096},
            [
                (
                    "instance_memory_max_mib",
                    "at most 4096 MiB are less than the 8192 of InstanceMemoryMinMib",
                )
            ],
        ),
    ],
)
def test_sizes_that_do_not_go_together(
    changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    kind = eb.SpotInstancesEnvironment
    values = {name: field.spec.default for name, field in fields_of(kind).items()}
    values |= {"vpc_id": VPC, "private_subnet_ids": SUBNETS}

    assert list(kind(app="a", images=(), values=values | changed).problems()) == expected
