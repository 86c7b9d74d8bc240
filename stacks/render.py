"""``python -m stacks.render [APP…]``: the templates of the apps in this folder."""

from pathlib import Path

from ecs_blocks.cli import run

if __name__ == "__main__":
    root = str(Path(__file__).parent)
    run("render", prog_name="python -m stacks.render", default_map={"root": root})
