"""An ECS service: keeps tasks running, and replaces them without a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.task import CONTAINER, TaskHandle
from ecs_blocks.errors import BlockError
from ecs_blocks.values import SubnetId, Token, Value, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class ClusterDefault(Struct, frozen=True):
    """Run where the cluster's default capacity provider strategy says."""

    def properties(self) -> dict[str, Any]:
        """Of the service: none, so that the cluster decides."""
        return {}


class FargateCapacity(Struct, frozen=True, kw_only=True):
    """Run on Fargate, with a share on Fargate Spot.

    Attributes:
        base: this many tasks are never on Spot, which may be taken away with two minutes' notice
            and may not be there at all (trap 13).
        weight: on-demand's share of the rest.
        spot_weight: Spot's share of the rest; 0 is none.
    """

    base: Value[int] = 1
    weight: Value[int] = 1
    spot_weight: Value[int] = 0

    def __post_init__(self) -> None:
        weights = (self.weight, self.spot_weight)
        if all(not isinstance(one, Token) and one == 0 for one in weights):
            raise BlockError("weight and spot_weight cannot both be 0; ECS refuses such a strategy")

    def properties(self) -> dict[str, Any]:
        """Of the service: always a strategy, never a launch type (trap 10).

        ECS takes a changed strategy only together with a new deployment, which the nonce asks for.
        """
        return {
            "CapacityProviderStrategy": [
                ecs.CapacityProviderStrategyItem(
                    CapacityProvider="FARGATE", Base=self.base, Weight=self.weight
                ),
                ecs.CapacityProviderStrategyItem(
                    CapacityProvider="FARGATE_SPOT", Weight=self.spot_weight
                ),
            ],
            "ForceNewDeployment": ecs.ForceNewDeployment(
                EnableForceNewDeployment=True,
                ForceNewDeploymentNonce=text(
                    "capacity-", self.base, "-", self.weight, "-", self.spot_weight
                ),
            ),
        }


Capacity = ClusterDefault | FargateCapacity


class ServiceHandle(Struct, frozen=True, kw_only=True):
    """What a service offers to scaling and alarms."""

    resource: Any
    cluster_name: Value[str]

    @property
    def name(self) -> Token[str]:
        """The service's name; its Ref would be the ARN."""
        return get_att(self.resource, "Name")


class Service(Struct, frozen=True, kw_only=True):
    """A service behind a target group.

    Attributes:
        cluster_name: the cluster.
        task: what runs.
        subnet_ids: where it runs; tasks get no public address.
        security_group: of the tasks.
        target_group: which balancer sends to them.
        after: what has to stand before: the listener rule that feeds the target group (trap 3).
        capacity: on what it runs.
        grace_period_s: how long a new task may fail health checks before it is replaced.

    ``DesiredCount`` is never set: a deploy would undo what scaling did (trap 1). A broken
    deployment is stopped and rolled back (trap 6). What is off is said to be off: leaving it out
    would keep what was there before (trap 9).
    """

    cluster_name: Value[str]
    task: TaskHandle
    subnet_ids: Value[list[SubnetId]]
    security_group: Any
    target_group: Any
    after: Any
    capacity: Capacity = ClusterDefault()
    grace_period_s: Value[int] = 60

    def build(self, scope: Scope) -> ServiceHandle:
        """Add the service."""
        resource = scope.add(
            ecs.Service(
                scope.id("Service"),
                DependsOn=[self.after.title],
                Cluster=self.cluster_name,
                TaskDefinition=self.task.arn,
                SchedulingStrategy="REPLICA",
                **self.capacity.properties(),
                NetworkConfiguration=ecs.NetworkConfiguration(
                    AwsvpcConfiguration=ecs.AwsvpcConfiguration(
                        AssignPublicIp="DISABLED",
                        Subnets=self.subnet_ids,
                        SecurityGroups=[get_att(self.security_group, "GroupId")],
                    )
                ),
                LoadBalancers=[
                    ecs.LoadBalancer(
                        ContainerName=CONTAINER,
                        ContainerPort=self.task.port,
                        TargetGroupArn=ref(self.target_group.title),
                    )
                ],
                HealthCheckGracePeriodSeconds=self.grace_period_s,
                DeploymentConfiguration=ecs.DeploymentConfiguration(
                    MinimumHealthyPercent=100,
                    MaximumPercent=200,
                    DeploymentCircuitBreaker=ecs.DeploymentCircuitBreaker(
                        Enable=True, Rollback=True
                    ),
                    Alarms=ecs.DeploymentAlarms(AlarmNames=[], Enable=False, Rollback=False),
                ),
                AvailabilityZoneRebalancing="ENABLED",
                EnableExecuteCommand=False,
                ServiceConnectConfiguration=ecs.ServiceConnectConfiguration(Enabled=False),
                EnableECSManagedTags=True,
                PropagateTags="SERVICE",
            )
        )
        return ServiceHandle(resource=resource, cluster_name=self.cluster_name)
