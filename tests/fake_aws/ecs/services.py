"""Services and clusters: made, changed, deleted, by a stack, the API or a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.ecs.definitions import Definitions
from tests.fake_aws.ecs.model import Deployment, Service
from tests.fake_aws.ecs.rollouts import Rollouts
from tests.fake_aws.ecs.tasks import Tasks
from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.world import World

_SUFFIX: Final = re.compile(r"-[A-Z0-9]{12}$")


class Services:
    """The state of ECS."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.definitions = Definitions(world)
        self.tasks = Tasks(world)
        self.rollouts = Rollouts(world, self.tasks)
        self.clusters: dict[str, dict[str, Any]] = {}
        self.services: list[Service] = []
        self.tags: dict[str, list[dict[str, str]]] = {}
        self.account_settings: dict[str, str] = {
            "serviceLongArnFormat": "enabled",
            "taskLongArnFormat": "enabled",
            "containerInstanceLongArnFormat": "enabled",
            "awsvpcTrunking": "disabled",
            "containerInsights": "disabled",
        }
        self.page_size = 100

    def cluster(self, name: str = "default", **settings: Any) -> dict[str, Any]:
        """The cluster of this name, made where there is none."""
        name = name.rpartition("/")[2]
        if name not in self.clusters:
            self.clusters[name] = {
                "clusterArn": arn("ecs", f"cluster/{name}"),
                "clusterName": name,
                "status": "ACTIVE",
                "capacityProviders": [],
                "defaultCapacityProviderStrategy": [],
                "settings": [],
            }
        self.clusters[name].update(settings)
        return self.clusters[name]

    def make(
        self,
        name: str,
        definition: str,
        *,
        cluster: str = "default",
        desired: int = 1,
        **settings: Any,
    ) -> Service:
        """A new service, whose first deployment begins. *settings* are the API's (camelCase)."""
        found = self.cluster(cluster)
        if any(one.name == name and one.status == "ACTIVE" for one in self.services):
            raise AwsError("InvalidParameterException", "Creation of service was not idempotent.")
        is_long = self.account_settings["serviceLongArnFormat"] == "enabled"
        place = f"{found['clusterName']}/{name}" if is_long else name
        made = Service(
            arn("ecs", f"service/{place}"),
            name,
            found["clusterArn"],
            self.world.clock.aws_time(),
            desired,
            definition,
            settings,
        )
        self.services.append(made)
        self.rollouts.begin(made, self.definitions.get(definition)["taskDefinitionArn"])
        return made

    def service(
        self,
        name: str = "hoge",
        *,
        image: str = "hoge:1",
        desired: int = 1,
        family: str = "hoge",
        cluster: str = "default",
        log_group: str = "/ecs/hoge",
        containers: list[dict[str, Any]] | None = None,
        **settings: Any,
    ) -> Service:
        """A service that runs already, for a test; time passes until it is steady.

        *settings* are the API's: ``deploymentConfiguration={"deploymentCircuitBreaker": …}``.
        """
        made = self.make(
            name,
            self.definition(family, image, log_group=log_group, containers=containers),
            cluster=cluster,
            desired=desired,
            **settings,
        )
        for _ in range(600):
            if made.deployments[0].rollout == "COMPLETED" or made.controller != "ECS":
                break
            self.world.clock.advance(1)
        return made

    def definition(
        self,
        family: str = "hoge",
        image: str = "hoge:1",
        *,
        log_group: str = "/ecs/hoge",
        containers: list[dict[str, Any]] | None = None,
    ) -> str:
        """The ARN of a new revision with one container, ``app``, that logs to *log_group*."""
        self.world.logs.group(log_group)
        options = {
            "awslogs-group": log_group,
            "awslogs-region": "ap-northeast-1",
            "awslogs-stream-prefix": "app",
        }
        default = {
            "name": "app",
            "image": image,
            "essential": True,
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }
        content = {"family": family, "containerDefinitions": containers or [default]}
        return str(self.definitions.register(content)["taskDefinitionArn"])

    def deploy(self, name: str, image: str = "hoge:2", **arguments: Any) -> Deployment:
        """Begin to deploy a new revision of a service, as UpdateService would."""
        found = self.find(name)
        family = self.definitions.get(found.definition_arn)["family"]
        return self.rollouts.begin(found, self.definition(family, image, **arguments))

    def scale(self, name: str, desired: int) -> None:
        """Change how many tasks run, as Application Auto Scaling would."""
        found = self.find(name)
        found.desired = desired
        primary = next(one for one in found.deployments if one.status == "PRIMARY")
        primary.desired = desired
        extra = [one for one in found.tasks if one.lives][desired:]
        for one in extra:
            self.rollouts.scale_in(found, one, f"(service {name})")
        if not extra and primary.rollout == "COMPLETED":
            self.rollouts.top_up(found, primary)

    def delete(self, name: str) -> None:
        """Delete a service: it drains, and is INACTIVE then."""
        found = self.find(name)
        found.desired, found.status = 0, "DRAINING"
        for one in found.deployments:
            if one.process is not None:
                one.process.cancel()
        for task in [one for one in found.tasks if one.lives]:
            self.rollouts.scale_in(found, task, f"(service {found.name})")

        def gone() -> None:
            found.status, found.deployments = "INACTIVE", []

        self.world.clock.at(5, gone)

    def summary(self) -> dict[str, Any]:
        """What serves, without ids and times."""
        return {
            _SUFFIX.sub("", one.name): {
                "desired": one.desired,
                "running": sum(task.status == "RUNNING" for task in one.tasks),
                "images": [
                    body["image"]
                    for body in self.definitions.get(one.definition_arn)["containerDefinitions"]
                ],
                "rollout": one.deployments[0].rollout if one.deployments else "",
            }
            for one in self.services
            if one.status == "ACTIVE"
        }

    def find(self, name: str, cluster: str | None = None) -> Service:
        """The service of this name or ARN, the newest first.

        Raises:
            AwsError: there is none.
        """
        for one in reversed(self.services):
            fits = cluster is None or one.cluster_arn.rpartition("/")[2] == _last(cluster)
            if fits and name in (one.arn, one.name):
                return one
        raise AwsError("ServiceNotFoundException", "Service not found.")


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def settings_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a service's properties that its description only repeats."""
    kept = (
        *("deploymentConfiguration", "loadBalancers", "networkConfiguration", "launchType"),
        *("capacityProviderStrategy", "deploymentController", "enableExecuteCommand"),
        *("healthCheckGracePeriodSeconds", "schedulingStrategy", "propagateTags"),
        *("platformVersion", "placementStrategy", "placementConstraints"),
        *("enableECSManagedTags", "availabilityZoneRebalancing"),
    )
    return {key: one for key, one in properties.items() if key in kept}
