"""managed-instances: a cluster whose EC2 instances AWS chooses, patches and replaces."""

import ecs_blocks as eb


def stack(env: eb.ManagedInstancesEnvironment) -> eb.Stack:
    """Services that do not choose run there; Fargate is there too."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shared", eb.Cluster.standard(env))
    return stack
