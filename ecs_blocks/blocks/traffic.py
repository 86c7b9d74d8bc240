"""Two target groups behind one rule, and who may move the weights between them.

The weights belong to ECS. The template says where they begin, all requests to the first group, and
never says it again: CloudFormation changes a rule only where its own properties change, and none
of them does with a new version (trap 36). What would undo the weights is a change of the rule
itself: another host name, another path; of a Network Load Balancer's listener, another certificate.
A deploy looks at the live weights before it, and refuses it where it would.

After every second deployment the tasks are in the second group. What looks at one group only, an
alarm or a scaling policy, would then see nothing; so each of them is made to look at both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import applicationautoscaling as aas
from troposphere import cloudwatch as cw
from troposphere import ecs, iam
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks import policies
from ecs_blocks.blocks.deployment_parts import dimensions
from ecs_blocks.blocks.trying import is_listener, tried
from ecs_blocks.errors import BlockError
from ecs_blocks.values import PARTITION, Token, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.blocks.deployment_parts import Exposed, TestListener
    from ecs_blocks.blocks.tried_by_header import TestHeader
    from ecs_blocks.templates.stack import Scope

MANAGED_POLICY: Final = "AmazonECSInfrastructureRolePolicyForLoadBalancers"
"""AWS keeps it in step with the feature; version 6 by February 2026."""
FORWARD_ONLY: Final = (
    "traffic can be shifted only where the listener rule forwards and does nothing else; ECS "
    "refuses one that also authenticates or redirects"
)
STICKY: Final = (
    "traffic cannot be shifted where clients stay with a task: ELB takes a sticky target group "
    "behind weights only if clients stay with the group too, and so with the old version; take "
    "Rolling, or no stickiness"
)
_WORD: Final = re.compile(r"[a-z]\w*")
_TARGET_GROUP: Final = "TargetGroup"
_METRIC: Final = ("Namespace", "MetricName", "Dimensions")


class TrafficHandle(Struct, frozen=True, kw_only=True):
    """What shifting traffic adds: each is a troposphere resource.

    ``alternate`` has the properties of the first target group, the very same: what is changed in
    one is changed in both. ``test_listener`` and ``test_rule`` are None where nothing can be tried
    before, and the same behind a Network Load Balancer, whose listeners have no rules. With a test
    header there is a rule alone.
    """

    alternate: Any
    role: Any
    test_listener: Any = None
    test_rule: Any = None


def shift(scope: Scope, exposed: Exposed, test: TestListener | TestHeader | None) -> TrafficHandle:
    """Add what ECS needs to shift traffic of *exposed*, and let its alarms and scaling see it.

    Raises:
        BlockError: there is no listener rule to shift with, it does more than forward, clients
            stay with a task, or the balancer is none for such a test.
    """
    first, rule = exposed.target_group, _only_rule(exposed)
    if any((one.Key, one.Value) == ("stickiness.enabled", "true") for one in _attributes(first)):
        raise BlockError(STICKY)
    alternate = scope.add(_twin(scope, first))
    weights = _weights(rule, first, alternate)
    _set_actions(rule, [weights])
    role = scope.add(
        iam.Role(
            scope.id("TrafficRole"),
            Description="lets ECS move requests between the two target groups",
            AssumeRolePolicyDocument=policies.trust_of_ecs(),
            ManagedPolicyArns=[text("arn:", PARTITION, f":iam::aws:policy/{MANAGED_POLICY}")],
        )
    )
    listener, test_rule = tried(scope, exposed, test, weights) if test else (None, None)
    _into_service(exposed, alternate, role, test_rule)
    for alarm in exposed.alarms:
        _alarm_over_both(alarm, first, alternate)
    for policy in exposed.policies:
        _scaling_over_both(policy, first, alternate)
    return TrafficHandle(
        alternate=alternate, role=role, test_listener=listener, test_rule=test_rule
    )


def _only_rule(exposed: Exposed) -> Any:
    if exposed.target_group is None or not exposed.rules:
        raise BlockError("traffic can be shifted only behind a load balancer; take Rolling")
    if len(exposed.rules) > 1 or len(exposed.service.LoadBalancers) > 1:
        raise BlockError(
            f"traffic is shifted by one listener rule and one target group; this service has "
            f"{len(exposed.rules)} and {len(exposed.service.LoadBalancers)}: take Rolling"
        )
    return exposed.rules[0]


def _attributes(group: Any) -> list[Any]:
    found: list[Any] = group.properties.get("TargetGroupAttributes", [])
    return found


def _twin(scope: Scope, first: Any) -> Any:
    """A second target group; its id ends in the same hash, so that both are replaced together."""
    _, _, replaced_by = first.title.rpartition(_TARGET_GROUP)
    twin = elb.TargetGroup(scope.id(f"Alternate{_TARGET_GROUP}{replaced_by}"))
    twin.properties = twin.resource["Properties"] = first.properties
    return twin


def _set_actions(rule: Any, actions: list[Any]) -> None:
    setattr(rule, "DefaultActions" if is_listener(rule) else "Actions", actions)


def _weights(rule: Any, first: Any, alternate: Any) -> Any:
    actions = rule.DefaultActions if is_listener(rule) else rule.Actions
    if [action.Type for action in actions] != ["forward"]:
        raise BlockError(FORWARD_ONLY)
    kind = elb.Action if is_listener(rule) else elb.ListenerRuleAction
    return kind(
        Type="forward",
        ForwardConfig=elb.ForwardConfig(
            TargetGroups=[
                elb.TargetGroupTuple(TargetGroupArn=ref(first.title), Weight=100),
                elb.TargetGroupTuple(TargetGroupArn=ref(alternate.title), Weight=0),
            ]
        ),
    )


def _into_service(exposed: Exposed, alternate: Any, role: Any, test_rule: Any) -> None:
    """Tell the service; its reference to the rule is an order, so ``DependsOn`` would be twice."""
    service, rule = exposed.service, exposed.rules[0]
    [attached] = service.LoadBalancers
    attached.AdvancedConfiguration = ecs.AdvancedConfiguration(
        AlternateTargetGroupArn=ref(alternate.title),
        ProductionListenerRule=ref(rule.title),
        RoleArn=get_att(role, "Arn"),
    )
    if test_rule is not None:
        attached.AdvancedConfiguration.TestListenerRule = ref(test_rule.title)
    before = [title for title in service.resource.pop("DependsOn", []) if title != rule.title]
    if before:
        service.DependsOn = before


def _is_of(group: Any, dimension: Any) -> bool:
    return dimension.Name == _TARGET_GROUP and f"'{group.title}'" in repr(dimension.Value)


def _alarm_over_both(alarm: Any, first: Any, alternate: Any) -> None:
    """Let *alarm* look at both target groups, if it looks at the first."""
    if not any(_is_of(first, one) for one in dimensions(alarm)):
        return
    if "Metrics" not in alarm.properties:
        given = alarm.properties
        stat = given.pop("Statistic", None) or given.pop("ExtendedStatistic")
        metric = cw.Metric(**{key: given.pop(key) for key in _METRIC})
        measured = cw.MetricStat(Metric=metric, Stat=stat, Period=given.pop("Period"))
        alarm.Metrics = [
            cw.MetricDataQuery(Id="primary", MetricStat=measured, ReturnData=False),
            cw.MetricDataQuery(
                Id="result", Expression="primary", Label="both target groups", ReturnData=True
            ),
        ]
    queries: list[Any] = []
    joined: dict[str, str] = {}
    for query in alarm.Metrics:
        queries.append(query)
        stat = query.properties.get("MetricStat")
        if stat is None or not any(_is_of(first, one) for one in stat.Metric.Dimensions):
            continue
        other = f"{query.Id}Alternate" if query.Id != "primary" else "alternate"
        function = "SUM" if stat.Stat == "Sum" else "MAX"
        joined[query.Id] = f"{function}([{query.Id}, {other}])"
        queries.append(_query_of(alternate, other, stat))
    for query in queries:
        if "Expression" in query.properties:
            query.Expression = _with(joined, query.Expression)
    alarm.Metrics = queries


def _query_of(group: Any, id_: str, stat: Any) -> Any:
    metric = cw.Metric(
        Namespace=stat.Metric.Namespace,
        MetricName=stat.Metric.MetricName,
        Dimensions=[
            cw.MetricDimension(Name=one.Name, Value=get_att(group, "TargetGroupFullName"))
            if one.Name == _TARGET_GROUP
            else one
            for one in stat.Metric.Dimensions
        ],
    )
    measured = cw.MetricStat(Metric=metric, Stat=stat.Stat, Period=stat.Period)
    return cw.MetricDataQuery(Id=id_, MetricStat=measured, ReturnData=False)


def _with(joined: dict[str, str], expression: Any) -> Any:
    """*expression*, in which each id of *joined* is both groups' together."""
    if isinstance(expression, Token):
        match expression.to_dict():
            case {"Fn::Sub": str() as inner}:
                return Token({"Fn::Sub": _with(joined, inner)})
            case {"Fn::Sub": [str() as inner, variables]}:
                return Token({"Fn::Sub": [_with(joined, inner), variables]})
        return expression
    return _WORD.sub(lambda found: joined.get(found[0], found[0]), expression)


