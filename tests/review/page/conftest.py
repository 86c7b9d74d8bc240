"""Debian's Chromium without a window, and what has to hold of every page that is opened in it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest

from tests.review.page.opened import Opened, Opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it takes a while

    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("there is no chromium; make .chromium installs it where root and apt are")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens a page. At the end: nothing was fetched, logged as an error, or thrown."""
    made: list[Opened] = []
    yield Opener(browser, tmp_path / "review.html", made)
    for one in made:
        assert one.problems == []
        one.page.context.close()
