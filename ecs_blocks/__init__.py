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
    from ecs_blocks.blocks.authentication import Cognito, Oidc, Public, Session
    from ecs_blocks.blocks.background_environment import (
        BackgroundServiceEnvironment,
        FargateBackgroundServiceEnvironment,
    )
    from ecs_blocks.blocks.background_service import BackgroundService
    from ecs_blocks.blocks.backlog_scaling import BacklogScaling, BacklogTargets
    from ecs_blocks.blocks.balancer import Balancer
    from ecs_blocks.blocks.busy import BusyAtMaximum
    from ecs_blocks.blocks.certificate import Certificate
    from ecs_blocks.blocks.cloud_map import CloudMapName, DnsNamespace, Namespace
    from ecs_blocks.blocks.cluster import Cluster
    from ecs_blocks.blocks.cluster_alarms import ClusterAlarms, PlacementFailures
    from ecs_blocks.blocks.cluster_environment import ClusterEnvironment, InstancesEnvironment
    from ecs_blocks.blocks.container import Container, HealthCheck, Port, Restart, Ulimit
    from ecs_blocks.blocks.daemon import Daemon
    from ecs_blocks.blocks.daemon_environment import DaemonEnvironment
    from ecs_blocks.blocks.deployment import BlueGreen, Canary, Deployment, Linear, Rolling
    from ecs_blocks.blocks.deployment_hooks import LambdaHook, Pause
    from ecs_blocks.blocks.deployment_parts import Exposed, FailedShare, FailedTasks, TestListener
    from ecs_blocks.blocks.dns import AliasRecords
    from ecs_blocks.blocks.ecr import Ecr
    from ecs_blocks.blocks.ecs_events import EcsEvents
    from ecs_blocks.blocks.entrance import Endpoint, Entrance
    from ecs_blocks.blocks.exec_access import Exec
    from ecs_blocks.blocks.front import Front, Own
    from ecs_blocks.blocks.grants import (
        grant_bucket,
        grant_queue,
        grant_secret,
        grant_table,
        grant_topic,
    )
    from ecs_blocks.blocks.instances import Instances, InstanceSettings
    from ecs_blocks.blocks.job_environment import (
        FargateScheduledJobEnvironment,
        ScheduledJobEnvironment,
    )
    from ecs_blocks.blocks.key import Key
    from ecs_blocks.blocks.listener_certificates import ListenerCertificates
    from ecs_blocks.blocks.listener_rules import Feed, ListenerRules
    from ecs_blocks.blocks.load_balancer import LoadBalancer
    from ecs_blocks.blocks.log_group import LogGroup
    from ecs_blocks.blocks.network import Network
    from ecs_blocks.blocks.network_environment import (
        AnyNetworkServiceEnvironment,
        FargateNetworkServiceEnvironment,
        NetworkServiceEnvironment,
    )
    from ecs_blocks.blocks.network_front import NetworkEndpoint, NetworkFront
    from ecs_blocks.blocks.network_load_balancer import (
        NetworkListener,
        NetworkLoadBalancer,
        Tcp,
        Tls,
    )
    from ecs_blocks.blocks.network_service import NetworkService
    from ecs_blocks.blocks.network_target_group import Answers, Connects, NetworkTargetGroup
    from ecs_blocks.blocks.queue import (
        FromService,
        FromTopic,
        KmsKey,
        Queue,
        SqsManagedKey,
        receive_messages,
        send_messages,
    )
    from ecs_blocks.blocks.queue_environment import (
        FargateQueueWorkerEnvironment,
        QueueWorkerEnvironment,
    )
    from ecs_blocks.blocks.queue_worker import QueueThresholds, QueueWorker
    from ecs_blocks.blocks.redeploy import RedeployOnSecretChange
    from ecs_blocks.blocks.routes import Allotted, Route, under
    from ecs_blocks.blocks.run_task import RunTask
    from ecs_blocks.blocks.scaling import (
        Scaling,
        ScalingTargets,
        ScheduledCount,
        UtilizationScaling,
        UtilizationTargets,
    )
    from ecs_blocks.blocks.schedule import Schedule
    from ecs_blocks.blocks.scheduled_job import ScheduledJob
    from ecs_blocks.blocks.security_group import Cidr, Group, PrefixList, Rule, SecurityGroup
    from ecs_blocks.blocks.service import Attachment, ClusterDefault, FargateCapacity, Service
    from ecs_blocks.blocks.service_alarms import (
        ServiceAlarms,
        TaskAlarms,
        TaskThresholds,
        Thresholds,
    )
    from ecs_blocks.blocks.service_connect import (
        NoServiceConnect,
        ServiceConnectClient,
        ServiceConnectServer,
    )
    from ecs_blocks.blocks.service_environment import (
        FargateWebServiceEnvironment,
        ServiceEnvironment,
        WebServiceEnvironment,
    )
    from ecs_blocks.blocks.shared_balancer import SharedLoadBalancer
    from ecs_blocks.blocks.shared_balancer_environment import SharedLoadBalancerEnvironment
    from ecs_blocks.blocks.shared_environment import (
        FargateSharedWebServiceEnvironment,
        SharedBalancerEnvironment,
        SharedServiceEnvironment,
        SharedWebServiceEnvironment,
    )
    from ecs_blocks.blocks.shared_front import CommonName, OwnName, Shared, SharedFront
    from ecs_blocks.blocks.sidecar import LogRouter, Sidecar
    from ecs_blocks.blocks.state_machine import StateMachine
    from ecs_blocks.blocks.target_group import TargetGroup
    from ecs_blocks.blocks.target_options import (
        ApplicationCookie,
        BalancerCookie,
        NotSticky,
        TargetOptions,
    )
    from ecs_blocks.blocks.task import Task
    from ecs_blocks.blocks.task_environment import TaskEnvironment
    from ecs_blocks.blocks.task_network import TaskNetwork
    from ecs_blocks.blocks.task_secret import Secret, SsmParameter
    from ecs_blocks.blocks.task_size import Ec2Size, FargateSize
    from ecs_blocks.blocks.volume import EbsVolume, EfsVolume, HostVolume, Mount, ScratchVolume
    from ecs_blocks.blocks.web_acl import NoWebAcl, WebAcl
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
    "Allotted",
    "Answers",
    "AnyNetworkServiceEnvironment",
    "ApplicationCookie",
    "Attachment",
    "BackgroundService",
    "BackgroundServiceEnvironment",
    "BacklogScaling",
    "BacklogTargets",
    "Balancer",
    "BalancerCookie",
    "Block",
    "BlockError",
    "BlueGreen",
    "BucketName",
    "BusyAtMaximum",
    "Calculation",
    "Canary",
    "Certificate",
    "CertificateArn",
    "Cidr",
    "CloudMapName",
    "Cluster",
    "ClusterAlarms",
    "ClusterDefault",
    "ClusterEnvironment",
    "Cognito",
    "CommonName",
    "Connects",
    "Container",
    "Daemon",
    "DaemonEnvironment",
    "Deployment",
    "DnsNamespace",
    "DomainName",
    "EbsVolume",
    "Ec2Size",
    "Ecr",
    "EcsBlocksError",
    "EcsEvents",
    "EfsVolume",
    "Endpoint",
    "Entrance",
    "Environment",
    "Exec",
    "Exposed",
    "FailedShare",
    "FailedTasks",
    "FargateBackgroundServiceEnvironment",
    "FargateCapacity",
    "FargateNetworkServiceEnvironment",
    "FargateQueueWorkerEnvironment",
    "FargateScheduledJobEnvironment",
    "FargateSharedWebServiceEnvironment",
    "FargateSize",
    "FargateWebServiceEnvironment",
    "Feed",
    "FromService",
    "FromTopic",
    "Front",
    "Group",
    "HealthCheck",
    "HostVolume",
    "HostedZoneId",
    "ImageIdParameter",
    "ImageTag",
    "InputError",
    "InstanceSettings",
    "Instances",
    "InstancesEnvironment",
    "Key",
    "KeyArn",
    "KmsKey",
    "LambdaHook",
    "Linear",
    "ListenerCertificates",
    "ListenerRules",
    "LoadBalancer",
    "LogGroup",
    "LogRouter",
    "Metric",
    "Mount",
    "Namespace",
    "Network",
    "NetworkEndpoint",
    "NetworkFront",
    "NetworkListener",
    "NetworkLoadBalancer",
    "NetworkService",
    "NetworkServiceEnvironment",
    "NetworkTargetGroup",
    "NoServiceConnect",
    "NoWebAcl",
    "NotSticky",
    "Notify",
    "Oidc",
    "OutputError",
    "Own",
    "OwnName",
    "Param",
    "Pause",
    "PlacementFailures",
    "Port",
    "PrefixList",
    "Public",
    "Queue",
    "QueueThresholds",
    "QueueWorker",
    "QueueWorkerEnvironment",
    "RedeployOnSecretChange",
    "Region",
    "Restart",
    "Rolling",
    "Route",
    "Rule",
    "RunTask",
    "Scaling",
    "ScalingTargets",
    "Schedule",
    "ScheduledCount",
    "ScheduledJob",
    "ScheduledJobEnvironment",
    "Scope",
    "ScratchVolume",
    "Secret",
    "SecretArn",
    "SecurityGroup",
    "SecurityGroupId",
    "Service",
    "ServiceAlarms",
    "ServiceConnectClient",
    "ServiceConnectServer",
    "ServiceEnvironment",
    "Session",
    "Shape",
    "Shared",
    "SharedBalancerEnvironment",
    "SharedFront",
    "SharedLoadBalancer",
    "SharedLoadBalancerEnvironment",
    "SharedServiceEnvironment",
    "SharedWebServiceEnvironment",
    "Sidecar",
    "SqsManagedKey",
    "SsmParameter",
    "SsmParameterName",
    "Stack",
    "StateMachine",
    "SubnetId",
    "Subscription",
    "TargetGroup",
    "TargetOptions",
    "Task",
    "TaskAlarms",
    "TaskEnvironment",
    "TaskNetwork",
    "TaskThresholds",
    "Tcp",
    "TestListener",
    "Thresholds",
    "Tls",
    "Token",
    "TokenError",
    "TopicArn",
    "Ulimit",
    "UtilizationScaling",
    "UtilizationTargets",
    "Value",
    "VpcId",
    "WebAcl",
    "WebService",
    "WebServiceEnvironment",
    "computed",
    "get_att",
    "grant_bucket",
    "grant_queue",
    "grant_secret",
    "grant_table",
    "grant_topic",
    "known",
    "param",
    "receive_messages",
    "ref",
    "same_as",
    "send_messages",
    "shape",
    "suppress",
    "text",
    "under",
]

