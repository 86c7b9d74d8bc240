"""Types of resources: their physical ids and attributes, and what replaces them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.ids import ACCOUNT, REGION, Ids, arn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME: Final = {
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Name",
    "AWS::SSM::Parameter": "Name",
}
REPLACED_BY: Final[dict[str, frozenset[str]]] = {
    "AWS::Logs::LogGroup": frozenset({"LogGroupName"}),
    "AWS::IAM::Role": frozenset({"RoleName", "Path"}),
    "AWS::ECS::Cluster": frozenset({"ClusterName"}),
    "AWS::ECS::Service": frozenset(
        {"ServiceName", "Cluster", "LaunchType", "Role", "SchedulingStrategy"}
    ),
    "AWS::ECR::Repository": frozenset({"RepositoryName", "EncryptionConfiguration"}),
    "AWS::S3::Bucket": frozenset({"BucketName"}),
    "AWS::CloudWatch::Alarm": frozenset({"AlarmName"}),
    "AWS::SNS::Topic": frozenset({"TopicName", "FifoTopic"}),
    "AWS::EC2::SecurityGroup": frozenset({"GroupName", "GroupDescription", "VpcId"}),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": frozenset({"Name", "Scheme", "Type"}),
    "AWS::ElasticLoadBalancingV2::TargetGroup": frozenset(
        {"Name", "Port", "Protocol", "ProtocolVersion", "TargetType", "VpcId"}
    ),
    "AWS::ElasticLoadBalancingV2::Listener": frozenset({"LoadBalancerArn"}),
    "AWS::ElasticLoadBalancingV2::ListenerRule": frozenset({"ListenerArn"}),
    "AWS::Route53::RecordSet": frozenset({"Name", "HostedZoneId", "Type"}),
}
_ALL_BUT_TAGS: Final = frozenset({"AWS::ECS::TaskDefinition", "AWS::EC2::SecurityGroupIngress"})
UNTAGGED: Final = frozenset(
    {
        *("AWS::Route53::RecordSet", "AWS::EC2::SecurityGroupIngress", "AWS::S3::BucketPolicy"),
        *("AWS::SNS::TopicPolicy", "AWS::SNS::Subscription", "AWS::IAM::InstanceProfile"),
        *("AWS::ApplicationAutoScaling::ScalableTarget", "AWS::EC2::SecurityGroupEgress"),
        *("AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::IAM::Policy"),
        *("AWS::CloudFormation::WaitConditionHandle", "AWS::CloudFormation::WaitCondition"),
    }
)
"""Types that stack tags do not reach."""


def recreation(kind: str, name: str) -> str:
    """Whether a change of the property *name* replaces a resource: Never, Always."""
    if kind in _ALL_BUT_TAGS:
        return "Never" if name == "Tags" else "Always"
    return "Always" if name in REPLACED_BY.get(kind, ()) else "Never"


def fixed_name(kind: str, properties: Mapping[str, Any]) -> str | None:
    """The name that the template gives to a resource."""
    found = properties.get(_NAME[kind]) if kind in _NAME else None
    return None if found is None else str(found)


def physical(
    kind: str, stack: str, logical_id: str, properties: Mapping[str, Any], ids: Ids
) -> tuple[str, dict[str, Any]]:
    """A new resource's physical id and attributes."""
    name = fixed_name(kind, properties) or f"{stack}-{logical_id}-{ids.upper(12)}"
    make = _MAKE.get(kind)
    if make is not None:
        return make(name, properties, ids)
    return name, {"Arn": arn(kind.split("::")[1].lower(), name), "Name": name}


_Made = tuple[str, dict[str, Any]]


def _simple(service: str, form: str = "{}") -> Callable[[str, Mapping[str, Any], Ids], _Made]:
    def make(name: str, _properties: Mapping[str, Any], _ids: Ids) -> _Made:
        return name, {"Arn": arn(service, form.format(name))}

    return make


