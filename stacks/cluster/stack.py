"""cluster: the ECS cluster of an environment, and what its services share."""

import ecs_blocks as eb


def stack(env: eb.InstancesEnvironment) -> eb.Stack:
    """Fargate, Fargate Spot and EC2 instances; the alarm topic, the key, the bucket for logs."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shared", eb.Cluster.standard(env))
    return stack
