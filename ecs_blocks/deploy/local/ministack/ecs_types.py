"""The types of ECS and of Application Auto Scaling, for MiniStack."""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import time
import uuid
from typing import Any, Final

from ministack import app
from ministack.core import responses, router
from ministack.services import alb, cloudformation, ecs
from ministack.services.cloudformation import provisioners, stacks

from ecs_blocks.deploy.local.ministack.handlers import (
    Created,
    Properties,
    call,
    handles,
    named,
    request,
)

STABLE_S: Final = 3 * 60 * 60
"""After three hours CloudFormation gives a service up that does not become stable."""
POLL_S: Final = 0.05

_targets: Final = responses.AccountRegionScopedDict()
_policies: Final = responses.AccountRegionScopedDict()
_actions: Final = responses.AccountRegionScopedDict()
_runs_on_worker_thread: Final = stacks._runs_on_worker_thread
_make_deployment: Final = ecs._make_deployment


@handles("AWS::ECS::TaskDefinition")
def create_task_definition(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack respells only part of a container and drops the runtime platform, among others."""
    properties = {"Family": named(stack, logical_id), **properties}
    wanted = request("ecs", "RegisterTaskDefinition", properties)
    task = call(ecs._register_task_definition, wanted)["taskDefinition"]
    return task["taskDefinitionArn"], {"TaskDefinitionArn": task["taskDefinitionArn"]}


@handles("AWS::ECS::Service")
def create_service(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack passes on ten of a service's properties, and accepts wiring that AWS refuses."""
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
    _told_of_deployments(record)
    _initiated(stack, logical_id, arn)
    try:
        _stabilize(arn)
    except ValueError:  # MiniStack does not roll back what it has no id of
        provisioners._RESOURCE_HANDLERS["AWS::ECS::Service"]["delete"](arn, properties)
        raise
    return arn, {"ServiceArn": arn, "Name": wanted["serviceName"]}


def update_service(arn: str, old: Properties, new: Properties, _stack: str) -> Created:
    """MiniStack leaves text where numbers are meant, and knows of no deployment that is forced."""
    changed = {key: value for key, value in new.items() if value != old.get(key)}
    nonce = changed.pop("ForceNewDeployment", {})
    forced = str(nonce.get("EnableForceNewDeployment")).lower() == "true"
    changed.pop("Tags", None)
    changed |= {"Cluster": new["Cluster"], "Service": arn, "ForceNewDeployment": forced}
    call(ecs._update_service, request("ecs", "UpdateService", changed))
    _told_of_deployments(ecs._services[arn.partition(":service/")[2]])
    _stabilize(arn)
    return arn, {"ServiceArn": arn, "Name": arn.rpartition("/")[2]}


def _told_of_deployments(service: Properties) -> None:
    """What DescribeServices tells of a deployment, not of the service itself."""
    for key in ("serviceConnectConfiguration", "volumeConfigurations"):
        if key in service:
            ecs._primary_deployment(service)[key] = service[key]


def _initiated(stack: str, logical_id: str, arn: str) -> None:
    """The event by which CloudFormation tells a service's ARN before it is stable."""
    stack_id = cloudformation._stacks[stack]["StackId"]
    about = (stack_id, stack, logical_id, "AWS::ECS::Service", "CREATE_IN_PROGRESS")
    stacks._add_event(*about, "Resource creation Initiated", arn)


def _stabilize(arn: str) -> None:
    """Wait until a service's deployment is done: MiniStack's CloudFormation does not.

    Raises:
        ValueError: it failed, or took longer than CloudFormation waits.
    """
    deadline = time.monotonic() + STABLE_S
    service = ecs._services[arn.partition(":service/")[2]]
    deployment = ecs._primary_deployment(service)
    while service["status"] == "ACTIVE" and _goes_on(service, deployment):
        if time.monotonic() > deadline:
            raise ValueError("Exceeded attempts to wait")
        time.sleep(POLL_S)
    if deployment["rolloutState"] == "FAILED":
        raise ValueError(
            'Resource handler returned message: "Error occurred during operation '
            "'ECS Deployment Circuit Breaker was triggered'.\""
        )


def _goes_on(service: Properties, deployment: Properties) -> bool:
    """Whether new tasks are not there yet, or old ones still are."""
    if deployment["rolloutState"] != "COMPLETED":
        return bool(deployment["rolloutState"] == "IN_PROGRESS")
    others = [one for one in service["deployments"] if one is not deployment]
    return any(one["runningCount"] for one in others)


@handles("AWS::ECS::CapacityProvider", lambda name, _: ecs._capacity_providers.pop(name, None))
def create_provider(logical_id: str, properties: Properties, stack: str) -> Created:
    """MiniStack has the API, which drops managed draining and instances, but not the type."""
    properties = {"Name": named(stack, logical_id), **properties}
    if "ClusterName" in properties:  # of managed instances, which the API calls otherwise
        properties["Cluster"] = properties.pop("ClusterName")
    wanted = request("ecs", "CreateCapacityProvider", properties)
    provider = call(ecs._create_capacity_provider, wanted)["capacityProvider"]["name"]
    kind = next(key for key in wanted if key.endswith("Provider"))
    record = ecs._capacity_providers[provider]
    record[kind] = {**record.get(kind, {}), **wanted[kind]}
    return provider, {}


@handles(
    "AWS::ECS::ClusterCapacityProviderAssociations",
    delete=lambda cluster, _: ecs._put_cluster_capacity_providers({"cluster": cluster}),
)
def associate_providers(_logical_id: str, properties: Properties, _stack: str) -> Created:
    """MiniStack has the API, but not the type."""
    wanted = request("ecs", "PutClusterCapacityProviders", properties)
    return call(ecs._put_cluster_capacity_providers, wanted)["cluster"]["clusterName"], {}


def deregister_target(key: str, _properties: Properties) -> None:
    """Its actions go with it."""
    _targets.pop(key, None)
    _actions.pop(key, None)


@handles("AWS::ApplicationAutoScaling::ScalableTarget", deregister_target)
def register_target(_logical_id: str, properties: Properties, _stack: str) -> Created:
    """MiniStack has no Application Auto Scaling: recorded, and only the range is kept to.

    A service with fewer tasks than the minimum gets that many, one with more the maximum. Otherwise
    nothing scales.
    """
    properties = dict(properties)
    actions = properties.pop("ScheduledActions", [])
    wanted = request("application-autoscaling", "RegisterScalableTarget", properties)
    resource, namespace = wanted["ResourceId"], wanted["ServiceNamespace"]
    if namespace == "ecs" and resource.removeprefix("service/") not in ecs._services:
        raise ValueError(f"ECS service doesn't exist: {resource}")
    if wanted["MinCapacity"] > wanted["MaxCapacity"]:
        raise ValueError("Maximum capacity cannot be less than minimum capacity")
    key = f"{resource}|{wanted['ScalableDimension']}|{namespace}"
    about = {name: wanted[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace")}
    _actions[key] = [
        request("application-autoscaling", "PutScheduledAction", {**about, **one})
        for one in actions
    ]
    _targets[key] = wanted
    if wanted["ScalableDimension"] == "ecs:service:DesiredCount":
        _keep_to(resource, wanted["MinCapacity"], wanted["MaxCapacity"])
    return key, {"Id": key}


def _keep_to(resource: str, least: int, most: int) -> None:
    """Let a service have so many tasks as its range allows, and wait for them."""
    service = ecs._services[resource.removeprefix("service/")]
    count = min(max(service["desiredCount"], least), most)
    if count != service["desiredCount"]:
        about = {"cluster": resource.split("/")[1], "service": service["serviceName"]}
        call(ecs._update_service, {**about, "desiredCount": count})


@handles("AWS::ApplicationAutoScaling::ScalingPolicy", lambda arn, _: _policies.pop(arn, None))
def put_scaling_policy(logical_id: str, properties: Properties, stack: str) -> Created:
    """Of the same kind: its target has to be there, and nothing scales."""
    wanted = {"PolicyName": named(stack, logical_id), **properties}
    keys = ("ResourceId", "ScalableDimension", "ServiceNamespace")
    target = wanted.pop("ScalingTargetId", None) or "|".join(wanted[key] for key in keys)
    if target not in _targets:
        raise ValueError(f"No scalable target registered: {target}")
    wanted |= zip(keys, target.split("|"), strict=True)
    wanted = request("application-autoscaling", "PutScalingPolicy", wanted)
    # The same policy has the same ARN after an update.
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"{target}/{wanted['PolicyName']}")
    arn = f"arn:aws:autoscaling:{responses.get_region()}::scalingPolicy:{own}"
    _policies[arn] = {"PolicyARN": arn, **wanted}
    return arn, {"Arn": arn}


async def _describe_scaling(_method: str, _path: str, headers: dict[str, str], *_: Any) -> Any:
    key = headers["x-amz-target"].rpartition(".Describe")[2]
    records = {
        "ScalableTargets": list(_targets.values()),
        "ScalingPolicies": list(_policies.values()),
        "ScheduledActions": [one for actions in _actions.values() for one in actions],
    }
    return responses.json_response({key: records.get(key, [])})


def _deployment(task_definition: str, desired: int, status: str = "PRIMARY") -> Any:
    """A deployment that has not succeeded before its tasks run; MiniStack's first one has."""
    deployment = _make_deployment(task_definition, desired, status)
    return deployment | {"rolloutState": "IN_PROGRESS", "rolloutStateReason": ""}


def install() -> None:
    """Put in what is not an entry of MiniStack's table of types."""
    provisioners._ecs_task_def_create = create_task_definition
    provisioners._RESOURCE_HANDLERS["AWS::ECS::Service"]["update"] = update_service
    ecs._make_deployment = _deployment
    stacks._runs_on_worker_thread = lambda kind: (
        kind == "AWS::ECS::Service" or _runs_on_worker_thread(kind)
    )
    # MiniStack leaves the stack's tags off these two.
    for resource_type in ("AWS::ECS::TaskDefinition", "AWS::ECS::CapacityProvider"):
        provisioners._STACK_TAG_PROPERTY[resource_type] = ("Tags", "list")
    app.SERVICE_HANDLERS["any-scale"] = _describe_scaling
    router.SERVICE_PATTERNS["any-scale"] = {"target_prefixes": ["AnyScaleFrontendService"]}
