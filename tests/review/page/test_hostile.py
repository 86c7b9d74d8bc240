"""No value of a template can do anything in the page."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from ecs_blocks.review import model
from ecs_blocks.review.judging import review_pairs
from ecs_blocks.review.model import Review
from ecs_blocks.review.visible import visible
from tests.review.page.samples import sample
from tests.review.picture.drawn import pair
from tests.review.picture.test_drawing import WEB
from tests.review.stacks import side

if TYPE_CHECKING:
    from ecs_blocks.review.side import Pair
    from tests.review.page.opened import Opened, Opener

pytestmark = pytest.mark.slow

ATTEMPTS: Final = (
    "<script>window.hacked = 1</script>",
    "</script><script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "'><svg/onload='window.hacked=1'>",
    "javascript:window.hacked=1",
    "<!--<script>",
    "{{ 7 * 7 }}{% raw %}",
    "</style><style>* { display: none }</style>",
    "\x00\x1b]8;;http://x\x07",
    "]]></title></svg><iframe srcdoc='<script>parent.hacked=1</script>'>",
)
_ENUMS: Final = {
    value.value
    for kind in vars(model).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum)
    for value in kind
}


def poisoned(tree: Any, attempt: str) -> Any:
    """*tree* with *attempt* in every text and key that is not one of a few words."""
    if isinstance(tree, dict):
        return {key: poisoned(item, attempt) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [poisoned(item, attempt) for item in tree]
    return f"{tree}{attempt}" if isinstance(tree, str) and tree not in _ENUMS else tree


def nothing_happened(opened: Opened) -> None:
    """The page has what it brings, and no more."""
    opened.press("e")
    assert opened.run("window.hacked") is None
    assert opened.run("document.scripts.length") == 2
    assert opened.run("document.styleSheets.length") == 1
    assert opened.find("img, iframe, object, embed, base, form").count() == 0
    assert (
        opened.run(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
            ".filter(a => a.name.startsWith('on')"
            " || (a.name.endsWith('href') && !a.value.startsWith('#'))).length"
        )
        == 0
    )
    assert opened.find("h1").count() == 1


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=range(len(ATTEMPTS)))
def test_texts_of_a_review_stay_texts(show: Opener, attempt: str) -> None:
    tree = poisoned(msgspec.to_builtins(sample()), attempt)
    opened = show(msgspec.convert(tree, Review))

    nothing_happened(opened)
    shown = visible(attempt)
    assert " ".join(shown.split()) in opened.texts("main")[0]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=range(len(ATTEMPTS)))
def test_names_in_a_template_stay_names(show: Opener, attempt: str) -> None:
    before = {f"{name}{attempt}": poisoned(one, "") for name, one in WEB.items()}
    after = {name: poisoned(one, attempt) for name, one in before.items()}
    both: tuple[Pair, ...] = (pair(side(before), side(after)),)
    opened = show(review_pairs(both, base=attempt, head=attempt), both)

    nothing_happened(opened)
    assert opened.find("svg.picture").count() == 1


def test_a_script_that_got_in_would_not_run(show: Opener) -> None:
    opened = show(sample())
    opened.run(
        "() => { const it = document.createElement('script');"
        " it.textContent = 'window.hacked = 1'; document.body.append(it); }"
    )
    opened.run("document.body.insertAdjacentHTML('beforeend', '<img src=http://127.0.0.1:9/x>')")

    assert opened.run("window.hacked") is None
    blocked = [one for one in opened.problems if "Content Security Policy" in one]
    assert len(blocked) == 2
    opened.problems.clear()
