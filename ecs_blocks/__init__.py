"""environment.yaml in, CloudFormation for Amazon ECS out.

Everything that a stack script needs is a name of this package: ``import ecs_blocks as eb``. A name
is imported when it is first used, so that a service does not load what only a cluster needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ecs_blocks.blocks.access_log_bucket import AccessLogBucket
    from ecs_blocks.blocks.alarm_topic import AlarmTopic, Subscription
    from ecs_blocks.blocks.alarms import Alarm, Calculation, Metric, Notify
    from ecs_blocks.blocks.cluster import Cluster
    from ecs_blocks.blocks.cluster_alarms import ClusterAlarms, PlacementFailures
    from ecs_blocks.blocks.cluster_environment import ClusterEnvironment, InstancesEnvironment
    from ecs_blocks.blocks.dns import AliasRecords
    from ecs_blocks.blocks.ecr import Ecr
    from ecs_blocks.blocks.front import Front
    from ecs_blocks.blocks.instances import Instances, InstanceSettings
    from ecs_blocks.blocks.key import Key
    from ecs_blocks.blocks.load_balancer import LoadBalancer
    from ecs_blocks.blocks.log_group import LogGroup
    from ecs_blocks.blocks.network import Network
    from ecs_blocks.blocks.scaling import Scaling, ScalingTargets
    from ecs_blocks.blocks.security_group import Cidr, Group, PrefixList, Rule, SecurityGroup
    from ecs_blocks.blocks.service import ClusterDefault, FargateCapacity, Service
    from ecs_blocks.blocks.service_alarms import ServiceAlarms, Thresholds
    from ecs_blocks.blocks.service_environment import (
        FargateWebServiceEnvironment,
        ServiceEnvironment,
        WebServiceEnvironment,
    )
    from ecs_blocks.blocks.target_group import TargetGroup
    from ecs_blocks.blocks.task import Task
    from ecs_blocks.blocks.task_secret import Secret, SsmParameter
    from ecs_blocks.blocks.task_size import Ec2Size, FargateSize
    from ecs_blocks.blocks.web_service import WebService
    from ecs_blocks.environment.declare import (
        Environment,
        Param,
        Shape,
        computed,
        param,
        same_as,
        shape,
    )
    from ecs_blocks.errors import BlockError, EcsBlocksError, InputError, OutputError, TokenError
    from ecs_blocks.templates.stack import Block, Scope, Stack
    from ecs_blocks.templates.suppress import suppress
    from ecs_blocks.values import (
        AccountId,
        BucketName,
        CertificateArn,
        DomainName,
        HostedZoneId,
        ImageIdParameter,
        ImageTag,
        KeyArn,
        Region,
        SecretArn,
        SecurityGroupId,
        SsmParameterName,
        SubnetId,
        Token,
        TopicArn,
        Value,
        VpcId,
        get_att,
        known,
        ref,
        text,
    )

__version__ = "0.1.0"

__all__ = [
    "AccessLogBucket",
    "AccountId",
    "Alarm",
    "AlarmTopic",
    "AliasRecords",
    "Block",
    "BlockError",
    "BucketName",
    "Calculation",
    "CertificateArn",
    "Cidr",
    "Cluster",
    "ClusterAlarms",
    "ClusterDefault",
    "ClusterEnvironment",
    "DomainName",
    "Ec2Size",
    "Ecr",
    "EcsBlocksError",
    "Environment",
    "FargateCapacity",
    "FargateSize",
    "FargateWebServiceEnvironment",
    "Front",
    "Group",
    "HostedZoneId",
    "ImageIdParameter",
    "ImageTag",
    "InputError",
    "InstanceSettings",
    "Instances",
    "InstancesEnvironment",
    "Key",
    "KeyArn",
    "LoadBalancer",
    "LogGroup",
    "Metric",
    "Network",
    "Notify",
    "OutputError",
    "Param",
    "PlacementFailures",
    "PrefixList",
    "Region",
    "Rule",
    "Scaling",
    "ScalingTargets",
    "Scope",
    "Secret",
    "SecretArn",
    "SecurityGroup",
    "SecurityGroupId",
    "Service",
    "ServiceAlarms",
    "ServiceEnvironment",
    "Shape",
    "SsmParameter",
    "SsmParameterName",
    "Stack",
    "SubnetId",
    "Subscription",
    "TargetGroup",
    "Task",
    "Thresholds",
    "Token",
    "TokenError",
    "TopicArn",
    "Value",
    "VpcId",
    "WebService",
    "WebServiceEnvironment",
    "computed",
    "get_att",
    "known",
    "param",
    "ref",
    "same_as",
    "shape",
    "suppress",
    "text",
]

_HOME: Final = {
    name: f"ecs_blocks.{module}"
    for module, names in {
        "blocks.access_log_bucket": "AccessLogBucket",
        "blocks.alarm_topic": "AlarmTopic Subscription",
        "blocks.alarms": "Alarm Calculation Metric Notify",
        "blocks.cluster": "Cluster",
        "blocks.cluster_alarms": "ClusterAlarms PlacementFailures",
        "blocks.cluster_environment": "ClusterEnvironment InstancesEnvironment",
        "blocks.dns": "AliasRecords",
        "blocks.ecr": "Ecr",
        "blocks.front": "Front",
        "blocks.instances": "Instances InstanceSettings",
        "blocks.key": "Key",
        "blocks.load_balancer": "LoadBalancer",
        "blocks.log_group": "LogGroup",
        "blocks.network": "Network",
        "blocks.scaling": "Scaling ScalingTargets",
        "blocks.security_group": "Cidr Group PrefixList Rule SecurityGroup",
        "blocks.service": "ClusterDefault FargateCapacity Service",
        "blocks.service_alarms": "ServiceAlarms Thresholds",
        "blocks.service_environment": (
            "FargateWebServiceEnvironment ServiceEnvironment WebServiceEnvironment"
        ),
        "blocks.target_group": "TargetGroup",
        "blocks.task": "Task",
        "blocks.task_secret": "Secret SsmParameter",
        "blocks.task_size": "Ec2Size FargateSize",
        "blocks.web_service": "WebService",
        "environment.declare": "Environment Param Shape computed param same_as shape",
        "errors": "BlockError EcsBlocksError InputError OutputError TokenError",
        "templates.stack": "Block Scope Stack",
        "templates.suppress": "suppress",
        "values": (
            "AccountId BucketName CertificateArn DomainName HostedZoneId ImageIdParameter ImageTag "
            "KeyArn Region SecretArn SecurityGroupId SsmParameterName SubnetId Token TopicArn "
            "Value VpcId get_att known ref text"
        ),
    }.items()
    for name in names.split()
}

if not TYPE_CHECKING:  # a type checker reads the imports above, and refuses any other name

    def __getattr__(name: str) -> object:
        """Import the module that *name* stands in, once (PEP 562)."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_HOME[name]), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
