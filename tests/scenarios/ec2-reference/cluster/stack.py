"""cluster: instances in private subnets, and one load balancer in front of both services."""

import ecs_blocks as eb


class Reference(eb.SharedLoadBalancerEnvironment, eb.InstancesEnvironment):
    """A cluster on instances, with a shared load balancer."""


def stack(env: Reference) -> eb.Stack:
    """The infrastructure stacks of the reference architecture, in one."""
    stack = eb.Stack(env, description=__doc__)
    cluster = stack.add("Shared", eb.Cluster.standard(env))
    notify = eb.Notify(topic_arn=cluster.topic.arn, enabled=env.alarms_enabled)
    stack.add(
        "Public",
        eb.SharedLoadBalancer.standard(env, access_log_bucket=cluster.bucket, notify=notify),
    )
    return stack
