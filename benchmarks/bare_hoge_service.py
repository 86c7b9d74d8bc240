"""The service of ``bare_hoge``, how it scales, and its alarms."""

from __future__ import annotations

from typing import Any

from troposphere import GetAtt, Ref, Sub, ecs
from troposphere import applicationautoscaling as scaling
from troposphere import cloudwatch as cw

CLUSTER = {"ClusterName": Ref("ClusterName"), "ServiceName": GetAtt("HogeService", "Name")}
BALANCER = {"LoadBalancer": GetAtt("HogeLoadBalancer", "LoadBalancerFullName")}
TARGETS = {"TargetGroup": GetAtt("HogeTargetGroup3FF6B5", "TargetGroupFullName"), **BALANCER}
MEMORY = Sub("utilization * ${TaskMemory} / ${TaskMaxMemory}")
MEMORY_LABEL = "memory, in percent of the hard limit"


def service() -> list[Any]:
    """The ECS service and its scaling."""
    return [
        ecs.Service(
            "HogeService",
            DependsOn=["HogeListenerRule"],
            Cluster=Ref("ClusterName"),
            TaskDefinition=Ref("HogeTaskDefinition"),
            SchedulingStrategy="REPLICA",
            NetworkConfiguration=ecs.NetworkConfiguration(
                AwsvpcConfiguration=ecs.AwsvpcConfiguration(
                    AssignPublicIp="DISABLED",
                    Subnets=Ref("PrivateSubnetIds"),
                    SecurityGroups=[GetAtt("HogeSecurityGroup", "GroupId")],
                )
            ),
            LoadBalancers=[
                ecs.LoadBalancer(
                    ContainerName="app",
                    ContainerPort=8080,
                    TargetGroupArn=Ref("HogeTargetGroup3FF6B5"),
                )
            ],
            HealthCheckGracePeriodSeconds=Ref("HealthCheckGracePeriodSeconds"),
            DeploymentConfiguration=ecs.DeploymentConfiguration(
                MinimumHealthyPercent=100,
                MaximumPercent=200,
                DeploymentCircuitBreaker=ecs.DeploymentCircuitBreaker(Enable=True, Rollback=True),
                Alarms=ecs.DeploymentAlarms(AlarmNames=[], Enable=False, Rollback=False),
            ),
            AvailabilityZoneRebalancing="ENABLED",
            EnableExecuteCommand=False,
            ServiceConnectConfiguration=ecs.ServiceConnectConfiguration(Enabled=False),
            EnableECSManagedTags=True,
            PropagateTags="SERVICE",
            VolumeConfigurations=[],
        ),
        scaling.ScalableTarget(
            "HogeScalableTarget",
            ServiceNamespace="ecs",
            ScalableDimension="ecs:service:DesiredCount",
            ResourceId=Sub("service/${ClusterName}/${HogeService.Name}"),
            MinCapacity=Ref("ServiceDesiredCount"),
            MaxCapacity=Ref("ServiceMaxCount"),
            ScheduledActions=[],
            SuspendedState=scaling.SuspendedState(
                DynamicScalingInSuspended=Ref("ScalingSuspended"),
                DynamicScalingOutSuspended=Ref("ScalingSuspended"),
                ScheduledScalingSuspended=Ref("ScalingSuspended"),
            ),
        ),
        _tracking(
            "Cpu",
            "ScalingCpuPercent",
            PredefinedMetricSpecification=scaling.PredefinedMetricSpecification(
                PredefinedMetricType="ECSServiceAverageCPUUtilization"
            ),
        ),
        _tracking("Memory", "ScalingMemoryPercent", CustomizedMetricSpecification=_memory()),
        _tracking(
            "Requests",
            "ScalingRequestsPerMinute",
            PredefinedMetricSpecification=scaling.PredefinedMetricSpecification(
                PredefinedMetricType="ALBRequestCountPerTarget",
                ResourceLabel=Sub(
                    "${HogeLoadBalancer.LoadBalancerFullName}"
                    "/${HogeTargetGroup3FF6B5.TargetGroupFullName}"
                ),
            ),
        ),
    ]


def _tracking(name: str, target: str, **metric: Any) -> scaling.ScalingPolicy:
    return scaling.ScalingPolicy(
        f"Hoge{name}Scaling",
        PolicyName=Sub(f"${{AWS::StackName}}-{name.lower()}"),
        PolicyType="TargetTrackingScaling",
        ScalingTargetId=Ref("HogeScalableTarget"),
        TargetTrackingScalingPolicyConfiguration=scaling.TargetTrackingScalingPolicyConfiguration(
            TargetValue=Ref(target), ScaleOutCooldown=60, ScaleInCooldown=300, **metric
        ),
    )


def _memory() -> scaling.CustomizedMetricSpecification:
    metric = scaling.TargetTrackingMetric(
        Namespace="AWS/ECS",
        MetricName="MemoryUtilization",
        Dimensions=[
            scaling.TargetTrackingMetricDimension(Name=name, Value=value)
            for name, value in CLUSTER.items()
        ],
    )
    return scaling.CustomizedMetricSpecification(
        Metrics=[
            scaling.TargetTrackingMetricDataQuery(
                Id="utilization",
                MetricStat=scaling.TargetTrackingMetricStat(Metric=metric, Stat="Average"),
                ReturnData=False,
            ),
            scaling.TargetTrackingMetricDataQuery(
                Id="memory", Expression=MEMORY, Label=MEMORY_LABEL, ReturnData=True
            ),
        ]
    )


