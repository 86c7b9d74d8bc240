"""worker-on-sqs: makes small pictures of those that people upload; nothing runs while none come."""

import ecs_blocks as eb


def stack(env: eb.FargateQueueWorkerEnvironment) -> eb.Stack:
    """A queue and as many workers as it asks for; a picture that is begun may take two minutes."""
    stack = eb.Stack(env, description=__doc__)
    container = eb.Container(command=("./thumbnails",), stop_timeout_s=120, tmp_mib=512)
    stack.add("Thumbnails", eb.QueueWorker.standard(env, container=container, architecture="ARM64"))
    return stack
