"""One MiniStack for each worker, and the shipped stacks of an environment, created when asked for.

Nothing here is changed by a test: one that changes a stack makes its own, in an account of its own.
"""

from __future__ import annotations

import functools
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.ministack.created import Account, create, groups
from tests.ministack.server import MiniStack, running
from tests.ministack.shipped import ACCOUNTS, Deployed, create_environment, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def server() -> Iterator[MiniStack]:
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(tmp_path_factory.mktemp("rendered"), "--set", "ImageTag=1.0.0")


@pytest.fixture(scope="session")
def environments(server: MiniStack, rendered: Path) -> Callable[[str], Deployed]:
    @functools.cache
    def create(name: str) -> Deployed:
        return create_environment(server, rendered, name, account=ACCOUNTS[name])

    return create


@pytest.fixture(params=ACCOUNTS)
def deployed(request: pytest.FixtureRequest, environments: Callable[[str], Deployed]) -> Deployed:
    return environments(request.param)


@pytest.fixture
def prod(environments: Callable[[str], Deployed]) -> Deployed:
    return environments("prod")


@pytest.fixture(scope="session")
def created(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], Account]]:
    """A group of apps in one environment, by name; created when it is first asked for."""
    known = {group.name: group for group in groups()}
    with ExitStack() as servers:
        known_servers: dict[str, MiniStack] = {}

        @functools.cache
        def made(name: str, environment: str) -> Account:
            group = known[name]
            folder = tmp_path_factory.mktemp("created")
            if group.place not in known_servers:
                known_servers[group.place] = servers.enter_context(running())
            return create(known_servers[group.place], group, environment, folder)

        yield made


@pytest.fixture
def variant(created: Callable[[str, str], Account]) -> Callable[[str], Account]:
    """A golden variant; ``part`` comes with ``ingress``, whose load balancer it is behind."""
    return lambda name: created(name, "prod")
