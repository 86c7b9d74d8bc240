"""devices: TLS by a network load balancer, a canary, logs, and off hours."""

import ecs_blocks as eb


class Devices(eb.OffHours, eb.FargateNetworkServiceEnvironment):
    """What TLS shows, and where connections are logged."""

    certificate_arn: eb.Param[eb.CertificateArn] = eb.param(help="for the name of the service")
    access_log_bucket: eb.Param[eb.BucketName] = eb.param(help="takes a line per connection")


def stack(env: Devices) -> eb.Stack:
    """One port for the world, another to try the new version."""
    stack = eb.Stack(env, description=__doc__)
    tls = eb.Tls(port=8883, certificate_arn=env.certificate_arn, log_bucket=env.access_log_bucket)
    test = eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),), port=8884)
    stack.add(
        "Devices",
        eb.NetworkService.standard(
            env,
            port=1883,
            endpoints=(eb.NetworkEndpoint(listener=tls),),
            ingress=(eb.Cidr("0.0.0.0/0"),),
            deployment=eb.Canary(test=test, alarms=("NoHealthyHost",)),
        ),
    )
    return stack
