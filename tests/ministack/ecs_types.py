"""The types of ECS and of Application Auto Scaling, for MiniStack."""

# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import uuid
from typing import Any, Final

from ministack.core import responses
from ministack.services import alb, ecs

from tests.ministack.handlers import Created, Properties, call, handles, named, request

targets: Final = responses.AccountRegionScopedDict()
policies: Final = responses.AccountRegionScopedDict()


# MiniStack respells only part of a container and drops the runtime platform, among others.
@handles("AWS::ECS::TaskDefinition")
def create_task_definition(logical_id: str, properties: Properties, stack: str) -> Created:
    properties = {"Family": named(stack, logical_id), **properties}
    wanted = request("ecs", "RegisterTaskDefinition", properties)
    task = call(ecs._register_task_definition, wanted)["taskDefinition"]
    return task["taskDefinitionArn"], {"TaskDefinitionArn": task["taskDefinitionArn"]}


# MiniStack passes on ten of a service's properties, and accepts wiring that AWS refuses.
@handles("AWS::ECS::Service")
def create_service(logical_id: str, properties: Properties, stack: str) -> Created:
    properties = {"ServiceName": named(stack, logical_id), "Cluster": "default", **properties}
    if "PlacementStrategies" in properties:
        properties["PlacementStrategy"] = properties.pop("PlacementStrategies")
    properties.pop("ForceNewDeployment", None)
    wanted = request("ecs", "CreateService", properties)
    cluster = ecs._clusters.get(ecs._resolve_cluster_name(wanted["cluster"]))
    if cluster is None:
        raise ValueError("Cluster not found.")
    used = {item["capacityProvider"] for item in wanted.get("capacityProviderStrategy", [])}
    if missing := used.difference(cluster["capacityProviders"]):
        raise ValueError(f"The specified capacity provider {missing} was not found.")
    forwarded = json.dumps([rule["Actions"] for rule in alb._rules.values()])
    for group in (item.get("targetGroupArn", "") for item in wanted.get("loadBalancers", [])):
        if group not in forwarded:
            raise ValueError(f"The target group {group} does not have an associated load balancer.")
    arn = call(ecs._create_service, wanted)["service"]["serviceArn"]
    record = ecs._services[arn.partition(":service/")[2]]
    record.update({key: value for key, value in wanted.items() if key not in record})
    return arn, {"ServiceArn": arn, "Name": wanted["serviceName"]}


# MiniStack leaves text where numbers are meant, and knows of no deployment that is forced.
def update_service(arn: str, old: Properties, new: Properties, _stack: str) -> Created:
    changed = {key: value for key, value in new.items() if value != old.get(key)}
    nonce = changed.pop("ForceNewDeployment", {})
    forced = str(nonce.get("EnableForceNewDeployment")).lower() == "true"
    changed.pop("Tags", None)
    changed |= {"Cluster": new["Cluster"], "Service": arn, "ForceNewDeployment": forced}
    call(ecs._update_service, request("ecs", "UpdateService", changed))
    return arn, {"ServiceArn": arn, "Name": arn.rpartition("/")[2]}


# MiniStack has the API, which drops managed draining, but not the type.
@handles("AWS::ECS::CapacityProvider", lambda name, _: ecs._capacity_providers.pop(name, None))
def create_provider(logical_id: str, properties: Properties, stack: str) -> Created:
    properties = {"Name": named(stack, logical_id), **properties}
    wanted = request("ecs", "CreateCapacityProvider", properties)
    provider = call(ecs._create_capacity_provider, wanted)["capacityProvider"]["name"]
    record = ecs._capacity_providers[provider]["autoScalingGroupProvider"]
    record.update(wanted["autoScalingGroupProvider"])
    return provider, {}


# MiniStack has the API, but not the type.
@handles(
    "AWS::ECS::ClusterCapacityProviderAssociations",
    delete=lambda cluster, _: ecs._put_cluster_capacity_providers({"cluster": cluster}),
)
def associate_providers(_logical_id: str, properties: Properties, _stack: str) -> Created:
    wanted = request("ecs", "PutClusterCapacityProviders", properties)
    return call(ecs._put_cluster_capacity_providers, wanted)["cluster"]["clusterName"], {}


# MiniStack lacks all of Application Auto Scaling: recorded and readable, but nothing ever scales.
@handles("AWS::ApplicationAutoScaling::ScalableTarget", lambda key, _: targets.pop(key, None))
def register_target(_logical_id: str, properties: Properties, _stack: str) -> Created:
    wanted = request("application-autoscaling", "RegisterScalableTarget", properties)
    resource, namespace = wanted["ResourceId"], wanted["ServiceNamespace"]
    if namespace == "ecs" and resource.removeprefix("service/") not in ecs._services:
        raise ValueError(f"ECS service doesn't exist: {resource}")
    if wanted["MinCapacity"] > wanted["MaxCapacity"]:
        raise ValueError("Maximum capacity cannot be less than minimum capacity")
    key = f"{resource}|{wanted['ScalableDimension']}|{namespace}"
    targets[key] = wanted
    return key, {"Id": key}


@handles("AWS::ApplicationAutoScaling::ScalingPolicy", lambda arn, _: policies.pop(arn, None))
def put_scaling_policy(logical_id: str, properties: Properties, stack: str) -> Created:
    wanted = {"PolicyName": named(stack, logical_id), **properties}
    keys = ("ResourceId", "ScalableDimension", "ServiceNamespace")
    target = wanted.pop("ScalingTargetId", None) or "|".join(wanted[key] for key in keys)
    if target not in targets:
        raise ValueError(f"No scalable target registered: {target}")
    wanted |= zip(keys, target.split("|"), strict=True)
    wanted = request("application-autoscaling", "PutScalingPolicy", wanted)
    # The same policy has the same ARN after an update.
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"{target}/{wanted['PolicyName']}")
    arn = f"arn:aws:autoscaling:{responses.get_region()}::scalingPolicy:{own}"
    policies[arn] = {"PolicyARN": arn, **wanted}
    return arn, {"Arn": arn}


async def describe_scaling(_method: str, _path: str, headers: dict[str, str], *_: Any) -> Any:
    key = headers["x-amz-target"].rpartition(".Describe")[2]
    records = {"ScalableTargets": targets, "ScalingPolicies": policies}[key]
    return responses.json_response({key: list(records.values())})
