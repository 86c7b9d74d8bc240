"""broker: TCP and TLS by a network load balancer of its own."""

import ecs_blocks as eb


class Broker(eb.FargateNetworkServiceEnvironment):
    """What TLS shows."""

    certificate_arn: eb.Param[eb.CertificateArn] = eb.param(help="for the broker's name")


def stack(env: Broker) -> eb.Stack:
    """Two ports for the world, a third for the health check."""
    stack = eb.Stack(env, description=__doc__)
    tls = eb.Tls(port=8883, certificate_arn=env.certificate_arn)
    stack.add(
        "Broker",
        eb.NetworkService.standard(
            env,
            port=1883,
            container=eb.Container(ports=(eb.Port(8080, "health"), eb.Port(8884, "mutual"))),
            endpoints=(
                eb.NetworkEndpoint(listener=tls, check=eb.Answers(path="/health", port=8080)),
                eb.NetworkEndpoint(listener=eb.Tcp(8884), port=8884, client_addresses=True),
            ),
            ingress=(eb.Cidr("0.0.0.0/0"),),
        ),
    )
    return stack
