"""What environment.yaml and platform.yaml may say of anything that runs tasks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from ecs_blocks.blocks.addresses import Addresses
from ecs_blocks.blocks.capacity import ClusterDefault, FargateCapacity
from ecs_blocks.blocks.cooldowns import Cooldowns
from ecs_blocks.blocks.log_group import RETENTION_DAYS
from ecs_blocks.blocks.roles import Roles
from ecs_blocks.blocks.task_size import Ec2Size, FargateSize
from ecs_blocks.environment.declare import Environment, Param, computed, param, same_as
from ecs_blocks.environment.fields import Lookup
from ecs_blocks.fargate import size_problem
from ecs_blocks.naming import did_you_mean, near
from ecs_blocks.values import ImageTag, KeyArn, SubnetId, Token, TopicArn, VpcId, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.blocks.capacity import Capacity
    from ecs_blocks.blocks.task_counts import ScheduledCount
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.values import Value


def image_reference(values: Mapping[str, Any]) -> str | Lookup:
    """The image that runs: the repository with its tag; without a tag, what runs already."""
    repository, tag = values["image_repository_url"], values["image_tag"]
    if not tag or isinstance(tag, Lookup):
        return Lookup("RunningImage", (("Repository", repository),))
    separator = "@" if tag.startswith("sha256:") else ":"
    return f"{repository}{separator}{tag}"


class TaskEnvironment(Environment, ABC):
    """What every task takes, wherever and whenever it runs."""

    alarm_topic_arn: Param[TopicArn] = param(help="the SNS topic that alarms notify")
    key_arn: Param[KeyArn] = param(help="the KMS key that encrypts log groups")
    cluster_name: Param[str] = param(
        pattern=r"[A-Za-z0-9_-]{1,255}", help="the ECS cluster that the service runs on"
    )
    image_repository_url: Param[str] = param(
        help="the repository of the image, one of those under images"
    )
    image_tag: Param[ImageTag] = param(default=ImageTag(""), help="the image's tag; CI gives it")
    image: Param[str] = computed(
        image_reference,
        of=("image_repository_url", "image_tag"),
        help="the image that runs, with its tag or digest",
    )
    task_cpu: Param[int] = param(default=256, ge=2, le=196608, help="CPU units of a task")
    task_max_memory: Param[int] = param(
        ge=6, le=1_048_576, help="MiB of memory at which a task is killed"
    )
    log_retention_days: Param[int] = param(
        default=30, choices=RETENTION_DAYS, help="after how many days log lines go"
    )
    alarms_enabled: Param[bool] = param(default=True, help="whether alarms notify")

    @abstractmethod
    def size(self, architecture: Architecture) -> Ec2Size | FargateSize:
        """The task's size, on what it runs."""

    @abstractmethod
    def capacity(self) -> Capacity:
        """On what it runs."""

    def roles(self) -> Roles:
        """What it acts as: roles that are made for it, unless you override it."""
        return Roles()

    def problems(self) -> Iterator[tuple[str, str]]:
        """Rules that hold for every task."""
        url = self.image_repository_url
        if isinstance(url, Token):
            yield "image_repository_url", "it cannot be looked up; write one of those under images"
        elif not self.images:
            yield "image_repository_url", "images is missing at the top of the file; list it there"
        elif url not in self.images:
            by_name = {image.rpartition("/")[2]: image for image in self.images}
            meant = by_name.get(near(url.rpartition("/")[2], by_name) or "")
            way = did_you_mean(meant) or "; add it there"
            yield "image_repository_url", f"{url} does not stand under images{way}"
        if isinstance(self.image_tag, Token):
            yield "image_tag", "it cannot be looked up; CI gives it with --set ImageTag=…"


class VpcTaskEnvironment(TaskEnvironment, ABC):
    """What every task takes that has an address of its own."""

    vpc_id: Param[VpcId] = param(help="the VPC")
    private_subnet_ids: Param[list[SubnetId]] = param(
        min_items=2, help="subnets for tasks, with a way out by NAT or VPC endpoints"
    )

    def task_subnet_ids(self) -> Value[list[SubnetId]]:
        """Where tasks run: in the private subnets, unless you override it."""
        return self.private_subnet_ids

    def addresses(self) -> Addresses:
        """Of tasks: private ones, in the task's own security group alone, or override it."""
        return Addresses()


