"""cluster: Fargate, one load balancer for both sites, and a private zone for Redis."""

import ecs_blocks as eb


class Voting(eb.SharedLoadBalancerEnvironment, eb.ClusterEnvironment):
    """A cluster with a shared load balancer."""


def stack(env: Voting) -> eb.Stack:
    """What the four services stand on."""
    stack = eb.Stack(env, description=__doc__)
    cluster = stack.add("Shared", eb.Cluster.standard(env))
    notify = eb.Notify(topic_arn=cluster.topic.arn, enabled=env.alarms_enabled)
    stack.add(
        "Public",
        eb.SharedLoadBalancer.standard(env, access_log_bucket=cluster.bucket, notify=notify),
    )
    stack.add("Private", eb.DnsNamespace(name="voting.internal", vpc_id=env.vpc_id))
    return stack
