"""Repositories of many apps, made from the shipped ones."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from benchmarks.measure import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__")


def repository(folder: Path, apps: int) -> Path:
    """Make *folder* a stacks/ with so many copies of hoge, and the cluster that they look up."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "stacks" / "platform.yaml", folder)
    shutil.copytree(ROOT / "stacks" / "cluster", folder / "cluster", ignore=_LEFT_OUT)
    for number in range(apps):
        shutil.copytree(ROOT / "stacks" / "hoge", folder / name_of(number), ignore=_LEFT_OUT)
    return folder


def name_of(number: int) -> str:
    """The name of a copy."""
    return f"app-{number:04}"
