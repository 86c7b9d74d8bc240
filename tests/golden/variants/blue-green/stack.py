"""blue-green: the new version beside the old one, tried on a port of its own, then switched to."""

import ecs_blocks as eb


class BlueGreen(eb.FargateWebServiceEnvironment):
    """The function that tests a new version, and how long both versions stay."""

    smoke_test_arn: eb.Param[str] = eb.param(help="the Lambda function that tests a new version")
    bake_minutes: eb.Param[int] = eb.param(default=10, ge=0, le=1440, help="how long both stay")


def stack(env: BlueGreen) -> eb.Stack:
    """Blue/green with a test listener and a hook."""
    stack = eb.Stack(env, description=__doc__)
    smoke_test = eb.LambdaHook(function_arn=env.smoke_test_arn, stages=("POST_TEST_TRAFFIC_SHIFT",))
    deployment = eb.BlueGreen(
        bake_minutes=env.bake_minutes,
        hooks=(smoke_test,),
        test=eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),)),
    )
    stack.add("Shop", eb.WebService.standard(env, port=8080, deployment=deployment))
    return stack
