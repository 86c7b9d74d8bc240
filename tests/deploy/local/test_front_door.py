"""Names that Route 53 gives to a load balancer lead to it, and everything else to MiniStack."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.local.words import addresses
from tests.deploy.local.stage import aws_of, deployed, target

if TYPE_CHECKING:
    from ecs_blocks.deploy.local.process import Local

pytestmark = pytest.mark.ministack


@pytest.fixture(scope="module")
def stack(local: Local) -> dict[str, Any]:
    """Hoge in dev, behind its own load balancer."""
    aws = aws_of(local)
    deployed(aws, target("cluster"))
    return deployed(aws, target("hoge"))


def ask(local: Local, host: str, path: str = "/") -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", local.port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    response = connection.getresponse()
    found = response.status, dict(response.getheaders()), response.read().decode()
    connection.close()
    return found


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    "host",
    [
        "hoge.dev.example.com",
        "hoge.dev.example.com:443",
        "HOGE.dev.example.com.localhost",
        "hoge.dev.example.com.localhost:4566",
    ],
)
def test_the_services_name_leads_to_its_tasks_as_over_https(local: Local, host: str) -> None:
    status, headers, body = ask(local, host)

    assert status == 503
    assert "no container runs: MiniStack found no Docker" in body
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.usefixtures("stack")
def test_port_80_is_redirected(local: Local) -> None:
    status, headers, _ = ask(local, "hoge.dev.example.com:80", "/a?b=c%20d")

    assert status == 301
    assert headers["Location"] == "https://hoge.dev.example.com:443/a?b=c%20d"


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    "host", ["dev.example.com", "x.hoge.dev.example.com", "localhost", "127.0.0.1"]
)
def test_other_names_lead_to_ministack(local: Local, host: str) -> None:
    _, headers, body = ask(local, host, "/_ministack/ready")

    assert "Strict-Transport-Security" not in headers
    assert "no container" not in body


def test_the_address_of_an_output_is_one_that_this_machine_answers(
    local: Local, stack: dict[str, Any]
) -> None:
    outputs = [output["OutputValue"] for output in stack["Outputs"]]
    [(url, here)] = addresses(local, outputs)

    assert url == "https://hoge.dev.example.com"
    assert here == f"http://hoge.dev.example.com.localhost:{local.port}/"


def test_only_its_own_token_is_known(local: Local) -> None:
    answers = [
        ask(local, "127.0.0.1", f"/_ecs-blocks/{token}")[0] for token in (local.token, "x", "")
    ]

    assert answers == [200, 404, 404]
