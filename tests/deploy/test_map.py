"""The map of the folder, in its docstring, names what is there and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import ecs_blocks.deploy

FOLDER = Path(ecs_blocks.deploy.__file__).parent
NO_FILES = {"Outcome", "DeployError"}


def test_the_map_names_every_file_and_folder() -> None:
    named = set(re.findall("``(.+?)``", ecs_blocks.deploy.__doc__ or "")) - NO_FILES
    there = {path.stem for path in FOLDER.iterdir() if not path.name.startswith("_")}

    assert named == there
