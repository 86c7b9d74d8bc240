"""What becomes a box, what an arrow, and how they are marked."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.picture.drawing import draw
from ecs_blocks.review.picture.graph import Mark
from tests.review.picture.drawn import arrows, drawn, marks, pair
from tests.review.stacks import body, side

WEB: Final[dict[str, Any]] = {
    "Record": body(
        "Route53::RecordSet",
        Name="hoge.example.com.",
        AliasTarget={"DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]}},
    ),
    "Balancer": body(
        "ElasticLoadBalancingV2::LoadBalancer",
        Scheme="internal",
        SecurityGroups=[{"Ref": "BalancerGroup"}],
    ),
    "BalancerGroup": body("EC2::SecurityGroup", GroupDescription="the balancer"),
    "Https": body(
        "ElasticLoadBalancingV2::Listener",
        LoadBalancerArn={"Ref": "Balancer"},
        Port=443,
        Protocol="HTTPS",
    ),
    "Rule": body(
        "ElasticLoadBalancingV2::ListenerRule",
        ListenerArn={"Ref": "Https"},
        Conditions=[{"HostHeaderConfig": {"Values": ["hoge.example.com"]}}],
        Actions=[{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}],
    ),
    "Group": body("ElasticLoadBalancingV2::TargetGroup", Port=8080, HealthCheckPath="/health"),
    "Service": body(
        "ECS::Service",
        TaskDefinition={"Ref": "Task"},
        LoadBalancers=[{"TargetGroupArn": {"Ref": "Group"}}],
        DesiredCount=2,
    ),
    "Target": body(
        "ApplicationAutoScaling::ScalableTarget",
        ResourceId={"Fn::Sub": "service/default/${Service.Name}"},
        MaxCapacity=4,
    ),
    "Scaling": body("ApplicationAutoScaling::ScalingPolicy", ScalingTargetId={"Ref": "Target"}),
    "Task": body(
        "ECS::TaskDefinition",
        TaskRoleArn={"Fn::GetAtt": ["Role", "Arn"]},
        ContainerDefinitions=[{"Name": "app", "Image": "registry/team/hoge:1.8.2"}],
    ),
    "Role": body("IAM::Role", AssumeRolePolicyDocument={}),
    "Alarm": body(
        "CloudWatch::Alarm",
        AlarmName="hoge-prod-cpu",
        Dimensions=[{"Name": "ServiceName", "Value": {"Fn::GetAtt": ["Service", "Name"]}}],
        AlarmActions=[{"Ref": "Topic"}],
    ),
    "Topic": body("SNS::Topic", TopicName="pages"),
}


def changed(name: str, **properties: Any) -> dict[str, Any]:
    """``WEB`` in which *name* has other *properties*."""
    return {**WEB, name: {**WEB[name], "Properties": {**WEB[name]["Properties"], **properties}}}


def without(*names: str) -> dict[str, Any]:
    """``WEB`` without these resources."""
    return {name: one for name, one in WEB.items() if name not in names}


def test_traffic_runs_from_the_domain_to_the_tasks_and_news_to_the_topic() -> None:
    assert arrows(drawn(WEB, WEB)) == {
        ("Record", "Balancer"),
        ("Balancer", "Https"),
        ("Https", "Rule"),
        ("Rule", "Group"),
        ("Group", "Service"),
        ("Service", "Task"),
        ("Task", "Role"),
        ("Service", "Alarm"),
        ("Alarm", "Topic"),
    }


def test_what_is_a_part_of_another_stands_in_its_box() -> None:
    boxes = {node.key: node.ids for node in drawn(WEB, WEB).nodes}

    assert boxes["Service"] == ("Service", "Target", "Scaling")
    assert boxes["Balancer"] == ("Balancer", "BalancerGroup")
    assert {"Target", "Scaling", "BalancerGroup"} & set(boxes) == set()


def test_a_box_is_called_what_a_person_calls_it() -> None:
    titles = {node.key: (node.heading, node.subtitle) for node in drawn(WEB, WEB).nodes}

    assert titles == {
        "Record": ("hoge.example.com", "record"),
        "Balancer": ("ALB, internal", "load balancer"),
        "Https": ("HTTPS :443", "listener"),
        "Rule": ("hoge.example.com", "rule"),
        "Group": (":8080 /health", "target group"),
        "Service": ("Service", "service"),
        "Task": ("app (hoge:1.8.2)", "task definition"),
        "Role": ("Role", "role"),
        "Alarm": ("cpu", "alarm"),  # the stack's name before it is left out
        "Topic": ("pages", "topic"),
    }


@pytest.mark.parametrize(
    ("after", "box", "mark", "note"),
    [
        (changed("Balancer", Scheme="internet-facing"), "Balancer", Mark.REPLACED, ""),
        (changed("Service", DesiredCount=3), "Service", Mark.CHANGED, ""),
        (changed("Task", Cpu="512"), "Task", Mark.REVISION, ""),
        (changed("Service", DesiredCount={"Ref": "Count"}), "Service", Mark.CHANGED, ""),
        (without("Alarm"), "Alarm", Mark.REMOVED, ""),
        ({**WEB, "New": body("SQS::Queue")}, "New", Mark.ADDED, ""),
        (changed("Target", MaxCapacity=8), "Service", Mark.CHANGED, "1 of its 2 parts"),
        (without("Scaling"), "Service", Mark.CHANGED, "1 of its 2 parts"),
        (
            changed("BalancerGroup", SecurityGroupIngress=[]),
            "Balancer",
            Mark.CHANGED,
            "its one part",
        ),
        (changed("Balancer", Tags=[{"Key": "Team", "Value": "a"}]), "Balancer", Mark.NONE, ""),
    ],
)
def test_a_box_is_marked_with_what_happens_to_it(
    after: dict[str, Any], box: str, mark: Mark, note: str
) -> None:
    found = {node.key: node for node in drawn(WEB, after).nodes}

    assert (found[box].mark, found[box].note) == (mark, note)


def test_only_what_happens_is_marked() -> None:
    found = marks(drawn(WEB, changed("Task", Cpu="512")))

    assert {key for key, mark in found.items() if mark is not Mark.NONE} == {"Task", "Service"}


def test_what_is_removed_keeps_its_arrows() -> None:
    assert ("Service", "Alarm") in arrows(drawn(WEB, without("Alarm")))


def test_what_a_condition_leaves_out_is_not_there() -> None:
    after = {**WEB, "Alarm": {**WEB["Alarm"], "Condition": "Never"}}
    found = drawn(after, after)

    assert {node.key for node in found.nodes} >= {"Topic", "Alarm"}  # an unknown condition is open


@pytest.mark.parametrize("before", [None, {}])
def test_a_new_stack_is_not_marked_all_over(before: dict[str, Any] | None) -> None:
    found = drawn(before, WEB)

    assert found.is_new
    assert set(marks(found).values()) == {Mark.NONE}


def test_one_more_resource_makes_no_new_stack() -> None:
    assert not drawn(without("Topic"), WEB).is_new


def test_nothing_is_drawn_of_nothing() -> None:
    found = drawn({}, {})

    assert (found.nodes, found.edges, found.is_new) == ((), (), False)


def test_a_secret_is_in_no_title() -> None:
    one = side(
        {"Queue": body("SQS::Queue", QueueName={"Fn::Sub": "queue-${Secret}"})},
        Parameters={"Secret": {"Type": "String", "NoEcho": True}},
        parameters={"Secret": "hunter2"},
    )
    both = pair(one, one)

    assert [node.title for node in draw(both, review_pair(both)).nodes] == ["queue-(hidden)"]


def test_the_value_of_a_header_that_lets_in_is_in_no_title() -> None:
    config = {"HttpHeaderName": "X-Origin-Verify", "Values": ["hunter2"]}
    conditions = [{"Field": "http-header", "HttpHeaderConfig": config}]
    rule = {"Rule": body("ElasticLoadBalancingV2::ListenerRule", Conditions=conditions)}

    assert [node.title for node in drawn(rule, rule).nodes] == ["(hidden)"]


@pytest.mark.parametrize(
    "resources",
    [
        {name: body("IAM::Policy", Roles=[{"Ref": other}]) for name, other in ("AB", "BA")},
        {"A": body("IAM::Policy", Roles=[{"Ref": "A"}])},
        {name: body("SQS::Queue", X={"Ref": other}) for name, other in ("AB", "BC", "CA")},
    ],
    ids=["parts of each other", "a part of itself", "in a circle"],
)
def test_circles_are_drawn(resources: dict[str, Any]) -> None:
    found = drawn(resources, resources)
    keys = {node.key for node in found.nodes}

    assert {one for node in found.nodes for one in node.ids} == set(resources)
    assert all(edge.source in keys and edge.target in keys for edge in found.edges)
