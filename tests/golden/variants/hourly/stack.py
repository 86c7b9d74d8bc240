"""hourly: a clean-up every hour, on the instances of the cluster, started and left alone."""

import ecs_blocks as eb


def stack(env: eb.ScheduledJobEnvironment) -> eb.Stack:
    """The schedule starts the task itself, some time in ten minutes."""
    stack = eb.Stack(env, description=__doc__)
    job = eb.ScheduledJob.standard(
        env, runner=eb.RunTask(env.failure_rule_state), flexible_window_minutes=10
    )
    stack.add("Hourly", job)
    return stack
