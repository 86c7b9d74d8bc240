"""blue-green: a checkout that is tried by a function before anybody buys with it."""

import ecs_blocks as eb


class Checkout(eb.FargateWebServiceEnvironment):
    """The function that tests, and how long the old version stays ready."""

    smoke_test_arn: eb.Param[str] = eb.param(help="the Lambda function that buys a test item")
    bake_minutes: eb.Param[int] = eb.param(default=10, ge=0, le=1440, help="how long both stay")


def stack(env: Checkout) -> eb.Stack:
    """Blue/green: tested on port 8443 from inside, then switched, and back if an alarm rings."""
    stack = eb.Stack(env, description=__doc__)
    deployment = eb.BlueGreen(
        bake_minutes=env.bake_minutes,
        test=eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),)),
        hooks=(
            eb.LambdaHook(function_arn=env.smoke_test_arn, stages=("POST_TEST_TRAFFIC_SHIFT",)),
        ),
    )
    checkout = eb.WebService.standard(
        env, port=8080, health_check_path="/health", deployment=deployment
    )
    made = stack.add("Checkout", checkout)
    stack.add("Checkout", eb.EcsEvents(service=made.service, topic_arn=env.alarm_topic_arn))
    return stack
