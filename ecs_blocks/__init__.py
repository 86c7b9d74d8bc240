"""environment.yaml in, CloudFormation for Amazon ECS out.

Everything that a stack script needs is a name of this package: ``import ecs_blocks as eb``. A name
is imported when it is first used, so that a service does not load what only a cluster needs; type
checkers and editors read the same names in ``__init__.pyi``.
"""

from importlib import import_module
from typing import Final

__version__ = "0.1.0"

_HOME: Final = {
    name: f"ecs_blocks.{module}"
    for module, names in {
        "blocks.access_log_bucket": "AccessLogBucket",
        "blocks.access_log_table": "AccessLogTable NewDatabase",
        "blocks.addresses": "Addresses",
        "blocks.alarm_topic": "AlarmTopic Subscription",
        "blocks.alarms": "Alarm Calculation Metric Notify",
        "blocks.authentication": "Cognito Oidc Public Session",
        "blocks.background_environment": (
            "BackgroundServiceEnvironment FargateBackgroundServiceEnvironment"
        ),
        "blocks.background_service": "BackgroundService",
        "blocks.backlog_scaling": "BacklogScaling BacklogTargets",
        "blocks.balancer": "Balancer",
        "blocks.balancer_options": "BalancerOptions",
        "blocks.busy": "BusyAtMaximum",
        "blocks.capacity": "CapacityStrategy ClusterDefault FargateCapacity Provider",
        "blocks.certificate": "Certificate",
        "blocks.cloud_map": "CloudMapName DnsNamespace Namespace",
        "blocks.cluster": "Cluster Insights",
        "blocks.cluster_alarms": "ClusterAlarms PlacementFailures",
        "blocks.cluster_environment": (
            "ClusterEnvironment InstancesEnvironment ManagedInstancesEnvironment "
            "SpotInstancesEnvironment"
        ),
        "blocks.container": "Container HealthCheck Port Restart Ulimit",
        "blocks.cooldowns": "Cooldowns",
        "blocks.daemon": "Daemon",
        "blocks.daemon_environment": "DaemonEnvironment",
        "blocks.dashboard": "Dashboard",
        "blocks.deployment": "BlueGreen Canary Deployment Linear Rolling",
        "blocks.deployment_hooks": "LambdaHook Pause",
        "blocks.deployment_parts": "ExistingAlarm Exposed FailedShare FailedTasks TestListener",
        "blocks.dns": "AliasRecords",
        "blocks.ecr": "Ecr KeepsDeployed",
        "blocks.ecs_events": "EcsEvents",
        "blocks.entrance": "Endpoint Entrance",
        "blocks.environment_file": "EnvironmentFile",
        "blocks.exec_access": "Exec",
        "blocks.file_system": "FileSystem FileSystemAccess",
        "blocks.front": "Front Own",
        "blocks.grants": "grant_bucket grant_queue grant_secret grant_table grant_topic",
        "blocks.instance_mix": "InstanceMix InstanceRequirements",
        "blocks.instances": "InstanceSettings Instances",
        "blocks.job_environment": "FargateScheduledJobEnvironment ScheduledJobEnvironment",
        "blocks.key": "Key",
        "blocks.listener_certificates": "ListenerCertificates",
        "blocks.listener_rules": "Feed ListenerRules",
        "blocks.load_balancer": "LoadBalancer",
        "blocks.log_group": "LogGroup",
        "blocks.managed_instances": "ManagedInstanceSettings ManagedInstances",
        "blocks.network": "Network",
        "blocks.network_environment": (
            "AnyNetworkServiceEnvironment FargateNetworkServiceEnvironment "
            "NetworkServiceEnvironment"
        ),
        "blocks.network_front": "NetworkEndpoint NetworkFront",
        "blocks.network_load_balancer": "NetworkListener NetworkLoadBalancer Tcp Tls Udp",
        "blocks.network_service": "NetworkService",
        "blocks.network_target_group": "Answers Connects NetworkTargetGroup",
        "blocks.off_hours": "OffHours",
        "blocks.queue": (
            "FromService FromTopic KmsKey Queue SqsManagedKey receive_messages send_messages"
        ),
        "blocks.queue_environment": "FargateQueueWorkerEnvironment QueueWorkerEnvironment",
        "blocks.queue_worker": "QueueThresholds QueueWorker",
        "blocks.redeploy": "RedeployOnSecretChange",
        "blocks.roles": "ExistingRole Roles",
        "blocks.routes": "Allotted Route under",
        "blocks.run_task": "RunTask",
        "blocks.scaling": "Scaling ScalingTargets UtilizationScaling UtilizationTargets",
        "blocks.schedule": "Schedule",
        "blocks.scheduled_job": "ScheduledJob",
        "blocks.security_group": "Cidr Group PrefixList Rule SecurityGroup",
        "blocks.service": "Attachment Service",
        "blocks.service_alarms": "ServiceAlarms TaskAlarms",
        "blocks.service_connect": (
            "NoServiceConnect NoTls PrivateTls ServiceConnectClient ServiceConnectServer"
        ),
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
        "blocks.step_scaling": "ScaleIn ScaleOut Step StepScaling",
        "blocks.target_group": "TargetGroup",
        "blocks.target_options": "ApplicationCookie BalancerCookie NotSticky TargetOptions",
        "blocks.task": "Task",
        "blocks.task_counts": "ScheduledCount",
        "blocks.task_environment": "TaskEnvironment",
        "blocks.task_history": "TaskHistory",
        "blocks.task_network": "TaskNetwork",
        "blocks.task_secret": "Secret SsmParameter",
        "blocks.task_size": "Ec2Size FargateSize fargate_size_for",
        "blocks.thresholds": "TaskThresholds Thresholds",
        "blocks.tried_by_header": "TestHeader",
        "blocks.volume": "EbsVolume EfsVolume HostVolume Mount ScratchVolume",
        "blocks.web_acl": "NoWebAcl WebAcl",
        "blocks.web_service": "WebService",
        "environment.declare": "Environment Param Shape computed param same_as shape",
        "errors": "BlockError EcsBlocksError InputError OutputError TokenError",
        "templates.stack": "Block Scope Stack",
        "templates.suppress": "suppress",
        "values": (
            "AccountId BucketName CertificateArn DomainName FifoTopicArn HostedZoneId "
            "ImageIdParameter ImageTag KeyArn Region SecretArn SecurityGroupId "
            "SsmParameterName SubnetId Token TopicArn Value VpcId get_att known ref text"
        ),
    }.items()
    for name in names.split()
}

__all__ = sorted(_HOME)  # noqa: PLE0605 - a list, and of nothing else


def __getattr__(name: str) -> object:
    """Import the module that *name* stands in, once (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOME[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
