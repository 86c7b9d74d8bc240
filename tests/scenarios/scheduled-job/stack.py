"""scheduled-job: sends yesterday's figures to everybody who has a share in them."""

import ecs_blocks as eb


class Figures(eb.FargateScheduledJobEnvironment):
    """Where the figures are."""

    database_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the database's group")
    database_secret: eb.Param[eb.SecretArn] = eb.param(help="its user and password, as JSON")


def stack(env: Figures) -> eb.Stack:
    """One run each morning; one that fails is tried again."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Figures",
        eb.ScheduledJob.standard(
            env,
            command=("./figures", "--yesterday"),
            secrets={
                "DATABASE_USER": eb.Secret(env.database_secret, "username"),
                "DATABASE_PASSWORD": eb.Secret(env.database_secret, "password"),
            },
            egress=(eb.Rule(5432, eb.Group(env.database_group_id, "the database")),),
        ),
    )
    return stack
