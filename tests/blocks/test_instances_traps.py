"""EC2 instances of a cluster, and the traps that they keep clear of.

Trap 14: a capacity provider that cannot be deleted: the group, the provider and the cluster wait
for each other in this order, and nothing protects instances from termination.
Trap 15: a capacity provider's name may not begin with aws, ecs or fargate.
Trap 16: termination protection in the provider and in the group go together.
Trap 39: nothing comes in.
Trap 42: a new AMI replaces all instances; it comes from a parameter, which can be pinned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from tests.blocks.helpers import FIELDS, Built, instances

if TYPE_CHECKING:
    from ecs_blocks.blocks.instances import InstancesHandle


def properties(id_: str, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = instances(**changed).resources[id_]["Properties"]
    return found


def references(one: Built[InstancesHandle], id_: str) -> set[str]:
    """The resources that *id_* waits for, and which are deleted after it."""
    text = str(one.resources[id_])
    return {name for name in one.resources if f"'{name}'" in text or f"${{{name}}}" in text}


def test_trap_14_the_provider_goes_before_the_group_and_the_group_before_the_cluster() -> None:
    one = instances()

    assert "WebAutoScalingGroup" in references(one, "WebCapacityProvider")
    assert "WebLaunchTemplate" in references(one, "WebAutoScalingGroup")
    assert "Main" in references(one, "WebLaunchTemplate")
    assert "WebInstanceProfile" in references(one, "WebLaunchTemplate")


def test_trap_14_nothing_protects_an_instance_from_the_group_s_deletion() -> None:
    provider = properties("WebCapacityProvider")["AutoScalingGroupProvider"]

    assert provider["ManagedTerminationProtection"] == "DISABLED"
    assert provider["ManagedDraining"] == "ENABLED"


@pytest.mark.parametrize("cluster_name", ["main", "ecs-main", "aws", "fargate-1", "e" * 251])
def test_trap_15_the_provider_s_name_is_good_whatever_the_cluster_is_called(
    cluster_name: str,
) -> None:
    name = properties("WebCapacityProvider")["Name"]["Fn::Sub"].replace("${Main}", cluster_name)

    assert not name.startswith(("aws", "ecs", "fargate"))
    assert len(name) <= 255


def test_trap_16_both_sides_of_termination_protection_say_the_same() -> None:
    resources = instances().resources
    provider = resources["WebCapacityProvider"]["Properties"]["AutoScalingGroupProvider"]
    group = resources["WebAutoScalingGroup"]["Properties"]

    sides = (
        provider["ManagedTerminationProtection"] == "ENABLED",
        group["NewInstancesProtectedFromScaleIn"],
    )

    assert sides == (False, False)


def test_trap_39_nothing_comes_in_and_https_goes_out() -> None:
    found = properties("WebInstanceSecurityGroup")

    assert "SecurityGroupIngress" not in found
    assert [
        (rule["FromPort"], rule["ToPort"], rule["IpProtocol"])
        for rule in found["SecurityGroupEgress"]
    ] == [(443, 443, "tcp")] * 2


def test_trap_42_the_image_comes_from_a_parameter_that_can_be_pinned() -> None:
    template = instances().template
    field = FIELDS["image_id"]

    pinned = (
        "/aws/service/ecs/optimized-ami/amazon-linux-2023/"
        "al2023-ami-ecs-hvm-2023.0.20260401-kernel-6.1-x86_64/image_id"
    )

    assert template["Parameters"]["ImageId"] == {
        "Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"
    }
    assert field.type.matches(pinned)
    assert fields_of(eb.InstancesEnvironment)["ecs_image_id"].type == field.type
