"""What environment.yaml and platform.yaml may say of a web service."""

from __future__ import annotations

from abc import ABC
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from ecs_blocks.blocks.task_environment import OnFargate, OnInstances, UtilizationEnvironment
from ecs_blocks.environment.declare import Param, param
from ecs_blocks.values import (  # noqa: TC001 - read at run time
    BucketName,
    CertificateArn,
    DomainName,
    HostedZoneId,
    SubnetId,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ORDER: Final = (
    *("account_id", "region"),
    *("vpc_id", "public_subnet_ids", "private_subnet_ids", "hosted_zone_id", "hosted_zone_name"),
    *("certificate_arn", "access_log_bucket", "alarm_topic_arn", "key_arn", "cluster_name"),
    *("image_repository_url", "image_tag", "image", "task_cpu", "task_max_memory"),
    *("service_desired_count", "service_max_count", "scaling_cpu_percent"),
    *("scaling_memory_percent", "scaling_requests_per_minute", "log_retention_days"),
    *("deregistration_delay_seconds", "health_check_grace_period_seconds", "deletion_protection"),
    *("load_balancer_ip_address_type", "alarms_enabled", "alarm_cpu_percent"),
    *("alarm_memory_percent", "alarm_target_errors", "alarm_balancer_errors"),
    "alarm_response_time_seconds",
)
"""How a template lists them: a new field comes after these, so that no review shows old ones."""


class ServiceEnvironment(UtilizationEnvironment, ABC):
    """What every web service takes, wherever it runs."""

    public_subnet_ids: Param[list[SubnetId]] = param(
        min_items=2, help="subnets with a route to the internet, in at least two zones"
    )
    hosted_zone_id: Param[HostedZoneId] = param(help="the Route 53 zone of the service's name")
    hosted_zone_name: Param[DomainName] = param(help="the zone's name; the app's goes before it")
    certificate_arn: Param[CertificateArn] = param(help="the certificate of the service's name")
    access_log_bucket: Param[BucketName] = param(help="takes the load balancer's logs")
    scaling_requests_per_minute: Param[int] = param(
        default=6000, ge=1, help="requests of one task in a minute that scaling aims for"
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
    alarm_target_errors: Param[int] = param(
        default=10, ge=0, help="more 5xx of the application in a minute ring"
    )
    alarm_balancer_errors: Param[int] = param(
        default=10, ge=0, help="more 5xx of the load balancer in a minute ring"
    )
    alarm_target_connection_errors: Param[int] = param(
        default=10, ge=0, help="more failed connections to tasks in a minute ring"
    )
    alarm_rejected_connections: Param[int] = param(
        default=0, ge=0, help="more rejected connections in a minute ring"
    )
    alarm_response_time_seconds: Param[float] = param(
        default=1.0, ge=0, help="the slowest twentieth of requests above this rings"
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        fields = cls._fields
        order = [*(name for name in _ORDER if name in fields), *fields]
        cls._fields = MappingProxyType({name: fields[name] for name in order})

    def problems(self) -> Iterator[tuple[str, str]]:
        """The certificate is where the balancer is."""
        yield from super().problems()
        certificate, region = self.certificate_arn, self.region
        if isinstance(certificate, str) and f":{region}:" not in certificate:
            yield "certificate_arn", f"the certificate is not in {region}, where the balancer is"


class WebServiceEnvironment(OnInstances, ServiceEnvironment):
    """A web service on the instances of the cluster.

    ``TaskMemory`` is what the scheduler sets aside for a task, ``TaskMaxMemory`` where it is
    killed.
    """


class FargateWebServiceEnvironment(OnFargate, ServiceEnvironment):
    """A web service on Fargate: ``TaskCpu`` and ``TaskMaxMemory`` are a size that exists."""
