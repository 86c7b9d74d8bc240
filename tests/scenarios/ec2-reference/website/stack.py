"""website: what people see; it asks the product service."""

import ecs_blocks as eb


def stack(env: eb.SharedWebServiceEnvironment) -> eb.Stack:
    """Everything on the site that no other service has."""
    stack = eb.Stack(env, description=__doc__)
    site = eb.text("store.", env.hosted_zone_name)
    front = eb.Shared(balancer=env.shared_balancer(), routes=(eb.Route(hosts=(site,)),))
    variables = {"PRODUCT_SERVICE_URL": eb.text("https://", site, "/products")}
    website = eb.WebService.standard(env, port=8000, front=front, variables=variables)
    stack.add("Website", website)
    return stack
