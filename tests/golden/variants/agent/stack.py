"""agent: reads the logs of every instance of the cluster."""

import ecs_blocks as eb


def stack(env: eb.DaemonEnvironment) -> eb.Stack:
    """What it reads, it cannot change."""
    stack = eb.Stack(env, description=__doc__)
    logs = eb.HostVolume("logs", "/var/log/ecs")
    container = eb.Container(mounts=(eb.Mount(logs, "/var/log/ecs", read_only=True),))
    stack.add("Agent", eb.Daemon.standard(env, container=container))
    return stack
