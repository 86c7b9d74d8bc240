"""An AWS with a service that has ECS Exec on, and a stand-in of Session Manager's plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.cli import execute
from tests.deploy.execute.stand_in import StandIn
from tests.deploy.one_off.shell import Shell
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    """An account without anything in it."""
    with FakeAws() as found:
        yield found


@pytest.fixture
def shell(fake: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A folder with the app hoge, and a terminal."""
    monkeypatch.setattr(execute, "is_terminal", lambda _: True)
    return Shell(fake, tmp_path, monkeypatch)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The plugin in PATH, which ends at once."""
    found = StandIn(tmp_path / "bin")
    found.install()
    monkeypatch.setenv("PATH", f"{found.folder}:/usr/bin:/bin")
    return found
