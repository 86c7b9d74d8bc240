"""greeter: greets whoever looks at it, with what the two others say."""

import ecs_blocks as eb


class Greeter(eb.FargateWebServiceEnvironment):
    """Where services find each other."""

    namespace_arn: eb.Param[str] = eb.param(help="the namespace of the environment")


def stack(env: Greeter) -> eb.Stack:
    """The only one of the three that the world can reach, and the last to be deployed."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Greeter",
        eb.WebService.standard(
            env,
            port=3000,
            variables={"GREETING_URL": "http://greeting:3000", "NAME_URL": "http://name:3000"},
            egress=(eb.Rule(3000, eb.Cidr("10.0.0.0/8")),),
            connect=eb.ServiceConnectClient(env.namespace_arn),
        ),
    )
    return stack
