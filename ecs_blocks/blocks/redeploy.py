"""A new value of a secret reaches the tasks: the service is deployed again by itself.

ECS reads secrets when a task starts and never again. Secrets Manager and Parameter Store both tell
EventBridge of a change, without CloudTrail; a rule cannot update a service, but it can start a
state machine, and that can, with one call of the SDK and no function of anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import events, iam, stepfunctions

from ecs_blocks import policies
from ecs_blocks.blocks.alarms import Alarm, Metric, Notify
from ecs_blocks.blocks.service import ServiceHandle
from ecs_blocks.blocks.task_secret import AnySecret, Secret, SsmParameter
from ecs_blocks.errors import BlockError
from ecs_blocks.values import PARTITION, Value, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

RETRY: Final = {
    "ErrorEquals": ["States.ALL"],
    "IntervalSeconds": 30,
    "BackoffRate": 2,
    "MaxAttempts": 6,
}
"""Half an hour in all: a deployment that is under way may have to end first."""


class RedeployHandle(Struct, frozen=True, kw_only=True):
    """The state machine, the rules that start it, its roles and its alarm."""

    machine: Any
    rules: tuple[Any, ...]
    roles: tuple[Any, Any]
    alarm: Any


class RedeployOnSecretChange(Struct, frozen=True, kw_only=True):
    """Deploy a service again when one of its secrets changes.

    Attributes:
        service: the service.
        secrets: those that it uses, by their variables, as its task was given them.
        notify: whom to tell when the deployment could not be started.

    A deployment of the same version starts, by the rules of any other: a value that the tasks
    cannot live with is rolled back to the tasks that still have the old one. A secret that another
    account shares tells this account nothing.
    """

    service: ServiceHandle
    secrets: Mapping[str, AnySecret]
    notify: Notify

    def __post_init__(self) -> None:
        if not self.secrets:
            raise BlockError("secrets is empty; give those that the task uses")

    def build(self, scope: Scope) -> RedeployHandle:
        """Add the state machine, what may start it, and what starts it."""
        role = scope.add(
            iam.Role(
                scope.id("RedeployRole"),
                Description="starts a deployment of the service",
                AssumeRolePolicyDocument=policies.trust("states", source="states"),
                Policies=[
                    policies.policy(
                        "Deploy",
                        policies.allow(["ecs:UpdateService"], [ref(self.service.resource.title)]),
                    )
                ],
            )
        )
        machine = scope.add(self._machine(scope.id("Redeploy"), role))
        starter = scope.add(
            iam.Role(
                scope.id("RedeployStartRole"),
                Description="starts the state machine that deploys",
                AssumeRolePolicyDocument=policies.trust("events", source="events"),
                Policies=[
                    policies.policy(
                        "Start",
                        policies.allow(["states:StartExecution"], [ref(machine.title)]),
                    )
                ],
            )
        )
        rules = tuple(
            scope.add(_rule(scope.id(title), pattern, machine, starter))
            for title, pattern in self._patterns().items()
        )
        alarm = scope.build(
            Alarm(
                suffix="RedeployFailed",
                description="a secret changed, and no deployment could be started: the tasks still "
                "have the old value; deploy by hand, and look into the state machine",
                watches=Metric(
                    namespace="AWS/States",
                    name="ExecutionsFailed",
                    statistic="Sum",
                    dimensions={"StateMachineArn": ref(machine.title)},
                ),
                above=0,
                notify=self.notify,
                minutes=1,
            )
        )
        return RedeployHandle(machine=machine, rules=rules, roles=(role, starter), alarm=alarm)

    def _machine(self, title: str, role: Any) -> Any:
        return stepfunctions.StateMachine(
            title,
            StateMachineType="STANDARD",
            RoleArn=get_att(role, "Arn"),
            Definition={
                "Comment": "deploy a service again, for a secret of it has changed",
                "StartAt": "Deploy",
                "States": {
                    "Deploy": {
                        "Type": "Task",
                        "Resource": text("arn:", PARTITION, ":states:::aws-sdk:ecs:updateService"),
                        "Parameters": {
                            "Cluster": self.service.cluster_name,
                            "Service": self.service.name,
                            "ForceNewDeployment": True,
                        },
                        "Retry": [RETRY],
                        "End": True,
                    }
                },
            },
        )

    def _patterns(self) -> dict[str, dict[str, Any]]:
        secrets = self.secrets.values()
        arns = policies.once(s.arn for s in secrets if isinstance(s, Secret))
        parameters: list[Value[str]] = [
            policies.parameter_arn(s.name) for s in secrets if isinstance(s, SsmParameter)
        ]
        found: dict[str, dict[str, Any]] = {}
        if arns:
            found["SecretChangedRule"] = {
                "source": ["aws.secretsmanager"],
                "detail-type": ["Secret Label Updated"],
                "resources": arns,
                "detail": {"labelUpdated": ["AWSCURRENT"]},
            }
        if parameters:
            found["ParameterChangedRule"] = {
                "source": ["aws.ssm"],
                "detail-type": ["Parameter Store Change"],
                "resources": policies.once(parameters),
                "detail": {"operation": ["Create", "Update"]},
            }
        return found


def _rule(title: str, pattern: dict[str, Any], machine: Any, role: Any) -> Any:
    return events.Rule(
        title,
        Description="a secret of the service has changed",
        State="ENABLED",
        EventPattern=pattern,
        Targets=[
            events.Target(Id="Redeploy", Arn=ref(machine.title), RoleArn=get_att(role, "Arn"))
        ],
    )
