"""redis: holds votes until the worker has counted them."""

from msgspec import structs

import ecs_blocks as eb


class Redis(eb.FargateBackgroundServiceEnvironment):
    """The private zone."""

    namespace_id: eb.Param[str] = eb.param(pattern="ns-[a-z0-9]+", help="the private DNS namespace")


def stack(env: Redis) -> eb.Stack:
    """redis.voting.internal; votes that nobody has counted go with its only task."""
    stack = eb.Stack(env, description=__doc__)
    redis = eb.BackgroundService.standard(
        env,
        port=6379,
        clients=(eb.Cidr("10.0.0.0/8"),),
        discovery=eb.CloudMapName(namespace_id=env.namespace_id, name="redis"),
        container=eb.Container(
            command=("redis-server", "--save", ""),
            health_check=eb.HealthCheck(("redis-cli", "ping"), interval_s=5),
            mounts=(eb.Mount(eb.ScratchVolume("data"), "/data"),),
        ),
    )
    # never two at once: each would have some of the votes
    one_by_one = eb.Rolling(minimum_healthy_percent=0, maximum_percent=100)
    stack.add("Redis", structs.replace(redis, deployment=one_by_one))
    return stack
