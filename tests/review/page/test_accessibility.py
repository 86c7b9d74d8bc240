"""axe finds nothing: names, contrast, structure, in every theme and width, open and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.review.page.samples import pictured, sample
from tests.review.show.reviews import BESIDE, review, still

if TYPE_CHECKING:
    from ecs_blocks.review.model import Review
    from tests.review.page.opened import Opened, Opener, Theme

pytestmark = pytest.mark.slow


def violations(opened: Opened) -> list[str]:
    """What axe says, each rule once."""
    found = Axe().run(opened.page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_no_violations(show: Opener, theme: Theme, width: int) -> None:
    for shown in ((sample(), ()), pictured()):
        opened = show(*shown, theme=theme, width=width)
        assert violations(opened) == []
        opened.press("e")
        assert violations(opened) == []


@pytest.mark.parametrize(
    "shown",
    [review(still("hoge", "dev")), review(base="", environments=(BESIDE,))],
    ids=["nothing changes", "environments alone"],
)
def test_a_short_one_has_none(show: Opener, shown: Review) -> None:
    assert violations(show(shown)) == []


def test_help_and_search_have_none(show: Opener) -> None:
    opened = show(sample())
    opened.press("/")
    opened.page.keyboard.type("hoge")
    assert violations(opened) == []
    opened.press("Escape", "?")
    assert violations(opened) == []


def test_axe_would_find_one(show: Opener) -> None:
    opened = show(sample())
    opened.run("document.getElementById('search').parentElement.replaceWith('x')")
    opened.run("document.body.insertAdjacentHTML('beforeend', '<input>')")

    assert [one.partition(":")[0] for one in violations(opened)] == ["label", "region"]
