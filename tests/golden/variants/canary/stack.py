"""canary: a tenth of the requests first, on the instances of the cluster."""

import ecs_blocks as eb


class Canary(eb.WebServiceEnvironment):
    """How large the first share is."""

    canary_percent: eb.Param[float] = eb.param(default=10.0, ge=0.1, le=100, help="the first share")


def stack(env: Canary) -> eb.Stack:
    """Canary, and a pause before the rest follows."""
    stack = eb.Stack(env, description=__doc__)
    deployment = eb.Canary(
        percent=env.canary_percent,
        threshold=eb.FailedTasks(count=3),
        hooks=(eb.Pause(stages=("POST_PRODUCTION_TRAFFIC_SHIFT",), timeout_minutes=30),),
    )
    stack.add("Shop", eb.WebService.standard(env, port=8080, deployment=deployment))
    return stack
