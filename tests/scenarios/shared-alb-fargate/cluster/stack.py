"""cluster: a Fargate cluster, and the load balancer that its services share."""

import ecs_blocks as eb


class Platform(eb.SharedLoadBalancerEnvironment, eb.ClusterEnvironment):
    """A cluster with a shared load balancer, and the zone of the name in common."""

    hosted_zone_id: eb.Param[eb.HostedZoneId] = eb.param(help="the zone of www")
    hosted_zone_name: eb.Param[eb.DomainName] = eb.param(help="its name")


def stack(env: Platform) -> eb.Stack:
    """The cluster, and one load balancer for www.example.com and for a name of each service."""
    stack = eb.Stack(env, description=__doc__)
    cluster = stack.add("Shared", eb.Cluster.standard(env))
    notify = eb.Notify(topic_arn=cluster.topic.arn, enabled=env.alarms_enabled)
    shared = stack.add(
        "Public",
        eb.SharedLoadBalancer.standard(env, access_log_bucket=cluster.bucket, notify=notify),
    )
    www = eb.text("www.", env.hosted_zone_name)
    stack.add(
        "Www",
        eb.AliasRecords(name=www, hosted_zone_id=env.hosted_zone_id, balancer=shared.balancer),
    )
    return stack
