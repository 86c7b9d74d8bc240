"""internal: for callers inside the VPC, on the instances of the cluster, with a database."""

import ecs_blocks as eb


class Internal(eb.WebServiceEnvironment):
    """The database's security group differs between environments."""

    database_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the database's group")


def stack(env: Internal) -> eb.Stack:
    """An internal scheme, a port and a health check of its own, one more way out."""
    stack = eb.Stack(env, description=__doc__)
    database = eb.Group(env.database_group_id, "the database")
    stack.add(
        "Internal",
        eb.WebService.standard(
            env,
            port=9000,
            health_check_path="/health",
            front=eb.Own(scheme="internal"),
            egress=(eb.Rule(5432, database),),
        ),
    )
    return stack
