"""greeter: greets whoever looks at it, with what the two others say."""

import ecs_blocks as eb


class Greeter(eb.FargateWebServiceEnvironment):
    """Where services find each other, and the two that are called."""

    namespace_arn: eb.Param[str] = eb.param(help="the namespace of the environment")
    greeting_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the tasks of greeting")
    name_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the tasks of name")


def stack(env: Greeter) -> eb.Stack:
    """The only one that the world can reach, and by its lookups the last to be deployed."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Greeter",
        eb.WebService.standard(
            env,
            port=3000,
            variables={"GREETING_URL": "http://greeting:3000", "NAME_URL": "http://name:3000"},
            egress=(
                eb.Rule(3000, eb.Group(env.greeting_group_id, "greeting")),
                eb.Rule(3000, eb.Group(env.name_group_id, "name")),
            ),
            connect=eb.ServiceConnectClient(env.namespace_arn),
        ),
    )
    return stack
