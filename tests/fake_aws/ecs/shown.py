"""Services, deployments and tasks as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fake_aws.ecs.model import Deployment, Service, Task


def service(one: Service) -> dict[str, Any]:
    """As DescribeServices shows it."""
    living = [task for task in one.tasks if task.lives]
    running = sum(task.status == "RUNNING" for task in living)
    current = next((x for x in one.deployments if x.status == "PRIMARY"), None)
    return {
        "serviceArn": one.arn,
        "serviceName": one.name,
        "clusterArn": one.cluster_arn,
        "status": one.status,
        "desiredCount": one.desired,
        "runningCount": running,
        "pendingCount": len(living) - running,
        "taskDefinition": one.definition_arn,
        "createdAt": one.created,
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": one.controller},
        "deployments": []
        if one.controller == "EXTERNAL"
        else [_deployment(one, x) for x in one.deployments if x.status != "INACTIVE"],
        "events": one.events[:100],
        "currentServiceDeployment": current.arn if current else None,
        **one.settings,
    }


def _counts(one: Service, deployment: Deployment) -> tuple[int, int]:
    living = [task for task in one.tasks_of(deployment) if task.lives]
    running = sum(task.status == "RUNNING" for task in living)
    return running, len(living) - running


def _deployment(one: Service, deployment: Deployment) -> dict[str, Any]:
    running, pending = _counts(one, deployment)
    return {
        "id": deployment.id,
        "status": deployment.status,
        "taskDefinition": deployment.definition_arn,
        "desiredCount": deployment.desired if deployment.status == "PRIMARY" else 0,
        "pendingCount": pending,
        "runningCount": running,
        "failedTasks": sum(task.failed for task in one.tasks_of(deployment)),
        "createdAt": deployment.created,
        "updatedAt": deployment.updated,
        "rolloutState": deployment.rollout,
        "rolloutStateReason": deployment.rollout_reason,
    }


def brief(one: Service, deployment: Deployment) -> dict[str, Any]:
    """As ListServiceDeployments shows it."""
    return {
        "serviceDeploymentArn": deployment.arn,
        "serviceArn": one.arn,
        "clusterArn": one.cluster_arn,
        "startedAt": deployment.created,
        "createdAt": deployment.created,
        "finishedAt": deployment.finished,
        "targetServiceRevisionArn": deployment.revision_arn,
        "status": deployment.state,
        "statusReason": deployment.state_reason,
    }


def full(one: Service, deployment: Deployment) -> dict[str, Any]:
    """As DescribeServiceDeployments shows it."""
    row = brief(one, deployment)
    del row["targetServiceRevisionArn"]
    traffic = 100.0 if deployment.rollout == "COMPLETED" else 0.0
    sources = [deployment.source] if deployment.source else []
    failures = sum(task.failed for task in one.tasks_of(deployment))
    alarms = one.configuration.get("alarms", {})
    return {
        **row,
        "updatedAt": deployment.updated,
        "sourceServiceRevisions": [_revision(one, x, 100.0 - traffic) for x in sources],
        "targetServiceRevision": _revision(one, deployment, traffic),
        "lifecycleStage": deployment.stage,
        "lifecycleHookDetails": [dict(hook) for hook in deployment.hooks],
        "deploymentConfiguration": one.configuration,
        "rollback": deployment.rollback,
        "deploymentCircuitBreaker": {
            "status": deployment.breaker,
            "failureCount": failures,
            "threshold": deployment.threshold,
        },
        "alarms": {
            "status": "TRIGGERED" if deployment.triggered_alarms else "MONITORING",
            "alarmNames": alarms.get("alarmNames", []),
            "triggeredAlarmNames": deployment.triggered_alarms,
        }
        if alarms.get("enable")
        else None,
    }


def _revision(one: Service, deployment: Deployment, traffic: float) -> dict[str, Any]:
    running, pending = _counts(one, deployment)
    is_wanted = deployment.status == "PRIMARY"
    return {
        "arn": deployment.revision_arn,
        "requestedTaskCount": deployment.desired if is_wanted else running + pending,
        "runningTaskCount": running,
        "pendingTaskCount": pending,
        "requestedProductionTrafficWeight": traffic,
    }


def revision(one: Service, deployment: Deployment, definition: dict[str, Any]) -> dict[str, Any]:
    """As DescribeServiceRevisions shows it."""
    return {
        "serviceRevisionArn": deployment.revision_arn,
        "serviceArn": one.arn,
        "clusterArn": one.cluster_arn,
        "taskDefinition": deployment.definition_arn,
        "loadBalancers": one.settings.get("loadBalancers", []),
        "containerImages": [
            {"containerName": body["name"], "image": body["image"]}
            for body in definition["containerDefinitions"]
        ],
        "createdAt": deployment.created,
    }


def task(one: Task) -> dict[str, Any]:
    """As DescribeTasks shows it."""
    return {
        "taskArn": one.arn,
        "clusterArn": one.cluster_arn,
        "taskDefinitionArn": one.definition["taskDefinitionArn"],
        "group": one.group,
        "startedBy": one.started_by,
        "lastStatus": one.status,
        "desiredStatus": one.desired,
        "healthStatus": one.health if one.lives else "UNKNOWN",
        "createdAt": one.created,
        "startedAt": one.started,
        "stoppingAt": one.stopped,
        "stoppedAt": one.stopped,
        "executionStoppedAt": one.stopped,
        "stopCode": one.stop_code,
        "stoppedReason": one.stopped_reason,
        "containers": [dict(container) for container in one.containers],
        "overrides": one.overrides,
        "enableExecuteCommand": one.has_exec,
        "cpu": str(one.definition.get("cpu", "256")),
        "memory": str(one.definition.get("memory", "512")),
        "attachments": [
            {
                "id": f"eni-{one.id[:8]}",
                "type": "ElasticNetworkInterface",
                "status": "ATTACHED" if one.lives else "DELETED",
                "details": [{"name": "privateIPv4Address", "value": one.ip}],
            }
        ],
    }
