"""What an infrastructure team has to hear of its cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from troposphere import events

from ecs_blocks.blocks.alarms import ECS, Alarm, Calculation, Metric, Notify
from ecs_blocks.blocks.instances import InstancesHandle
from ecs_blocks.values import TopicArn, Value, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class ClusterAlarms(Struct, frozen=True, kw_only=True):
    """Alarms of the instances of a cluster.

    Attributes:
        cluster: the ``troposphere.ecs.Cluster``.
        instances: its instances.
        notify: whom they tell.
        reservation_percent: how full is full.

    A full cluster is what managed scaling aims for; it is a person's matter once it is full *and*
    cannot grow. So the reservation counts only while the group is at its ``MaxSize``.
    """

    cluster: Any
    instances: InstancesHandle
    notify: Notify
    reservation_percent: Value[int] = 90

    def build(self, scope: Scope) -> tuple[Any, ...]:
        """Add the alarms, and return them."""
        return tuple(scope.build(alarm) for alarm in self.alarms())

    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms as data."""
        name = {"ClusterName": ref(self.cluster.title)}
        provider = {"CapacityProviderName": self.instances.provider_name, **name}
        return (
            self._reservation("Cpu", "CPU", name),
            self._reservation("Memory", "memory", name),
            Alarm(
                suffix="CapacityProviderSaturated",
                description="tasks need more instances than there are, and they do not come: "
                "the group is at MaxSize, or EC2 has none of this type",
                watches=Metric(
                    namespace="AWS/ECS/ManagedScaling",
                    name="CapacityProviderReservation",
                    statistic="Average",
                    dimensions=provider,
                ),
                above=100,
                notify=self.notify,
                minutes=15,
            ),
        )

    def _reservation(self, kind: str, word: str, cluster: dict[str, Any]) -> Alarm:
        group = {"AutoScalingGroupName": ref(self.instances.group.title)}
        return Alarm(
            suffix=f"{kind}Reservation",
            description=f"the cluster's {word} is reserved and it cannot grow; raise MaxSize",
            watches=Calculation(
                expression=text("IF(instances >= ", self.instances.max_size, ", reservation, 0)"),
                label=f"reserved {word} in percent, while the group cannot grow",
                metrics={
                    "instances": Metric(
                        namespace="AWS/AutoScaling",
                        name="GroupInServiceInstances",
                        statistic="Maximum",
                        dimensions=group,
                    ),
                    "reservation": Metric(
                        namespace=ECS,
                        name=f"{kind.replace('Cpu', 'CPU')}Reservation",
                        statistic="Maximum",
                        dimensions=cluster,
                    ),
                },
            ),
            above=self.reservation_percent,
            notify=self.notify,
        )


class PlacementFailures(Struct, frozen=True, kw_only=True):
    """Tell the topic, in words, when a task finds no place in the cluster.

    Attributes:
        cluster: the ``troposphere.ecs.Cluster``.
        topic_arn: whom to tell.
    """

    cluster: Any
    topic_arn: Value[TopicArn]

    def build(self, scope: Scope) -> Any:
        """Add the rule, and return it (a ``troposphere.events.Rule``)."""
        return scope.add(
            events.Rule(
                scope.id("PlacementFailureRule"),
                Description="a service cannot place a task",
                State="ENABLED",
                EventPattern={
                    "source": ["aws.ecs"],
                    "detail-type": ["ECS Service Action"],
                    "detail": {
                        "eventName": ["SERVICE_TASK_PLACEMENT_FAILURE"],
                        "clusterArn": [get_att(self.cluster, "Arn")],
                    },
                },
                Targets=[
                    events.Target(
                        Id="AlarmTopic",
                        Arn=self.topic_arn,
                        InputTransformer=events.InputTransformer(
                            InputPathsMap={
                                "service": "$.resources[0]",
                                "reason": "$.detail.reason",
                                "time": "$.time",
                            },
                            InputTemplate=(
                                '"A task of <service> finds no place since <time>: <reason>. Is '
                                'the cluster at MaxSize, or the task larger than an instance?"'
                            ),
                        ),
                    )
                ],
            )
        )
