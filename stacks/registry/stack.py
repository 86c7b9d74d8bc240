"""registry: the image repositories, in prod's account; dev and stg pull from it."""

import ecs_blocks as eb

PULL_ACCOUNTS = ("111122223333", "444455556666")


def stack(env: eb.Environment) -> eb.Stack:
    """One repository for each app that is built here."""
    stack = eb.Stack(env, description=__doc__)
    for id_, name in (("Hoge", "hoge-image"), ("Fuga", "fuga-image")):
        stack.add(
            id_,
            eb.Ecr(
                name=name,
                pull_accounts=PULL_ACCOUNTS,
                expiring_tags=(("branch-", 20),),
                moving_tags=("latest",),
                keeps_deployed=eb.KeepsDeployed(marking_accounts=PULL_ACCOUNTS),
            ),
        )
    return stack
