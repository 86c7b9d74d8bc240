"""worker: takes votes out of Redis and counts them in the database."""

import ecs_blocks as eb


class Worker(eb.FargateBackgroundServiceEnvironment):
    """The database."""

    database_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="who may reach it")
    database_secret: eb.Param[eb.SecretArn] = eb.param(help="its address, user and password")


def stack(env: Worker) -> eb.Stack:
    """Nobody calls it."""
    stack = eb.Stack(env, description=__doc__)
    worker = eb.BackgroundService.standard(
        env,
        variables={"REDIS_HOST": "redis.voting.internal"},
        secrets={"DATABASE_URL": eb.Secret(env.database_secret, "url")},
        egress=(
            eb.Rule(6379, eb.Cidr("10.0.0.0/8")),
            eb.Rule(5432, eb.Group(env.database_group_id, "the database")),
        ),
    )
    stack.add("Worker", worker)
    return stack
