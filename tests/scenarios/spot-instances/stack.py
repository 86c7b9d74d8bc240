"""spot-instances: a cluster of Graviton instances of many types, most of them on Spot."""

import ecs_blocks as eb


class Cluster(eb.SpotInstancesEnvironment):
    """Graviton, and its image."""

    architecture = "ARM64"


def stack(env: Cluster) -> eb.Stack:
    """The bucket takes the logs of Network Load Balancers too."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shared", eb.Cluster.standard(env, network_balancer_logs=True))
    return stack
