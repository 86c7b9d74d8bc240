# What type checkers and editors see; __init__.py loads a name when it is first used.
# ruff: noqa: I001 - one import for each module, or the list would be twice as long

from ecs_blocks.blocks.access_log_bucket import AccessLogBucket as AccessLogBucket
from ecs_blocks.blocks.access_log_table import (
    AccessLogTable as AccessLogTable,
    NewDatabase as NewDatabase,
)
from ecs_blocks.blocks.addresses import Addresses as Addresses
from ecs_blocks.blocks.alarm_topic import AlarmTopic as AlarmTopic, Subscription as Subscription
from ecs_blocks.blocks.alarms import (
    Alarm as Alarm,
    Calculation as Calculation,
    Metric as Metric,
    Notify as Notify,
)
from ecs_blocks.blocks.authentication import (
    Cognito as Cognito,
    Oidc as Oidc,
    Public as Public,
    Session as Session,
)
from ecs_blocks.blocks.background_environment import (
    BackgroundServiceEnvironment as BackgroundServiceEnvironment,
    FargateBackgroundServiceEnvironment as FargateBackgroundServiceEnvironment,
)
from ecs_blocks.blocks.background_service import BackgroundService as BackgroundService
from ecs_blocks.blocks.backlog_scaling import (
    BacklogScaling as BacklogScaling,
    BacklogTargets as BacklogTargets,
)
from ecs_blocks.blocks.balancer import Balancer as Balancer
from ecs_blocks.blocks.balancer_options import BalancerOptions as BalancerOptions
from ecs_blocks.blocks.busy import BusyAtMaximum as BusyAtMaximum
from ecs_blocks.blocks.capacity import (
    CapacityStrategy as CapacityStrategy,
    ClusterDefault as ClusterDefault,
    FargateCapacity as FargateCapacity,
    Provider as Provider,
)
from ecs_blocks.blocks.certificate import Certificate as Certificate
from ecs_blocks.blocks.cloud_map import (
    CloudMapName as CloudMapName,
    DnsNamespace as DnsNamespace,
    Namespace as Namespace,
)
from ecs_blocks.blocks.cluster import Cluster as Cluster, Insights as Insights
from ecs_blocks.blocks.cluster_alarms import (
    ClusterAlarms as ClusterAlarms,
    PlacementFailures as PlacementFailures,
)
from ecs_blocks.blocks.cluster_environment import (
    ClusterEnvironment as ClusterEnvironment,
    InstancesEnvironment as InstancesEnvironment,
    ManagedInstancesEnvironment as ManagedInstancesEnvironment,
    SpotInstancesEnvironment as SpotInstancesEnvironment,
)
from ecs_blocks.blocks.container import (
    Container as Container,
    HealthCheck as HealthCheck,
    Port as Port,
    Restart as Restart,
    Ulimit as Ulimit,
)
from ecs_blocks.blocks.cooldowns import Cooldowns as Cooldowns
from ecs_blocks.blocks.daemon import Daemon as Daemon
from ecs_blocks.blocks.daemon_environment import DaemonEnvironment as DaemonEnvironment
from ecs_blocks.blocks.dashboard import Dashboard as Dashboard
from ecs_blocks.blocks.deployment import (
    BlueGreen as BlueGreen,
    Canary as Canary,
    Deployment as Deployment,
    Linear as Linear,
    Rolling as Rolling,
)
from ecs_blocks.blocks.deployment_hooks import LambdaHook as LambdaHook, Pause as Pause
from ecs_blocks.blocks.deployment_parts import (
    ExistingAlarm as ExistingAlarm,
    Exposed as Exposed,
    FailedShare as FailedShare,
    FailedTasks as FailedTasks,
    TestListener as TestListener,
)
from ecs_blocks.blocks.dns import AliasRecords as AliasRecords
from ecs_blocks.blocks.ecr import Ecr as Ecr
from ecs_blocks.blocks.ecr import KeepsDeployed as KeepsDeployed
from ecs_blocks.blocks.ecs_events import EcsEvents as EcsEvents
from ecs_blocks.blocks.entrance import Endpoint as Endpoint, Entrance as Entrance
from ecs_blocks.blocks.environment_file import EnvironmentFile as EnvironmentFile
from ecs_blocks.blocks.exec_access import Exec as Exec
from ecs_blocks.blocks.file_system import (
    FileSystem as FileSystem,
    FileSystemAccess as FileSystemAccess,
)
from ecs_blocks.blocks.front import Front as Front, Own as Own
from ecs_blocks.blocks.grants import (
    grant_bucket as grant_bucket,
    grant_queue as grant_queue,
    grant_secret as grant_secret,
    grant_table as grant_table,
    grant_topic as grant_topic,
)
from ecs_blocks.blocks.instance_mix import (
    InstanceMix as InstanceMix,
    InstanceRequirements as InstanceRequirements,
)
from ecs_blocks.blocks.instances import InstanceSettings as InstanceSettings, Instances as Instances
from ecs_blocks.blocks.job_environment import (
    FargateScheduledJobEnvironment as FargateScheduledJobEnvironment,
    ScheduledJobEnvironment as ScheduledJobEnvironment,
)
from ecs_blocks.blocks.key import Key as Key
from ecs_blocks.blocks.listener_certificates import ListenerCertificates as ListenerCertificates
from ecs_blocks.blocks.listener_rules import Feed as Feed, ListenerRules as ListenerRules
from ecs_blocks.blocks.load_balancer import LoadBalancer as LoadBalancer
from ecs_blocks.blocks.log_group import LogGroup as LogGroup
from ecs_blocks.blocks.managed_instances import (
    ManagedInstanceSettings as ManagedInstanceSettings,
    ManagedInstances as ManagedInstances,
)
from ecs_blocks.blocks.network import Network as Network
from ecs_blocks.blocks.network_environment import (
    AnyNetworkServiceEnvironment as AnyNetworkServiceEnvironment,
    FargateNetworkServiceEnvironment as FargateNetworkServiceEnvironment,
    NetworkServiceEnvironment as NetworkServiceEnvironment,
)
from ecs_blocks.blocks.network_front import (
    NetworkEndpoint as NetworkEndpoint,
    NetworkFront as NetworkFront,
)
from ecs_blocks.blocks.network_load_balancer import (
    NetworkListener as NetworkListener,
    NetworkLoadBalancer as NetworkLoadBalancer,
    Tcp as Tcp,
    Tls as Tls,
    Udp as Udp,
)
from ecs_blocks.blocks.network_service import NetworkService as NetworkService
from ecs_blocks.blocks.network_target_group import (
    Answers as Answers,
    Connects as Connects,
    NetworkTargetGroup as NetworkTargetGroup,
)
from ecs_blocks.blocks.off_hours import OffHours as OffHours
from ecs_blocks.blocks.queue import (
    FromService as FromService,
    FromTopic as FromTopic,
    KmsKey as KmsKey,
    Queue as Queue,
    SqsManagedKey as SqsManagedKey,
    receive_messages as receive_messages,
    send_messages as send_messages,
)
from ecs_blocks.blocks.queue_environment import (
    FargateQueueWorkerEnvironment as FargateQueueWorkerEnvironment,
    QueueWorkerEnvironment as QueueWorkerEnvironment,
)
from ecs_blocks.blocks.queue_worker import (
    QueueThresholds as QueueThresholds,
    QueueWorker as QueueWorker,
)
from ecs_blocks.blocks.redeploy import RedeployOnSecretChange as RedeployOnSecretChange
from ecs_blocks.blocks.roles import ExistingRole as ExistingRole, Roles as Roles
from ecs_blocks.blocks.routes import Allotted as Allotted, Route as Route, under as under
from ecs_blocks.blocks.run_task import RunTask as RunTask
from ecs_blocks.blocks.scaling import (
    Scaling as Scaling,
    ScalingTargets as ScalingTargets,
    UtilizationScaling as UtilizationScaling,
    UtilizationTargets as UtilizationTargets,
)
from ecs_blocks.blocks.schedule import Schedule as Schedule
from ecs_blocks.blocks.scheduled_job import ScheduledJob as ScheduledJob
from ecs_blocks.blocks.security_group import (
    Cidr as Cidr,
    Group as Group,
    PrefixList as PrefixList,
    Rule as Rule,
    SecurityGroup as SecurityGroup,
)
from ecs_blocks.blocks.service import Attachment as Attachment, Service as Service
from ecs_blocks.blocks.service_alarms import (
    ServiceAlarms as ServiceAlarms,
    TaskAlarms as TaskAlarms,
)
from ecs_blocks.blocks.service_connect import (
    NoServiceConnect as NoServiceConnect,
    NoTls as NoTls,
    PrivateTls as PrivateTls,
    ServiceConnectClient as ServiceConnectClient,
    ServiceConnectServer as ServiceConnectServer,
)
from ecs_blocks.blocks.service_environment import (
    FargateWebServiceEnvironment as FargateWebServiceEnvironment,
    ServiceEnvironment as ServiceEnvironment,
    WebServiceEnvironment as WebServiceEnvironment,
)
from ecs_blocks.blocks.shared_balancer import SharedLoadBalancer as SharedLoadBalancer
from ecs_blocks.blocks.shared_balancer_environment import (
    SharedLoadBalancerEnvironment as SharedLoadBalancerEnvironment,
)
from ecs_blocks.blocks.shared_environment import (
    FargateSharedWebServiceEnvironment as FargateSharedWebServiceEnvironment,
    SharedBalancerEnvironment as SharedBalancerEnvironment,
    SharedServiceEnvironment as SharedServiceEnvironment,
    SharedWebServiceEnvironment as SharedWebServiceEnvironment,
)
from ecs_blocks.blocks.shared_front import (
    CommonName as CommonName,
    OwnName as OwnName,
    Shared as Shared,
    SharedFront as SharedFront,
)
from ecs_blocks.blocks.sidecar import LogRouter as LogRouter, Sidecar as Sidecar
from ecs_blocks.blocks.state_machine import StateMachine as StateMachine
from ecs_blocks.blocks.step_scaling import (
    ScaleIn as ScaleIn,
    ScaleOut as ScaleOut,
    Step as Step,
    StepScaling as StepScaling,
)
from ecs_blocks.blocks.target_group import TargetGroup as TargetGroup
from ecs_blocks.blocks.target_options import (
    ApplicationCookie as ApplicationCookie,
    BalancerCookie as BalancerCookie,
    NotSticky as NotSticky,
    TargetOptions as TargetOptions,
)
from ecs_blocks.blocks.task import Task as Task
from ecs_blocks.blocks.task_counts import ScheduledCount as ScheduledCount
from ecs_blocks.blocks.task_environment import TaskEnvironment as TaskEnvironment
from ecs_blocks.blocks.task_history import TaskHistory as TaskHistory
from ecs_blocks.blocks.task_network import TaskNetwork as TaskNetwork
from ecs_blocks.blocks.task_secret import Secret as Secret, SsmParameter as SsmParameter
from ecs_blocks.blocks.task_size import (
    Ec2Size as Ec2Size,
    FargateSize as FargateSize,
    fargate_size_for as fargate_size_for,
)
from ecs_blocks.blocks.thresholds import (
    TaskThresholds as TaskThresholds,
    Thresholds as Thresholds,
)
from ecs_blocks.blocks.tried_by_header import TestHeader as TestHeader
from ecs_blocks.blocks.volume import (
    EbsVolume as EbsVolume,
    EfsVolume as EfsVolume,
    HostVolume as HostVolume,
    Mount as Mount,
    ScratchVolume as ScratchVolume,
)
from ecs_blocks.blocks.web_acl import NoWebAcl as NoWebAcl, WebAcl as WebAcl
from ecs_blocks.blocks.web_service import WebService as WebService
from ecs_blocks.environment.declare import (
    Environment as Environment,
    Param as Param,
    Shape as Shape,
    computed as computed,
    param as param,
    same_as as same_as,
    shape as shape,
)
from ecs_blocks.errors import (
    BlockError as BlockError,
    EcsBlocksError as EcsBlocksError,
    InputError as InputError,
    OutputError as OutputError,
    TokenError as TokenError,
)
from ecs_blocks.templates.stack import Block as Block, Scope as Scope, Stack as Stack
from ecs_blocks.templates.suppress import suppress as suppress
from ecs_blocks.values import (
    AccountId as AccountId,
    BucketName as BucketName,
    CertificateArn as CertificateArn,
    DomainName as DomainName,
    FifoTopicArn as FifoTopicArn,
    HostedZoneId as HostedZoneId,
    ImageIdParameter as ImageIdParameter,
    ImageTag as ImageTag,
    KeyArn as KeyArn,
    Region as Region,
    SecretArn as SecretArn,
    SecurityGroupId as SecurityGroupId,
    SsmParameterName as SsmParameterName,
    SubnetId as SubnetId,
    Token as Token,
    TopicArn as TopicArn,
    Value as Value,
    VpcId as VpcId,
    get_att as get_att,
    known as known,
    ref as ref,
    text as text,
)

__version__: str
