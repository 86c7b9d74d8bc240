"""How many tasks there may be, what is paid for by the hour, and whether people are still told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import lines, stack, target, task, web
from tests.review.stacks import body


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            target(2, 6),
            target(3, 6),
            "Web: 2 to 6 tasks → 3 to 6 tasks; fewer than 3 become 3 at once",
        ),
        (target(2, 6), target(2, 10), "Web: 2 to 6 tasks → 2 to 10 tasks; it may scale out to 10"),
        (
            target(2, 6),
            target(2, 4),
            "Web: 2 to 6 tasks → 2 to 4 tasks; more than 4 become 4 at once",
        ),
        (target(2, 6), target(1, 6), "Web: 2 to 6 tasks → 1 to 6 tasks; it may scale in to 1"),
        (
            target(2, 2),
            target(2, 4),
            "Web: 2 tasks → 2 to 4 tasks; it may scale out to 4",
        ),
        (target(2, 2), target(4, 4), "Web: 2 tasks → 4 tasks"),
        (target(2, 6), target(4, 4), "Web: 2 to 6 tasks → 4 tasks; that many run at once"),
        (
            target(2, 6),
            None,
            "Web: is no longer scaled; a number of tasks that the template does not say",
        ),
        (None, target(2, 6), "Web: is scaled from now on, 2 to 6 tasks"),
        (target(2, 6), target(2, 6), None),
    ],
)
def test_scaled(
    before: dict[str, Any] | None, after: dict[str, Any] | None, expected: str | None
) -> None:
    sides = [stack(web(None), None, **({"Target": one} if one else {})) for one in (before, after)]

    assert lines(sides[0], sides[1], "scaling") == (
        [f"notice scaling: {expected}"] if expected else []
    )


def test_a_number_of_its_own() -> None:
    assert lines(stack(web(2)), stack(web(4)), "scaling") == [
        "notice scaling: Web: 2 tasks → 4 tasks"
    ]


def test_desired_count_resets_a_scaled_service() -> None:
    before = stack(web(None), None, Target=target(2, 6))
    after = stack(web(2), None, Target=target(2, 6))

    assert lines(before, after, "scaling") == [
        "notice scaling: Web: DesiredCount 2 is set although the service is scaled: this deploy "
        "sets the number back to it"
    ]


_SWITCHES = ("DynamicScalingOutSuspended", "DynamicScalingInSuspended", "ScheduledScalingSuspended")
_ALL = dict.fromkeys(_SWITCHES, True)
_NONE = dict.fromkeys(_SWITCHES, False)
_HELD = (
    "scaling is suspended: it gets no tasks however busy it is, it loses no tasks however idle it "
    "is and no schedule counts"
)


def held(state: object) -> dict[str, Any]:
    """A service from 2 to 6 tasks, and what of its scaling is suspended."""
    given = {} if state is None else {"SuspendedState": state}
    body_of = target(2, 6)
    properties = {**body_of["Properties"], **given}
    return stack(web(None), None, Target={**body_of, "Properties": properties})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, _ALL, f"approval scaling: Web: {_HELD}"),
        (_NONE, _ALL, f"approval scaling: Web: {_HELD}"),
        (_NONE, dict.fromkeys(_SWITCHES, "true"), f"approval scaling: Web: {_HELD}"),
        (
            _ALL,
            _NONE,
            "notice scaling: Web: scaling is resumed: it gets tasks at once where it is too busy, "
            "it loses tasks at once where it is idle and schedules count from their next time on",
        ),
        (
            _NONE,
            {**_NONE, "DynamicScalingInSuspended": True},
            "notice scaling: Web: scaling is suspended: it loses no tasks however idle it is",
        ),
        (
            None,
            _NONE,
            "calm configuration: Target: only the default of SuspendedState is written out",
        ),
        (
            _NONE,
            None,
            "calm configuration: Target: only the default of SuspendedState is left out",
        ),
    ],
)
def test_scaling_that_is_suspended(before: object, after: object, expected: str) -> None:
    assert lines(held(before), held(after)) == [expected]


def test_scaling_that_comes_suspended_and_what_is_no_service() -> None:
    new = stack(web(None), None, Target=held(_ALL)["Target"])
    assert f"notice scaling: Web: {_HELD}" in lines(stack(web(None)), new)

    sides = [
        {"Table": {**held(state)["Target"], "Properties": {"SuspendedState": state}}}
        for state in (_NONE, {**_NONE, "DynamicScalingOutSuspended": True})
    ]
    assert lines(sides[0], sides[1]) == [
        "approval scaling: Table: scaling is suspended: it gets no capacity however busy it is"
    ]


def test_whether_scaling_is_suspended_may_not_be_known() -> None:
    unknown = {key: {"Fn::ImportValue": "held"} for key in _SWITCHES}

    assert all("suspended:" not in one for one in lines(held(_NONE), held(unknown)))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            _ALL,
            "it may scale in to 1 once its scaling is resumed, it may scale out to 9 once its "
            "scaling is resumed",
        ),
        (
            {**_NONE, "DynamicScalingOutSuspended": True},
            "it may scale in to 1, it may scale out to 9 once its scaling is resumed",
        ),
        (_NONE, "it may scale in to 1, it may scale out to 9"),
    ],
)
def test_what_may_happen_waits_while_scaling_is_suspended(state: object, expected: str) -> None:
    before, after = held(state), held(state)
    after["Target"]["Properties"] |= {"MinCapacity": 1, "MaxCapacity": 9}

    assert lines(before, after) == [f"notice scaling: Web: 2 to 6 tasks → 1 to 9 tasks; {expected}"]


def clocked(least: object, most: object, **bounds: object) -> dict[str, Any]:
    """A service from 2 to 6 tasks, and other bounds at night."""
    found = stack(web(None), None, Target=target(2, 6))
    night = {"MinCapacity": least, "MaxCapacity": most}
    found["Target"]["Properties"] |= bounds
    found["Target"]["Properties"]["ScheduledActions"] = [
        {"ScheduledActionName": "Night", "ScalableTargetAction": night}
    ]
    return found


_AGAIN = "very probably sets 2 to 6 as its bounds, until the schedule sets others"
_STARTS = "where the schedule has stopped it, it starts"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (clocked(0, 0), clocked(0, 0, SuspendedState=_NONE), f"{_AGAIN}: {_STARTS}"),
        (clocked(1, 1), clocked(1, 1, SuspendedState=_ALL), _AGAIN),
        (
            clocked(0, 0),
            clocked(0, 0, MaxCapacity=8),
            f"sets 2 to 8 as its bounds, until the schedule sets others: {_STARTS}",
        ),
        (clocked(2, 6), clocked(2, 6, SuspendedState=_NONE), None),
        (clocked(0, 0), clocked(0, 0), None),
        (held(None), clocked(0, 0), None),
    ],
)
def test_a_deploy_sets_bounds_that_a_schedule_has_moved(
    before: dict[str, Any], after: dict[str, Any], expected: str | None
) -> None:
    found = [one for one in lines(before, after, "scaling") if "as its bounds" in one]

    assert found == ([f"notice scaling: Web: the deploy {expected}"] if expected else [])


def tracking(**settings: Any) -> dict[str, Any]:
    return {
        "It": body(
            "ApplicationAutoScaling::ScalingPolicy",
            TargetTrackingScalingPolicyConfiguration=settings,
        )
    }


def test_a_scaling_policy() -> None:
    before = tracking(TargetValue=60, ScaleInCooldown=300)
    after = tracking(TargetValue=70, ScaleInCooldown=60)

    assert lines(before, after) == [
        "notice scaling: It: scaling by it changes: target 60 → 70, pause after scaling in 300 → "
        "60 s"
    ]
    assert lines(before, before) == []


def fargate(cpu: int, memory: int, tasks: int) -> dict[str, Any]:
    definition = task(RequiresCompatibilities=["FARGATE"], Cpu=str(cpu), Memory=str(memory))
    return stack(web(tasks), definition)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # one task more of 0.25 vCPU and 0.5 GB, 730 hours
        (
            fargate(256, 512, 1),
            fargate(256, 512, 2),
            "Web: on Fargate, +182 vCPU hours and +365 GB hours a month",
        ),
        # two tasks of 1 instead of 0.5 vCPU and of 2 instead of 1 GB
        (
            fargate(512, 1024, 2),
            fargate(1024, 2048, 2),
            "Web: on Fargate, +730 vCPU hours and +1,460 GB hours a month",
        ),
        (
            fargate(256, 1024, 1),
            fargate(256, 512, 1),
            "Web: on Fargate, -365 GB hours a month",
        ),
        (fargate(256, 512, 1), fargate(256, 512, 1), None),
        # 1 to 4 tasks, then 2 to 4: one more of 1 vCPU and 2 GB, at the fewest
        (
            {**fargate(1024, 2048, 0), "Target": target(1, 4)},
            {**fargate(1024, 2048, 0), "Target": target(2, 4)},
            "Web: on Fargate, +730 vCPU hours and +1,460 GB hours a month at its fewest tasks; as "
            "many hours at its most",
        ),
        (
            {**fargate(1024, 2048, 0), "Target": target(1, 4)},
            {**fargate(1024, 2048, 0), "Target": target(1, 2)},
            "Web: on Fargate, as many hours a month at its fewest tasks; -1,460 vCPU hours and "
            "-2,920 GB hours at its most",
        ),
        (
            {**fargate(1024, 2048, 0), "Target": target(1, 4)},
            {**fargate(512, 1024, 0), "Target": target(1, 4)},
            "Web: on Fargate, -365 vCPU hours and -730 GB hours a month at its fewest tasks; "
            "-1,460 vCPU hours and -2,920 GB hours at its most",
        ),
        # nothing is paid by the task on EC2
        (stack(web(1)), stack(web(2)), None),
    ],
)
def test_hours_on_fargate(
    before: dict[str, Any], after: dict[str, Any], expected: str | None
) -> None:
    found = [line for line in lines(before, after, "scaling") if "hours" in line]

    assert found == ([f"notice scaling: {expected}"] if expected else [])


def test_hours_of_a_balancer() -> None:
    added = {"It": body("ElasticLoadBalancingV2::LoadBalancer")}

    assert lines({}, added, "scaling") == [
        "notice scaling: 1 more load balancer: +730 hours a month"
    ]
    assert lines(None, added, "scaling") == []


def alarm(**properties: Any) -> dict[str, Any]:
    return {"It": body("CloudWatch::Alarm", **properties)}


OVER = "GreaterThanThreshold"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            alarm(Threshold=80, ComparisonOperator=OVER),
            alarm(Threshold=90, ComparisonOperator=OVER),
            "notice alarm: It: threshold 80 → 90: rings later",
        ),
        (
            alarm(Threshold=80, ComparisonOperator=OVER),
            alarm(Threshold=70, ComparisonOperator=OVER),
            "notice alarm: It: threshold 80 → 70: rings sooner",
        ),
        (
            alarm(Threshold=2, ComparisonOperator="LessThanThreshold"),
            alarm(Threshold=1, ComparisonOperator="LessThanThreshold"),
            "notice alarm: It: threshold 2 → 1: rings later",
        ),
        (
            alarm(EvaluationPeriods=2),
            alarm(EvaluationPeriods=5),
            "notice alarm: It: periods looked at 2 → 5",
        ),
        (
            alarm(),
            alarm(ActionsEnabled=False),
            "approval alarm: It: switched off: nobody is told",
        ),
        (alarm(ActionsEnabled="false"), alarm(), "calm alarm: It: switched on"),
        (
            alarm(AlarmActions=["t"]),
            alarm(),
            "approval alarm: It: no action is left: nobody is told",
        ),
        (
            alarm(AlarmActions=["t"]),
            alarm(AlarmActions=["u"]),
            "notice alarm: It: somebody else is told",
        ),
        (alarm(), alarm(AlarmActions=["t"]), "calm alarm: It: somebody is told from now on"),
        (alarm(Threshold=1), alarm(Threshold="1"), None),
        (alarm(), alarm(ActionsEnabled=True), None),
    ],
)
def test_alarms(before: dict[str, Any], after: dict[str, Any], expected: str | None) -> None:
    assert lines(before, after, "alarm") == ([expected] if expected else [])


def test_an_alarm_on_several_metrics() -> None:
    """One sentence, and not one for each property that comes or goes with it."""
    one = alarm(
        Namespace="AWS/ECS",
        MetricName="CPUUtilization",
        Statistic="Average",
        Period=60,
        Dimensions=[{"Name": "ServiceName", "Value": "web"}],
    )
    several = alarm(Metrics=[{"Id": "result", "Expression": "a / b"}])

    assert lines(one, several) == [
        "notice alarm: It: it watches a computation over several metrics from now on"
    ]
    assert lines(several, one) == ["notice alarm: It: it watches one metric from now on"]


def test_a_policy_on_a_metric_of_its_own() -> None:
    tracking = "TargetTrackingScalingPolicyConfiguration"
    before, after = (
        {"It": body("ApplicationAutoScaling::ScalingPolicy", **{tracking: {key: {"a": "b"}}})}
        for key in ("PredefinedMetricSpecification", "CustomizedMetricSpecification")
    )

    assert lines(before, after) == [
        "notice scaling: It: scaling by it changes: the metric is measured in another way"
    ]


def test_the_same_change_of_several_alarms_is_one_line() -> None:
    before, after = (
        {name: body("CloudWatch::Alarm", ActionsEnabled=on) for name in ("A", "B", "C")}
        for on in (True, False)
    )

    assert lines(before, after) == [
        "approval alarm: 3 alarms (A, B and C): switched off: nobody is told"
    ]


def counting(*groups: str) -> dict[str, Any]:
    """An alarm on the healthy tasks of target groups, by an expression over a metric of each."""

    def query(name: str) -> dict[str, Any]:
        value = {"Fn::GetAtt": [name, "TargetGroupFullName"]}
        metric = {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HealthyHostCount",
            "Dimensions": [{"Name": "TargetGroup", "Value": value}],
        }
        stat = {"Metric": metric, "Stat": "Minimum", "Period": 60}
        return {"Id": name.lower(), "MetricStat": stat, "ReturnData": False}

    names = ", ".join(one.lower() for one in groups)
    result = {"Id": "result", "Expression": f"IF(MAX([{names}]) < 1, 1, 0)"}
    return body("CloudWatch::Alarm", Metrics=[*map(query, groups), result])


def simple(group: str) -> dict[str, Any]:
    value = {"Fn::GetAtt": [group, "TargetGroupFullName"]}
    return body(
        "CloudWatch::Alarm",
        Namespace="AWS/ApplicationELB",
        MetricName="HealthyHostCount",
        Statistic="Minimum",
        Period=60,
        Dimensions=[{"Name": "TargetGroup", "Value": value}],
    )


def test_an_alarm_counts_the_second_target_group_too() -> None:
    groups = {one: body("ElasticLoadBalancingV2::TargetGroup", Port=80) for one in ("A", "B")}
    one = {**groups, "It": counting("A"), "Other": simple("A")}
    both = {**groups, "It": counting("A", "B"), "Other": counting("A", "B")}

    assert lines(one, both) == [
        "notice alarm: 2 alarms (It and Other): they count both target groups from now on"
    ]
    assert lines({**both, "Other": one["Other"]}, one) == [
        "notice alarm: It: it counts only A from now on"
    ]


def test_several_alarms_on_several_metrics() -> None:
    one = body("CloudWatch::Alarm", Namespace="AWS/ECS", MetricName="CPUUtilization", Period=60)
    several = body("CloudWatch::Alarm", Metrics=[{"Id": "result", "Expression": "a / b"}])
    before, after = ({"A": each, "B": each} for each in (one, several))

    assert lines(before, after) == [
        "notice alarm: 2 alarms (A and B): they watch a computation over several metrics from now "
        "on"
    ]
