"""hoge: the accounting API."""

import ecs_blocks as eb


class Hoge(eb.WebServiceEnvironment):
    """What environment.yaml may set for hoge, beyond what every web service takes."""

    java_opts: eb.Param[str] = eb.param(default="", help="JVM options; the container's JAVA_OPTS")


def stack(env: Hoge) -> eb.Stack:
    """The accounting API on the instances of the cluster."""
    stack = eb.Stack(env, description=__doc__)
    stack.add(
        "Hoge", eb.WebService.standard(env, port=8080, variables={"JAVA_OPTS": env.java_opts})
    )
    return stack
