"""part: a part of a site behind a shared load balancer, and a name with a number of its own."""

import ecs_blocks as eb


class Part(eb.FargateSharedWebServiceEnvironment):
    """The number of one rule."""

    beta_priority: eb.Param[int] = eb.param(ge=1, le=50_000, help="of the rule for testers")


def stack(env: Part) -> eb.Stack:
    """Rules by path from the lock file; one by a header with a number from environment.yaml."""
    stack = eb.Stack(env, description=__doc__)
    routes = (
        eb.Route(paths=eb.under("/part", "/parts", "/other")),
        eb.Route(name="Beta", headers={"X-Beta": ("*",)}, priority=env.beta_priority),
    )
    front = eb.Shared(
        balancer=env.shared_balancer(),
        name=eb.CommonName(eb.text("www.", env.hosted_zone_name)),
        routes=routes,
    )
    stack.add("Part", eb.WebService.standard(env, port=8080, front=front))
    return stack
