"""All consequences together: what no family tells, causes, order, and what is hidden."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.impact.summary import headline
from ecs_blocks.review.model import Weight
from tests.review.impact.stage import (
    container,
    lines,
    rolling,
    stack,
    subject,
    task,
    told,
    web,
)
from tests.review.stacks import body, side

NEW = task(container(Image="repo/hoge:1.8.3"))


def queue(**properties: Any) -> dict[str, Any]:
    return {"It": body("SQS::Queue", **properties)}


def transformed(template: str) -> dict[str, Any]:
    changed = {"InputTransformer": {"InputTemplate": template}}
    name = "a-target-of-which-the-whole-path-is-long"
    targets = [{"Id": f"{name}-{n}", "Arn": "arn", **changed} for n in (1, 2)]
    return body("Events::Rule", Targets=targets)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            queue(VisibilityTimeout=30),
            queue(VisibilityTimeout=60),
            ["notice configuration: It: VisibilityTimeout 30 → 60"],
        ),
        (
            queue(VisibilityTimeout=30, DelaySeconds=1),
            queue(VisibilityTimeout=60),
            ["notice configuration: It: VisibilityTimeout 30 → 60 and DelaySeconds 1 → unset"],
        ),
        (
            {name: body("SQS::Queue", VisibilityTimeout=30) for name in "AB"},
            {name: body("SQS::Queue", VisibilityTimeout=60) for name in "AB"},
            ["notice configuration: 2 resources (A and B): VisibilityTimeout 30 → 60"],
        ),
        # the same twice in one resource is one resource
        (
            {"It": transformed("1")},
            {"It": transformed("2")},
            ["notice configuration: It: …InputTransformer.InputTemplate 1 → 2"],
        ),
        (
            {"It": body("ElasticLoadBalancingV2::LoadBalancer", Subnets=["a", "b"])},
            {"It": body("ElasticLoadBalancingV2::LoadBalancer", Subnets=["b", "c"])},
            ["notice configuration: It: Subnets without a, with c"],
        ),
        # nothing that runs
        (
            {"It": body("SQS::Queue", Tags=[{"Key": "a", "Value": "1"}])},
            {"It": body("SQS::Queue", Tags=[{"Key": "a", "Value": "2"}])},
            ["calm configuration: It: tags change"],
        ),
        (
            {name: body("SQS::Queue", Tags=[{"Key": "a", "Value": "1"}]) for name in "ABC"},
            {name: body("SQS::Queue", Tags=[{"Key": "a", "Value": "2"}]) for name in "ABC"},
            ["calm configuration: 3 resources: tags change"],
        ),
        (
            {"It": {**body("SQS::Queue"), "Metadata": {"a": 1}}},
            {"It": {**body("SQS::Queue"), "Metadata": {"a": 2}}},
            ["calm configuration: It: only metadata changes"],
        ),
        (queue(VisibilityTimeout=30), queue(VisibilityTimeout="30"), []),
    ],
)
def test_what_no_family_tells(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert lines(before, after) == expected


def test_what_a_family_tells_is_told_once() -> None:
    before = {"It": body("Logs::LogGroup", RetentionInDays=365)}
    after = {"It": body("Logs::LogGroup", RetentionInDays=30)}

    assert [line.partition(":")[0] for line in lines(before, after)] == ["approval data"]


def test_what_is_added() -> None:
    few = {"Queue": body("SQS::Queue"), "Topic": body("SNS::Topic")}
    many = {f"Alarm{n}": body("CloudWatch::Alarm") for n in range(3)} | few

    assert lines({}, few) == ["notice addition: new: the queue Queue and the topic Topic"]
    assert lines({}, many) == ["notice addition: new: 3 alarms, 1 queue and 1 topic"]
    assert told({}, many)[0].details[1:] == ("queue: Queue", "topic: Topic")
    # all of a new stack is new
    assert told(None, many)[0].details == ()
    assert lines(few, few) == []


def test_what_only_follows_is_one_calm_line() -> None:
    def sides(name: str) -> dict[str, Any]:
        dimensions = [{"Name": "TopicName", "Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}]
        return {
            "Topic": body("SNS::Topic", TopicName=name),
            **{one: body("CloudWatch::Alarm", Dimensions=dimensions) for one in ("A", "B")},
        }

    found = [one for one in told(sides("x"), sides("y")) if one.kind == "configuration"]

    assert [(one.weight, one.text) for one in found] == [
        (Weight.CALM, "2 resources (A and B) take what Topic gives")
    ]


def test_a_long_text_that_is_cut_is_not_shown() -> None:
    before, after = ({"It": body("SNS::Topic", DisplayName="x" * 200 + end)} for end in ("a", "b"))

    assert lines(before, after) == ["notice configuration: It: DisplayName changes"]


def test_arns_of_one_account_are_told_without_it() -> None:
    """Two long ARNs are cut before they differ."""
    listener = "ElasticLoadBalancingV2::Listener"
    before, after = (
        {
            "It": body(
                listener, AlpnPolicy=f"arn:aws:acm:eu-west-1:111122223333:certificate/{number}"
            )
        }
        for number in (1, 2)
    )

    assert lines(before, after) == [
        "notice configuration: It: AlpnPolicy certificate/1 → certificate/2"
    ]


def test_an_item_with_a_key_is_told_by_its_value() -> None:
    group = "ElasticLoadBalancingV2::TargetGroup"
    kept = {"Key": "stickiness.enabled", "Value": "false"}
    added = {"Key": "slow_start.duration_seconds", "Value": "30"}
    sides = [{"It": body(group, TargetGroupAttributes=one)} for one in ([kept], [kept, added])]

    assert lines(sides[0], sides[1]) == [
        "notice configuration: It: TargetGroupAttributes[slow_start.duration_seconds] unset → 30"
    ]


def test_a_chain_is_told_with_its_first_cause() -> None:
    resources = stack(web(), task(container(Image={"Fn::Sub": "repo/hoge:${Tag}"})))
    before, after = (
        side(resources, Parameters={"Tag": {"Type": "String"}}, parameters={"Tag": tag})
        for tag in ("1.8.2", "1.8.3")
    )
    [one] = told(before, after)

    assert one.resources == ("Web", "Task")
    assert [(c.kind, c.name, c.before, c.after) for c in one.causes] == [
        ("parameter", "Tag", "1.8.2", "1.8.3")
    ]


def test_a_cause_on_two_ways_is_told_once() -> None:
    """The cluster's name changes the capacity provider, and both change the service."""
    resources = {
        "Cluster": body("ECS::Cluster", ClusterName={"Ref": "Name"}),
        "Provider": body("ECS::CapacityProvider", Name={"Fn::Sub": "${Cluster}-spot"}),
        **stack(web(Cluster={"Ref": "Cluster"}, PlatformVersion={"Ref": "Provider"})),
    }
    before, after = (
        side(resources, Parameters={"Name": {"Type": "String"}}, parameters={"Name": name})
        for name in ("default", "main")
    )

    found = {c.name for one in told(before, after) for c in one.causes}
    assert found == {"Name"}


