"""What each type of resource is in a picture: its area, its name, and what it is a part of."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from ecs_blocks.review.picture.graph import Area


class Kind(Struct, frozen=True):
    """How a type is drawn. ``label`` is its name in lower case, as one says it."""

    area: Area
    label: str


def _kinds(area: Area, **labels: str) -> dict[str, Kind]:
    return {key.replace("__", "::"): Kind(area, label) for key, label in labels.items()}


KINDS: Final[dict[str, Kind]] = {
    f"AWS::{name}": kind
    for name, kind in {
        **_kinds(
            Area.TRAFFIC,
            Route53__RecordSet="record",
            Route53__RecordSetGroup="records",
            Route53__HostedZone="hosted zone",
            ElasticLoadBalancingV2__LoadBalancer="load balancer",
            ElasticLoadBalancingV2__Listener="listener",
            ElasticLoadBalancingV2__ListenerRule="rule",
            ElasticLoadBalancingV2__TargetGroup="target group",
            CertificateManager__Certificate="certificate",
            WAFv2__WebACL="web ACL",
            ServiceDiscovery__Service="Cloud Map service",
            ServiceDiscovery__HttpNamespace="namespace",
            ServiceDiscovery__PrivateDnsNamespace="namespace",
            CloudFront__Distribution="distribution",
        ),
        **_kinds(
            Area.COMPUTE,
            ECS__Service="service",
            ECS__TaskDefinition="task definition",
            ECS__Cluster="cluster",
            ECS__CapacityProvider="capacity provider",
            AutoScaling__AutoScalingGroup="instances",
            EC2__LaunchTemplate="launch template",
            Scheduler__Schedule="schedule",
            StepFunctions__StateMachine="state machine",
            Lambda__Function="function",
        ),
        **_kinds(
            Area.DATA,
            S3__Bucket="bucket",
            SQS__Queue="queue",
            DynamoDB__Table="table",
            EFS__FileSystem="file system",
            RDS__DBInstance="database",
            RDS__DBCluster="database cluster",
            ElastiCache__ReplicationGroup="cache",
            SecretsManager__Secret="secret",  # noqa: S106 - a word, not one
            SSM__Parameter="parameter",
            ECR__Repository="repository",
        ),
        **_kinds(
            Area.PERMISSIONS,
            IAM__Role="role",
            IAM__ManagedPolicy="managed policy",
            KMS__Key="key",
        ),
        **_kinds(
            Area.WATCH,
            CloudWatch__Alarm="alarm",
            CloudWatch__CompositeAlarm="composite alarm",
            CloudWatch__Dashboard="dashboard",
            Logs__LogGroup="log group",
            SNS__Topic="topic",
            Events__Rule="event rule",
        ),
        **_kinds(
            Area.NETWORK,
            EC2__SecurityGroup="security group",
            EC2__VPC="VPC",
            EC2__Subnet="subnet",
        ),
    }.items()
}

PART_OF: Final = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": "ScalingTargetId",
    "AWS::ApplicationAutoScaling::ScalableTarget": "ResourceId",
    "AWS::AutoScaling::LifecycleHook": "AutoScalingGroupName",
    "AWS::AutoScaling::ScheduledAction": "AutoScalingGroupName",
    "AWS::EC2::SecurityGroupEgress": "GroupId",
    "AWS::EC2::SecurityGroupIngress": "GroupId",
    "AWS::ECS::ClusterCapacityProviderAssociations": "Cluster",
    "AWS::EFS::AccessPoint": "FileSystemId",
    "AWS::EFS::MountTarget": "FileSystemId",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": "ListenerArn",
    "AWS::IAM::InstanceProfile": "Roles",
    "AWS::IAM::Policy": "Roles",
    "AWS::IAM::RolePolicy": "RoleName",
    "AWS::KMS::Alias": "TargetKeyId",
    "AWS::Lambda::Permission": "FunctionName",
    "AWS::Logs::MetricFilter": "LogGroupName",
    "AWS::Logs::SubscriptionFilter": "LogGroupName",
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SNS::Subscription": "TopicArn",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::WAFv2::WebACLAssociation": "ResourceArn",
}
"""What has no box of its own: it is drawn in the box of what this property refers to."""

BACKWARDS: Final = frozenset(
    {
        ("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        ("AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::ElasticLoadBalancingV2::Listener"),
        ("AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::TargetGroup"),
        ("AWS::ECS::Service", "AWS::ServiceDiscovery::Service"),
        ("AWS::ECS::Service", "AWS::ECS::Cluster"),
        ("AWS::ECS::CapacityProvider", "AWS::ECS::Cluster"),
        ("AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Alarm"),
    }
)
"""(from, to) where the reference runs against the traffic: the arrow is drawn the other way."""

WATCHERS: Final = frozenset(
    {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::Events::Rule"}
)
"""News runs from what is watched to these, and from these to the topic."""


BESIDE: Final = frozenset(
    {
        ("AWS::AutoScaling::AutoScalingGroup", "AWS::ECS::Cluster"),
        ("AWS::EC2::LaunchTemplate", "AWS::ECS::Cluster"),
        ("AWS::IAM::Role", "AWS::ECS::Cluster"),
        ("AWS::IAM::Role", "AWS::Logs::LogGroup"),
        ("AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::ListenerRule"),
        ("AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
    }
)
"""(from, to) where an arrow would tell nothing that another does not tell better."""

MARGINAL: Final = frozenset({"AWS::KMS::Key"})
"""Nearly everything refers to these: arrows to them would hide the rest."""


def kind_of(type_name: str) -> Kind:
    """How *type_name* is drawn; a type that is not in the table gets its own last word."""
    known = KINDS.get(type_name)
    if known is not None:
        return known
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type_name.rpartition("::")[2]) or type_name
    return Kind(Area.OTHER, words.lower())
