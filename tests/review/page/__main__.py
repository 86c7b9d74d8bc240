"""``python -m tests.review.page`` takes the pictures of a page that docs/how-to/review.md shows."""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs
from playwright.sync_api import sync_playwright

from ecs_blocks.review.judging import review_pairs
from ecs_blocks.review.show.page import page
from ecs_blocks.review.side import Pair
from ecs_blocks.review.sources.rendering import rendered
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from ecs_blocks.review.side import Side

_FOLDER: Final = REPOSITORY / "docs" / "how-to"
PAGE: Final = _FOLDER / "review.png"
PICTURE: Final = _FOLDER / "review-picture.png"


def main() -> None:
    """Review hoge with a balancer that becomes internal, and write what a browser shows."""
    sides = rendered(REPOSITORY / "stacks", "now", ["hoge"]).environments("hoge")
    pairs = [
        Pair(app="hoge", environment=name, before=side, after=_changed(side, name))
        for name, side in sides.items()
    ]
    html = page(review_pairs(pairs, base="main (3f2a1c9)", head="the work tree"), pairs)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "review.html"
        path.write_text(html, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        opened = browser.new_page(viewport={"width": 900, "height": 760})
        opened.goto(path.as_uri())
        opened.screenshot(path=PAGE)
        opened.set_viewport_size({"width": 900, "height": 1200})
        opened.locator("figure").first.screenshot(path=PICTURE)
        browser.close()


def _changed(side: Side, environment: str) -> Side:
    if environment != "prod":
        return structs.replace(side, parameters={**side.parameters, "JavaOpts": "-Xmx300m"})
    template = copy.deepcopy(dict(side.template))
    template["Resources"]["HogeLoadBalancer"]["Properties"]["Scheme"] = "internal"
    values = {**side.parameters, "JavaOpts": "-Xmx1600m -Xms1500m"}
    return structs.replace(side, template=template, parameters=values)


if __name__ == "__main__":
    main()
