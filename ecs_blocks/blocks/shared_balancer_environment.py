"""What environment.yaml and platform.yaml may say of a shared load balancer."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Literal

from ecs_blocks.environment.declare import Environment, Param, param
from ecs_blocks.values import CertificateArn, SubnetId, VpcId  # noqa: TC001 - read at run time

if TYPE_CHECKING:
    from collections.abc import Iterator


class SharedLoadBalancerEnvironment(Environment, ABC):
    """What a stack with a ``SharedLoadBalancer`` takes beside its own, as one more base.

    ``class Platform(eb.SharedLoadBalancerEnvironment, eb.InstancesEnvironment): ...``
    """

    vpc_id: Param[VpcId] = param(help="the VPC")
    public_subnet_ids: Param[list[SubnetId]] = param(
        min_items=2, help="subnets with a route to the internet, in at least two zones"
    )
    private_subnet_ids: Param[list[SubnetId]] = param(
        min_items=2, help="subnets for instances, with a way out by NAT or VPC endpoints"
    )
    certificate_arn: Param[CertificateArn] = param(
        help="the certificate of the shared load balancer"
    )
    deletion_protection: Param[bool] = param(
        default=True, help="whether the load balancer refuses to be deleted"
    )
    load_balancer_ip_address_type: Param[Literal["ipv4", "dualstack"]] = param(
        default="ipv4", help="dualstack needs subnets with IPv6"
    )
    alarm_balancer_errors: Param[int] = param(
        default=10, ge=0, help="more 5xx of the load balancer in a minute ring"
    )
    alarm_rejected_connections: Param[int] = param(
        default=0, ge=0, help="more rejected connections in a minute ring"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """The certificate is where the balancer is."""
        yield from super().problems()
        certificate, region = self.certificate_arn, self.region
        if isinstance(certificate, str) and f":{region}:" not in certificate:
            yield "certificate_arn", f"the certificate is not in {region}, where the balancer is"
