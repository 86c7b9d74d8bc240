"""Short names of what ECS names by ARN, and AWS's texts made fit for a screen."""

from __future__ import annotations

import re
from typing import Final

from ecs_blocks.deploy.show.hiding import without_credentials
from ecs_blocks.deploy.show.safe_text import clean

_QUERY: Final = re.compile(r"(https?://[^\s?\"']+)\?[^\s\"']+")
_USER: Final = re.compile(r"(?<!\w)(\w{1,32}://)[^/@\s]+@")
_REQUEST_ID: Final = re.compile(r",? ?\(?(?i:request ?id):? ?[0-9a-fA-F-]{8,}\)?")
_RETRIED: Final = re.compile(r" has been retried \d+ time\(?s?\)?:?")
_INSTANCE: Final = re.compile(
    r"\b(?:i-[0-9a-f]{4,}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-\w+)"
)

MAX_TEXT: Final = 400
"""How much of one of AWS's texts is shown."""
MAX_READ: Final = 10 * MAX_TEXT
"""How much of one is looked at: the rest is never shown, and a pattern may take long over it."""


def last(arn: str) -> str:
    """What stands behind the last slash: ``hoge:42``, a task's id, a service's name."""
    return arn.rpartition("/")[2]


def cluster_in(service_arn: str) -> str:
    """The name of the cluster that the ARN names; one of the old format names none: empty."""
    parts = service_arn.split("/")
    return parts[1] if len(parts) > 2 else ""


def family_of(task_definition_arn: str) -> str:
    """The family of a task definition: ``hoge`` of ``…:task-definition/hoge:42``."""
    return last(task_definition_arn).partition(":")[0]


def target_group_of(arn: str) -> str:
    """The name of a target group: ``hoge`` of ``…:targetgroup/hoge/0123456789abcdef``."""
    parts = arn.split("/")
    return parts[1] if len(parts) > 2 else arn


def printable(text: str, most: int = MAX_TEXT) -> str:
    """One line without what steers a terminal, at most *most* characters."""
    line = clean(text.replace("\t", "    ")).rstrip()
    return line if len(line) <= most else f"{line[: most - 1]}…"


def cleaned(text: str) -> str:
    """AWS's text without signatures and credentials, and without what differs each time."""
    text = without_credentials(_USER.sub(r"\1", _QUERY.sub(r"\1", text[:MAX_READ])))
    text = _RETRIED.sub(":", _REQUEST_ID.sub("", text))
    return printable(" ".join(text.split()))


def anonymous(text: str) -> str:
    """The text without the ids of tasks and instances, to tell whether two say the same."""
    return _INSTANCE.sub("…", cleaned(text))
