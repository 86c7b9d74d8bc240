"""One AWS for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    """An account without anything in it."""
    with FakeAws() as found:
        yield found
