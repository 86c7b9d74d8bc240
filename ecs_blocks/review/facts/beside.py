"""What the resource schemas leave out, each with where it is said.

The template reference says under every property "Update requires: …"; where it says more than the
schema's ``createOnlyProperties``, that stands here.
"""

from __future__ import annotations

from typing import Final

CREATE_ONLY: Final[dict[str, tuple[str, ...]]] = {
    # template reference, AWS::Route53::RecordSet, Name: "Update requires: Replacement"
    "AWS::Route53::RecordSet": ("Name",),
    # template reference, AWS::CertificateManager::Certificate, ValidationMethod: the same
    "AWS::CertificateManager::Certificate": ("ValidationMethod",),
}
"""Properties that cannot be changed in place, beside those of the schema."""

UNCHANGEABLE: Final[dict[str, dict[str, str]]] = {
    # template reference, LogGroupClass: "Update requires: Updates are not supported"
    "AWS::Logs::LogGroup": {"LogGroupClass": "STANDARD"},
}
"""Properties of which a change fails, each with its default."""

CONDITIONAL: Final[dict[str, tuple[str, ...]]] = {
    # the template reference said Replacement until 2025; since UpdateService takes
    # deploymentController, some changes are made in place
    "AWS::ECS::Service": ("DeploymentController",),
    # it said Replacement until the lock could be put on an existing bucket
    "AWS::S3::Bucket": ("ObjectLockEnabled",),
}
"""Properties of which only the deploy tells whether they are changed in place."""

UNORDERED: Final[dict[str, tuple[str, ...]]] = {
    # sets to the services that take them; the schemas say nothing, which means an order
    "AWS::ECS::Service": (
        "CapacityProviderStrategy",
        "LoadBalancers",
        "ServiceRegistries",
        "PlacementConstraints",
        "Tags",
        "DeploymentConfiguration.Alarms.AlarmNames",
    ),
    "AWS::ECS::Cluster": (
        "CapacityProviders",
        "ClusterSettings",
        "DefaultCapacityProviderStrategy",
        "Tags",
    ),
    "AWS::ECS::ClusterCapacityProviderAssociations": (
        "CapacityProviders",
        "DefaultCapacityProviderStrategy",
    ),
    "AWS::CloudWatch::Alarm": ("AlarmActions", "OKActions", "InsufficientDataActions", "Tags"),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmActions", "OKActions", "InsufficientDataActions"),
    "AWS::Route53::RecordSet": ("ResourceRecords",),
    "AWS::CertificateManager::Certificate": ("SubjectAlternativeNames", "DomainValidationOptions"),
    "AWS::EC2::LaunchTemplate": (
        "LaunchTemplateData.SecurityGroupIds",
        "LaunchTemplateData.NetworkInterfaces.*.Groups",
        "LaunchTemplateData.BlockDeviceMappings",
    ),
}
"""Lists whose order means nothing, beside those of the schema."""

EMPTY_IS_NONE: Final[dict[str, frozenset[str]]] = {
    # ECS API reference, UpdateService: an empty list takes away what was there
    "AWS::ECS::Service": frozenset({"VolumeConfigurations", "LoadBalancers", "ServiceRegistries"}),
    "AWS::ApplicationAutoScaling::ScalableTarget": frozenset({"ScheduledActions"}),
}
"""Lists that say by being empty what their absence says too: that there is none."""

NAMES_ARE_REFS: Final = frozenset(
    {"AliasName", "AlarmName", "AutoScalingGroupName", "BucketName", "ClusterName"}
    | {"InstanceProfileName", "LogGroupName", "RepositoryName", "RoleName", "TableName"}
)
"""Identifiers that are also what a Ref gives. Template reference, "Return values", of each type."""

CHANGING_ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    # template reference, AWS::EC2::LaunchTemplate: every update makes a version
    "AWS::EC2::LaunchTemplate": frozenset({"LatestVersionNumber"}),
    # Elastic Compute Cloud: an instance that was stopped for the change gets other addresses
    "AWS::EC2::Instance": frozenset({"PublicIp", "PublicDnsName"}),
    "AWS::SSM::Document": frozenset({"LatestVersion"}),
}
"""Attributes of which an update in place makes another value."""

SAME_AFTERWARDS: Final = frozenset({"CanonicalHostedZoneID", "CanonicalHostedZoneNameID"})
"""Attributes that do not tell one physical resource from its successor."""

SNAPSHOT_BY_DEFAULT: Final = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"})
"""Without a DeletionPolicy these leave a snapshot; an instance only where it is in no cluster.

Source: AWS CloudFormation Template Reference, DeletionPolicy attribute.
"""
