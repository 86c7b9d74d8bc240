"""Names: keys and fields, logical ids, and the lengths that AWS allows.

Logical ids are a contract: change one, and CloudFormation replaces a customer's load balancer.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.errors import BlockError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_STACK_NAME: Final = 128
MAX_LOGICAL_ID: Final = 255
DEPLOYED: Final = "deployed-"
"""How each tag begins with which a deploy marks an image that runs."""
MAX_DEPLOYED: Final = 9_999
"""So many images a lifecycle rule keeps that is to keep all: ECR has none without a number.

What it selects, no rule after it can expire.
"""

TASK_HISTORY: Final = ("/aws/events/ecs/containerinsights/", "/performance")
"""What stands before and behind a cluster's name in the log group of its ``TaskHistory``.

The name is AWS's: Amazon ECS Developer Guide, "Amazon ECS event capture in the console".
"""

_FIELD: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LOGICAL_ID: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
_APP: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def key_of(field: str) -> str:
    """environment.yaml's key of a Python *field*: ``task_max_memory`` is ``TaskMaxMemory``.

    Raises:
        BlockError: the field is not snake_case, so that no one key could be told.
    """
    if not _FIELD.fullmatch(field):
        raise BlockError(f"{field}: a field is written in snake_case, like task_max_memory")
    return "".join(word[0].upper() + word[1:] for word in field.split("_"))


def logical_id(block: str, suffix: str) -> str:
    """The logical id of one resource of a block: ``Hoge`` + ``TargetGroup``.

    Raises:
        BlockError: the block's id does not begin with a capital, is not alphanumeric, or is long.
    """
    joined = block + suffix
    if not _LOGICAL_ID.fullmatch(joined) or len(joined) > MAX_LOGICAL_ID:
        raise BlockError(
            f"{block!r} cannot be a block's id: it begins with a capital and holds letters and "
            f"digits only, at most {MAX_LOGICAL_ID - len(suffix)} of them, like 'Hoge'"
        )
    return joined


def replacement_hash(inputs: Iterable[str]) -> str:
    """Six characters that change when one of *inputs* does.

    For the logical ids of target groups only: what replaces a target group then also gives it
    another id, so that the new one is made beside the old one and moves to its listener.
    """
    return hashlib.sha256("\0".join(inputs).encode()).hexdigest()[:6].upper()


def is_app_name(name: str) -> bool:
    """Whether *name* can be an app's folder: lower case words with hyphens between."""
    return _APP.fullmatch(name) is not None


def stack_name(pattern: str, *, app: str, environment: str) -> str:
    """The CloudFormation stack's name, from platform.yaml's pattern (``{app}-{environment}``)."""
    return pattern.replace("{app}", app).replace("{environment}", environment)


def near(word: str, known: Iterable[str]) -> str | None:
    """The one of *known* that *word* was most likely meant to be, or None."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(name: str | None) -> str:
    """``; did you mean TaskMemory?``, or nothing."""
    return f"; did you mean {name}?" if name else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """``; did you mean TaskMemory?`` where one of *known* is near, else nothing."""
    return did_you_mean(near(word, known))
