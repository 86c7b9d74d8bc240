"""Services, task definitions and clusters as a stack makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.cloudformation.work import Handler, Timed, Work
from tests.fake_aws.ecs.services import settings_of
from tests.fake_aws.ecs.shapes import said
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from tests.fake_aws.cloudformation.model import Resource, Stack
    from tests.fake_aws.ecs.model import Deployment, Service
    from tests.fake_aws.world import World

GIVES_UP_S: Final = 3 * 3600.0


class TaskDefinitions(Handler):
    """AWS::ECS::TaskDefinition."""

    def create(self, stack: Stack, resource: Resource) -> Work:
        content = said(resource.properties, "RegisterTaskDefinitionRequest")
        default = f"{stack.name}-{resource.logical_id}-{self.world.ids.upper(12)}"
        content.setdefault("family", default)
        found = self.world.ecs.definitions.register(content)
        resource.physical_id = found["taskDefinitionArn"]
        resource.attributes = {"TaskDefinitionArn": resource.physical_id}
        return self.timed(resource)

    def delete(self, stack: Stack, resource: Resource) -> Work:
        self.world.ecs.deregister_task_definition({"taskDefinition": resource.physical_id})
        return super().delete(stack, resource)


class Clusters(Handler):
    """AWS::ECS::Cluster."""

    def create(self, stack: Stack, resource: Resource) -> Work:
        work = super().create(stack, resource)
        made = self.world.ecs.cluster(resource.physical_id)
        resource.attributes = {"Arn": made["clusterArn"]}
        return work

    def delete(self, stack: Stack, resource: Resource) -> Work:
        self.world.ecs.clusters.pop(resource.physical_id, None)
        return super().delete(stack, resource)


class Services(Handler):
    """AWS::ECS::Service: as long in progress as its deployment."""

    def create(self, stack: Stack, resource: Resource) -> Work:
        content = said(resource.properties, "CreateServiceRequest")
        name = content.get("serviceName")
        name = name or f"{stack.name}-{resource.logical_id}-{self.world.ids.upper(12)}"
        made = self.world.ecs.make(
            name,
            content["taskDefinition"],
            cluster=content.get("cluster", "default"),
            desired=content.get("desiredCount", 1),
            **settings_of(content),
        )
        resource.physical_id = made.arn
        resource.attributes = {"Name": made.name, "ServiceArn": made.arn}
        return ServiceWork(self.world, made, made.deployments[0])

    def update(self, stack: Stack, resource: Resource, before: dict[str, Any]) -> Work:
        content = said(resource.properties, "CreateServiceRequest")
        found = self.world.ecs.find(resource.physical_id)
        found.settings.update(settings_of(content))
        count = resource.properties.get("DesiredCount")
        if count is not None and count != before.get("DesiredCount"):
            self.world.ecs.scale(found.name, int(count))
        wanted = self.world.ecs.definitions.get(content["taskDefinition"])["taskDefinitionArn"]
        if wanted == found.definition_arn:
            del stack
            return self.timed(resource)
        return ServiceWork(self.world, found, self.world.ecs.rollouts.begin(found, wanted))

    def delete(self, stack: Stack, resource: Resource) -> Work:
        del stack
        self.world.ecs.delete(resource.physical_id)
        return Timed(self.world, 10)


class ServiceWork(Work):
    """Waits for a deployment, as CloudFormation does: for three hours at most."""

    def __init__(self, world: World, service: Service, deployment: Deployment) -> None:
        self._world = world
        self._service = service
        self._deployment = deployment
        self._until_s = world.clock.now_s() + GIVES_UP_S

    def is_over(self) -> bool:
        if self._deployment.superseded:  # by whomever: the service has to be steady, no more
            self._deployment = self._service.deployments[0]
        state = self._deployment.state
        if state == "IN_PROGRESS" and self._service.controller == "ECS":
            late = self._world.clock.now_s() > self._until_s
            if late:
                self.failure = self._told("Exceeded attempts to wait", "NotStabilized")
            return late
        if state == "ROLLBACK_IN_PROGRESS":
            return False
        if state != "SUCCESSFUL" and not self._world.script.breaker_is_silent:
            words = (
                "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'."
            )
            self.failure = self._told(words, "GeneralServiceException")
        return True

    def _told(self, words: str, code: str) -> str:
        token = self._world.ids.uuid()
        return (
            f'Resource handler returned message: "{words}" (RequestToken: {token}, '
            f"HandlerErrorCode: {code})"
        )


class LogGroups(Handler):
    """AWS::Logs::LogGroup."""

    def create(self, stack: Stack, resource: Resource) -> Work:
        work = super().create(stack, resource)
        self.world.logs.group(resource.physical_id)
        return work

    def delete(self, stack: Stack, resource: Resource) -> Work:
        self.world.logs.groups.pop(resource.physical_id, None)
        return super().delete(stack, resource)


class Alarms(Handler):
    """AWS::CloudWatch::Alarm."""

    def create(self, stack: Stack, resource: Resource) -> Work:
        work = super().create(stack, resource)
        name = resource.physical_id
        self.world.cloudwatch.alarm(name, arn("cloudwatch", f"alarm:{name}"))
        return work

    def delete(self, stack: Stack, resource: Resource) -> Work:
        self.world.cloudwatch.alarms.pop(resource.physical_id, None)
        return super().delete(stack, resource)


def handlers(world: World) -> dict[str, Handler]:
    """What makes resources of the types that the fake's other services show."""
    return {
        "AWS::ECS::TaskDefinition": TaskDefinitions(world),
        "AWS::ECS::Cluster": Clusters(world),
        "AWS::ECS::Service": Services(world),
        "AWS::Logs::LogGroup": LogGroups(world),
        "AWS::CloudWatch::Alarm": Alarms(world),
    }
