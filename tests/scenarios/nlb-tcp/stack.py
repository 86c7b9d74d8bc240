"""nlb-tcp: an MQTT broker for devices in the field."""

import ecs_blocks as eb


class Broker(eb.FargateNetworkServiceEnvironment):
    """The certificate that devices see."""

    certificate_arn: eb.Param[eb.CertificateArn] = eb.param(help="for the broker's name")


def stack(env: Broker) -> eb.Stack:
    """Devices with a password come by TLS; those with a certificate, to the broker itself."""
    stack = eb.Stack(env, description=__doc__)
    health = eb.Answers(path="/health", port=8080)
    stack.add(
        "Broker",
        eb.NetworkService.standard(
            env,
            port=1883,
            container=eb.Container(ports=(eb.Port(8080, "health"), eb.Port(8884, "mutual-tls"))),
            endpoints=(
                eb.NetworkEndpoint(
                    listener=eb.Tls(port=8883, certificate_arn=env.certificate_arn), check=health
                ),
                eb.NetworkEndpoint(listener=eb.Tcp(8884), port=8884),
            ),
            ingress=(eb.Cidr("0.0.0.0/0"),),
        ),
    )
    return stack
