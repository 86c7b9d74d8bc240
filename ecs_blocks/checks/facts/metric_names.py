"""The metrics that AWS publishes of what runs an ECS service, and the dimensions they come with.

CloudWatch takes each combination of dimensions for a metric of its own: one that nobody publishes
has no data. Sources: the lists of metrics in the user guides of Amazon ECS, Elastic Load
Balancing, EC2 Auto Scaling, SQS, SNS, EventBridge and CloudWatch Logs, and "Supported metrics for
resource tags for telemetry" in the CloudWatch User Guide.
"""

from __future__ import annotations

from typing import Final, TypeAlias

Combinations: TypeAlias = frozenset[frozenset[str]]

_ANY: Final = ()  # published in combinations that the documentation does not settle
_CLUSTER: Final = ("ClusterName",)
_SERVICE: Final = ("ClusterName ServiceName",)
_PROVIDER: Final = ("ClusterName CapacityProviderName",)
_TASKS: Final = (
    *_CLUSTER,
    *_SERVICE,
    "ClusterName TaskDefinitionFamily",
    "ClusterName ServiceName TaskId",
    "ClusterName TaskDefinitionFamily TaskId",
)
_CONTAINERS: Final = (
    *_TASKS,
    "ClusterName ServiceName ContainerName",
    "ClusterName TaskDefinitionFamily ContainerName",
    "ClusterName ServiceName TaskId ContainerName",
    "ClusterName TaskDefinitionFamily TaskId ContainerName",
)
_CALLED: Final = ("DiscoveryName", "ClusterName ServiceName DiscoveryName")
_CALLING: Final = ("TargetDiscoveryName", "ClusterName ServiceName TargetDiscoveryName")
_BALANCER: Final = ("LoadBalancer", "AvailabilityZone LoadBalancer")
_TARGETS: Final = ("LoadBalancer TargetGroup", "AvailabilityZone LoadBalancer TargetGroup")
_TARGETS_ALONE: Final = ("TargetGroup", "AvailabilityZone TargetGroup")
_TOPIC: Final = ("TopicName",)