class CountedEnvironment(VpcTaskEnvironment, ABC):
    """What every service takes whose tasks are counted: how many, and when they are too busy."""

    service_desired_count: Param[int] = param(
        default=1, ge=0, le=5000, help="how many tasks run at least; 0 stops the service"
    )
    service_max_count: Param[int] = param(
        default=same_as("service_desired_count"),
        ge=0,
        le=5000,
        help="how many tasks run at most; the same as ServiceDesiredCount switches scaling off",
    )
    scaling_suspended: Param[bool] = param(
        default=False,
        help="whether the number of tasks stays as it is, for an incident: nothing scales it",
    )
    alarm_cpu_percent: Param[int] = param(
        default=85, ge=1, help="CPU above this for five minutes rings"
    )
    alarm_memory_percent: Param[int] = param(
        default=85, ge=1, le=100, help="memory above this share of the limit rings"
    )

    def schedule(self) -> tuple[ScheduledCount, ...]:
        """Other bounds at certain times: none. ``OffHours`` has two, or override it."""
        return ()

    def cooldowns(self) -> Cooldowns:
        """How long scaling waits: a minute to come, five to go, or override it."""
        return Cooldowns()

    def problems(self) -> Iterator[tuple[str, str]]:
        """The least is not above the most."""
        yield from super().problems()
        counts = known(self.service_desired_count, self.service_max_count)
        if counts and counts[1] < counts[0]:
            low, high = counts
            yield (
                "service_max_count",
                f"at most {high} tasks are fewer than the {low} of ServiceDesiredCount",
            )


class UtilizationEnvironment(CountedEnvironment, ABC):
    """What a service takes that scales by how busy its tasks are."""

    scaling_cpu_percent: Param[int] = param(
        default=70, ge=1, le=100, help="average CPU that scaling aims for"
    )
    scaling_memory_percent: Param[int] = param(
        default=80, ge=1, le=100, help="average memory that scaling aims for"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Nobody is busy where nobody is."""
        yield from super().problems()
        counts = known(self.service_desired_count, self.service_max_count)
        if counts and counts[0] == 0 < counts[1]:
            yield (
                "service_desired_count",
                "0 stops a service only with a ServiceMaxCount of 0 too; scaling cannot start it",
            )


class OnInstances(TaskEnvironment, ABC):
    """Tasks on the instances of the cluster, by its default strategy.

    ``TaskMemory`` is what the scheduler sets aside for a task, ``TaskMaxMemory`` where it is
    killed.
    """

    task_memory: Param[int] = param(
        ge=6, le=1_048_576, help="MiB of memory that are set aside for a task"
    )

    def size(self, architecture: Architecture) -> Ec2Size:
        """Container limits; the task as a whole has none."""
        return Ec2Size(
            cpu=self.task_cpu,
            memory_reservation_mib=self.task_memory,
            memory_mib=self.task_max_memory,
            architecture=architecture,
        )

    def capacity(self) -> Capacity:
        """The cluster's default strategy."""
        return ClusterDefault()

    def problems(self) -> Iterator[tuple[str, str]]:
        """A reservation cannot be above the limit."""
        yield from super().problems()
        memory = known(self.task_memory, self.task_max_memory)
        if memory and memory[0] > memory[1]:
            soft, hard = memory
            message = f"{soft} MiB set aside are more than the {hard} MiB of TaskMaxMemory"
            yield "task_memory", message


class OnFargate(TaskEnvironment, ABC):
    """Tasks on Fargate: ``TaskCpu`` and ``TaskMaxMemory`` are a size that exists."""

    fargate_base: Param[int] = param(
        default=1, ge=0, le=100_000, help="this many tasks are never on Spot"
    )
    fargate_weight: Param[int] = param(
        default=1, ge=0, le=1000, help="the share of on-demand Fargate beyond the base"
    )
    fargate_spot_weight: Param[int] = param(
        default=0, ge=0, le=1000, help="the share of Fargate Spot beyond the base"
    )

    def size(self, architecture: Architecture) -> FargateSize:
        """The size of the whole task."""
        return FargateSize(
            cpu=self.task_cpu, memory_mib=self.task_max_memory, architecture=architecture
        )

    def capacity(self) -> Capacity:
        """A strategy of its own."""
        return FargateCapacity(
            base=self.fargate_base,
            weight=self.fargate_weight,
            spot_weight=self.fargate_spot_weight,
        )

    def problems(self) -> Iterator[tuple[str, str]]:
        """A size has to exist, and tasks have to run somewhere."""
        yield from super().problems()
        if known(self.fargate_weight, self.fargate_spot_weight) == (0, 0):
            yield "fargate_weight", "FargateWeight and FargateSpotWeight cannot both be 0"
        cpu, memory_mib = self.task_cpu, self.task_max_memory
        if isinstance(cpu, Token) or isinstance(memory_mib, Token):
            return
        if problem := size_problem(cpu, memory_mib):
            which, message = problem
            yield ("task_cpu" if which == "cpu" else "task_max_memory"), message
