"""What environment.yaml and platform.yaml may say of a service behind a Network Load Balancer."""

from __future__ import annotations

from abc import ABC

from ecs_blocks.blocks.service_environment import ServiceEnvironment
from ecs_blocks.blocks.task_environment import OnFargate, OnInstances, UtilizationEnvironment
from ecs_blocks.environment.declare import Param  # noqa: TC001 - read at run time
from ecs_blocks.values import (  # noqa: TC001 - read at run time
    DomainName,
    HostedZoneId,
    SubnetId,
)


class AnyNetworkServiceEnvironment(UtilizationEnvironment, ABC):
    """What every service behind a Network Load Balancer takes, wherever it runs.

    With ``Tls`` the script declares the certificate too:
    ``certificate_arn: eb.Param[eb.CertificateArn]``. One that declares
    ``load_balancer_ip_address_type: eb.Param[Literal["ipv4", "dualstack"]]`` decides that too.
    """

    public_subnet_ids: Param[list[SubnetId]] = ServiceEnvironment.public_subnet_ids
    hosted_zone_id: Param[HostedZoneId] = ServiceEnvironment.hosted_zone_id
    hosted_zone_name: Param[DomainName] = ServiceEnvironment.hosted_zone_name
    deregistration_delay_seconds: Param[int] = ServiceEnvironment.deregistration_delay_seconds
    health_check_grace_period_seconds: Param[int] = (
        ServiceEnvironment.health_check_grace_period_seconds
    )
    deletion_protection: Param[bool] = ServiceEnvironment.deletion_protection


class NetworkServiceEnvironment(OnInstances, AnyNetworkServiceEnvironment):
    """A service behind a Network Load Balancer, on the instances of the cluster."""


class FargateNetworkServiceEnvironment(OnFargate, AnyNetworkServiceEnvironment):
    """A service behind a Network Load Balancer, on Fargate."""
