"""``python -m stacks.review [APP…]``: what a change to the apps in this folder will do."""

from pathlib import Path

from ecs_blocks.cli import run

if __name__ == "__main__":
    root = str(Path(__file__).parent)
    run("review", prog_name="python -m stacks.review", default_map={"root": root})
