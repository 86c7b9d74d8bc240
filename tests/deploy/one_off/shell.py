"""A verb, as a user calls it in a folder with the app hoge, against the fake."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

from ecs_blocks.cli import aws_options
from ecs_blocks.cli import run as run_program
from tests.deploy.one_off.world import aws_of
from tests.project import Outcome, project

if TYPE_CHECKING:
    from pathlib import Path

    import click
    import pytest

    from tests.fake_aws import FakeAws


class Shell:
    """Calls verbs; ``out`` takes what goes to stdout."""

    def __init__(self, fake: FakeAws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.out: Any = io.StringIO()
        project(folder)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(aws_options, "connect", lambda *_, **__: aws_of(fake))

    def call(self, verb: click.Command, *arguments: str) -> Outcome:
        """The outcome of a verb."""
        err = io.StringIO()
        code: object = 0
        with contextlib.redirect_stdout(self.out), contextlib.redirect_stderr(err):
            try:
                run_program(verb, args=list(arguments), prog_name=f"ecs-blocks {verb.name}")
            except SystemExit as stop:
                code = stop.code
        out = self.out.getvalue() if isinstance(self.out, io.StringIO) else ""
        return Outcome(code if isinstance(code, int) else 0, out, err.getvalue())


class Screen(io.StringIO):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        return True


class ClosedPipe(io.StringIO):
    """A stdout whose reader has gone."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError
