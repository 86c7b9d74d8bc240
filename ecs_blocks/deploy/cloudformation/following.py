"""What a change set lists as perhaps replaced, although it stays: it only follows another resource.

CloudFormation lists every resource that takes an attribute of one that changes, as "decided during
the deploy", because it does not look which attribute that is. The name and the ARN of a resource
that is not replaced stay what they are, and so does whatever takes these: where it changes in
something else too, only that is told.
Source: API reference, ResourceChangeDetail, Evaluation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ecs_blocks.deploy.cloudformation.changes import Change, PropertyChange

_IDENTITY: Final[Mapping[str, frozenset[str]]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": frozenset({"Id"}),
    "AWS::CloudWatch::Alarm": frozenset({"Arn"}),
    "AWS::EC2::SecurityGroup": frozenset({"GroupId", "Id", "VpcId"}),
    "AWS::ECS::Cluster": frozenset({"Arn"}),
    "AWS::ECS::Service": frozenset({"Name", "ServiceArn"}),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": frozenset(
        {
            *("CanonicalHostedZoneID", "DNSName", "LoadBalancerArn"),
            *("LoadBalancerFullName", "LoadBalancerName"),
        }
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": frozenset(
        {"TargetGroupArn", "TargetGroupFullName", "TargetGroupName"}
    ),
    "AWS::IAM::Role": frozenset({"Arn", "RoleId"}),
    "AWS::KMS::Key": frozenset({"Arn", "KeyId"}),
    "AWS::Logs::LogGroup": frozenset({"Arn"}),
    "AWS::SNS::Topic": frozenset({"TopicArn", "TopicName"}),
    "AWS::SQS::Queue": frozenset({"Arn", "QueueName", "QueueUrl"}),
}
"""The attributes of a resource that stay as long as it does. What ``Ref`` gives stays anyway."""


def settled(changes: Sequence[Change]) -> list[Change]:
    """*changes*, those that come to nothing told as such: not replaced, and what they follow."""
    found = list(changes)
    while True:
        known = {(*one.path, one.logical_id): one for one in found}
        after = [_settled(one, known) for one in found]
        if after == found:
            return found
        found = after


def _settled(change: Change, known: Mapping[tuple[str, ...], Change]) -> Change:
    """*change* without what only follows; where nothing is left, told as none in the end."""
    if change.action != "Modify" or change.follows or change.replacement == "True":
        return change
    stays = [one for one in change.properties if _follows(one, change.path, known)]
    if not stays:
        return change
    left = tuple(one for one in change.properties if one not in stays)
    is_open = any(one.recreation != "Never" for one in left)
    if change.replacement == "Conditional" and not is_open:
        change = structs.replace(change, replacement="False", policy_action="")
    if left or change.scope not in ((), ("Properties",)):
        return structs.replace(change, properties=left)
    causes = dict.fromkeys(cause for one in stays for cause in _causes(one))
    return structs.replace(change, follows=tuple(causes))


def _follows(
    one: PropertyChange, path: Sequence[str], known: Mapping[tuple[str, ...], Change]
) -> bool:
    causes = _causes(one)
    is_open = one.dynamic and not one.direct
    return is_open and bool(causes) and all(_stays(cause, path, known) for cause in causes)


def _causes(one: PropertyChange) -> list[str]:
    return [cause for cause in one.cause.split(", ") if cause]


def _stays(cause: str, path: Iterable[str], known: Mapping[tuple[str, ...], Change]) -> bool:
    """Whether what is taken of a resource, as ``HogeService.Name``, is the same afterwards."""
    name, _, attribute = cause.partition(".")
    source = known.get((*path, name))
    if source is None or source.action != "Modify" or source.replacement not in ("", "False"):
        return False
    return not attribute or attribute in _IDENTITY.get(source.type, ())
