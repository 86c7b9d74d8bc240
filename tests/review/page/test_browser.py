"""The page in a browser: search, keys, links, theme, paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.review.show.machine import to_json
from tests.review.large import large
from tests.review.page.samples import pictured, sample

if TYPE_CHECKING:
    from tests.review.page.opened import Opener, Theme

pytestmark = pytest.mark.slow

CHANGES = "main .change > summary .id"


def test_the_summary_and_the_stacks_can_be_read_at_once(show: Opener) -> None:
    opened = show(*pictured())

    assert opened.texts("h1") == ["1 stack: 1 needs approval"]
    assert opened.run("document.querySelector('nav').getBoundingClientRect().top") < 200
    assert opened.texts("article > h2") == ["hoge prod !! needs approval"]
    assert opened.find("svg.picture").count() == 1


def test_search_leaves_what_holds_every_word_and_opens_it(show: Opener) -> None:
    opened = show(sample())
    opened.press("/")
    opened.page.keyboard.type("scheme replace")

    assert opened.texts(CHANGES) == ["HogeLoadBalancer"]
    assert opened.find(".change table").count() == 1
    assert opened.texts("nav tbody tr") == []
    assert opened.texts("#found") == ["1 of 27 entries hold “scheme replace”"]


def test_search_that_finds_nothing_says_so_and_escape_ends_it(show: Opener) -> None:
    opened = show(sample())
    before = opened.texts("main")
    opened.press("/")
    opened.page.keyboard.type("nowhere")
    assert opened.texts("#found") == ["nothing holds “nowhere”"]
    assert opened.texts("article") == []

    opened.press("Escape")
    assert opened.texts("#found") == []
    assert opened.texts("main") == before
    assert opened.run("document.activeElement === document.body")


def test_search_looks_into_closed_parts(show: Opener) -> None:
    opened = show(sample())
    opened.page.locator("#search").fill("Tags[Team]")
    assert opened.texts(CHANGES) == ["HogeTaskDefinition", "HogeLogGroup", "HogeTaskDefinition"]

    opened.page.locator("#search").fill("")
    assert opened.run("document.querySelectorAll('main details[open]').length") == 0


def test_the_keys_go_from_change_to_change(show: Opener) -> None:
    opened = show(sample())
    names = opened.texts(CHANGES)
    seen = []
    for key in ("j", "j", "j", "k"):
        opened.press(key)
        seen.append(opened.texts(".current .id"))

    assert seen == [[names[0]], [names[1]], [names[2]], [names[1]]]
    opened.press("Enter")
    assert opened.find(".current .inside").count() == 1
    opened.press("Enter")
    assert opened.find(".current .inside").count() == 0


def test_the_keys_go_from_stack_to_stack(show: Opener) -> None:
    opened = show(sample())
    seen = []
    for key in ("n", "n", "n", "n", "p"):
        opened.press(key)
        seen.append(opened.run("document.activeElement.id"))

    assert seen == ["hoge-prod", "hoge-dev", "environments", "environments", "hoge-dev"]


def test_e_expands_and_closes_everything(show: Opener) -> None:
    opened = show(sample())
    closed = "document.querySelectorAll('main details:not([open])').length"
    opened.press("e")
    assert (opened.run(closed), opened.texts("#expand")) == (0, ["Close all"])
    opened.press("e")
    assert opened.run(closed) > 5


def test_the_help_lists_the_keys_and_takes_none(show: Opener) -> None:
    opened = show(sample())
    opened.press("?")
    assert "j, k next, previous change" in opened.texts("dialog dl")[0].replace("\n", " ")
    opened.press("j", "d")
    assert opened.find(".current").count() == 0
    opened.press("Escape")
    assert opened.find("dialog").count() == 0


def test_keys_are_letters_in_the_search(show: Opener) -> None:
    opened = show(sample())
    opened.press("/", "j", "d", "e", "?")

    assert opened.page.locator("#search").input_value() == "jde?"
    assert opened.find("dialog, .current").count() == 0


def test_browser_shortcuts_stay_the_browser_s(show: Opener) -> None:
    opened = show(sample())
    opened.press("Control+d", "Alt+e", "Meta+j")

    assert opened.run("document.documentElement.dataset.theme") is None
    assert opened.find("main details[open], .current").count() == 0


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_theme_is_the_system_s_until_one_is_chosen(show: Opener, theme: Theme) -> None:
    opened = show(sample(), theme=theme)
    colour = "getComputedStyle(document.body).backgroundColor"
    first = opened.run(colour)
    opened.press("d")
    second = opened.run(colour)
    assert {first, second} == {"rgb(255, 255, 255)", "rgb(13, 17, 23)"}
    assert (first == "rgb(13, 17, 23)") is (theme == "dark")
    assert opened.texts("#theme") == ["Dark" if theme == "dark" else "Light"]

    opened.page.reload()
    assert opened.run(colour) == second


def test_a_link_opens_what_it_leads_to(show: Opener) -> None:
    opened = show(sample(), fragment="#hoge-prod-HogeLogGroup")

    assert opened.find("#hoge-prod-HogeLogGroup .inside").count() == 1  # in a closed group
    opened.page.locator("a", has_text="HogeTable").first.click()
    opened.find("#hoge-prod-HogeTable .inside").wait_for()  # opened by the browser
    assert opened.page.url.endswith("#hoge-prod-HogeTable")


def test_a_box_of_the_picture_leads_to_its_change(show: Opener) -> None:
    opened = show(*pictured())
    assert opened.find("svg a").count() == opened.find(".change").count() > 3
    opened.page.locator("svg a[href='#hoge-prod-Balancer']").click()

    opened.find("#hoge-prod-Balancer .inside").wait_for()  # opened by the browser


def test_the_first_tab_skips_to_the_review(show: Opener) -> None:
    opened = show(sample())
    opened.press("Tab")
    assert opened.focused() == "Skip to the review"
    opened.press("Enter")
    assert opened.run("document.activeElement.id") == "main"


def test_the_json_is_that_of_the_review(show: Opener) -> None:
    opened = show(sample())
    with opened.page.expect_download() as download:
        opened.page.locator("#download").click()
    path = Path(download.value.path())

    assert download.value.suggested_filename == "review.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(to_json(sample()))


def test_without_a_script_all_of_it_can_be_read(show: Opener) -> None:
    opened = show(*pictured(), script=False)

    assert opened.find(".tools").count() == 0
    assert opened.find("svg.picture").count() == 1
    assert opened.find(".consequences li").count() > 2
    change = opened.page.locator(".change").first
    change.locator("summary").click()
    assert change.locator(".inside").is_visible()


def test_paper_shows_everything_and_closes_it_again(show: Opener) -> None:
    opened = show(sample())
    opened.run(
        "addEventListener('beforeprint', () => {"
        "  window.closed_ = document.querySelectorAll('main details:not([open])').length;"
        "})"
    )
    paper = opened.page.pdf()

    assert paper.startswith(b"%PDF")
    assert opened.run("window.closed_") == 0
    assert opened.run("document.querySelectorAll('main details[open]').length") == 0


@pytest.mark.parametrize("script", [True, False])
def test_paper_is_light_and_has_no_buttons(show: Opener, *, script: bool) -> None:
    opened = show(sample(), theme="dark", script=script)
    opened.page.emulate_media(media="print")

    assert opened.find("button, input").count() == 0
    assert opened.find("#hoge-prod-HogeTable .inside").count() == 1  # a closed part
    if script:
        assert opened.run("getComputedStyle(document.body).color") == "rgb(31, 35, 40)"


@pytest.mark.parametrize("width", [1280, 800, 400])
def test_nothing_is_wider_than_the_window(show: Opener, width: int) -> None:
    opened = show(*large(), width=width)
    opened.press("e")

    assert opened.run("document.documentElement.scrollWidth") <= width
