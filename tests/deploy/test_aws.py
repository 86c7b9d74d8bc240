"""Who calls, in which account, with which credentials; and what becomes of them with time."""

from __future__ import annotations

import os
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config

from ecs_blocks.deploy.aws import Aws, has_role
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.stage import STACK, deploy, deployed
from tests.fake_aws import ENVIRONMENT, FakeAws, FakeClock, error, expired
from tests.fake_aws.ids import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROLE = f"arn:aws:iam::{ACCOUNT}:role/releaser"
OWN = f"arn:aws:iam::{ACCOUNT}:role/ci/deployer"
ANOTHER = (
    "prod is account 210987654321 in platform.yaml, but your credentials are of account "
    f"{ACCOUNT} (arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ci); nothing was done\n  log in to "
    "210987654321, or give prod a RoleArn under deploy: in platform.yaml"
)


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine on which nobody is logged in."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED"):
        monkeypatch.setenv(name, ENVIRONMENT[name])
    return monkeypatch


def signed_with(aws: Aws) -> str:
    """The access key that the next call is signed with."""
    found: list[str] = []

    def see(request: Any, **_: Any) -> None:
        header = request.headers["Authorization"]
        text = header.decode() if isinstance(header, bytes) else str(header)
        found.extend(re.findall(r"Credential=(\w+)/", text))

    events = aws.client("cloudformation").meta.events
    events.register_first("before-send.cloudformation.*", see, unique_id="see")
    aws.client("cloudformation").describe_stacks()
    events.unregister("before-send.cloudformation.*", unique_id="see")
    [key] = found
    return key


def refusal(aws: Aws, account_id: str = ACCOUNT) -> DeployError:
    with pytest.raises(DeployError) as found:
        aws.guard(account_id, "prod")
    return found.value


def test_in_the_right_account_the_guard_says_who_calls(fake: FakeAws) -> None:
    identity = fake.aws().guard(ACCOUNT, "prod")

    assert identity.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ci"
    assert fake.operations == ["GetCallerIdentity"]


def test_in_another_account_the_guard_stops_everything(fake: FakeAws) -> None:
    found = refusal(fake.aws(), "210987654321")

    assert (found.code, str(found)) == (Exit.INPUT, ANOTHER)
    assert fake.operations == ["GetCallerIdentity"]


def test_without_credentials_there_is_nobody(fake: FakeAws, alone: pytest.MonkeyPatch) -> None:
    del alone
    found = refusal(Aws(REGION, endpoint_url=fake.url, clock=fake.clock))

    assert found.code is Exit.CREDENTIALS
    assert str(found) == (
        "asking AWS who you are: AWS does not accept the credentials: Unable to locate "
        "credentials\n  log in again (aws sso login, or your role), then run the same command"
    )
    assert fake.calls == []


def test_without_credentials_no_role_can_be_assumed(
    fake: FakeAws, alone: pytest.MonkeyPatch
) -> None:
    del alone
    found = refusal(Aws(REGION, role_arn=ROLE, endpoint_url=fake.url, clock=fake.clock))

    assert found.code is Exit.CREDENTIALS
    assert fake.calls == []


def test_without_credentials_there_are_none_to_hand_on(
    fake: FakeAws, alone: pytest.MonkeyPatch
) -> None:
    del alone
    with pytest.raises(DeployError) as found:
        Aws(REGION, endpoint_url=fake.url, clock=fake.clock).credentials()

    assert found.value.code is Exit.CREDENTIALS
    assert "Unable to locate credentials" in found.value.message


def test_what_is_handed_on_is_what_calls_are_signed_with(fake: FakeAws) -> None:
    aws = fake.aws(role_arn=ROLE)
    handed = aws.credentials()

    assert (handed.access_key, bool(handed.token)) == (signed_with(aws), True)


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_credentials_that_aws_does_not_take_are_told(fake: FakeAws, code: str) -> None:
    fake.fault("GetCallerIdentity", error(code, "not these", 403), times=None)
    found = refusal(fake.aws())

    assert found.code is Exit.CREDENTIALS
    assert found.message == (
        "asking AWS who you are: AWS does not accept the credentials: not these"
    )


