"""One scripted server for the tests of this folder; each test begins with nothing said."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.deploy.preflight.scripted import Scripted

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def _one_server() -> Iterator[Scripted]:
    server = Scripted(dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC))
    yield server
    server.close()


@pytest.fixture
def server(_one_server: Scripted) -> Scripted:
    _one_server.reset()
    return _one_server
