"""A server of these tests' own, in which nothing has been made by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.local.process import running
from tests.ministack.server import install

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.local.process import Local


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """Without Docker."""
    with running(install(), tmp_path_factory.mktemp("ministack")) as local:
        yield local
