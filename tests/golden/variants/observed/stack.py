"""observed: a cluster mostly on Spot, a load balancer set otherwise, and a table of its logs."""

import ecs_blocks as eb


class Observed(eb.SharedLoadBalancerEnvironment, eb.ClusterEnvironment):
    """What is measured, how long connections may idle, and the name of the database."""

    insights: eb.Param[eb.Insights] = eb.param(default="enhanced", help="what is measured")
    idle_timeout_seconds: eb.Param[int] = eb.param(
        default=60, ge=1, le=4000, help="after so long without a byte a connection is closed"
    )
    database: eb.Param[str] = eb.param(pattern="[a-z0-9_]+", help="of the table of access logs")


def stack(env: Observed) -> eb.Stack:
    """A namespace, a cluster that defaults to it, its history, a shared load balancer, a table."""
    stack = eb.Stack(env, description=__doc__)
    namespace = stack.add("Shared", eb.Namespace(name=env.cluster_name))
    cluster = stack.add(
        "Shared",
        eb.Cluster.standard(
            env,
            default_capacity=eb.FargateCapacity(base=1, weight=1, spot_weight=3),
            container_insights=env.insights,
            namespace=namespace.arn,
        ),
    )
    stack.add("Shared", eb.TaskHistory(cluster=cluster, retention_days=env.log_retention_days))
    stack.add(
        "Public",
        eb.SharedLoadBalancer.standard(
            env,
            access_log_bucket=cluster.bucket,
            notify=eb.Notify(topic_arn=cluster.topic.arn, enabled=env.alarms_enabled),
            options=eb.BalancerOptions(idle_timeout_s=env.idle_timeout_seconds, http2=True),
        ),
    )
    stack.add(
        "Public",
        eb.AccessLogTable(
            bucket=cluster.bucket.name,
            database=eb.NewDatabase(env.database),
            days=env.access_log_days,
        ),
    )
    return stack