def _scaling_over_both(policy: Any, first: Any, alternate: Any) -> None:
    """Let a policy that counts requests count those of both target groups."""
    tracking = policy.properties.get("TargetTrackingScalingPolicyConfiguration")
    named = tracking.properties.get("PredefinedMetricSpecification") if tracking else None
    if named is None or named.PredefinedMetricType != "ALBRequestCountPerTarget":
        return
    del tracking.properties["PredefinedMetricSpecification"]
    counted = [
        aas.TargetTrackingMetricDataQuery(
            Id=id_,
            MetricStat=aas.TargetTrackingMetricStat(
                Metric=aas.TargetTrackingMetric(
                    Namespace="AWS/ApplicationELB",
                    MetricName="RequestCountPerTarget",
                    Dimensions=[
                        aas.TargetTrackingMetricDimension(
                            Name=_TARGET_GROUP, Value=get_att(group, "TargetGroupFullName")
                        )
                    ],
                ),
                Stat="Sum",
            ),
            ReturnData=False,
        )
        for id_, group in (("primary", first), ("alternate", alternate))
    ]
    tracking.CustomizedMetricSpecification = aas.CustomizedMetricSpecification(
        Metrics=[
            *counted,
            aas.TargetTrackingMetricDataQuery(
                Id="requests",
                Expression="SUM([primary, alternate])",
                Label="requests of one task, in both target groups",
                ReturnData=True,
            ),
        ]
    )
