"""A small repository in a folder of the test's own, and the command run in it."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecs_blocks.cli import run
from ecs_blocks.cli.render import render
from ecs_blocks.templates.output import MARKER

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY: Final = Path(__file__).parent.parent

PLATFORM: Final = """\
parameters:
  default:
    Region: ap-northeast-1
  dev:
    AccountId: "111122223333"
  prod:
    AccountId: "123456789012"
"""
"""Two environments with nothing but an account and a region."""

SCRIPT: Final = '''\
"""hoge: one log group."""

from troposphere import logs

import ecs_blocks as eb


class Hoge(eb.Environment):
    """Two values, one of them with a default."""

    retention_days: eb.Param[int] = eb.param(ge=1, le=365)
    group_name: eb.Param[str] = eb.param(default="/ecs/hoge")


def stack(env: Hoge) -> eb.Stack:
    """A log group."""
    stack = eb.Stack(env, description=__doc__)
    group = stack.add_resource(
        logs.LogGroup(
            "Group", LogGroupName=env.group_name, RetentionInDays=env.retention_days
        )
    )
    return stack
'''

BODY_LINE: Final = SCRIPT.splitlines().index("    return stack") + 1
"""Where ``script(body)`` begins to differ from ``SCRIPT``."""

ENVIRONMENT: Final = """\
parameters:
  default:
    RetentionDays: 30
  dev:
  prod:
    RetentionDays: 365
"""


def script(body: str = "", *, fields: str = "") -> str:
    """``SCRIPT`` with more lines before its ``return``, and more fields before its first one."""
    text = SCRIPT
    if fields:
        added = "".join(f"    {line}\n" for line in fields.splitlines())
        text = text.replace("    retention_days:", f"{added}    retention_days:")
    if body:
        added = "".join(f"    {line}\n" for line in body.splitlines())
        text = text.replace("    return stack\n", f"{added}    return stack\n")
    return text


@dataclass(frozen=True)
class Outcome:
    """How a run of the command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def problems(self) -> list[str]:
        """The lines that name a problem, once the run was refused as a refusal has to be."""
        *lines, closing = self.stderr.splitlines()
        count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"

        assert (self.code, self.stdout) == (2, "")
        assert closing == f"{count}; nothing was written"
        return lines


@dataclass(frozen=True)
class Project:
    """A folder with ``stacks/`` in it; what is rendered goes to ``build/`` beside it."""

    folder: Path

    @property
    def stacks(self) -> Path:
        """The apps."""
        return self.folder / "stacks"

    @property
    def build(self) -> Path:
        """Where a render writes to."""
        return self.folder / "build"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write *name*, a path below stacks/, byte for byte."""
        path = self.stacks / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def app(self, name: str, environment: str = ENVIRONMENT, text: str = SCRIPT) -> None:
        """Add one more app."""
        self.write(f"{name}/stack.py", text)
        self.write(f"{name}/environment.yaml", environment)

    def render(self, *arguments: str) -> Outcome:
        """``ecs-blocks render`` in this process, in the project's folder."""
        out, err = io.StringIO(), io.StringIO()
        path = list(sys.path)
        code: object = 0
        try:
            with (
                contextlib.chdir(self.folder),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                run(render, args=list(arguments), prog_name="ecs-blocks render")
        except SystemExit as stop:
            code = stop.code
        finally:
            sys.path[:] = path
        return Outcome(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())

    def rendered(self, *arguments: str) -> dict[str, str]:
        """The files of a render that has to succeed."""
        outcome = self.render(*arguments)

        assert outcome.code == 0, outcome.stderr
        return {name: content.decode() for name, content in self.files().items()}

    def refusal(self, *arguments: str) -> list[str]:
        """The problems of a render that has to be refused, and to leave no trace."""
        before = self.files()
        problems = self.render(*arguments).problems

        assert self.files() == before
        return problems

    def process(self, *arguments: str, **variables: str) -> Outcome:
        """``ecs-blocks render`` as a process of its own, as a user starts it."""
        done = subprocess.run(
            [Path(sys.executable).with_name("ecs-blocks"), "render", *arguments],
            cwd=self.folder,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def files(self) -> Mapping[str, bytes]:
        """Everything below build/ but the lists of what a render wrote, by its path."""
        return {
            path.relative_to(self.build).as_posix(): path.read_bytes()
            for path in sorted(self.build.rglob("*"))
            if path.is_file() and path.name != MARKER
        }


def project(
    folder: Path,
    environment: str | bytes | None = ENVIRONMENT,
    *,
    script: str = SCRIPT,
    platform: str | bytes | None = PLATFORM,
) -> Project:
    """A project with the one app ``hoge``; None leaves a file out."""
    made = Project(folder)
    made.write("hoge/stack.py", script)
    if environment is not None:
        made.write("hoge/environment.yaml", environment)
    if platform is not None:
        made.write("platform.yaml", platform)
    return made
