"""internal-alb: the price service, for callers inside the VPC alone."""

import ecs_blocks as eb


class Prices(eb.FargateWebServiceEnvironment):
    """Who calls, and where the prices are."""

    callers_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the services that may call")
    database_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the database's group")
    database_secret: eb.Param[eb.SecretArn] = eb.param(help="the database's user and password")


def stack(env: Prices) -> eb.Stack:
    """Open to the callers' security group, and to the database's behind it."""
    stack = eb.Stack(env, description=__doc__)
    callers = eb.Group(env.callers_group_id, "the callers")
    database = eb.Group(env.database_group_id, "the database")
    stack.add(
        "Prices",
        eb.WebService.standard(
            env,
            port=8080,
            health_check_path="/health",
            secrets={"DATABASE": eb.Secret(env.database_secret)},
            egress=(eb.Rule(5432, database),),
            front=eb.Own(scheme="internal", ingress=(callers,)),
        ),
    )
    return stack
