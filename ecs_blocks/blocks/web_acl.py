"""A web application firewall in front of a load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.values import Value, ref

if TYPE_CHECKING:
    from ecs_blocks.blocks.load_balancer import BalancerHandle
    from ecs_blocks.templates.stack import Scope


class NoWebAcl(Struct, frozen=True):
    """No firewall."""

    def associate(self, scope: Scope, balancer: BalancerHandle) -> Any:
        """Add nothing."""


class WebAcl(Struct, frozen=True):
    """The firewall of this ARN: a regional web ACL of the same account and region.

    A balancer has one at most. It exists or it does not, so an environment without one needs
    another template: ``eb.WebAcl(env.web_acl_arn) if env.firewall else eb.NoWebAcl()``, where
    ``firewall`` is a ``Shape[bool]``.
    """

    arn: Value[str]

    def associate(self, scope: Scope, balancer: BalancerHandle) -> Any:
        """Put it before *balancer*. Returns the ``troposphere.wafv2.WebACLAssociation``."""
        from troposphere import wafv2  # noqa: PLC0415 - a large module that few stacks need

        return scope.add(
            wafv2.WebACLAssociation(
                scope.id("WebAclAssociation"),
                ResourceArn=ref(balancer.resource.title),
                WebACLArn=self.arn,
            )
        )
