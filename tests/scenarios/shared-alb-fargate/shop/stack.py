"""shop: what www.example.com sells."""

import ecs_blocks as eb


def stack(env: eb.FargateSharedWebServiceEnvironment) -> eb.Stack:
    """Three parts of the common site."""
    stack = eb.Stack(env, description=__doc__)
    front = eb.Shared(
        balancer=env.shared_balancer(),
        name=eb.CommonName(eb.text("www.", env.hosted_zone_name)),
        routes=(eb.Route(paths=eb.under("/shop", "/cart", "/checkout")),),
    )
    stack.add("Shop", eb.WebService.standard(env, port=8080, front=front))
    return stack
