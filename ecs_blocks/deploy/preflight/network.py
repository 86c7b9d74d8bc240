"""The VPC and its subnets exist, belong together, and have addresses left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.preflight.ask import ask, pages
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped, warning
from ecs_blocks.deploy.preflight.template import items, part, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

FEW_ADDRESSES: Final = 8
"""What a load balancer needs free in each subnet; and a deploy has old and new tasks at once."""

_WITH_VPC: Final = ("AWS::EC2::SecurityGroup", "AWS::ElasticLoadBalancingV2::TargetGroup")
_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def subnets_of(subject: Subject) -> dict[str, list[str]]:
    """Each subnet, with the resources that are put into it."""
    found: dict[str, list[str]] = {}

    def add(logical_id: str, subnets: object) -> None:
        for one in texts(subnets):
            found.setdefault(one, []).append(logical_id)

    for logical_id, properties in subject.of_type("AWS::ECS::Service"):
        network = part(properties, "NetworkConfiguration", "AwsvpcConfiguration")
        add(logical_id, network.get("Subnets"))
    for logical_id, properties in subject.of_type(_BALANCER):
        add(logical_id, properties.get("Subnets"))
        add(logical_id, [one.get("SubnetId") for one in items(properties.get("SubnetMappings"))])
    for logical_id, properties in subject.of_type("AWS::AutoScaling::AutoScalingGroup"):
        add(logical_id, properties.get("VPCZoneIdentifier"))
    return found


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """The VPC, and every subnet of services, load balancers and instances."""
    client = aws.client("ec2")
    vpcs = sorted({text(p.get("VpcId")) for _, p in subject.of_type(*_WITH_VPC)} - {""})
    if vpcs:
        yield from _vpcs(client, vpcs)
    wanted = subnets_of(subject)
    if not wanted:
        return
    answer = ask(
        "ec2:DescribeSubnets",
        pages(client, "describe_subnets", "Subnets"),
        Filters=[{"Name": "subnet-id", "Values": list(wanted)}],
    )
    if isinstance(answer, Gap):
        yield skipped("subnets", answer)
        return
    there = {str(one["SubnetId"]): one for one in answer}
    for subnet, users in wanted.items():
        vpc = vpcs[0] if len(vpcs) == 1 else ""
        yield from _subnet(subnet, users, there.get(subnet), vpc)
    yield from _zones(subject, wanted, there)


def _vpcs(client: Any, vpcs: list[str]) -> Iterator[Finding]:
    answer = ask(
        "ec2:DescribeVpcs",
        pages(client, "describe_vpcs", "Vpcs"),
        Filters=[{"Name": "vpc-id", "Values": vpcs}],
    )
    if isinstance(answer, Gap):
        yield skipped(", ".join(vpcs), answer)
        return
    there = {one["VpcId"] for one in answer}
    for vpc in vpcs:
        if vpc not in there:
            message = "there is no such VPC in this account and region"
            yield problem(vpc, message, "correct VpcId in platform.yaml")


def _subnet(
    subnet: str, users: list[str], there: Mapping[str, Any] | None, vpc: str
) -> Iterator[Finding]:
    used = ", ".join(users)
    if there is None:
        message = f"there is no such subnet in this account and region; it is for {used}"
        yield problem(subnet, message, "correct the subnets in platform.yaml")
        return
    if vpc and there.get("VpcId", vpc) != vpc:
        message = f"it is in {there['VpcId']}, but {used} in {vpc}"
        yield problem(subnet, message, "correct the subnets in platform.yaml")
    free = there.get("AvailableIpAddressCount")
    if free is not None and free < FEW_ADDRESSES:
        yield warning(subnet, f"it has {free} free addresses left; it is for {used}")


def _zones(
    subject: Subject, wanted: Mapping[str, list[str]], there: Mapping[str, Any]
) -> Iterator[Finding]:
    for logical_id, properties in subject.of_type(_BALANCER):
        own = [there.get(subnet) for subnet, users in wanted.items() if logical_id in users]
        zones = {one.get("AvailabilityZone") for one in own if one}
        is_application = properties.get("Type", "application") == "application"
        if is_application and own and all(own) and len(zones) == 1:
            message = f"all its subnets are in {zones.pop()}; it needs two zones"
            yield problem(logical_id, message, "correct the subnets in platform.yaml")
