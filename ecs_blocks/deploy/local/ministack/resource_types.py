"""The other types that ECS stacks need, and that MiniStack lacks or gets wrong."""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found,no-any-return"

from __future__ import annotations

import functools
import random
from typing import Any, Final

from ministack.services import alb, cloudformation, cloudwatch, ec2, sns, ssm, waf
from ministack.services.cloudformation import engine, provisioners, stacks

from ecs_blocks.deploy.local.ministack.handlers import (
    Created,
    Properties,
    call,
    handles,
    named,
    request,
)

_single_alarm: Final = provisioners._cw_metric_alarm_record
_add_event: Final = stacks._add_event


@handles("AWS::ElasticLoadBalancingV2::Listener")
def create_listener(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack drops a new listener's attributes."""
    arn, attributes = provisioners._elbv2_listener_create(logical_id, properties, stack)
    alb._listener_attrs[arn] = [dict(item) for item in properties.get("ListenerAttributes", [])]
    return arn, attributes


@handles("AWS::ElasticLoadBalancingV2::ListenerRule")
def create_listener_rule(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack accepts a priority that another rule of the listener has."""
    taken = {(rule["ListenerArn"], rule["Priority"]) for rule in alb._rules.values()}
    if (properties["ListenerArn"], str(properties["Priority"])) in taken:
        raise ValueError(f"Priority '{properties['Priority']}' is currently in use")
    return provisioners._elbv2_listener_rule_create(logical_id, properties, stack)


@handles("AWS::SNS::Topic")
def create_topic(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack drops the key of a topic."""
    arn, attributes = provisioners._sns_create(logical_id, properties, stack)
    if key := properties.get("KmsMasterKeyId"):
        sns._topics[arn]["attributes"]["KmsMasterKeyId"] = key
    return arn, attributes


@handles("AWS::ElasticLoadBalancingV2::ListenerCertificate")
def add_certificates(logical_id: str, _properties: Properties, stack: str) -> Created:
    """MiniStack has neither the type nor the API: without any effect."""
    return named(stack, logical_id), {}


def create_rule(kind: str, _logical_id: str, properties: Properties, _stack: str) -> Created:
    """MiniStack has security groups, but not their rules as resources of their own."""
    group = ec2._security_groups.get(properties["GroupId"])
    if group is None:
        raise ValueError(f"The security group '{properties['GroupId']}' does not exist")
    rules, [rule] = group[kind], provisioners._ec2_sg_permissions([properties])
    if kind == "IpPermissionsEgress":
        # With its first egress rule CloudFormation takes away EC2's own: all traffic out.
        everything = provisioners._ec2_sg_egress_permissions(None)
        rules[:] = [other for other in rules if other not in everything]
    if any(ec2._rules_match(rule, other) for other in rules):
        raise ValueError("The specified rule already exists")
    rule["SecurityGroupRuleId"] = ec2._sg_rule_id(group["GroupId"], "Egress" in kind, rule)
    rules.append(rule)
    return rule["SecurityGroupRuleId"], {"Id": rule["SecurityGroupRuleId"]}


def delete_rule(kind: str, rule_id: str, properties: Properties) -> None:
    """Take a rule out of its group, if it is there."""
    rules = ec2._security_groups.get(properties["GroupId"], {}).get(kind, [])
    rules[:] = [rule for rule in rules if rule.get("SecurityGroupRuleId") != rule_id]


for _type, _kind in (("Ingress", "IpPermissions"), ("Egress", "IpPermissionsEgress")):
    _delete = functools.partial(delete_rule, _kind)
    handles(f"AWS::EC2::SecurityGroup{_type}", _delete)(functools.partial(create_rule, _kind))


def _alarm_record(name: str, properties: Properties) -> Properties:
    """MiniStack refuses metric math."""
    wanted = request("cloudwatch", "PutMetricAlarm", {**properties, "AlarmName": name})
    if "Metrics" not in wanted:
        return _single_alarm(name, wanted)
    if [item.get("ReturnData", True) for item in wanted["Metrics"]].count(True) != 1:
        raise ValueError("Exactly one element of the metrics list should return data.")
    record = _single_alarm(name, {**wanted, "MetricName": "-", "Namespace": "-", "Metrics": None})
    single = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")
    return {**{key: item for key, item in record.items() if key not in single}, **wanted}


@handles("AWS::CloudWatch::CompositeAlarm", lambda n, _: cloudwatch._composite_alarms.pop(n, None))
def put_composite_alarm(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack has the API, but not the type."""
    properties = {"AlarmName": named(stack, logical_id), **properties}
    wanted = request("cloudwatch", "PutCompositeAlarm", properties)
    call(functools.partial(cloudwatch._put_composite_alarm, is_json=True), {}, wanted, None)
    return (name := wanted["AlarmName"]), {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


@handles(
    "AWS::Route53::RecordSetGroup",
    lambda _, own: [provisioners._r53_record_set_delete("", own | r) for r in own["RecordSets"]],
)
def create_records(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack has single records only."""
    for record in properties["RecordSets"]:
        provisioners._r53_record_set_create(logical_id, properties | record, stack)
    return named(stack, logical_id), {}


@handles("AWS::Logs::QueryDefinition")
def save_query(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack has neither the type nor the API: held against AWS's, and kept nowhere."""
    request("logs", "PutQueryDefinition", properties)
    return named(stack, logical_id), {}


@handles("AWS::WAFv2::WebACLAssociation", lambda _, own: waf._disassociate_web_acl(own))
def associate_web_acl(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack has the API, but not the type."""
    return named(stack, logical_id), call(waf._associate_web_acl, properties)


def _order(resources: dict[str, Properties], conditions: Properties) -> list[str]:
    """MiniStack creates by the alphabet. A service at the earliest shows what DependsOn forgets."""
    names: list[str] = engine._topological_sort(resources, conditions)
    early = {name for name in names if resources[name]["Type"] == "AWS::ECS::Service"}
    for name in reversed(names):
        early |= engine._extract_deps(resources[name], set(names)) if name in early else set()
    return sorted(names, key=lambda name: name not in early)


def _target_group_name(arn: str) -> Any:
    """A target group's full name begins with ``targetgroup/``."""
    return arn.rpartition(":")[2]


def _hexadecimal_id() -> str:
    """The end of a load balancer's ARN is a hexadecimal number, and patterns ask for one."""
    return f"{random.getrandbits(64):016x}"


def _event(  # noqa: PLR0917 - MiniStack's signature
    stack_id: str,
    stack: str,
    logical_id: str,
    kind: str,
    status: str,
    reason: str = "",
    physical_id: str = "",
    detailed_status: str = "",
) -> None:
    """An event names the resource that is there, from the first one of an update on."""
    there = cloudformation._stacks.get(stack, {}).get("_resources", {}).get(logical_id, {})
    own = physical_id or there.get("PhysicalResourceId", "")
    _add_event(stack_id, stack, logical_id, kind, status, reason, own, detailed_status)


def install() -> None:
    """Put in what is not an entry of MiniStack's table of types."""
    stacks._add_event = _event
    stacks._topological_sort = _order
    alb._short_id = _hexadecimal_id
    alb._target_group_full_name_from_arn = _target_group_name
    provisioners._cw_metric_alarm_record = _alarm_record
    # MiniStack knows other public images, but not those of ECS; the ids are made up.
    for path, image in (("", "ami-0ec5a2023e8664c01"), ("arm64/", "ami-0ec5a2023a4640c02")):
        name = f"/aws/service/ecs/optimized-ami/amazon-linux-2023/{path}recommended/image_id"
        ssm._PUBLIC_AMI_PARAMETERS[name] = image
