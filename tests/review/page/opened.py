"""A review as a page in a browser, and what happens there that should not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ecs_blocks.review.show.page import page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from ecs_blocks.review.model import Review
    from ecs_blocks.review.side import Pair

Theme = Literal["dark", "light"]


@dataclass
class Opened:
    """A page, and the requests, errors and dialogs that there were."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Each key, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def find(self, selector: str) -> Locator:
        """What can be seen of what *selector* says."""
        return self.page.locator(selector).filter(visible=True)

    def texts(self, selector: str) -> list[str]:
        """The texts of what can be seen."""
        return [" ".join(text.split()) for text in self.find(selector).all_inner_texts()]

    def run(self, script: str) -> Any:
        """What *script* gives."""
        return self.page.evaluate(script)

    def focused(self) -> str:
        """What has the focus, as a person reads it."""
        return str(self.run("document.activeElement.innerText || document.activeElement.id"))


@dataclass
class Opener:
    """Writes a review to *path* and opens it."""

    browser: Browser
    path: Path
    made: list[Opened]

    def __call__(
        self,
        review: Review,
        pairs: Sequence[Pair] = (),
        *,
        width: int = 1280,
        theme: Theme = "light",
        script: bool = True,
        fragment: str = "",
    ) -> Opened:
        """The page of *review* in a window of *width* pixels."""
        self.path.write_text(page(review, pairs), encoding="utf-8")
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        opened = Opened(context.new_page())
        self.made.append(opened)
        own = self.path.as_uri()
        for event in ("console", "pageerror", "request", "dialog", "popup"):
            opened.page.on(event, self._noting(opened, event, own))
        opened.page.goto(f"{own}{fragment}")
        return opened

    @staticmethod
    def _noting(opened: Opened, event: str, own: str) -> Any:
        def note(what: Any) -> None:
            url = getattr(what, "url", "")
            if event == "request" and (url.partition("#")[0] == own or url.startswith("blob:")):
                return
            text = url or getattr(what, "text", "") or str(what)
            opened.problems.append(f"{event}: {text}")
            if event == "dialog":
                what.dismiss()

        return note
