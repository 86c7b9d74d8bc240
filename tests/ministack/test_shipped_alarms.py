"""Alarms and scaling of each environment, as CloudWatch and Application Auto Scaling tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack

BOTH = pytest.mark.parametrize("app", ["hoge", "fuga"])
SERVICE_ALARMS = {
    "cpu",
    "memory",
    "target-errors",
    "target-connection-errors",
    "balancer-errors",
    "rejected-connections",
    "unhealthy-hosts",
    "response-time",
    "running-below-desired",
    "no-healthy-host",
}
CLUSTER_ALARMS = {
    "cpu-reservation",
    "memory-reservation",
    "capacity-provider-saturated",
    "notifications-failed",
}

# Alarm, metric, statistic, and the threshold: a parameter, or a number that no file can set.
SINGLE = pytest.mark.parametrize(
    ("alarm", "metric", "statistic", "threshold"),
    [
        ("cpu", "AWS/ECS CPUUtilization", "Average", "AlarmCpuPercent"),
        (
            "target-errors",
            "AWS/ApplicationELB HTTPCode_Target_5XX_Count",
            "Sum",
            "AlarmTargetErrors",
        ),
        (
            "target-connection-errors",
            "AWS/ApplicationELB TargetConnectionErrorCount",
            "Sum",
            "AlarmTargetConnectionErrors",
        ),
        (
            "balancer-errors",
            "AWS/ApplicationELB HTTPCode_ELB_5XX_Count",
            "Sum",
            "AlarmBalancerErrors",
        ),
        (
            "rejected-connections",
            "AWS/ApplicationELB RejectedConnectionCount",
            "Sum",
            "AlarmRejectedConnections",
        ),
        ("unhealthy-hosts", "AWS/ApplicationELB UnHealthyHostCount", "Maximum", 0),
        (
            "response-time",
            "AWS/ApplicationELB TargetResponseTime",
            "p95",
            "AlarmResponseTimeSeconds",
        ),
    ],
)

# What the files say of hoge's memory: MemoryUtilization is a share of the reservation.
MEMORY_EXPRESSIONS = {
    "dev": "utilization * 512 / 990",
    "stg": "utilization * 512 / 990",
    "prod": "utilization * 1990 / 1990",
}
# What the files say: tasks at least, tasks at most.
COUNTS = {
    "hoge": {"dev": (1, 1), "stg": (1, 1), "prod": (2, 2)},
    "fuga": {"dev": (1, 1), "stg": (1, 1), "prod": (2, 10)},
}
# What platform and environment files leave as it is.
DEFAULTS = {
    "AlarmCpuPercent": 85,
    "AlarmMemoryPercent": 85,
    "AlarmTargetErrors": 10,
    "AlarmTargetConnectionErrors": 10,
    "AlarmBalancerErrors": 10,
    "AlarmRejectedConnections": 0,
    "AlarmResponseTimeSeconds": 1,
}


def alarms_of(deployed: Deployed, app: str) -> dict[str, Any]:
    """Give an app's alarms by what follows the stack's name in theirs."""
    prefix = f"{deployed.stack_name(app)}-"
    found = deployed.ask("cloudwatch", "describe_alarms", AlarmNamePrefix=prefix)["MetricAlarms"]
    return {alarm["AlarmName"].removeprefix(prefix): alarm for alarm in found}


def metrics_of(alarm: Any) -> list[Any]:
    """Give the metrics that an alarm reads, whether it calculates with them or not."""
    stats = [item["MetricStat"] for item in alarm.get("Metrics", []) if "MetricStat" in item]
    return [stat["Metric"] for stat in stats] or [alarm]


def dimensions_of(metric: Any) -> dict[str, str]:
    return {item["Name"]: item["Value"] for item in metric["Dimensions"]}


def existing(deployed: Deployed) -> dict[str, set[str]]:
    """Give the values that each dimension may have: of the things that are in the account."""
    ask = deployed.ask
    services = ask("ecs", "list_services", cluster=deployed.cluster)["serviceArns"]
    balancers = ask("elbv2", "describe_load_balancers")["LoadBalancers"]
    targets = ask("elbv2", "describe_target_groups")["TargetGroups"]
    groups = ask("autoscaling", "describe_auto_scaling_groups")["AutoScalingGroups"]
    topics = ask("sns", "list_topics")["Topics"]
    cluster = ask("ecs", "describe_clusters", clusters=[deployed.cluster])["clusters"][0]
    return {
        "ClusterName": {cluster["clusterName"]},
        "CapacityProviderName": set(cluster["capacityProviders"]),
        "ServiceName": {arn.rpartition("/")[2] for arn in services},
        "LoadBalancer": {
            item["LoadBalancerArn"].partition(":loadbalancer/")[2] for item in balancers
        },
        "TargetGroup": {item["TargetGroupArn"].rpartition(":")[2] for item in targets},
        "AutoScalingGroupName": {item["AutoScalingGroupName"] for item in groups},
        "TopicName": {item["TopicArn"].rpartition(":")[2] for item in topics},
    }


@pytest.mark.parametrize(
    ("app", "names"),
    [("cluster", CLUSTER_ALARMS), ("hoge", SERVICE_ALARMS), ("fuga", SERVICE_ALARMS)],
)
def test_stack_has_its_alarms_and_each_notifies_the_topic(
    deployed: Deployed, app: str, names: set[str]
) -> None:
    alarms = alarms_of(deployed, app)
    topic = [deployed.id_of("cluster", "AlarmTopic")]

    assert set(alarms) == names
    assert [(one["ActionsEnabled"], one["AlarmActions"]) for one in alarms.values()] == [
        (True, topic) for _ in names
    ]
    # what the topic itself fails to deliver is over without a word
    assert {name: one["OKActions"] for name, one in alarms.items()} == {
        name: [] if name == "notifications-failed" else topic for name in names
    }


@pytest.mark.parametrize("app", ["cluster", "hoge", "fuga"])
def test_alarms_read_metrics_of_things_that_exist(deployed: Deployed, app: str) -> None:
    known = existing(deployed)
    unknown = [
        (name, dimension, value)
        for name, alarm in alarms_of(deployed, app).items()
        for metric in metrics_of(alarm)
        for dimension, value in dimensions_of(metric).items()
        if value not in known[dimension]
    ]

    assert unknown == []


@BOTH
@SINGLE
def test_alarm_compares_its_metric_with_the_threshold(
    deployed: Deployed, app: str, alarm: str, metric: str, statistic: str, threshold: str | int
) -> None:
    found = alarms_of(deployed, app)[alarm]
    # MiniStack adds a Statistic beside an ExtendedStatistic.
    shown = found.get("ExtendedStatistic") or found["Statistic"]
    expected = DEFAULTS[threshold] if isinstance(threshold, str) else threshold

    assert (f"{found['Namespace']} {found['MetricName']}", shown) == (metric, statistic)
    assert (found["ComparisonOperator"], found["Threshold"]) == ("GreaterThanThreshold", expected)


@BOTH
@pytest.mark.parametrize(
    ("alarm", "of"),
    [
        ("cpu", {"ClusterName", "ServiceName"}),
        ("target-errors", {"LoadBalancer", "TargetGroup"}),
        ("target-connection-errors", {"LoadBalancer", "TargetGroup"}),
        ("balancer-errors", {"LoadBalancer"}),
        ("rejected-connections", {"LoadBalancer"}),
        ("unhealthy-hosts", {"LoadBalancer", "TargetGroup"}),
        ("response-time", {"LoadBalancer", "TargetGroup"}),
    ],
)
def test_alarm_watches_this_service_and_no_other(
    deployed: Deployed, app: str, alarm: str, of: set[str]
) -> None:
    balancer, group = deployed.id_of(app, "LoadBalancer"), deployed.id_of(app, "TargetGroup")
    own = {
        "ClusterName": deployed.cluster,
        "ServiceName": deployed.service(app)["serviceName"],
        "LoadBalancer": balancer.partition(":loadbalancer/")[2],
        "TargetGroup": group.rpartition(":")[2],
    }

    assert dimensions_of(alarms_of(deployed, app)[alarm]) == {name: own[name] for name in of}


def test_memory_alarm_of_hoge_relates_to_the_hard_limit(deployed: Deployed) -> None:
    alarm = alarms_of(deployed, "hoge")["memory"]
    [metric] = metrics_of(alarm)
    [expression] = [item["Expression"] for item in alarm["Metrics"] if "Expression" in item]

    assert (metric["Namespace"], metric["MetricName"]) == ("AWS/ECS", "MemoryUtilization")
    assert expression == MEMORY_EXPRESSIONS[deployed.environment]
    assert alarm["Threshold"] == DEFAULTS["AlarmMemoryPercent"]


def test_memory_alarm_of_fuga_needs_no_arithmetic(deployed: Deployed) -> None:
    alarm = alarms_of(deployed, "fuga")["memory"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ECS", "MemoryUtilization")
    assert alarm["Threshold"] == DEFAULTS["AlarmMemoryPercent"]


@BOTH
@pytest.mark.parametrize(
    ("alarm", "metrics", "missing"),
    [
        ("running-below-desired", {"DesiredTaskCount", "RunningTaskCount"}, "notBreaching"),
        ("no-healthy-host", {"HealthyHostCount"}, "breaching"),
    ],
)
def test_absence_is_seen_by_what_counts_tasks(
    deployed: Deployed, app: str, alarm: str, metrics: set[str], missing: str
) -> None:
    found = alarms_of(deployed, app)[alarm]

    assert {metric["MetricName"] for metric in metrics_of(found)} == metrics
    assert (found["Threshold"], found["TreatMissingData"]) == (0, missing)


@pytest.mark.parametrize(("environment", "largest"), [("dev", 3), ("stg", 3), ("prod", 8)])
def test_reservation_rings_only_where_the_cluster_cannot_grow(
    environments: Any, environment: str, largest: int
) -> None:
    alarms = alarms_of(environments(environment), "cluster")
    expressions = {
        item["Expression"]
        for name in ("cpu-reservation", "memory-reservation")
        for item in alarms[name]["Metrics"]
        if "Expression" in item
    }

    assert expressions == {f"IF(instances >= {largest}, reservation, 0)"}


def policies_of(deployed: Deployed, app: str) -> dict[str, Any]:
    """Give an app's scaling policies by what follows the stack's name in theirs."""
    found = deployed.ask(
        "application-autoscaling", "describe_scaling_policies", ServiceNamespace="ecs"
    )["ScalingPolicies"]
    prefix = f"{deployed.stack_name(app)}-"
    return {
        policy["PolicyName"].removeprefix(prefix): policy[
            "TargetTrackingScalingPolicyConfiguration"
        ]
        for policy in found
        if policy["PolicyName"].startswith(prefix)
    }


@BOTH
def test_service_scales_between_the_declared_counts(deployed: Deployed, app: str) -> None:
    found = deployed.ask(
        "application-autoscaling", "describe_scalable_targets", ServiceNamespace="ecs"
    )["ScalableTargets"]
    own = f"service/{deployed.cluster}/{deployed.service(app)['serviceName']}"
    [target] = [item for item in found if item["ResourceId"] == own]

    assert target["ScalableDimension"] == "ecs:service:DesiredCount"
    assert (target["MinCapacity"], target["MaxCapacity"]) == COUNTS[app][deployed.environment]


@BOTH
def test_service_scales_by_cpu_memory_and_requests(deployed: Deployed, app: str) -> None:
    policies = policies_of(deployed, app)

    assert {name: policy["TargetValue"] for name, policy in policies.items()} == {
        "cpu": 70,
        "memory": 80,
        "requests": 6000,
    }


@BOTH
def test_requests_are_those_of_this_target_group(deployed: Deployed, app: str) -> None:
    metric = policies_of(deployed, app)["requests"]["PredefinedMetricSpecification"]
    balancer = deployed.id_of(app, "LoadBalancer").partition(":loadbalancer/")[2]
    group = deployed.id_of(app, "TargetGroup").rpartition(":")[2]

    assert metric == {
        "PredefinedMetricType": "ALBRequestCountPerTarget",
        "ResourceLabel": f"{balancer}/{group}",
    }


def test_memory_scaling_of_hoge_relates_to_the_hard_limit(deployed: Deployed) -> None:
    metric = policies_of(deployed, "hoge")["memory"]["CustomizedMetricSpecification"]
    [expression] = [item["Expression"] for item in metric["Metrics"] if "Expression" in item]

    assert expression == MEMORY_EXPRESSIONS[deployed.environment]
