"""What a type of resource is called, what it holds, and what is lost with it.

A type that is not listed is told of by its name, and taken to hold something: nobody is told that
nothing is lost where that is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.model import is_true
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.checks.model import Resource


class Kind(Struct, frozen=True, kw_only=True):
    """One type.

    ``noun`` is what a person calls it. ``holds`` is the data that goes with the old one, ``loses``
    what else happens when it is replaced, ``address`` what others know it by. ``gone`` is what a
    removal means. ``name`` is the property that fixes its name: a second one of the same name
    cannot be made. ``replaced`` and ``removed`` weigh the two.
    """

    noun: str
    holds: str = ""
    address: str = ""
    loses: str = ""
    gone: str = ""
    name: str = ""
    replaced: Weight = Weight.NOTICE
    removed: Weight = Weight.APPROVAL

    @property
    def is_data(self) -> bool:
        """Whether data is lost with it."""
        return bool(self.holds)


def _data(noun: str, holds: str, name: str = "", *, address: str = "", loses: str = "") -> Kind:
    return Kind(
        noun=noun, holds=holds, name=name, address=address, loses=loses, replaced=Weight.APPROVAL
    )


def _addressed(noun: str, address: str, name: str = "", *, loses: str = "", gone: str = "") -> Kind:
    return Kind(
        noun=noun, address=address, name=name, loses=loses, gone=gone, replaced=Weight.APPROVAL
    )


def _calm(noun: str, name: str = "", *, gone: str = "", loses: str = "") -> Kind:
    return Kind(
        noun=noun,
        name=name,
        gone=gone,
        loses=loses,
        replaced=Weight.CALM,
        removed=Weight.NOTICE if gone else Weight.CALM,
    )


_ELB: Final = "AWS::ElasticLoadBalancingV2"
_BY_ARN: Final = "policies elsewhere that name the old ARN do not mean the new one"

KINDS: Final[Mapping[str, Kind]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": _calm(
        "scalable target", gone="the number of tasks is no longer scaled"
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": _calm(
        "scaling policy", gone="this metric no longer scales the tasks"
    ),
    "AWS::AutoScaling::AutoScalingGroup": Kind(
        noun="Auto Scaling group",
        name="AutoScalingGroupName",
        loses="all its instances are replaced, and their tasks start elsewhere",
        gone="its instances are terminated",
        replaced=Weight.APPROVAL,
    ),
    "AWS::CertificateManager::Certificate": Kind(
        noun="certificate",
        loses="the new one has to be validated: the deploy waits for that",
        gone="listeners elsewhere that use it keep it from being deleted",
        replaced=Weight.NOTICE,
    ),
    "AWS::CloudFront::Distribution": _addressed("CloudFront distribution", "domain name"),
    "AWS::CloudWatch::Alarm": _calm(
        "alarm", "AlarmName", gone="nobody is told any more", loses="the state begins anew"
    ),
    "AWS::CloudWatch::CompositeAlarm": _calm(
        "composite alarm",
        "AlarmName",
        gone="nobody is told any more",
        loses="the state begins anew",
    ),
    "AWS::CloudWatch::Dashboard": _calm("dashboard", "DashboardName", gone="its graphs are gone"),
    "AWS::Cognito::UserPool": _data("user pool", "all users and their passwords"),
    "AWS::DocDB::DBCluster": _data("DocumentDB cluster", "all its data", "DBClusterIdentifier"),
    "AWS::DynamoDB::GlobalTable": _data("DynamoDB table", "all items", "TableName"),
    "AWS::DynamoDB::Table": _data("DynamoDB table", "all items", "TableName"),
    "AWS::EC2::EIP": _addressed("Elastic IP address", "IP address"),
    "AWS::EC2::LaunchTemplate": _calm(
        "launch template", "LaunchTemplateName", gone="no instance can start from it"
    ),
    "AWS::EC2::NatGateway": _addressed(
        "NAT gateway", "outgoing IP address", gone="its subnets lose the way to the internet"
    ),
    "AWS::EC2::SecurityGroup": Kind(
        noun="security group",
        name="GroupName",
        loses="rules in other stacks that name the old one do not mean the new one",
        gone="what it let through is closed",
    ),
    "AWS::EC2::SecurityGroupEgress": _calm("outgoing rule", gone="the way out is closed"),
    "AWS::EC2::SecurityGroupIngress": _calm("incoming rule", gone="the way in is closed"),
    "AWS::EC2::Subnet": Kind(
        noun="subnet",
        loses="everything that runs in it has to move",
        gone="nothing can run in it any more",
        replaced=Weight.APPROVAL,
    ),
    "AWS::EC2::VPC": Kind(
        noun="VPC",
        loses="everything in it has to move",
        gone="nothing can run in it any more",
        replaced=Weight.APPROVAL,
    ),
    "AWS::EC2::Volume": _data("EBS volume", "everything on it"),
    "AWS::ECR::Repository": _data("image repository", "all its images", "RepositoryName"),
    "AWS::ECS::CapacityProvider": Kind(
        noun="capacity provider",
        name="Name",
        loses="services that name the old one have to move to the new one",
        gone="services that name it start no more tasks",
    ),
    "AWS::ECS::Cluster": Kind(
        noun="cluster",
        name="ClusterName",
        loses="every service in it has to move; those of other stacks do not, and while "
        "one is in the old cluster that cannot be deleted: it stays in the account, in no stack",
        gone="no service can run in it",
        replaced=Weight.APPROVAL,
    ),
    "AWS::ECS::ClusterCapacityProviderAssociations": _calm(
        "association of capacity providers", gone="the cluster has no capacity providers any more"
    ),
    "AWS::ECS::ExpressGatewayService": _addressed("Express service", "URL", "ServiceName"),
    "AWS::ECS::Service": Kind(
        noun="service",
        name="ServiceName",
        gone="its tasks are stopped",
        replaced=Weight.APPROVAL,
    ),
    "AWS::ECS::TaskDefinition": _calm("task definition"),
    "AWS::EFS::AccessPoint": Kind(
        noun="access point", loses="tasks mount the new one from their next start"
    ),
    "AWS::EFS::FileSystem": _data("file system", "all its files"),
    "AWS::EFS::MountTarget": Kind(
        noun="mount target",
        address="IP address",
        loses="tasks that have it mounted lose the connection for a moment",
        gone="nothing in its subnet can mount the file system",
        replaced=Weight.APPROVAL,
    ),
    f"{_ELB}::Listener": Kind(noun="listener", gone="its port answers no more"),
    f"{_ELB}::ListenerCertificate": _calm(
        "listener certificate", gone="the listener no longer serves its names"
    ),
    f"{_ELB}::ListenerRule": Kind(
        noun="listener rule", gone="its requests go to the next rule that fits"
    ),
    f"{_ELB}::LoadBalancer": _addressed(
        "load balancer", "DNS name and addresses", "Name", gone="its DNS name answers no more"
    ),
    f"{_ELB}::TargetGroup": Kind(
        noun="target group",
        name="Name",
        loses="the new one is empty until tasks have registered with it",
        gone="no requests reach its targets",
    ),
    "AWS::ElastiCache::CacheCluster": _data("cache", "everything in it", "ClusterName"),
    "AWS::ElastiCache::ReplicationGroup": _data("cache", "everything in it", "ReplicationGroupId"),
    "AWS::Events::Connection": _calm("connection", "Name", gone="what uses it calls nothing more"),
    "AWS::Events::EventBus": _addressed("event bus", "ARN", "Name"),
    "AWS::Events::Rule": Kind(noun="event rule", name="Name", gone="it starts nothing any more"),
    "AWS::IAM::InstanceProfile": Kind(noun="instance profile", name="InstanceProfileName"),
    "AWS::IAM::ManagedPolicy": Kind(
        noun="managed policy",
        name="ManagedPolicyName",
        loses="roles of other stacks keep the old one until they are changed",
        gone="roles that have it lose what it allows",
    ),
    "AWS::IAM::Policy": Kind(
        noun="policy", gone="its roles lose what it allows", removed=Weight.NOTICE
    ),
    "AWS::IAM::Role": Kind(
        noun="role", name="RoleName", loses=_BY_ARN, gone="what takes it on can do nothing"
    ),
    "AWS::IAM::RolePolicy": Kind(
        noun="policy", gone="its role loses what it allows", removed=Weight.NOTICE
    ),
    "AWS::KMS::Alias": _calm("key alias", gone="what names the key by it fails"),
    "AWS::KMS::Key": _data("key", "the power to read what it encrypted"),
    "AWS::Kinesis::Stream": _data("stream", "the records in it", "Name"),
    "AWS::Lambda::Function": Kind(
        noun="function", name="FunctionName", loses=_BY_ARN, gone="what calls it fails"
    ),
    "AWS::Logs::LogGroup": _data("log group", "all logs in it", "LogGroupName"),
    "AWS::Logs::MetricFilter": _calm("metric filter", gone="its metric gets no more values"),
    "AWS::Logs::QueryDefinition": _calm("saved query", "Name"),
    "AWS::Logs::SubscriptionFilter": _calm("subscription filter", gone="logs are not sent on"),
    "AWS::OpenSearchService::Domain": _data("search domain", "all its indices", "DomainName"),
    "AWS::RDS::DBCluster": _data(
        "database cluster", "all its data", "DBClusterIdentifier", address="endpoint"
    ),
    "AWS::RDS::DBInstance": _data(
        "database", "all its data", "DBInstanceIdentifier", address="endpoint"
    ),
    "AWS::Route53::HostedZone": _addressed(
        "hosted zone", "name servers", loses="every record in it that is not in this stack is lost"
    ),
    "AWS::Route53::RecordSet": _addressed("DNS record", "name", gone="the name leads nowhere"),
    "AWS::S3::Bucket": _data("bucket", "all its objects", "BucketName"),
    "AWS::S3::BucketPolicy": Kind(noun="bucket policy", gone="what it allows and denies is gone"),
    "AWS::SNS::Subscription": Kind(
        noun="subscription",
        gone="it is told nothing any more",
        loses="an e-mail subscriber is told nothing until it has confirmed",
        removed=Weight.NOTICE,
    ),
    "AWS::SNS::Topic": Kind(
        noun="topic",
        name="TopicName",
        loses="subscriptions that are not in this stack are lost",
        gone="nobody is told what was sent to it",
        replaced=Weight.APPROVAL,
    ),
    "AWS::SNS::TopicPolicy": Kind(noun="topic policy", gone="what it allows and denies is gone"),
    "AWS::SQS::Queue": _data("queue", "the messages in it", "QueueName", address="URL"),
    "AWS::SQS::QueuePolicy": Kind(noun="queue policy", gone="what it allows and denies is gone"),
    "AWS::SSM::Parameter": _data("parameter", "its value and history", "Name"),
    "AWS::Scheduler::Schedule": Kind(noun="schedule", name="Name", gone="its job no longer starts"),
    "AWS::Scheduler::ScheduleGroup": _calm(
        "schedule group", "Name", gone="every schedule in it is deleted"
    ),
    "AWS::SecretsManager::Secret": _data("secret", "its value", "Name"),
    "AWS::Serverless::Function": Kind(
        noun="function", name="FunctionName", loses=_BY_ARN, gone="what calls it fails"
    ),
    "AWS::Serverless::SimpleTable": _data("DynamoDB table", "all items", "TableName"),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": _addressed("namespace", "names", "Name"),
    "AWS::ServiceDiscovery::Service": _addressed("name in Cloud Map", "name", "Name"),
    "AWS::StepFunctions::StateMachine": Kind(
        noun="state machine",
        name="StateMachineName",
        loses="executions of the old one are ended",
        gone="executions are ended, and none can start",
    ),
    "AWS::WAFv2::WebACL": Kind(
        noun="web ACL", name="Name", loses=_BY_ARN, gone="it filters no requests"
    ),
    "AWS::WAFv2::WebACLAssociation": Kind(
        noun="web ACL's association",
        loses="requests may pass unfiltered for a moment",
        gone="requests are no longer filtered by the web ACL",
    ),
}
"""By type. The words on data and addresses are what AWS documents of each resource."""


def stays_unless_empty(resource: Resource | None) -> bool:
    """Whether its deletion fails while something is in it, so that nothing in it is lost.

    Sources: template reference of AWS::S3::Bucket, and of AWS::ECR::Repository (EmptyOnDelete).
    """
    if resource is None or resource.type == "AWS::S3::Bucket":
        return resource is not None
    emptied = is_true(resource.properties.get("EmptyOnDelete"))
    return resource.type == "AWS::ECR::Repository" and not emptied


KEEPS_ITS_TURN: Final = frozenset({"AWS::Logs::MetricFilter", "AWS::Logs::SubscriptionFilter"})
"""Types whose schema says ``delete_then_create``: the same name is no conflict."""

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_of(type_: str) -> Kind:
    """What is known of a type; for one that is not listed, its own name in lower case."""
    found = KINDS.get(type_)
    if found is not None:
        return found
    service, _, name = type_.removeprefix("AWS::").partition("::")
    words = _WORD.sub(" ", name).lower()
    return Kind(
        noun=f"{service} {words}".strip() if name else type_,
        loses="whatever it holds is not taken over",
        replaced=Weight.APPROVAL,
    )


def is_known(type_: str) -> bool:
    """Whether the type is in the table."""
    return type_ in KINDS
