"""A review as one HTML file that needs nothing else: no network, no build, no script to be read.

Summary first, then every stack: consequences, picture, each change side by side. It works without
JavaScript; with it one can search, use the keyboard, and choose light or dark.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.show.machine import to_json
from ecs_blocks.review.show.page.views import stack_views, summary
from ecs_blocks.review.show.words import used
from ecs_blocks.review.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.review.model import Review
    from ecs_blocks.review.side import Pair

_UNFIT: Final = re.compile("[<\ud800-\udfff]")
"""In JSON inside of HTML in UTF-8: what could end it, and what UTF-8 does not know."""


def page(review: Review, pairs: Sequence[Pair]) -> str:
    """*review* as a whole HTML document; *pairs* are what it was made of, for the pictures.

    Nothing that stands in a template can act in the page: text is escaped, and the page's policy
    (Content-Security-Policy) runs the one script and the one style that it brings, by their hashes.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - text needs none
    from markupsafe import Markup  # noqa: PLC0415 - the same

    environment = Environment(
        loader=PackageLoader(__name__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    environment.filters["used"] = used
    style, script = _asset("page.css"), _asset("page.js")
    data = _UNFIT.sub(lambda found: f"\\u{ord(found[0]):04x}", to_json(review))
    return environment.get_template("page.html.j2").render(
        review=review,
        summary=summary(review),
        stacks=stack_views(review, pairs),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(data),  # noqa: S704 - JSON in which no tag can begin or end
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _seen(value: Any) -> Any:
    """What the template writes: a text of somebody's with all that is in it, our own as it is."""
    return visible(value) if type(value) is str else value


def _asset(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
