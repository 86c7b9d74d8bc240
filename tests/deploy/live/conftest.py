"""A stack with a service that was deployed, and scaled since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deploy.live.stage import (
    SCALED,
    service,
)
from tests.deploy.stage import deploy, prepared
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.ecs.cluster()
        deploy(found, prepared("1.8.2", SCALED))
        found.ecs.scale(service(found), 3)
        found.clock.advance(3600)
        found.calls.clear()
        yield found
