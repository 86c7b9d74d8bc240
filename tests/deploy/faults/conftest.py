"""A fake of AWS for each test: empty, or with the stack as an earlier deploy left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.templates.text import to_yaml
from tests.deploy.stage import STACK, TEMPLATE
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def empty() -> Iterator[FakeAws]:
    """An account without the stack."""
    with FakeAws() as found:
        yield found


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    """An account with the stack."""
    with FakeAws() as found:
        found.deployed(STACK, to_yaml(TEMPLATE), {"Name": "zero"}, {"Application": "hoge"})
        yield found
