"""fuga: the catalogue API, on Fargate and Graviton."""

import ecs_blocks as eb


class Fuga(eb.FargateWebServiceEnvironment):
    """What environment.yaml may set for fuga, beyond what every service on Fargate takes."""

    database_host: eb.Param[eb.DomainName] = eb.param(help="the database's host name")
    database_parameter: eb.Param[eb.SsmParameterName] = eb.param(
        help="the SSM parameter that holds the database's password"
    )


def stack(env: Fuga) -> eb.Stack:
    """The catalogue API: a database outside of the stack, its password in Parameter Store."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Fuga",
        eb.WebService.standard(
            env,
            port=8080,
            health_check_path="/health",
            architecture="ARM64",
            variables={"DATABASE_HOST": env.database_host},
            secrets={"DATABASE_PASSWORD": eb.SsmParameter(env.database_parameter)},
            egress=(eb.Rule(5432, eb.Cidr("10.0.0.0/8")),),
        ),
    )
    return stack
