"""Deploys through microburst, which throttles as AWS does, with MiniStack behind it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.config import Config
from msgspec import Struct

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.local.clients import CONFIG, LocalAws
from ecs_blocks.deploy.local.process import Local
from tests.deploy.imitations.hasty import HastyClock, deploy, new_account
from tests.deploy.stage import STACK
from tests.fake_aws.ids import REGION
from tests.ministack.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.ministack, pytest.mark.slow]

START_S: Final = 30
AGAIN: Final = 12
THROTTLED: Final = {"service": "cloudformation", "error": {"code": "Throttling", "status": 400}}


class Proxy(Struct, frozen=True):
    """A running microburst."""

    port: int

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One of its own calls."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            text = None if body is None else json.dumps(body)
            headers = {"Content-Type": "application/json"}
            connection.request(method, f"/_microburst/{path}", text, headers)
            return json.loads(connection.getresponse().read() or "null")

    def throttles(self, fail: int, then_pass: int) -> None:
        """Refuse so many calls of CloudFormation, let so many through, and so on."""
        self.ask("POST", "rules", [THROTTLED | {"sequence": {"fail": fail, "pass": then_pass}}])

    def refused(self) -> int:
        """How many calls it has answered itself."""
        return int(self.ask("GET", "stats")["requests"]["faulted"])


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with running() as server:
        command = [sys.executable, "-m", "microburst", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--upstream", server.url]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
            try:
                started(Proxy(port))
                yield Proxy(port)
            finally:
                process.terminate()


def started(proxy: Proxy) -> None:
    end_s = time.monotonic() + START_S
    while True:
        try:
            proxy.ask("GET", "health")
        except (OSError, HTTPException):
            if time.monotonic() > end_s:
                raise
            time.sleep(0.1)
        else:
            return


def process_of(proxy: Proxy, account: str, *, attempts: int) -> LocalAws:
    """A process whose botocore tries each call so often."""

    class Patient(LocalAws):
        def renew(self) -> None:
            self._config = CONFIG.merge(Config(retries={"total_max_attempts": attempts}))
            super().renew()

    return Patient(Local(proxy.port, 0, ""), account, REGION, clock=HastyClock())


def executions(aws: LocalAws) -> int:
    """How often something was begun on the stack."""
    events = aws.client("cloudformation").describe_stack_events(StackName=STACK)["StackEvents"]
    begun = [one for one in events if one["PhysicalResourceId"] == one["StackId"]]
    moves = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
    return sum(one["ResourceStatus"] in moves for one in begun)


def test_botocore_gets_through_and_the_deploy_notices_nothing(proxy: Proxy) -> None:
    account = new_account()
    before = proxy.refused()
    proxy.throttles(fail=1, then_pass=2)
    outcome = deploy(process_of(proxy, account, attempts=4))
    proxy.ask("POST", "rules", [])

    assert outcome.code is Exit.DONE, outcome
    assert proxy.refused() - before > 5
    assert executions(process_of(proxy, account, attempts=4)) == 1


@pytest.mark.parametrize(("fail", "then_pass"), [(1, 14), (1, 20), (2, 25)])
def test_without_retries_the_same_command_again_gets_there_and_executes_once(
    proxy: Proxy, fail: int, then_pass: int
) -> None:
    account = new_account()
    proxy.throttles(fail, then_pass)
    codes: list[Exit] = []
    told = ""
    while len(codes) < AGAIN and Exit.DONE not in codes:
        try:
            codes.append(deploy(process_of(proxy, account, attempts=1)).code)
        except DeployError as error:
            codes.append(error.code)
            told = str(error)
    proxy.ask("POST", "rules", [])

    assert codes[-1] is Exit.DONE, (codes, told)
    assert set(codes) <= {Exit.STILL_RUNNING, Exit.DONE}
    assert executions(process_of(proxy, account, attempts=4)) == 1
