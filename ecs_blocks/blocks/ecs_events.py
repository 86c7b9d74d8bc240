"""What ECS says while it works, as words to the alarm topic: each says what to look at.

Events come within seconds, before any metric shows it, and say why. They are sent by EventBridge
rules, which cost nothing and need no function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import events

from ecs_blocks.blocks.service import ServiceHandle
from ecs_blocks.values import TopicArn, Value, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

PLACEMENT: Final = "SERVICE_TASK_PLACEMENT_FAILURE"
TROUBLE: Final = ("SERVICE_TASK_CONFIGURATION_FAILURE", "SERVICE_TASK_START_IMPAIRED")
"""Of what a service tells: a security group or a role that is gone, starts that fail.

Source: Amazon ECS Developer Guide, "Amazon ECS service action events".
"""

STOPPED: Final = ("EssentialContainerExited", "TaskFailedToStart")
"""Of a task's ``stopCode``: the ways in which it ends by itself.

Those that the service stops, when it scales in or takes a new version, are
``ServiceSchedulerInitiated``; Spot takes its own away as ``SpotInterruption``, as was agreed to.
"""

UNHEALTHY: Final = "Task failed"
"""How the reason begins where the service stops a task that fails its health check."""

DEPLOYMENT_FAILED: Final = (
    "The deployment of <service> failed at <time>: <reason>. Where a version ran before, ECS goes "
    "back to it. What the new tasks said: ecs-blocks status and ecs-blocks logs."
)
TASK_TROUBLE: Final = (
    "<service> cannot start a task since <time>: <what> <reason>. Is the cluster full, the task "
    "larger than an instance, a subnet out of addresses, a role or a security group gone?"
)
TASK_STOPPED: Final = (
    "A task of <group> stopped at <time>: <said> (<code>). Exit codes of its containers: <exit>. "
    "Its last lines: ecs-blocks logs. <task>"
)
PARTS: Final = {
    "service": "$.resources[0]",
    "time": "$.time",
    "reason": "$.detail.reason",
    "what": "$.detail.eventName",
    "group": "$.detail.group",
    "said": "$.detail.stoppedReason",
    "code": "$.detail.stopCode",
    "exit": "$.detail.containers[*].exitCode",
    "task": "$.detail.taskArn",
}
"""The parts of an event that the words may name, and where they are."""


class EcsEvents(Struct, frozen=True, kw_only=True):
    """Tell the topic when a deployment fails, a task cannot start, or a task breaks down.

    Attributes:
        service: whose events.
        topic_arn: whom to tell.
        placement: whether it tells that a task finds no place; ``Cluster`` tells that for all its
            services, so only a cluster of another making needs it here.

    A task that the service stops because it is unhealthy is told too; one that is stopped because
    there are fewer to run, or a new version, is not.
    """

    service: ServiceHandle
    topic_arn: Value[TopicArn]
    placement: bool = False

    def build(self, scope: Scope) -> tuple[Any, ...]:
        """Add the rules, and return them (``troposphere.events.Rule``)."""
        arn = ref(self.service.resource.title)
        deployment = {
            "detail-type": ["ECS Deployment State Change"],
            "resources": [arn],
            "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
        }
        trouble = {
            "detail-type": ["ECS Service Action"],
            "resources": [arn],
            "detail": {"eventName": [*([PLACEMENT] if self.placement else []), *TROUBLE]},
        }
        stopped = {
            "detail-type": ["ECS Task State Change"],
            "detail": {
                "group": [text("service:", self.service.name)],
                "clusterArn": [{"suffix": text(":cluster/", self.service.cluster_name)}],
                "lastStatus": ["STOPPED"],
                "$or": [{"stopCode": list(STOPPED)}, {"stoppedReason": [{"prefix": UNHEALTHY}]}],
            },
        }
        rows = (
            ("DeploymentFailed", "a deployment failed", deployment, DEPLOYMENT_FAILED),
            ("TaskTrouble", "a task cannot start", trouble, TASK_TROUBLE),
            ("TaskStopped", "a task broke down", stopped, TASK_STOPPED),
        )
        return tuple(
            scope.add(
                events.Rule(
                    scope.id(f"{suffix}Rule"),
                    Description=description,
                    State="ENABLED",
                    EventPattern={"source": ["aws.ecs"], **pattern},
                    Targets=[_to_topic(self.topic_arn, words)],
                )
            )
            for suffix, description, pattern, words in rows
        )


def _to_topic(topic_arn: Value[TopicArn], words: str) -> Any:
    """The topic as a target that gets *words*, with the parts of the event that they name."""
    return events.Target(
        Id="AlarmTopic",
        Arn=topic_arn,
        InputTransformer=events.InputTransformer(
            InputPathsMap={name: path for name, path in PARTS.items() if f"<{name}>" in words},
            InputTemplate=f'"{words}"',
        ),
    )