def test_a_condition_that_is_turned_is_the_cause_of_what_comes_and_goes() -> None:
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Condition": "IsProd"},
        "Queue": {"Type": "AWS::SQS::Queue", "Condition": "IsDev"},
    }
    conditions = {
        "IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "IsDev": {"Fn::Not": [{"Condition": "IsProd"}]},
    }
    before, after = (
        side(
            resources,
            Parameters={"Env": {"Type": "String"}},
            Conditions=conditions,
            parameters={"Env": env},
        )
        for env in ("prod", "dev")
    )

    found = told(before, after)
    assert {one.kind for one in found} == {"data", "addition"}
    assert [[c.name for c in one.causes] for one in found] == [["Env"], ["Env"]]


def test_of_a_new_stack_no_cause_is_told() -> None:
    assert [one.causes for one in told(None, stack(web()))] == [()]


def test_a_long_path_is_told_by_its_end() -> None:
    def scaling(expression: str) -> dict[str, Any]:
        metric = {"Metrics": [{"Id": "memory", "Expression": expression}]}
        tracking = {"CustomizedMetricSpecification": metric}
        policy = "ApplicationAutoScaling::ScalingPolicy"
        return {"It": body(policy, TargetTrackingScalingPolicyConfiguration=tracking)}

    assert lines(scaling("m / 1"), scaling("m / 2")) == [
        "notice configuration: It: …Metrics[memory].Expression m / 1 → m / 2"
    ]


SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}


def test_the_weightiest_comes_first() -> None:
    before = {
        **stack(web()),
        "Group": body("Logs::LogGroup", RetentionInDays=365),
        "Alarm": body("CloudWatch::Alarm", Threshold=1),
    }
    after = {
        **stack(web(), NEW),
        "Group": body("Logs::LogGroup", RetentionInDays=30),
        "Alarm": body("CloudWatch::Alarm", Threshold=2),
    }

    assert [one.weight for one in told(before, after)] == [
        Weight.APPROVAL,
        Weight.NOTICE,
        Weight.CALM,
    ]


def test_a_hidden_value_is_in_no_sentence() -> None:
    resources = {
        "Topic": body("SNS::Topic", DisplayName={"Ref": "Word"}),
        "Queue": body("SQS::Queue", VisibilityTimeout=30),
    }
    before, after = (
        side(
            resources,
            Parameters={"Word": {"Type": "String", "NoEcho": "true"}},
            parameters={"Word": word},
        )
        for word in ("correct-horse", "battery-staple")
    )
    found = told(before, after)

    assert [one.text for one in found] == ["Topic: DisplayName changes (its value is hidden)"]
    assert "horse" not in repr(found)
    assert "staple" not in repr(found)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            stack(web()),
            stack(web(), NEW),
            "rolling, 2→2 tasks, peak 4, no downtime expected; image 1.8.2 → 1.8.3; old tasks have "
            "30 s to stop",
        ),
        (
            stack(web(**rolling(0, 100))),
            stack(web(**rolling(0, 100)), NEW),
            "rolling, 2→2 tasks, peak 2, downtime: the old tasks stop before the new ones start "
            "(minimum 0 %); image 1.8.2 → 1.8.3; old tasks have 30 s to stop",
        ),
        (
            {"A": body("Logs::LogGroup"), "B": body("SQS::Queue")},
            {},
            "A: the log group is deleted, with all logs in it; 1 more thing to approve",
        ),
        (
            {"A": body("Logs::LogGroup")},
            {"B": body("SQS::Queue")},
            "A: the log group is deleted, with all logs in it; 1 more change",
        ),
        (
            queue(VisibilityTimeout=30, Tags=[]),
            queue(VisibilityTimeout=60),
            "It: VisibilityTimeout 30 → 60",
        ),
        (None, stack(web(2)), "a new stack: 2 resources, 1 service with 2 tasks among them"),
        (
            None,
            {"Group": body("EC2::SecurityGroup", SecurityGroupIngress=[SSH])},
            "a new stack: 1 resource; Group: port 22 is open to the world (0.0.0.0/0)",
        ),
        (
            queue(),
            None,
            "is no longer described, so nothing updates it; its stack runs on. To delete that, run "
            "ecs-blocks delete first",
        ),
        (queue(), queue(), "nothing changes that does anything"),
    ],
)
def test_headline(
    before: dict[str, Any] | None, after: dict[str, Any] | None, expected: str
) -> None:
    found = subject(before, after)

    assert headline(found, told(before, after)) == expected
