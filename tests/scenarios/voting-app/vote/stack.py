"""vote: where people choose between cats and dogs."""

import ecs_blocks as eb


def stack(env: eb.FargateSharedWebServiceEnvironment) -> eb.Stack:
    """vote.example.com; a new version has failed when a tenth of its tasks did."""
    stack = eb.Stack(env, description=__doc__)
    vote = eb.WebService.standard(
        env,
        port=8080,
        front=eb.Shared(balancer=env.shared_balancer()),
        variables={"REDIS_HOST": "redis.voting.internal"},
        egress=(eb.Rule(6379, eb.Cidr("10.0.0.0/8")),),
        deployment=eb.Rolling(threshold=eb.FailedShare(percent=10)),
    )
    stack.add("Vote", vote)
    return stack
