"""What runs inside of MiniStack's own Python: its launcher, and what it lacks for ECS stacks.

Nothing of ecs_blocks is imported here but this folder; MiniStack's environment has neither
troposphere nor boto3.
"""
