"""A stack as it is, for a review against what runs; nothing is changed.

- ``sides``: the stack as it is and as it will be, as the two sides of a review
- ``reading``: one stack, all of it; ``asking``: what AWS does not tell is a gap, never a failure
- ``services``, ``drift``, ``images``, ``secret_changes``: what runs, and what changed beside it
- ``limits``, ``fargate_room``: how much room is left on what is shared
- ``blocking``: what would refuse the deploy; ``others``: who else works on it
- ``history``: how long a deploy took before, and where the same has run; ``phases``: what of it
  took the time
- ``consequences``: what a plan leads to, for whoever approves it
"""
