"""What environment.yaml and platform.yaml may say of a service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal

from ecs_blocks.blocks.log_group import RETENTION_DAYS
from ecs_blocks.blocks.service import ClusterDefault, FargateCapacity
from ecs_blocks.blocks.task_size import Ec2Size, FargateSize
from ecs_blocks.environment.declare import Environment, Param, computed, param, same_as
from ecs_blocks.environment.fields import Lookup
from ecs_blocks.fargate import size_problem
from ecs_blocks.naming import did_you_mean, near
from ecs_blocks.values import (
    BucketName,
    CertificateArn,
    DomainName,
    HostedZoneId,
    ImageTag,
    KeyArn,
    SubnetId,
    Token,
    TopicArn,
    VpcId,
    known,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.blocks.service import Capacity
    from ecs_blocks.blocks.task_size import Architecture


def image_reference(values: Mapping[str, Any]) -> str | Lookup:
    """The image that runs: the repository with its tag; without a tag, what runs already."""
    repository, tag = values["image_repository_url"], values["image_tag"]
    if not tag or isinstance(tag, Lookup):
        return Lookup("RunningImage", (("Repository", repository),))
    separator = "@" if tag.startswith("sha256:") else ":"
    return f"{repository}{separator}{tag}"


class ServiceEnvironment(Environment, ABC):
    """What every service takes, wherever it runs."""

    vpc_id: Param[VpcId] = param(help="the VPC")
    public_subnet_ids: Param[list[SubnetId]] = param(
        min_items=2, help="subnets with a route to the internet, in at least two zones"
    )
    private_subnet_ids: Param[list[SubnetId]] = param(
        min_items=2, help="subnets for tasks, with a way out by NAT or VPC endpoints"
    )
    hosted_zone_id: Param[HostedZoneId] = param(help="the Route 53 zone of the service's name")
    hosted_zone_name: Param[DomainName] = param(help="the zone's name; the app's goes before it")
    certificate_arn: Param[CertificateArn] = param(help="the certificate of the service's name")
    access_log_bucket: Param[BucketName] = param(help="takes the load balancer's logs")
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
    service_desired_count: Param[int] = param(
        default=1, ge=0, le=5000, help="how many tasks run at least; 0 stops the service"
    )
    service_max_count: Param[int] = param(
        default=same_as("service_desired_count"),
        ge=0,
        le=5000,
        help="how many tasks run at most; the same as ServiceDesiredCount switches scaling off",
    )
    scaling_cpu_percent: Param[int] = param(
        default=70, ge=1, le=100, help="average CPU that scaling aims for"
    )
    scaling_memory_percent: Param[int] = param(
        default=80, ge=1, le=100, help="average memory that scaling aims for"
    )
    scaling_requests_per_minute: Param[int] = param(
        default=6000, ge=1, help="requests of one task in a minute that scaling aims for"
    )
    log_retention_days: Param[int] = param(
        default=30, choices=RETENTION_DAYS, help="after how many days log lines go"
    )
    deregistration_delay_seconds: Param[int] = param(
        default=60, ge=0, le=3600, help="how long a task that leaves may finish its requests"
    )
    health_check_grace_period_seconds: Param[int] = param(
        default=60, ge=0, help="how long a new task may fail health checks"
    )
    deletion_protection: Param[bool] = param(
        default=True, help="whether the load balancer refuses to be deleted"
    )
    load_balancer_ip_address_type: Param[Literal["ipv4", "dualstack"]] = param(
        default="ipv4", help="dualstack needs subnets with IPv6"
    )
    alarms_enabled: Param[bool] = param(default=True, help="whether alarms notify")
    alarm_cpu_percent: Param[int] = param(
        default=85, ge=1, help="CPU above this for five minutes rings"
    )
    alarm_memory_percent: Param[int] = param(
        default=85, ge=1, le=100, help="memory above this share of the limit rings"
    )
    alarm_target_errors: Param[int] = param(
        default=10, ge=0, help="more 5xx of the application in a minute ring"
    )
    alarm_balancer_errors: Param[int] = param(
        default=10, ge=0, help="more 5xx of the load balancer in a minute ring"
    )
    alarm_response_time_seconds: Param[float] = param(
        default=1.0, ge=0, help="the slowest twentieth of requests above this rings"
    )

    @abstractmethod
    def size(self, architecture: Architecture) -> Ec2Size | FargateSize:
        """The task's size, on what it runs."""

    @abstractmethod
    def capacity(self) -> Capacity:
        """On what it runs."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """Rules that hold for every service."""
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
        certificate, region = self.certificate_arn, self.region
        if isinstance(certificate, str) and f":{region}:" not in certificate:
            yield "certificate_arn", f"the certificate is not in {region}, where the balancer is"
        counts = known(self.service_desired_count, self.service_max_count)
        if counts and counts[0] == 0 < counts[1]:
            yield (
                "service_desired_count",
                "0 stops a service only with a ServiceMaxCount of 0 too; scaling cannot start it",
            )
        if counts and counts[1] < counts[0]:
            low, high = counts
            yield (
                "service_max_count",
                f"at most {high} tasks are fewer than the {low} of ServiceDesiredCount",
            )


class WebServiceEnvironment(ServiceEnvironment):
    """A web service on the instances of the cluster.

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


class FargateWebServiceEnvironment(ServiceEnvironment):
    """A web service on Fargate: ``TaskCpu`` and ``TaskMaxMemory`` are a size that exists."""

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
