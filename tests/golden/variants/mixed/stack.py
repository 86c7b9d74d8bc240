"""mixed: a cluster of instances of many types, most of them on Spot, and a namespace."""

import ecs_blocks as eb


def stack(env: eb.SpotInstancesEnvironment) -> eb.Stack:
    """Services find each other by Service Connect."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shared", eb.Cluster.standard(env))
    stack.add("Shared", eb.Namespace(name=env.cluster_name))
    return stack