# Namespace: groups of metrics that come with the same combinations of dimensions.
_PUBLISHED: Final[dict[str, list[tuple[tuple[str, ...], str]]]] = {
    "AWS/ECS": [
        ((*_CLUSTER, *_PROVIDER), "CPUReservation MemoryReservation GPUReservation"),
        ((*_CLUSTER, *_SERVICE, *_PROVIDER), "CPUUtilization MemoryUtilization"),
        ((*_CLUSTER, *_SERVICE), "EBSFilesystemUtilization"),
        (
            (*_CALLED, *_CALLING),
            "ActiveConnectionCount NewConnectionCount ProcessedBytes RequestCount GrpcRequestCount "
            "HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count "
            "HTTPCode_Target_5XX_Count RequestCountPerTarget TargetProcessedBytes "
            "TargetResponseTime ClientTLSNegotiationErrorCount TargetTLSNegotiationErrorCount",
        ),
    ],
    "ECS/ContainerInsights": [
        (_CLUSTER, "ContainerInstanceCount ServiceCount TaskCount"),
        (
            _SERVICE,
            "DeploymentCount DesiredTaskCount PendingTaskCount RunningTaskCount TaskSetCount",
        ),
        (
            _TASKS,
            "CpuReserved CpuUtilized MemoryReserved MemoryUtilized NetworkRxBytes NetworkTxBytes "
            "StorageReadBytes StorageWriteBytes EphemeralStorageReserved EphemeralStorageUtilized "
            "TaskCpuUtilization TaskMemoryUtilization TaskEphemeralStorageUtilization "
            "TaskEBSFilesystemUtilization",
        ),
        (
            (*_TASKS, "ClusterName TaskDefinitionFamily VolumeName"),
            "EBSFilesystemSize EBSFilesystemUtilized",
        ),
        (
            _CONTAINERS,
            "ContainerCpuReserved ContainerCpuUtilized ContainerCpuUtilization "
            "ContainerMemoryReserved ContainerMemoryUtilized ContainerMemoryUtilization "
            "ContainerNetworkRxBytes ContainerNetworkTxBytes ContainerStorageReadBytes "
            "ContainerStorageWriteBytes RestartCount UnHealthyContainerHealthStatus",
        ),
        (
            (*_CLUSTER, "ClusterName ContainerInstanceId InstanceId"),
            "instance_cpu_limit instance_cpu_reserved_capacity instance_cpu_usage_total "
            "instance_cpu_utilization instance_filesystem_utilization instance_memory_limit "
            "instance_memory_reserved_capacity instance_memory_utilization "
            "instance_memory_working_set instance_network_total_bytes "
            "instance_number_of_running_tasks",
        ),
        (
            (
                *_CLUSTER,
                *_PROVIDER,
                "ClusterName CapacityProviderName ContainerInstanceId EC2InstanceId",
            ),
            "InstanceDataFilesystemUtilization InstanceGPULimit InstanceGPUUsageTotal "
            "InstanceOSFilesystemUtilization",
        ),
    ],
    "AWS/ECS/ManagedScaling": [(_PROVIDER, "CapacityProviderReservation")],
    "AWS/ApplicationELB": [
        (
            _BALANCER,
            "ActiveConnectionCount AppCookieNonStickinessCount CapacityUtilization "
            "ClientTLSNegotiationErrorCount ConsumedLCUs "
            "DesyncMitigationMode_NonCompliant_Request_Count DroppedInvalidHeaderRequestCount "
            "ELBAuthError ELBAuthFailure ELBAuthLatency ELBAuthRefreshTokenSuccess ELBAuthSuccess "
            "ELBAuthUserClaimsSizeExceeded ExcessiveLowReputationPackets "
            "ForwardedInvalidHeaderRequestCount HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count "
            "HTTPCode_ELB_5XX_Count HTTPCode_ELB_500_Count HTTPCode_ELB_502_Count "
            "HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count HTTP_Fixed_Response_Count "
            "HTTP_Redirect_Count HTTP_Redirect_Url_Limit_Exceeded_Count IPv6ProcessedBytes "
            "LambdaTargetProcessedBytes LowReputationPacketsDropped LowReputationRequestsDenied "
            "NewConnectionCount NonStickyRequestCount PeakLCUs ProcessedBytes "
            "RejectedConnectionCount ReservedLCUs RuleEvaluations StandardProcessedBytes "
            "TargetControlActiveChannelCount TargetControlChannelErrorCount "
            "TargetControlNewChannelCount TargetControlProcessedBytes TargetControlRequestCount "
            "TargetControlRequestRejectCount TargetControlWorkQueueLength",
        ),
        (
            (*_BALANCER, *_TARGETS),
            "HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count "
            "HTTPCode_Target_5XX_Count IPv6RequestCount RequestCount TargetConnectionErrorCount "
            "TargetResponseTime TargetTLSNegotiationErrorCount UnhealthyRoutingRequestCount",
        ),
        (
            _TARGETS,
            "ActiveZonalShiftHostCount AnomalousHostCount HealthyHostCount HealthyStateDNS "
            "HealthyStateRouting MitigatedHostCount UnHealthyHostCount UnhealthyStateDNS "
            "UnhealthyStateRouting",
        ),
        (
            (*_TARGETS, *_TARGETS_ALONE),
            "LambdaInternalError LambdaUserError RequestCountPerTarget",
        ),
        ((*_BALANCER, *_TARGETS, *_TARGETS_ALONE), "GrpcRequestCount"),
        (_ANY, "BYoIPUtilPercentage"),
    ],
    "AWS/NetworkELB": [
        (
            (*_BALANCER, *_TARGETS, *_TARGETS_ALONE),
            "ActiveFlowCount ActiveFlowCount_TCP ActiveFlowCount_TLS ActiveFlowCount_UDP "
            "ClientTLSNegotiationErrorCount ConsumedLCUs ConsumedLCUs_TCP ConsumedLCUs_TLS "
            "ConsumedLCUs_UDP NewFlowCount NewFlowCount_QUIC NewFlowCount_TCP NewFlowCount_TLS "
            "NewFlowCount_UDP PeakBytesPerSecond PeakPacketsPerSecond PortAllocationErrorCount "
            "ProcessedBytes ProcessedBytes_QUIC ProcessedBytes_TCP ProcessedBytes_TLS "
            "ProcessedBytes_UDP ProcessedPackets QUIC_Unknown_Server_ID_Packet_Drop_Count "
            "RejectedFlowCount RejectedFlowCount_TCP ReservedLCUs "
            "SecurityGroupBlockedFlowCount_Inbound_ICMP SecurityGroupBlockedFlowCount_Inbound_TCP "
            "SecurityGroupBlockedFlowCount_Inbound_UDP SecurityGroupBlockedFlowCount_Outbound_ICMP "
            "SecurityGroupBlockedFlowCount_Outbound_TCP SecurityGroupBlockedFlowCount_Outbound_UDP "
            "TCP_Client_Reset_Count TCP_ELB_Reset_Count TCP_Target_Reset_Count "
            "TargetTLSNegotiationErrorCount UnhealthyRoutingFlowCount ZonalHealthStatus",
        ),
        (_TARGETS, "ActiveZonalShiftHostCount HealthyHostCount UnHealthyHostCount"),
    ],
    "AWS/AutoScaling": [
        (
            ("AutoScalingGroupName",),
            "GroupAndWarmPoolDesiredCapacity GroupAndWarmPoolTotalCapacity GroupDesiredCapacity "
            "GroupInServiceCapacity GroupInServiceInstances GroupMaxSize GroupMinSize "
            "GroupPendingCapacity GroupPendingInstances GroupStandbyCapacity "
            "GroupStandbyInstances GroupTerminatingCapacity GroupTerminatingInstances "
            "GroupTerminatingRetainedCapacity GroupTerminatingRetainedInstances "
            "GroupTotalCapacity GroupTotalInstances WarmPoolDesiredCapacity WarmPoolMinSize "
            "WarmPoolPendingCapacity WarmPoolPendingRetainedCapacity WarmPoolTerminatingCapacity "
            "WarmPoolTerminatingRetainedCapacity WarmPoolTotalCapacity WarmPoolWarmedCapacity",
        ),
        (
            _ANY,
            "PredictiveScalingCapacityForecast PredictiveScalingLoadForecast "
            "PredictiveScalingMetricPairCorrelation",
        ),
    ],
    "AWS/SQS": [
        (
            ("QueueName",),
            "ApproximateAgeOfOldestMessage ApproximateAgeOfOldestMessageInQuietGroups "
            "ApproximateNumberOfGroupsWithInflightMessages ApproximateNumberOfMessagesDelayed "
            "ApproximateNumberOfMessagesDelayedInQuietGroups "
            "ApproximateNumberOfMessagesNotVisible "
            "ApproximateNumberOfMessagesNotVisibleInQuietGroups "
            "ApproximateNumberOfMessagesVisible ApproximateNumberOfMessagesVisibleInQuietGroups "
            "ApproximateNumberOfNoisyGroups NumberOfDeduplicatedSentMessages "
            "NumberOfEmptyReceives NumberOfMessagesDeleted NumberOfMessagesReceived "
            "NumberOfMessagesSent SentMessageSize",
        ),
    ],
    "AWS/SNS": [
        (
            _TOPIC,
            "ApproximateNumberOfBytesArchived ApproximateNumberOfMessagesArchived "
            "NumberOfBytesArchiveProcessing NumberOfMessagesArchiveProcessing "
            "NumberOfMessagesPublished NumberOfNotificationsFilteredOut "
            "NumberOfNotificationsFilteredOut-InvalidAttributes "
            "NumberOfNotificationsFilteredOut-InvalidMessageBody "
            "NumberOfNotificationsFilteredOut-MessageAttributes "
            "NumberOfNotificationsFilteredOut-MessageBody "
            "NumberOfNotificationsFilteredOut-NoMessageAttributes "
            "NumberOfNotificationsFailedToRedriveToDlq NumberOfNotificationsRedrivenToDlq "
            "NumberOfReplayedNotificationsDelivered NumberOfReplayedNotificationsFailed",
        ),
        (
            _ANY,
            "NumberOfNotificationsDelivered NumberOfNotificationsFailed PublishSize "
            "SMSMonthToDateSpentUSD SMSSuccessRate",
        ),
    ],
    "AWS/Events": [
        (
            _ANY,
            "DeadLetterInvocations EventBusEncryptionCompleted EventBusEncryptionFailed "
            "EventBusEncryptionStarted Events FailedInvocations "
            "IngestionToInvocationCompleteLatency IngestionToInvocationStartLatency "
            "IngestionToInvocationSuccessLatency IngestiontoInvocationCompleteLatency "
            "IngestiontoInvocationStartLatency InvocationAttempts Invocations InvocationsCreated "
            "InvocationsFailedToBeSentToDlq InvocationsSentToDlq MatchedEvents "
            "PutEventsApproximateCallCount PutEventsApproximateFailedCount "
            "PutEventsApproximateSuccessCount PutEventsApproximateThrottledCount "
            "PutEventsEntriesCount PutEventsFailedEntriesCount PutEventsLatency "
            "PutEventsRequestSize PutPartnerEventsApproximateCallCount "
            "PutPartnerEventsApproximateFailedCount PutPartnerEventsApproximateSuccessCount "
            "PutPartnerEventsApproximateThrottledCount PutPartnerEventsEntriesCount "
            "PutPartnerEventsFailedEntriesCount PutPartnerEventsLatency RetryInvocationAttempts "
            "SuccessfulInvocationAttempts ThrottledRules TriggeredRules",
        ),
    ],
    "AWS/Logs": [
        (
            _ANY,
            "AnomalyCount CallCount DeliveryErrors DeliveryThrottling EMFParsingErrors "
            "EMFValidationErrors ErrorCount ForwardedBytes ForwardedLogEvents IncomingBytes "
            "IncomingLogEvents LogEventsWithFindings ThrottleCount TransformationErrors "
            "TransformedBytes TransformedLogEvents",
        ),
    ],
}


def _combinations(written: tuple[str, ...]) -> Combinations:
    return frozenset(frozenset(one.split()) for one in written)


METRICS: Final[dict[str, dict[str, Combinations]]] = {
    namespace: {name: _combinations(written) for written, names in groups for name in names.split()}
    for namespace, groups in _PUBLISHED.items()
}
"""Namespace and metric: its combinations of dimensions; none where they are not judged."""
