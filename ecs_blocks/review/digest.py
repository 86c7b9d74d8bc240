"""What an approval is bound to: a hash over all that was reviewed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ecs_blocks.review.side import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.review.model import StackReview
    from ecs_blocks.review.side import Pair, Side


def of_pair(pair: Pair) -> str:
    """Of both sides of a stack: the same change on another base is another one.

    The values of NoEcho parameters are not in it: a hash of a secret can be guessed at.
    """
    content = [pair.app, pair.environment, _content(pair.before), _content(pair.after)]
    return _hash(content)


def of_stacks(stacks: Iterable[StackReview]) -> str:
    """Of a whole review."""
    return _hash(sorted((one.app, one.environment, one.digest) for one in stacks))


def of_sides(sides: Mapping[str, Mapping[str, Side]]) -> str:
    """Of apps beside each other in their environments."""
    return _hash(
        {app: {name: _content(one) for name, one in its.items()} for app, its in sides.items()}
    )


def _content(side: Side | None) -> Any:
    if side is None:
        return None
    parameters = {
        name: HIDDEN if side.is_hidden(name) else value for name, value in side.parameters.items()
    }
    return {
        "stack": side.stack_name,
        "template": side.template,
        "parameters": parameters,
        "lookups": dict(side.lookups),
        "pseudo": dict(side.pseudo),
        "tags": dict(side.tags),
    }


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
