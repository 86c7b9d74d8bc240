"""resolver: DNS by UDP, and a log of datagrams on another port."""

import ecs_blocks as eb


def stack(env: eb.FargateNetworkServiceEnvironment) -> eb.Stack:
    """Two listeners for UDP, with a health check by TCP."""
    stack = eb.Stack(env, description=__doc__)
    ports = (
        eb.Port(5140, "syslog", protocol="udp"),
        eb.Port(8080, "health"),
    )
    stack.add(
        "Resolver",
        eb.NetworkService.standard(
            env,
            port=eb.Port(5353, "dns", protocol="udp"),
            container=eb.Container(ports=ports),
            endpoints=(
                eb.NetworkEndpoint(listener=eb.Udp(53), check=eb.Connects(8080)),
                eb.NetworkEndpoint(listener=eb.Udp(514), port=5140, check=eb.Connects(8080)),
            ),
            ingress=(eb.Cidr("10.0.0.0/8"),),
            scheme="internal",
        ),
    )
    return stack
