"""cluster: Fargate, and a namespace in which services find each other."""

import ecs_blocks as eb


def stack(env: eb.ClusterEnvironment) -> eb.Stack:
    """The namespace has the cluster's name."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shared", eb.Cluster.standard(env))
    stack.add("Shared", eb.Namespace(name=env.cluster_name))
    return stack
