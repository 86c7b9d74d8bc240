"""One server for the tests of this folder, empty before each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deploy.records.services import Bucket, Services

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[Services]:
    with Services() as services:
        yield services


@pytest.fixture
def services(server: Services) -> Services:
    server.reset()
    server.buckets["records"] = Bucket()
    return server
