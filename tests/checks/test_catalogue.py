"""The catalogue is whole: every check is in it, has an id of its own, a page and a test."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from ecs_blocks.checks import rules
from ecs_blocks.checks.catalogue import ALL

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Check

FOLDER: Final = Path(rules.__path__[0])
TESTS: Final = Path(__file__).parent / "rules"


def module(check: Check) -> str:
    return check.judge.__module__.rpartition(".")[2]


def test_every_file_of_rules_is_in_the_catalogue() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}

    assert {module(check) for check in ALL} == files


def test_ids_are_unique_and_in_order() -> None:
    ids = [check.id for check in ALL]

    assert ids == sorted(set(ids))


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_a_check_has_a_page_a_source_and_a_test(check: Check) -> None:
    page = inspect.getdoc(sys.modules[check.judge.__module__]) or ""

    assert re.fullmatch(r"EB[1-7][0-9]{2}", check.id)
    assert "Source" in page
    assert len(page.split()) > 25
    assert check.types
    assert not check.title.endswith(".")
    assert not check.fix.endswith(".")
    assert (TESTS / f"test_{module(check)}.py").is_file()
