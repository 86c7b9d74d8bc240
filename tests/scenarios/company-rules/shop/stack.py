"""shop: the web shop, which knows nothing of the company's rules."""

import ecs_blocks as eb


def stack(env: eb.WebServiceEnvironment) -> eb.Stack:
    """As short as any."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shop", eb.WebService.standard(env, port=8080))
    return stack
