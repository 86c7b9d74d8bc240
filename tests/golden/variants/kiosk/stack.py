"""kiosk: a service where there is no NAT gateway, with roles that somebody else keeps."""

import ecs_blocks as eb


class Kiosk(eb.FargateWebServiceEnvironment):
    """What differs between environments, beyond what every web service takes."""

    task_role_arn: eb.Param[str] = eb.param(help="what the kiosk acts as")
    execution_role_arn: eb.Param[str] = eb.param(help="what ECS starts the kiosk as")

    def task_subnet_ids(self) -> eb.Value[list[eb.SubnetId]]:
        """In the public subnets: there are no others with a way out."""
        return self.public_subnet_ids

    def addresses(self) -> eb.Addresses:
        """With an address each, or they reach nothing."""
        return eb.Addresses(public=True)

    def roles(self) -> eb.Roles:
        """Those of the security team."""
        return eb.Roles(
            task=eb.ExistingRole(self.task_role_arn),
            execution=eb.ExistingRole(self.execution_role_arn),
        )


def stack(env: Kiosk) -> eb.Stack:
    """Tasks with public addresses, which only the balancer may connect to."""
    stack = eb.Stack(env, description=__doc__)
    kiosk = stack.add("Kiosk", eb.WebService.standard(env, port=8080))
    eb.suppress(
        kiosk.service.resource,
        "EB401",
        reason="there is no NAT gateway; the security group lets in the load balancer alone",
    )
    return stack
