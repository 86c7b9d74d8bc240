"""greeting: says hello in one of many languages."""

import ecs_blocks as eb


class Greeting(eb.FargateBackgroundServiceEnvironment):
    """Where services find each other."""

    namespace_arn: eb.Param[str] = eb.param(help="the namespace of the environment")


def stack(env: Greeting) -> eb.Stack:
    """http://greeting:3000, for the tasks of this VPC."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Greeting",
        eb.BackgroundService.standard(
            env,
            port=eb.Port(3000, app_protocol="http"),
            clients=(eb.Cidr("10.0.0.0/8"),),
            discovery=eb.ServiceConnectServer(
                namespace_arn=env.namespace_arn, discovery_name="greeting"
            ),
            container=eb.Container(health_check=eb.HealthCheck(("/app/healthy",))),
        ),
    )
    return stack
