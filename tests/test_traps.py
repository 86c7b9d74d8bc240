"""Every trap has a row in the documents and a test that names it.

Trap 48: no block has a condition, so no change is one that CloudFormation overlooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.golden.files import STACKS, VARIANTS, rendered
from tests.scenarios.table import scenarios
from tests.traps import COUNT, PAGE, described, named, page

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

EVERY = list(range(1, COUNT + 1))


def test_every_trap_has_a_row() -> None:
    assert described(PAGE.read_text(encoding="utf-8")) == EVERY


def test_every_trap_is_named_by_a_test_and_no_other_number_is() -> None:
    assert list(named()) == EVERY


def test_the_page_says_which() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text == page(text), "run: python -m tests.traps"


def test_a_trap_is_named_in_a_docstring_only(tmp_path: Path) -> None:
    text = '"""Trap 1, 3 and 5: x."""\nA = "Trap 7"\ndef test_a():\n    """See trap 9."""\n'
    (tmp_path / "test_some.py").write_text(text, encoding="utf-8")

    assert list(named(tmp_path)) == [1, 3, 5, 9]


def test_no_template_has_a_condition() -> None:
    apps = [*rendered(STACKS), *rendered(VARIANTS)]
    apps += [app for scenario in scenarios() for app in scenario.rendered()]
    templates = [one.template for app in apps for one in app.environments]
    resources = [one for template in templates for one in template["Resources"].values()]

    assert [template for template in templates if "Conditions" in template] == []
    assert [one for one in resources if "Condition" in one] == []
