"""EB705."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alarm_dimension_values import CHECK
from tests.checks.helpers import resource, verdict

V2 = "AWS::ElasticLoadBalancingV2::"
OTHERS: dict[str, Any] = {
    "Balancer": resource(f"{V2}LoadBalancer"),
    "Targets": resource(f"{V2}TargetGroup"),
    "Service": resource("AWS::ECS::Service"),
    "Cluster": resource("AWS::ECS::Cluster"),
    "Queue": resource("AWS::SQS::Queue"),
    "Topic": resource("AWS::SNS::Topic"),
    "Rule": resource("AWS::Events::Rule"),
}


def alarm(dimension: str, value: Any, namespace: str = "AWS/ApplicationELB") -> dict[str, Any]:
    properties = {
        "Namespace": namespace,
        "MetricName": "M",
        "Dimensions": [{"Name": dimension, "Value": value}],
    }
    return {"Alarm": resource("AWS::CloudWatch::Alarm", **properties), **OTHERS}


def attribute(identifier: str, name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [identifier, name]}


PLACE = ["Alarm.Dimensions.0.Value"]
GOOD = [
    pytest.param(
        alarm("LoadBalancer", attribute("Balancer", "LoadBalancerFullName")), id="balancer"
    ),
    pytest.param(alarm("LoadBalancer", {"Fn::Sub": "${Balancer.LoadBalancerFullName}"}), id="sub"),
    pytest.param(
        alarm("LoadBalancer", {"Fn::GetAtt": "Balancer.LoadBalancerFullName"}), id="short"
    ),
    pytest.param(alarm("LoadBalancer", "app/web/50dc6c495c0c9188"), id="text"),
    pytest.param(alarm("TargetGroup", attribute("Targets", "TargetGroupFullName")), id="targets"),
    pytest.param(alarm("ServiceName", attribute("Service", "Name"), "AWS/ECS"), id="service"),
    pytest.param(alarm("ClusterName", {"Ref": "Cluster"}, "AWS/ECS"), id="cluster"),
    pytest.param(alarm("QueueName", attribute("Queue", "QueueName"), "AWS/SQS"), id="queue"),
    pytest.param(alarm("TopicName", attribute("Topic", "TopicName"), "AWS/SNS"), id="topic"),
    pytest.param(alarm("RuleName", {"Ref": "Rule"}, "AWS/Events"), id="rule"),
    pytest.param(alarm("AvailabilityZone", "eu-west-1a"), id="another dimension"),
    pytest.param(alarm("ServiceName", {"Ref": "Service"}, "Hoge"), id="of the application"),
]
BAD = [
    pytest.param(alarm("LoadBalancer", {"Ref": "Balancer"}), PLACE, id="ref of a balancer"),
    pytest.param(
        alarm("LoadBalancer", attribute("Balancer", "LoadBalancerName")), PLACE, id="short name"
    ),
    pytest.param(
        alarm("LoadBalancer", attribute("Targets", "TargetGroupFullName")), PLACE, id="swapped"
    ),
    pytest.param(alarm("TargetGroup", {"Ref": "Targets"}), PLACE, id="ref of targets"),
    pytest.param(alarm("TargetGroup", {"Fn::Sub": "${Targets}"}), PLACE, id="sub of targets"),
    pytest.param(
        alarm("LoadBalancer", "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/1"),
        PLACE,
        id="ARN as text",
    ),
    pytest.param(alarm("ServiceName", {"Ref": "Service"}, "AWS/ECS"), PLACE, id="ref of a service"),
    pytest.param(
        alarm("ServiceName", attribute("Service", "ServiceArn"), "AWS/ECS"), PLACE, id="ARN"
    ),
    pytest.param(alarm("ClusterName", attribute("Cluster", "Arn"), "AWS/ECS"), PLACE, id="cluster"),
    pytest.param(alarm("QueueName", {"Ref": "Queue"}, "AWS/SQS"), PLACE, id="URL of a queue"),
    pytest.param(alarm("TopicName", {"Ref": "Topic"}, "AWS/SNS"), PLACE, id="ref of a topic"),
    pytest.param(alarm("RuleName", attribute("Rule", "Arn"), "AWS/Events"), PLACE, id="rule"),
    pytest.param(
        {
            "Alarm": resource(
                "AWS::CloudWatch::Alarm",
                Metrics=[
                    {
                        "Id": "m1",
                        "MetricStat": {
                            "Metric": alarm("TargetGroup", {"Ref": "Targets"})["Alarm"][
                                "Properties"
                            ]
                        },
                    }
                ],
            ),
            **OTHERS,
        },
        ["Alarm.Metrics.0.MetricStat.Metric.Dimensions.0.Value"],
        id="in metric math",
    ),
]
UNKNOWN = [
    pytest.param(alarm("LoadBalancer", {"Ref": "FullName"}), PLACE, id="from outside"),
    pytest.param(alarm("LoadBalancer", {"Fn::ImportValue": "x"}), PLACE, id="imported"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
