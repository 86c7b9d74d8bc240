"""blog: everything on www.example.com that no other service has, and blog.example.com."""

import ecs_blocks as eb


def stack(env: eb.FargateSharedWebServiceEnvironment) -> eb.Stack:
    """A name of its own, and what is left of the common one."""
    stack = eb.Stack(env, description=__doc__)
    own, www = (eb.text(name, ".", env.hosted_zone_name) for name in ("blog", "www"))
    front = eb.Shared(
        balancer=env.shared_balancer(), routes=(eb.Route(hosts=(own,)), eb.Route(hosts=(www,)))
    )
    stack.add("Blog", eb.WebService.standard(env, port=8080, front=front))
    return stack
