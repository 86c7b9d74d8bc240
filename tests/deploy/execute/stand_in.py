"""A program that stands in Session Manager's plugin's place, and writes down what it was given."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.deploy.one_off.world import template

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = """\
#!/bin/sh
here=$(dirname "$0")
[ "$1" = --version ] && {{ echo '{version}'; exit; }}
printf '%s\\n' "$@" > "$here/arguments"
env | grep '^AWS_' > "$here/variables"
printf '%s' "$AWS_SSM_START_SESSION_RESPONSE" > "$here/response"
{body}
"""


class StandIn:
    """The program in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, body: str = "exit 0", version: str = "1.2.764.0") -> None:
        """Put it there; *body* is what it does then, in sh."""
        self.folder.mkdir(exist_ok=True)
        program = self.folder / "session-manager-plugin"
        program.write_text(_SCRIPT.format(version=version, body=body), encoding="utf-8")
        program.chmod(0o755)

    @property
    def arguments(self) -> list[str]:
        """What it was called with."""
        return (self.folder / "arguments").read_text(encoding="utf-8").splitlines()

    @property
    def response(self) -> dict[str, str]:
        """The session, out of its environment."""
        found: dict[str, str] = json.loads((self.folder / "response").read_bytes())
        return found

    @property
    def variables(self) -> dict[str, str]:
        """What its environment says of AWS."""
        lines = (self.folder / "variables").read_text(encoding="utf-8").splitlines()
        return {name: value for name, _, value in (line.partition("=") for line in lines)}

    @property
    def was_called(self) -> bool:
        """Whether a session was given to it."""
        return (self.folder / "arguments").exists()


def with_exec(**service: Any) -> dict[str, Any]:
    """The stack of the other tests, with ECS Exec on, a role, and other properties of the service.

    A role of the task is in the task definition.
    """
    made = template()
    resources = made["Resources"]
    resources["Service"]["Properties"] |= {"EnableExecuteCommand": True, **service}
    role = "arn:aws:iam::123456789012:role/hoge-task"
    resources["TaskDefinition"]["Properties"]["TaskRoleArn"] = role
    return made


def plain(text: str) -> str:
    """A text with ids of tasks as ``T``, in full or their first eight characters."""
    return re.sub(r"\b[0-9a-f]{32}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b", "T", text)
