"""secrets: a parameter, a whole secret and two keys of one, under AWS's key and another."""

import ecs_blocks as eb


class Secrets(eb.FargateWebServiceEnvironment):
    """Where the secrets are; never what they hold."""

    password_parameter: eb.Param[eb.SsmParameterName] = eb.param(help="holds a password")
    token_arn: eb.Param[eb.SecretArn] = eb.param(help="a secret that is one word")
    database_arn: eb.Param[eb.SecretArn] = eb.param(help="a secret of several keys, as JSON")
    secrets_key_arn: eb.Param[eb.KeyArn] = eb.param(help="the key of the database's secret")


def stack(env: Secrets) -> eb.Stack:
    """Secrets of every kind."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Secrets",
        eb.WebService.standard(
            env,
            port=8080,
            variables={"DATABASE_NAME": "web"},
            secrets={
                "PASSWORD": eb.SsmParameter(env.password_parameter),
                "TOKEN": eb.Secret(env.token_arn),
                "DATABASE_USER": eb.Secret(env.database_arn, "user", env.secrets_key_arn),
                "DATABASE_PASSWORD": eb.Secret(env.database_arn, "password", env.secrets_key_arn),
            },
        ),
    )
    return stack
