"""``python -m stacks.deploy [APP…] --env ENV``: deploy the apps in this folder."""

from pathlib import Path

from ecs_blocks.cli import run

if __name__ == "__main__":
    root = str(Path(__file__).parent)
    run("deploy", prog_name="python -m stacks.deploy", default_map={"root": root})
