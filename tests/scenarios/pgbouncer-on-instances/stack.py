"""pgbouncer-on-instances: one pool of connections for everybody who asks the database."""

import ecs_blocks as eb


class Pool(eb.NetworkServiceEnvironment):
    """Who asks, and the database behind it."""

    client_prefix_list_id: eb.Param[str] = eb.param(
        pattern="pl-[0-9a-f]+", help="the networks that may connect"
    )
    database_group_id: eb.Param[eb.SecurityGroupId] = eb.param(help="the database's group")
    database_secret: eb.Param[eb.SecretArn] = eb.param(help="the database's user and password")


def stack(env: Pool) -> eb.Stack:
    """TCP inside the VPC, on the instances of the cluster."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Pool",
        eb.NetworkService.standard(
            env,
            port=6432,
            scheme="internal",
            endpoints=(eb.NetworkEndpoint(listener=eb.Tcp(5432)),),
            ingress=(eb.PrefixList(env.client_prefix_list_id),),
            secrets={"DATABASE": eb.Secret(env.database_secret)},
            egress=(eb.Rule(5432, eb.Group(env.database_group_id, "the database")),),
        ),
    )
    return stack
