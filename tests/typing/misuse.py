"""Not run: each line that is marked has to be a type error, and no other line may be one."""

import ecs_blocks as eb


class Shop(eb.WebServiceEnvironment):
    domain: eb.Param[eb.DomainName]
    replicas: eb.Param[int] = eb.param(default=1)
    archive: eb.Shape[bool] = eb.shape(default=False)


def good(env: Shop) -> None:
    eb.ScalingTargets(min_count=env.replicas, max_count=3)
    eb.text("https://", env.domain)
    if env.archive and (pair := eb.known(env.replicas, 2)) and pair[0] > pair[1]:
        eb.LogGroup(name="/x", retention_days=30, key_arn=env.key_arn)


def bad(env: Shop) -> None:
    env.replicas > 1  # error
    env.replicas + 1  # error
    len(env.domain)  # error
    env.domain.upper()  # error
    env.repliacs  # error
    eb.ScalingTargets(min_count=env.domain, max_count=3)  # error
    eb.ScalingTargets(min_count=1)  # error
    eb.LogGroup(name="/x", retention_days=30, key_arn=env.alarm_topic_arn)  # error
    eb.WebService.standard(env, port="8080")  # error
    eb.WebService.standard(env, prot=8080)  # error
    eb.nothing  # error