def _dimensions(values: dict[str, Any]) -> list[cw.MetricDimension]:
    return [cw.MetricDimension(Name=name, Value=value) for name, value in values.items()]


def _simple(namespace: str, name: str, dimensions: dict[str, Any], **how: str) -> dict[str, Any]:
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": _dimensions(dimensions),
        "Period": 60,
        **how,
    }


def _query(name: str, namespace: str, metric: str, stat: str, dimensions: dict[str, Any]) -> Any:
    watched = cw.Metric(Namespace=namespace, MetricName=metric, Dimensions=_dimensions(dimensions))
    return cw.MetricDataQuery(
        Id=name,
        ReturnData=False,
        MetricStat=cw.MetricStat(Metric=watched, Stat=stat, Period=60),
    )


def _result(expression: Any, label: str) -> cw.MetricDataQuery:
    return cw.MetricDataQuery(Id="result", Expression=expression, Label=label, ReturnData=True)


def _alarm(
    title: str,
    description: str,
    threshold: Any,
    minutes: int,
    watches: dict[str, Any],
    *,
    missing: str = "notBreaching",
    **attributes: Any,
) -> cw.Alarm:
    suffix = "".join(f"-{c.lower()}" if c.isupper() else c for c in title)
    return cw.Alarm(
        f"Hoge{title}Alarm",
        AlarmName=Sub(f"${{AWS::StackName}}{suffix}"),
        AlarmDescription=description,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=threshold,
        EvaluationPeriods=minutes,
        DatapointsToAlarm=minutes,
        TreatMissingData=missing,
        ActionsEnabled=Ref("AlarmsEnabled"),
        AlarmActions=[Ref("AlarmTopicArn")],
        OKActions=[Ref("AlarmTopicArn")],
        **watches,
        **attributes,
    )


def alarms() -> list[cw.Alarm]:
    """The ten alarms."""
    ecs_, alb, insights = "AWS/ECS", "AWS/ApplicationELB", "ECS/ContainerInsights"
    return [
        _alarm(
            "Cpu",
            "the tasks are short of CPU; raise TaskCpu or ServiceMaxCount",
            Ref("AlarmCpuPercent"),
            5,
            _simple(ecs_, "CPUUtilization", CLUSTER, Statistic="Average"),
        ),
        _alarm(
            "Memory",
            "the tasks come close to their hard memory limit; raise TaskMaxMemory",
            Ref("AlarmMemoryPercent"),
            5,
            {
                "Metrics": [
                    _query("utilization", ecs_, "MemoryUtilization", "Average", CLUSTER),
                    _result(MEMORY, MEMORY_LABEL),
                ]
            },
        ),
        _alarm(
            "TargetErrors",
            "the application answers with 5xx; look into its log group",
            Ref("AlarmTargetErrors"),
            2,
            _simple(alb, "HTTPCode_Target_5XX_Count", TARGETS, Statistic="Sum"),
        ),
        _alarm(
            "TargetConnectionErrors",
            "the load balancer cannot connect to a task: it has ended, "
            "does not listen, or takes no more connections",
            Ref("AlarmTargetConnectionErrors"),
            2,
            _simple(alb, "TargetConnectionErrorCount", TARGETS, Statistic="Sum"),
        ),
        _alarm(
            "BalancerErrors",
            "the load balancer itself answers with 5xx: no healthy task, "
            "or a task that closes connections",
            Ref("AlarmBalancerErrors"),
            2,
            _simple(alb, "HTTPCode_ELB_5XX_Count", BALANCER, Statistic="Sum"),
        ),
        _alarm(
            "RejectedConnections",
            "the load balancer rejects connections: it has as many as it can; "
            "a slow application keeps them open, or there are more clients than ever",
            Ref("AlarmRejectedConnections"),
            2,
            _simple(alb, "RejectedConnectionCount", BALANCER, Statistic="Sum"),
        ),
        _alarm(
            "UnhealthyHosts",
            "a task fails its health check",
            0,
            5,
            _simple(alb, "UnHealthyHostCount", TARGETS, Statistic="Maximum"),
        ),
        _alarm(
            "ResponseTime",
            "one of twenty requests takes longer than this many seconds",
            Ref("AlarmResponseTimeSeconds"),
            5,
            _simple(alb, "TargetResponseTime", TARGETS, ExtendedStatistic="p95"),
        ),
        _alarm(
            "RunningBelowDesired",
            "fewer tasks run than should: they fail to start, or find no capacity",
            0,
            10,
            {
                "Metrics": [
                    _query("desired", insights, "DesiredTaskCount", "Average", CLUSTER),
                    _query("running", insights, "RunningTaskCount", "Average", CLUSTER),
                    _result("desired - running", "tasks missing"),
                ]
            },
        ),
        _alarm(
            "NoHealthyHost",
            "the service is down: no task is healthy",
            0,
            3,
            {
                "Metrics": [
                    _query("healthy", alb, "HealthyHostCount", "Maximum", TARGETS),
                    _result("IF(healthy < 1, 1, 0)", "1 while the service is down"),
                ]
            },
            missing="breaching",
            DependsOn=["HogeService"],
        ),
    ]
