"""consumer: works on what a topic sends, on the instances of the cluster."""

import ecs_blocks as eb


class Consumer(eb.QueueWorkerEnvironment):
    """The topic differs between environments."""

    orders_topic_arn: eb.Param[eb.TopicArn] = eb.param(help="where orders are published")


def stack(env: Consumer) -> eb.Stack:
    """A queue that a topic sends to."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Consumer",
        eb.QueueWorker.standard(env, senders=(eb.FromTopic(env.orders_topic_arn),)),
    )
    return stack
