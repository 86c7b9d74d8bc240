"""The map of a folder, in its docstring, names what is there and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ecs_blocks import deploy
from ecs_blocks.deploy import cloudformation, live

if TYPE_CHECKING:
    from types import ModuleType

NO_FILES = {"Outcome", "DeployError"}


@pytest.mark.parametrize("folder", [deploy, cloudformation, live], ids=lambda one: one.__name__)
def test_the_map_names_every_file_and_folder(folder: ModuleType) -> None:
    named = set(re.findall("``(.+?)``", folder.__doc__ or "")) - NO_FILES
    files = Path(folder.__file__ or "").parent.iterdir()

    assert named == {path.stem for path in files if not path.name.startswith("_")}
