"""linear: the requests move in equal steps."""

import ecs_blocks as eb


def stack(env: eb.FargateWebServiceEnvironment) -> eb.Stack:
    """Four steps of five minutes."""
    stack = eb.Stack(env, description=__doc__)
    deployment = eb.Linear(step_percent=25, step_minutes=5)
    stack.add("Shop", eb.WebService.standard(env, port=8080, deployment=deployment))
    return stack
