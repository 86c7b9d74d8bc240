"""managed: a cluster of instances that AWS manages, and a private zone for its services."""

import ecs_blocks as eb


def stack(env: eb.ManagedInstancesEnvironment) -> eb.Stack:
    """Services find each other by names in DNS."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shared", eb.Cluster.standard(env))
    stack.add("Shared", eb.DnsNamespace(name="prod.internal", vpc_id=env.vpc_id))
    return stack