_HOME: Final = {
    name: f"ecs_blocks.{module}"
    for module, names in {
        "blocks.access_log_bucket": "AccessLogBucket",
        "blocks.alarm_topic": "AlarmTopic Subscription",
        "blocks.alarms": "Alarm Calculation Metric Notify",
        "blocks.authentication": "Cognito Oidc Public Session",
        "blocks.background_environment": (
            "BackgroundServiceEnvironment FargateBackgroundServiceEnvironment"
        ),
        "blocks.background_service": "BackgroundService",
        "blocks.backlog_scaling": "BacklogScaling BacklogTargets",
        "blocks.balancer": "Balancer",
        "blocks.busy": "BusyAtMaximum",
        "blocks.certificate": "Certificate",
        "blocks.cloud_map": "CloudMapName DnsNamespace Namespace",
        "blocks.cluster": "Cluster",
        "blocks.cluster_alarms": "ClusterAlarms PlacementFailures",
        "blocks.cluster_environment": "ClusterEnvironment InstancesEnvironment",
        "blocks.container": "Container HealthCheck Port Restart Ulimit",
        "blocks.daemon": "Daemon",
        "blocks.daemon_environment": "DaemonEnvironment",
        "blocks.deployment": "BlueGreen Canary Deployment Linear Rolling",
        "blocks.deployment_hooks": "LambdaHook Pause",
        "blocks.deployment_parts": "Exposed FailedShare FailedTasks TestListener",
        "blocks.dns": "AliasRecords",
        "blocks.ecr": "Ecr",
        "blocks.ecs_events": "EcsEvents",
        "blocks.entrance": "Endpoint Entrance",
        "blocks.exec_access": "Exec",
        "blocks.front": "Front Own",
        "blocks.grants": "grant_bucket grant_queue grant_secret grant_table grant_topic",
        "blocks.instances": "InstanceSettings Instances",
        "blocks.job_environment": "FargateScheduledJobEnvironment ScheduledJobEnvironment",
        "blocks.key": "Key",
        "blocks.listener_certificates": "ListenerCertificates",
        "blocks.listener_rules": "Feed ListenerRules",
        "blocks.load_balancer": "LoadBalancer",
        "blocks.log_group": "LogGroup",
        "blocks.network": "Network",
        "blocks.network_environment": (
            "AnyNetworkServiceEnvironment FargateNetworkServiceEnvironment "
            "NetworkServiceEnvironment"
        ),
        "blocks.network_front": "NetworkEndpoint NetworkFront",
        "blocks.network_load_balancer": "NetworkListener NetworkLoadBalancer Tcp Tls",
        "blocks.network_service": "NetworkService",
        "blocks.network_target_group": "Answers Connects NetworkTargetGroup",
        "blocks.queue": (
            "FromService FromTopic KmsKey Queue SqsManagedKey receive_messages send_messages"
        ),
        "blocks.queue_environment": "FargateQueueWorkerEnvironment QueueWorkerEnvironment",
        "blocks.queue_worker": "QueueThresholds QueueWorker",
        "blocks.redeploy": "RedeployOnSecretChange",
        "blocks.routes": "Allotted Route under",
        "blocks.run_task": "RunTask",
        "blocks.scaling": (
            "Scaling ScalingTargets ScheduledCount UtilizationScaling UtilizationTargets"
        ),
        "blocks.schedule": "Schedule",
        "blocks.scheduled_job": "ScheduledJob",
        "blocks.security_group": "Cidr Group PrefixList Rule SecurityGroup",
        "blocks.service": "Attachment ClusterDefault FargateCapacity Service",
        "blocks.service_alarms": "ServiceAlarms TaskAlarms TaskThresholds Thresholds",
        "blocks.service_connect": "NoServiceConnect ServiceConnectClient ServiceConnectServer",
        "blocks.service_environment": (
            "FargateWebServiceEnvironment ServiceEnvironment WebServiceEnvironment"
        ),
        "blocks.shared_balancer": "SharedLoadBalancer",
        "blocks.shared_balancer_environment": "SharedLoadBalancerEnvironment",
        "blocks.shared_environment": (
            "FargateSharedWebServiceEnvironment SharedBalancerEnvironment "
            "SharedServiceEnvironment SharedWebServiceEnvironment"
        ),
        "blocks.shared_front": "CommonName OwnName Shared SharedFront",
        "blocks.sidecar": "LogRouter Sidecar",
        "blocks.state_machine": "StateMachine",
        "blocks.target_group": "TargetGroup",
        "blocks.target_options": "ApplicationCookie BalancerCookie NotSticky TargetOptions",
        "blocks.task": "Task",
        "blocks.task_environment": "TaskEnvironment",
        "blocks.task_network": "TaskNetwork",
        "blocks.task_secret": "Secret SsmParameter",
        "blocks.task_size": "Ec2Size FargateSize",
        "blocks.volume": "EbsVolume EfsVolume HostVolume Mount ScratchVolume",
        "blocks.web_acl": "NoWebAcl WebAcl",
        "blocks.web_service": "WebService",
        "environment.declare": "Environment Param Shape computed param same_as shape",
        "errors": "BlockError EcsBlocksError InputError OutputError TokenError",
        "templates.stack": "Block Scope Stack",
        "templates.suppress": "suppress",
        "values": (
            "AccountId BucketName CertificateArn DomainName HostedZoneId ImageIdParameter "
            "ImageTag KeyArn Region SecretArn SecurityGroupId SsmParameterName SubnetId Token "
            "TopicArn Value VpcId get_att known ref text"
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
