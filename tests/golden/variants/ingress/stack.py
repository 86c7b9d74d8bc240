"""ingress: a Fargate cluster with a load balancer that services share, and its certificate."""

import ecs_blocks as eb


class Ingress(eb.SharedLoadBalancerEnvironment, eb.ClusterEnvironment):
    """With the zone of the names that come together here."""

    hosted_zone_id: eb.Param[eb.HostedZoneId] = eb.param(help="the zone")
    hosted_zone_name: eb.Param[eb.DomainName] = eb.param(help="its name")


def stack(env: Ingress) -> eb.Stack:
    """A second certificate for the name in common and another, and the former's records."""
    stack = eb.Stack(env, description=__doc__)
    cluster = stack.add(
        "Shared", eb.Cluster.standard(env, network_balancer_logs=True, bucket_logs=True)
    )
    www, old = (eb.text(name, ".", env.hosted_zone_name) for name in ("www", "old"))
    certificate = stack.add(
        "Names", eb.Certificate(domain=www, hosted_zone_id=env.hosted_zone_id, names=(old,))
    )
    shared = stack.add(
        "Public",
        eb.SharedLoadBalancer.standard(
            env,
            access_log_bucket=cluster.bucket,
            notify=eb.Notify(topic_arn=cluster.topic.arn, enabled=env.alarms_enabled),
            certificates=(certificate.arn,),
        ),
    )
    stack.add(
        "Www",
        eb.AliasRecords(name=www, hosted_zone_id=env.hosted_zone_id, balancer=shared.balancer),
    )
    return stack
