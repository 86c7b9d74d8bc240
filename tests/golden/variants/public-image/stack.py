"""public-image: an image that is not in ECR's private registry, with Spot beyond the first task."""

import ecs_blocks as eb


def stack(env: eb.FargateWebServiceEnvironment) -> eb.Stack:
    """No permission to pull from ECR."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Public", eb.WebService.standard(env, port=8080))
    return stack
