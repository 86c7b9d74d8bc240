"""What nobody knows before the deploy is not told as a fact: a value that is looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.review.impact.stage import lines, stack, task, web
from tests.review.stacks import body, side

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.review.side import Side

    Resources = dict[str, Any]

LOOKED_UP = {"Ref": "It"}
GROUP = {"Fn::GetAtt": ["Group", "GroupId"]}
SWITCHES = [
    ("old-1", "!Vpc Name=platform"),
    ("!Ssm /it", "!Vpc Name=platform"),
    ("!Vpc Name=platform", "old-1"),
]
"""What an id becomes, or was, when a network is looked up: it may be the same one."""


def with_value(resources: Resources, value: str) -> Side:
    """One side, in which the parameter ``It`` is *value*, which begins with ``!`` for a lookup."""
    known = {"lookups" if value.startswith("!") else "parameters": {"It": value}}
    return side(resources, Parameters={"It": {"Type": "String"}}, **known)


def group(vpc: Any = LOOKED_UP) -> Resources:
    return body("EC2::SecurityGroup", VpcId=vpc)


def balancer(**more: Resources) -> Resources:
    made = body("ElasticLoadBalancingV2::LoadBalancer", SecurityGroups=[GROUP])
    return {"Balancer": made, "Group": group(), **more}


def service(**network: Any) -> Resources:
    configuration = {"AwsvpcConfiguration": network}
    return stack(web(NetworkConfiguration=configuration), task(), Group=group())


def instances(data: Any) -> Resources:
    version = {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}
    template = {"LaunchTemplateId": {"Ref": "Template"}, "Version": version}
    made = body("AutoScaling::AutoScalingGroup", LaunchTemplate=template)
    policy = {"AutoScalingRollingUpdate": {"MaxBatchSize": 1, "MinInstancesInService": 2}}
    return {
        "Template": body("EC2::LaunchTemplate", LaunchTemplateData=data),
        "Instances": {**made, "UpdatePolicy": policy},
        "Group": group(),
    }


PERHAPS = "perhaps, decided during the deploy: "


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (service(Subnets=LOOKED_UP), f"Web: {PERHAPS}rolling"),
        (service(Subnets=["s"], SecurityGroups=[GROUP]), f"Web: {PERHAPS}rolling"),
        (
            instances({"SecurityGroupIds": [GROUP]}),
            f"Instances: {PERHAPS}all instances are replaced",
        ),
        (instances({"ImageId": LOOKED_UP}), f"Instances: {PERHAPS}all instances are replaced"),
        (
            {"Logs": body("Logs::LogGroup", KmsKeyId=LOOKED_UP)},
            f"Logs: {PERHAPS}logs that are there stay",
        ),
        (
            {"Logs": body("Logs::LogGroup", LogGroupClass=LOOKED_UP)},
            f"Logs: {PERHAPS}the deploy fails: LogGroupClass cannot be changed",
        ),
        (
            {"Alarm": body("CloudWatch::Alarm", AlarmActions=[LOOKED_UP])},
            "Alarm: perhaps somebody else is told",
        ),
        (
            {"Name": body("Route53::RecordSet", Name="a.", ResourceRecords=[LOOKED_UP])},
            f"Name: {PERHAPS}the name a. leads elsewhere",
        ),
    ],
)
@pytest.mark.parametrize(("before", "after"), SWITCHES)
def test_what_may_stay_as_it_is(
    resources: Resources, expected: str, before: str, after: str
) -> None:
    found = lines(with_value(resources, before), with_value(resources, after))

    assert [one for one in found if expected in one]


@pytest.mark.parametrize(("before", "after"), SWITCHES)
def test_a_load_balancer_may_stay_in_its_vpc(before: str, after: str) -> None:
    found = lines(with_value(balancer(), before), with_value(balancer(), after))

    assert (
        f"notice unknown: Balancer: the deploy fails only if {after} is another VPC than {before}, "
        "for a load balancer cannot move; --base live tells"
    ) in found
    assert not [one for one in found if one.startswith("approval")]


@pytest.mark.parametrize(("before", "after"), SWITCHES)
def test_a_name_may_stay_the_same(before: str, after: str) -> None:
    record = {"Name": body("Route53::RecordSet", Name=LOOKED_UP, Type="A", HostedZoneId="z")}
    [found] = lines(with_value(record, before), with_value(record, after), "address", "replacement")

    assert f"the name {before} leads nowhere any more, should {after} be another one" in found


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # another thing changes too, for certain
        (
            lambda of: service(Subnets=LOOKED_UP, AssignPublicIp=of),
            "Web: rolling",
        ),
        (
            lambda of: instances({"SecurityGroupIds": [GROUP], "ImageId": f"ami-{of}"}),
            "Instances: all instances are replaced",
        ),
    ],
)
def test_what_changes_besides_is_certain(change: Callable[[str], Resources], expected: str) -> None:
    before, after = SWITCHES[0]
    found = lines(with_value(change("a"), before), with_value(change("b"), after))

    assert [one for one in found if expected in one]