def test_a_role_that_may_not_be_assumed_is_named(fake: FakeAws) -> None:
    text = f"User: ci is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    fake.fault("AssumeRole", error("AccessDenied", text, 403), times=None)
    found = refusal(fake.aws(role_arn=ROLE))

    assert found.code is Exit.CREDENTIALS
    assert found.message == f"asking AWS who you are: permission is missing: {text}"
    assert fake.operations == ["GetCallerIdentity"]


def test_a_role_is_assumed_once_for_all_clients(fake: FakeAws) -> None:
    aws = fake.aws(role_arn=ROLE)

    aws.identity()
    key = signed_with(aws)

    [asked] = fake.asked("AssumeRole")
    assert fake.operations == [
        "GetCallerIdentity",
        "AssumeRole",
        "GetCallerIdentity",
        "DescribeStacks",
    ]
    assert (asked["RoleArn"], asked["RoleSessionName"]) == (ROLE, "ecs-blocks")
    assert key.startswith("ASIA")


def test_who_has_the_role_already_does_not_assume_it(fake: FakeAws) -> None:
    fake.fault("AssumeRole", error("AccessDenied", "a role may not assume itself", 403), times=None)
    aws = fake.aws(role_arn=OWN)

    identity = aws.guard(ACCOUNT, "prod")
    keys = {signed_with(aws), signed_with(aws)}

    assert identity.arn.endswith(":assumed-role/deployer/ci")
    assert keys == {signed_with(fake.aws())}
    assert fake.operations[:2] == ["GetCallerIdentity", "GetCallerIdentity"]
    assert fake.operations.count("GetCallerIdentity") == 2


def test_credentials_that_aws_does_not_take_assume_no_role(fake: FakeAws) -> None:
    fake.fault("GetCallerIdentity", error("ExpiredToken", "not these", 403), times=None)
    found = refusal(fake.aws(role_arn=OWN))

    assert found.code is Exit.CREDENTIALS
    assert "AssumeRole" not in fake.operations


@pytest.mark.parametrize(
    ("caller", "role", "expected"),
    [
        ("arn:aws:sts::1:assumed-role/deployer/ci", "arn:aws:iam::1:role/deployer", True),
        ("arn:aws:sts::1:assumed-role/deployer/ci", "arn:aws:iam::1:role/a/b/deployer", True),
        ("arn:aws-cn:sts::1:assumed-role/deployer/ci", "arn:aws-cn:iam::1:role/deployer", True),
        ("arn:aws-cn:sts::1:assumed-role/deployer/ci", "arn:aws:iam::1:role/deployer", False),
        ("arn:aws:sts::2:assumed-role/deployer/ci", "arn:aws:iam::1:role/deployer", False),
        ("arn:aws:sts::1:assumed-role/deployer2/ci", "arn:aws:iam::1:role/deployer", False),
        ("arn:aws:sts::1:assumed-role/other/deployer", "arn:aws:iam::1:role/deployer", False),
        ("arn:aws:iam::1:user/deployer", "arn:aws:iam::1:role/deployer", False),
        ("arn:aws:sts::1:assumed-role/deployer/ci", "deployer", False),
    ],
)
def test_a_session_is_of_a_role_by_account_and_name(
    caller: str, role: str, *, expected: bool
) -> None:
    long = [one.replace("::1:", f"::{ACCOUNT}:") for one in (caller, role)]

    assert has_role(*long) is expected


