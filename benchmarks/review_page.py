"""How long a large page takes to be made, and to be seen in a browser."""

from __future__ import annotations

import shutil
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from ecs_blocks.review.show.page import page
from tests.review.large import large

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

_TIMES = 7


class Opening(NamedTuple):
    """Medians: seconds until the page was written, painted for the first time, and loaded."""

    resources: int
    stacks: int
    mib: float
    made_s: float
    painted_s: float
    loaded_s: float


def problem() -> str:
    """Why a page cannot be opened here; empty if it can."""
    return "" if shutil.which("chromium") else "there is no chromium; `make .chromium`"


def opening(folder: Path) -> Opening:
    """The review of 162 resources in three environments, nearly all of them changed."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here

    review, pairs = large()
    path = folder / "review.html"
    made = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        path.write_text(page(review, pairs), encoding="utf-8")
        made.append(time.perf_counter() - start)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        seen = [_seen(browser, path) for _ in range(_TIMES)]
        browser.close()
    return Opening(
        resources=max(len(one.after.template["Resources"]) for one in pairs if one.after),
        stacks=len(review.stacks),
        mib=path.stat().st_size / 2**20,
        made_s=median(made),
        painted_s=median(painted for painted, _ in seen),
        loaded_s=median(loaded for _, loaded in seen),
    )


def _seen(browser: Browser, path: Path) -> tuple[float, float]:
    """Seconds until the first paint and the end of loading, in a window without a cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.goto(path.as_uri())
    opened.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    painted, loaded = opened.evaluate(
        "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
        " performance.getEntriesByType('navigation')[0].loadEventEnd]"
    )
    context.close()
    return painted / 1000, loaded / 1000
