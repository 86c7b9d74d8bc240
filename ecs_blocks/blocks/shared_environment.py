"""What environment.yaml and platform.yaml may say of a service behind a shared load balancer."""

from __future__ import annotations

from abc import ABC

from ecs_blocks.blocks.balancer import Balancer
from ecs_blocks.blocks.security_group import Group
from ecs_blocks.blocks.service_environment import ServiceEnvironment
from ecs_blocks.blocks.task_environment import OnFargate, OnInstances, UtilizationEnvironment
from ecs_blocks.environment.declare import Environment, Param, param
from ecs_blocks.values import DomainName, HostedZoneId, SecurityGroupId  # noqa: TC001 - read at run time


class SharedBalancerEnvironment(Environment, ABC):
    """Where a shared load balancer is: what ``SharedLoadBalancer`` gives out, looked up.

    In platform.yaml, where ``cluster`` is the app that has it::

        SharedListenerArn: !StackOutput cluster.SharedListenerArn
    """

    shared_listener_arn: Param[str] = param(
        pattern=r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/.+",
        help="the HTTPS listener of the shared load balancer",
    )
    shared_security_group_id: Param[SecurityGroupId] = param(
        help="the security group of the shared load balancer"
    )
    shared_full_name: Param[str] = param(
        pattern=r"app/.+/[0-9a-f]+", help="the shared load balancer, as CloudWatch calls it"
    )
    shared_dns_name: Param[str] = param(help="the name that AWS gave the shared load balancer")
    # not a HostedZoneId: CloudFormation would look for ELB's zone in this account
    shared_zone_id: Param[str] = param(
        pattern=r"Z[A-Z0-9]{1,31}", help="ELB's hosted zone of that name"
    )

    def shared_balancer(self) -> Balancer:
        """The load balancer, for ``Shared(balancer=…)``."""
        return Balancer(
            listener_arn=self.shared_listener_arn,
            dns_name=self.shared_dns_name,
            zone_id=self.shared_zone_id,
            full_name=self.shared_full_name,
            group=Group(self.shared_security_group_id, "the shared load balancer"),
        )


class SharedServiceEnvironment(SharedBalancerEnvironment, UtilizationEnvironment, ABC):
    """What every web service behind a shared load balancer takes, wherever it runs."""

    hosted_zone_id: Param[HostedZoneId] = ServiceEnvironment.hosted_zone_id
    hosted_zone_name: Param[DomainName] = ServiceEnvironment.hosted_zone_name
    scaling_requests_per_minute: Param[int] = ServiceEnvironment.scaling_requests_per_minute
    deregistration_delay_seconds: Param[int] = ServiceEnvironment.deregistration_delay_seconds
    health_check_grace_period_seconds: Param[int] = (
        ServiceEnvironment.health_check_grace_period_seconds
    )
    alarm_target_errors: Param[int] = ServiceEnvironment.alarm_target_errors
    alarm_target_connection_errors: Param[int] = ServiceEnvironment.alarm_target_connection_errors
    alarm_response_time_seconds: Param[float] = ServiceEnvironment.alarm_response_time_seconds


class SharedWebServiceEnvironment(OnInstances, SharedServiceEnvironment):
    """A web service behind a shared load balancer, on the instances of the cluster."""


class FargateSharedWebServiceEnvironment(OnFargate, SharedServiceEnvironment):
    """A web service behind a shared load balancer, on Fargate."""