def _group(_name: str, properties: Mapping[str, Any], ids: Ids) -> _Made:
    found = f"sg-{ids.hex(17)}"
    return found, {"GroupId": found, "Id": found, "VpcId": properties.get("VpcId", "vpc-1")}


def _balancer(name: str, properties: Mapping[str, Any], ids: Ids) -> _Made:
    full = f"app/{name[:32]}/{ids.hex(16)}"
    found = arn("elasticloadbalancing", f"loadbalancer/{full}")
    return found, {
        "LoadBalancerArn": found,
        "LoadBalancerFullName": full,
        "LoadBalancerName": name[:32],
        "DNSName": f"{name[:32]}-1234567890.ap-northeast-1.elb.amazonaws.com",
        "CanonicalHostedZoneID": "Z14GRHDCWA56QT",
        "SecurityGroups": properties.get("SecurityGroups", []),
    }


def _targets(name: str, _properties: Mapping[str, Any], ids: Ids) -> _Made:
    full = f"targetgroup/{name[:32]}/{ids.hex(16)}"
    found = arn("elasticloadbalancing", full)
    return found, {
        "TargetGroupArn": found,
        "TargetGroupFullName": full,
        "TargetGroupName": name[:32],
        "LoadBalancerArns": [],
    }


def _listener(_name: str, properties: Mapping[str, Any], ids: Ids) -> _Made:
    balancer = str(properties.get("LoadBalancerArn", "app/lb/0")).partition("loadbalancer/")[2]
    found = arn("elasticloadbalancing", f"listener/{balancer}/{ids.hex(16)}")
    return found, {"ListenerArn": found}


def _rule(_name: str, properties: Mapping[str, Any], ids: Ids) -> _Made:
    listener = str(properties.get("ListenerArn", "app/lb/0/0")).partition("listener/")[2]
    found = arn("elasticloadbalancing", f"listener-rule/{listener}/{ids.hex(16)}")
    return found, {"RuleArn": found, "IsDefault": False}


def _key(_name: str, _properties: Mapping[str, Any], ids: Ids) -> _Made:
    found = ids.uuid()
    return found, {"Arn": arn("kms", f"key/{found}"), "KeyId": found}


def _topic(name: str, _properties: Mapping[str, Any], _ids: Ids) -> _Made:
    found = arn("sns", name)
    return found, {"TopicArn": found, "TopicName": name}


def _role(name: str, _properties: Mapping[str, Any], ids: Ids) -> _Made:
    return name, {"Arn": arn("iam", f"role/{name}", region=""), "RoleId": f"AROA{ids.upper(16)}"}


def _bucket(name: str, _properties: Mapping[str, Any], _ids: Ids) -> _Made:
    found = name.lower()[:63]
    return found, {
        "Arn": f"arn:aws:s3:::{found}",
        "DomainName": f"{found}.s3.amazonaws.com",
        "RegionalDomainName": f"{found}.s3.{REGION}.amazonaws.com",
    }


def _repository(name: str, _properties: Mapping[str, Any], _ids: Ids) -> _Made:
    found = name.lower()
    uri = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{found}"
    return found, {"Arn": arn("ecr", f"repository/{found}"), "RepositoryUri": uri}


def _record(_name: str, properties: Mapping[str, Any], _ids: Ids) -> _Made:
    return str(properties["Name"]), {}


_MAKE: Final[dict[str, Callable[[str, Mapping[str, Any], Ids], _Made]]] = {
    "AWS::Logs::LogGroup": _simple("logs", "log-group:{}:*"),
    "AWS::ECS::Cluster": _simple("ecs", "cluster/{}"),
    "AWS::ECR::Repository": _repository,
    "AWS::S3::Bucket": _bucket,
    "AWS::CloudWatch::Alarm": _simple("cloudwatch", "alarm:{}"),
    "AWS::EC2::SecurityGroup": _group,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _targets,
    "AWS::ElasticLoadBalancingV2::Listener": _listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": _rule,
    "AWS::KMS::Key": _key,
    "AWS::Route53::RecordSet": _record,
    "AWS::SNS::Topic": _topic,
    "AWS::IAM::Role": _role,
}
