"""private-backend: the customers of the shop, asked by functions and by the office."""

import ecs_blocks as eb


class Customers(eb.BackgroundServiceEnvironment):
    """The private zone, the database, and a shell for the day on which nothing else helps."""

    namespace_id: eb.Param[str] = eb.param(pattern="ns-[a-z0-9]+", help="the private DNS namespace")
    database_secret: eb.Param[eb.SecretArn] = eb.param(help="the database's password")
    exec_log_group: eb.Param[str] = eb.param(help="where the cluster logs what is typed")
    exec_enabled: eb.Param[bool] = eb.param(default=False, help="whether a shell may be opened")


def stack(env: Customers) -> eb.Stack:
    """A name in DNS instead of a load balancer."""
    stack = eb.Stack(env, description=__doc__)
    private = eb.Cidr("10.0.0.0/8")
    stack.add(
        "Customers",
        eb.BackgroundService.standard(
            env,
            port=8443,
            clients=(private,),
            discovery=eb.CloudMapName(namespace_id=env.namespace_id, name="customers"),
            secrets={"DATABASE_PASSWORD": eb.Secret(env.database_secret)},
            egress=(eb.Rule(5432, private),),
            container=eb.Container(
                health_check=eb.HealthCheck(("/app/healthy",)),
                exec=eb.Exec(
                    key_arn=env.key_arn,
                    log_group_name=env.exec_log_group,
                    enabled=env.exec_enabled,
                ),
            ),
        ),
    )
    return stack
