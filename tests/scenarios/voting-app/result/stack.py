"""result: shows who leads, as it changes."""

import ecs_blocks as eb


class Result(eb.FargateSharedWebServiceEnvironment):
    """The database."""

    database_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="who may reach it")
    database_secret: eb.Param[eb.SecretArn] = eb.param(help="its address, user and password")


def stack(env: Result) -> eb.Stack:
    """result.example.com; socket.io needs a browser to come back to the same task."""
    stack = eb.Stack(env, description=__doc__)
    front = eb.Shared(
        balancer=env.shared_balancer(),
        options=eb.TargetOptions(stickiness=eb.ApplicationCookie(name="io")),
    )
    result = eb.WebService.standard(
        env,
        port=8080,
        front=front,
        secrets={"DATABASE_URL": eb.Secret(env.database_secret, "url")},
        egress=(eb.Rule(5432, eb.Group(env.database_group_id, "the database")),),
    )
    stack.add("Result", result)
    return stack
