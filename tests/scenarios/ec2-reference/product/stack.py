"""product: the catalogue behind the website."""

import ecs_blocks as eb


def stack(env: eb.SharedWebServiceEnvironment) -> eb.Stack:
    """The products of the site."""
    stack = eb.Stack(env, description=__doc__)
    front = eb.Shared(
        balancer=env.shared_balancer(),
        name=eb.CommonName(eb.text("store.", env.hosted_zone_name)),
        routes=(eb.Route(paths=eb.under("/products")),),
    )
    stack.add("Product", eb.WebService.standard(env, port=8001, front=front))
    return stack
