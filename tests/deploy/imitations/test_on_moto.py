"""Deploys to moto: a second server, with other quirks.

Its stacks change while the call that asks for it is answered, it tells no event of a resource, and
a stack that is updated is as old as before: what builds on that is not asked of it.
"""

from __future__ import annotations

import logging
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from moto.server import ThreadedMotoServer

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import Local
from tests.deploy.imitations.hasty import FAILING, TAKEN, HastyClock, deploy
from tests.deploy.stage import STACK, Person
from tests.fake_aws.ids import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    logging.getLogger("werkzeug").disabled = True  # a line for each call, and for what it lacks
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    aws = LocalAws(Local(port, 0, ""), ACCOUNT, REGION, clock=HastyClock())
    try:
        yield aws
    finally:
        reset(port)  # what it holds is the process's, and outlives the server
        server.stop()


def reset(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", "/moto-api/reset")
        connection.getresponse().read()


def status(aws: LocalAws) -> str:
    [stack] = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return str(stack["StackStatus"])


def test_create_and_update(aws: LocalAws) -> None:
    ends = [deploy(aws, name) for name in ("one", "two")]
    [stack] = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]

    assert [one.code for one in ends] == [Exit.DONE, Exit.DONE]
    assert [one.plan and one.plan.kind for one in ends] == ["CREATE", "UPDATE"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert stack["Parameters"] == [{"ParameterKey": "Name", "ParameterValue": "two"}]
    assert {"Key": "Application", "Value": "hoge"} in stack["Tags"]


def test_who_declines_changes_nothing(aws: LocalAws) -> None:
    deploy(aws, "one")
    outcome = deploy(aws, "two", person=Person(agrees=False))

    assert (outcome.code, status(aws)) == (Exit.NEEDS_APPROVAL, "CREATE_COMPLETE")


def test_what_moto_refuses_is_told_in_its_words(aws: LocalAws) -> None:
    """There a name that is taken fails the call, where AWS would fail the stack."""
    deploy(aws, "one")
    aws.client("ssm").put_parameter(Name=TAKEN, Value="theirs", Type="String")
    with pytest.raises(DeployError) as refused:
        deploy(aws, "two", FAILING)

    assert refused.value.code is Exit.REJECTED
    assert "already exists" in refused.value.message
