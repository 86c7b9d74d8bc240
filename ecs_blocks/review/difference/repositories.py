"""Where a value comes from that is made of an image's repository in environment.yaml.

A policy that lets a task pull its image names the repository's ARN, which is in no parameter.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ECR: Final = re.compile(r"(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[^/]+/(.+)")
"""The account, the Region and the name in the URL of a repository."""


def place_of_image(before: Any, after: Any, images: Mapping[str, str]) -> str:
    """Where the repository is written that is in *after* and not in *before*; empty if none is.

    *images* are the places of the repositories, by their URLs.
    """
    if not images or after is None:
        return ""
    old, new = (f"{json.dumps(one, default=str)} " for one in (before, after))
    for image, place in images.items():
        for spelling in _spellings(image):
            whole = re.compile(rf"{re.escape(spelling)}(?![\w./-])")
            if whole.search(new) and not whole.search(old):
                return place
    return ""


def _spellings(image: str) -> Iterator[str]:
    yield image
    if found := _ECR.fullmatch(image):
        account, region, name = found.groups()
        yield f":ecr:{region}:{account}:repository/{name}"
