"""nightly: a report every night, on Fargate, watched to its end."""

import ecs_blocks as eb


def stack(env: eb.FargateScheduledJobEnvironment) -> eb.Stack:
    """A state machine around the task."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Nightly", eb.ScheduledJob.standard(env, command=("report", "--yesterday")))
    return stack
