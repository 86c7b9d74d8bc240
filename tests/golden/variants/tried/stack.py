"""tried: a new version behind a shared load balancer, tried by a header, and seen on a page."""

import ecs_blocks as eb


def stack(env: eb.FargateSharedWebServiceEnvironment) -> eb.Stack:
    """Blue/green with a test header, and a dashboard of both target groups."""
    stack = eb.Stack(env, description=__doc__)
    header = eb.TestHeader(value="a-word-that-few-know", source_ips=("10.0.0.0/8",))
    tried = stack.add(
        "Tried",
        eb.WebService.standard(
            env,
            port=8080,
            front=eb.Shared(balancer=env.shared_balancer()),
            deployment=eb.BlueGreen(test=header),
        ),
    )
    stack.add(
        "Tried",
        eb.Dashboard(
            service=tried.service, entrance=tried.entrance, alternate=tried.traffic.alternate
        ),
    )
    return stack
