"""Start MiniStack on 127.0.0.1, port ``$GATEWAY_PORT``, with what it lacks for ECS stacks added.

MiniStack's own Python runs this, so of this repository only two files beside this one are imported.
MiniStack has one table from resource type to the functions that create, update and delete it; here
types are added to it, and entries replaced that drop or refuse what a template says. MiniStack's
services do the work, so that their APIs show the result.
"""

# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found,no-any-return"

from __future__ import annotations

import functools
import os
import threading
from typing import Any, Final

from ministack import app
from ministack.core import router
from ministack.services import alb, cloudwatch, ec2, route53, sns, ssm, waf
from ministack.services.cloudformation import engine, provisioners, stacks

from tests.ministack import ecs_types
from tests.ministack.handlers import Created, Properties, call, handles, named, request

single_alarm: Final = provisioners._cw_metric_alarm_record
any_zone: Final = route53._create_hosted_zone


# MiniStack drops a new listener's attributes.
@handles("AWS::ElasticLoadBalancingV2::Listener")
def create_listener(logical_id: str, properties: Properties, stack: str) -> Created:
    arn, attributes = provisioners._elbv2_listener_create(logical_id, properties, stack)
    alb._listener_attrs[arn] = [dict(item) for item in properties.get("ListenerAttributes", [])]
    return arn, attributes


# MiniStack accepts a priority that another rule of the listener has.
@handles("AWS::ElasticLoadBalancingV2::ListenerRule")
def create_listener_rule(logical_id: str, properties: Properties, stack: str) -> Created:
    taken = {(rule["ListenerArn"], rule["Priority"]) for rule in alb._rules.values()}
    if (properties["ListenerArn"], str(properties["Priority"])) in taken:
        raise ValueError(f"Priority '{properties['Priority']}' is currently in use")
    return provisioners._elbv2_listener_rule_create(logical_id, properties, stack)


# MiniStack drops the key of a topic.
@handles("AWS::SNS::Topic")
def create_topic(logical_id: str, properties: Properties, stack: str) -> Created:
    arn, attributes = provisioners._sns_create(logical_id, properties, stack)
    if key := properties.get("KmsMasterKeyId"):
        sns._topics[arn]["attributes"]["KmsMasterKeyId"] = key
    return arn, attributes


# MiniStack has neither the type nor the API: without any effect.
@handles("AWS::ElasticLoadBalancingV2::ListenerCertificate")
def add_certificates(logical_id: str, _properties: Properties, stack: str) -> Created:
    return named(stack, logical_id), {}


# MiniStack has security groups, but not their rules as resources of their own.
def create_rule(kind: str, _logical_id: str, properties: Properties, _stack: str) -> Created:
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
    rules = ec2._security_groups.get(properties["GroupId"], {}).get(kind, [])
    rules[:] = [rule for rule in rules if rule.get("SecurityGroupRuleId") != rule_id]


for _type, _kind in (("Ingress", "IpPermissions"), ("Egress", "IpPermissionsEgress")):
    _delete = functools.partial(delete_rule, _kind)
    handles(f"AWS::EC2::SecurityGroup{_type}", _delete)(functools.partial(create_rule, _kind))


# MiniStack refuses metric math.
def alarm_record(name: str, properties: Properties) -> Properties:
    wanted = request("cloudwatch", "PutMetricAlarm", {**properties, "AlarmName": name})
    if "Metrics" not in wanted:
        return single_alarm(name, wanted)
    if [item.get("ReturnData", True) for item in wanted["Metrics"]].count(True) != 1:
        raise ValueError("Exactly one element of the metrics list should return data.")
    record = single_alarm(name, {**wanted, "MetricName": "-", "Namespace": "-", "Metrics": None})
    single = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")
    return {**{key: item for key, item in record.items() if key not in single}, **wanted}


# MiniStack has the API, but not the type.
@handles("AWS::CloudWatch::CompositeAlarm", lambda n, _: cloudwatch._composite_alarms.pop(n, None))
def put_composite_alarm(logical_id: str, properties: Properties, stack: str) -> Created:
    properties = {"AlarmName": named(stack, logical_id), **properties}
    wanted = request("cloudwatch", "PutCompositeAlarm", properties)
    call(functools.partial(cloudwatch._put_composite_alarm, is_json=True), {}, wanted, None)
    return (name := wanted["AlarmName"]), {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


# MiniStack has single records only.
@handles(
    "AWS::Route53::RecordSetGroup",
    lambda _, own: [provisioners._r53_record_set_delete("", own | r) for r in own["RecordSets"]],
)
def create_records(logical_id: str, properties: Properties, stack: str) -> Created:
    for record in properties["RecordSets"]:
        provisioners._r53_record_set_create(logical_id, properties | record, stack)
    return named(stack, logical_id), {}


# MiniStack makes a zone's id up. Here it is the CallerReference, as an environment names its zone.
def create_zone(body: bytes, query: Properties) -> Any:
    reference = route53._text(route53._parse_body(body), "CallerReference")
    route53._zone_id = lambda: reference
    return any_zone(body, query)


# MiniStack has the API, but not the type.
@handles("AWS::WAFv2::WebACLAssociation", lambda _, own: waf._disassociate_web_acl(own))
def associate_web_acl(logical_id: str, properties: Properties, stack: str) -> Created:
    return named(stack, logical_id), call(waf._associate_web_acl, properties)


# MiniStack creates by the alphabet. A service at the earliest shows what DependsOn forgets.
def order(resources: dict[str, Properties], conditions: Properties) -> list[str]:
    names = engine._topological_sort(resources, conditions)
    early = {name for name in names if resources[name]["Type"] == "AWS::ECS::Service"}
    for name in reversed(names):
        early |= engine._extract_deps(resources[name], set(names)) if name in early else set()
    return sorted(names, key=lambda name: name not in early)


def main() -> None:
    """Put in what is not a resource type of its own, and serve until the process is ended."""
    # MiniStack would listen on every interface, and open a port for MQTT.
    os.environ |= {"BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}
    # MiniStack calls these by name. A target group's full name begins with targetgroup/.
    stacks._topological_sort = order
    provisioners._ecs_task_def_create = ecs_types.create_task_definition
    alb._target_group_full_name_from_arn = lambda arn: arn.rpartition(":")[2]
    provisioners._RESOURCE_HANDLERS["AWS::ECS::Service"]["update"] = ecs_types.update_service
    provisioners._cw_metric_alarm_record = alarm_record
    route53._create_hosted_zone = create_zone
    # MiniStack leaves the stack's tags off these two.
    for resource_type in ("AWS::ECS::TaskDefinition", "AWS::ECS::CapacityProvider"):
        provisioners._STACK_TAG_PROPERTY[resource_type] = ("Tags", "list")
    # MiniStack knows other public images, but not those of ECS; the ids are made up.
    for path, image in (("", "ami-0ec5a2023e8664c01"), ("arm64/", "ami-0ec5a2023a4640c02")):
        name = f"/aws/service/ecs/optimized-ami/amazon-linux-2023/{path}recommended/image_id"
        ssm._PUBLIC_AMI_PARAMETERS[name] = image
    app.SERVICE_HANDLERS["any-scale"] = ecs_types.describe_scaling
    router.SERVICE_PATTERNS["any-scale"] = {"target_prefixes": ["AnyScaleFrontendService"]}
    # Whoever started this process holds its input open: at its end no server stays behind.
    threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
    app.main()


if __name__ == "__main__":
    main()
