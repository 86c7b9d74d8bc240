"""One AWS for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
    """A folder with the app hoge, in which verbs are called."""
    return Shell(fake, tmp_path, monkeypatch)