def test_row_47_the_credentials_of_a_role_are_fetched_again_before_they_expire(
    fake: FakeAws,
) -> None:
    sts = fake.world.services["sts"]
    sts.session_s = 60.0
    aws = fake.aws(role_arn=ROLE)
    first = signed_with(aws)
    sts.session_s = 3600.0

    second, third = signed_with(aws), signed_with(aws)

    assert len({first, second}) == 2
    assert third == second
    assert fake.operations.count("AssumeRole") == 2


@pytest.mark.slow
def test_row_47_a_deploy_goes_on_with_new_credentials_of_its_role(fake: FakeAws) -> None:
    deployed(fake)
    fake.fault("DescribeStackEvents", expired, after="ExecuteChangeSet")

    outcome = deploy(fake, aws=fake.aws(role_arn=ROLE))

    assert outcome.code is Exit.DONE
    assert fake.stack(STACK).status == "UPDATE_COMPLETE"
    assert fake.operations.count("AssumeRole") == 2


def test_row_3_renewed_the_credentials_are_those_of_now(
    fake: FakeAws, alone: pytest.MonkeyPatch
) -> None:
    alone.setenv("AWS_SECRET_ACCESS_KEY", "nothing-checks-it")
    alone.setenv("AWS_ACCESS_KEY_ID", "AKIAMORNING")
    aws = Aws(REGION, endpoint_url=fake.url, clock=fake.clock)
    before = signed_with(aws)
    alone.setenv("AWS_ACCESS_KEY_ID", "AKIAEVENING")

    kept = signed_with(aws)
    aws.renew()
    after = signed_with(aws)

    assert (before, kept, after) == ("AKIAMORNING", "AKIAMORNING", "AKIAEVENING")


def test_row_3_renewed_a_role_is_assumed_anew(fake: FakeAws) -> None:
    aws = fake.aws(role_arn=ROLE)
    before = signed_with(aws)

    aws.renew()
    after = signed_with(aws)

    assert before != after
    assert fake.operations.count("AssumeRole") == 2


def test_a_profile_that_does_not_exist_is_named(fake: FakeAws, alone: pytest.MonkeyPatch) -> None:
    del alone
    with pytest.raises(DeployError) as found:
        Aws(REGION, profile="nope", endpoint_url=fake.url, clock=fake.clock).guard(ACCOUNT, "prod")

    assert found.value.code is Exit.CREDENTIALS
    assert "The config profile (nope) could not be found" in found.value.message


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("credential_process = sh -c 'echo log in first >&2; exit 1'", "log in first"),
        ("credential_process = echo nothing", "JSONDecodeError: Expecting value"),
        ("credential_process = /nowhere/at/all", "No such file or directory"),
        ("endpoint_url = nowhere", "Invalid endpoint: nowhere"),
    ],
)
def test_a_configuration_without_use_is_told_and_is_no_bug(
    tmp_path: Path, alone: pytest.MonkeyPatch, setting: str, problem: str
) -> None:
    file = tmp_path / "config"
    file.write_text(f"[profile broken]\n{setting}\n")
    alone.setenv("AWS_CONFIG_FILE", str(file))
    found = refusal(Aws(REGION, profile="broken", clock=FakeClock()))

    assert found.code is Exit.CREDENTIALS
    assert found.message.startswith("reading your AWS configuration: ")
    assert problem in found.message


class LoginPage(BaseHTTPRequestHandler):
    """What stands between a guest and the network answers everything with a page of its own."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        page = b"<html>please log in</html"
        self.send_response(200)
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name there
        """Nothing is logged."""


def test_an_answer_that_is_not_awss_says_nothing_of_a_stack(alone: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        alone.setenv(name, ENVIRONMENT[name])
    once = Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={})
    with HTTPServer(("127.0.0.1", 0), LoginPage) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(DeployError) as found:
            read_stack(Aws(REGION, endpoint_url=url, clock=FakeClock(), config=once), STACK)
        server.shutdown()

    assert found.value.code is Exit.STILL_RUNNING
    assert found.value.message.startswith(f"reading the stack {STACK}: AWS could not be reached: ")
