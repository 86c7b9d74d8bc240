"""mesh: called by name, and encrypted on the way."""

import ecs_blocks as eb


class Mesh(eb.FargateBackgroundServiceEnvironment):
    """The namespace, and who issues certificates."""

    namespace_arn: eb.Param[str] = eb.param(help="the Cloud Map namespace")
    authority_arn: eb.Param[str] = eb.param(help="the private CA")


def stack(env: Mesh) -> eb.Stack:
    """Its certificates' keys are encrypted with the environment's."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Mesh",
        eb.BackgroundService.standard(
            env,
            port=8080,
            clients=(eb.Cidr("10.0.0.0/8"),),
            container=eb.Container(health_check=eb.HealthCheck(("/app/healthy",))),
            discovery=eb.ServiceConnectServer(
                namespace_arn=env.namespace_arn,
                discovery_name="mesh",
                tls=eb.PrivateTls(authority_arn=env.authority_arn, key_arn=env.key_arn),
            ),
        ),
    )
    return stack
