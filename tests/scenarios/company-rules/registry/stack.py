"""registry: where the shop's images are."""

import ecs_blocks as eb


def stack(env: eb.Environment) -> eb.Stack:
    """One repository."""
    stack = eb.Stack(env, description=__doc__)
    stack.add("Shop", eb.Ecr(name="shop", pull_accounts=("111122223333",)))
    return stack
