"""dense: an agent with an address of its own on every instance."""

import ecs_blocks as eb


class Dense(eb.DaemonEnvironment):
    """Where it lives."""

    vpc_id: eb.Param[eb.VpcId] = eb.param(help="the VPC")
    private_subnet_ids: eb.Param[list[eb.SubnetId]] = eb.param(min_items=2, help="its subnets")


def stack(env: Dense) -> eb.Stack:
    """The VPC may ask it, and it may ask HTTPS."""
    stack = eb.Stack(env, description=__doc__)
    network = eb.TaskNetwork(
        vpc_id=env.vpc_id,
        subnet_ids=env.private_subnet_ids,
        ingress=(eb.Rule(8125, eb.Cidr("10.0.0.0/8")),),
    )
    stack.add("Agent", eb.Daemon.standard(env, port=8125, network_mode=network))
    return stack
