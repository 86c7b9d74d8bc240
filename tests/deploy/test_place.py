"""What to type next has every option that this command needed."""

from __future__ import annotations

import pytest
from msgspec import structs

from ecs_blocks.deploy.place import Access
from tests.deploy.stage import place
from tests.fake_aws import FakeAws

PLAIN = Access()
PROFILE = Access(profile="my ci")
STACKS = Access(stacks="infra/my apps")
LOCAL = Access(local=True, stacks="apps")


@pytest.mark.parametrize(
    ("access", "command"),
    [
        (PLAIN, "ecs-blocks status hoge --env prod"),
        (PROFILE, "ecs-blocks status hoge --env prod --profile 'my ci'"),
        (STACKS, "ecs-blocks status hoge --env prod --stacks 'infra/my apps'"),
        (LOCAL, "ecs-blocks status hoge --env prod --stacks apps --local"),
    ],
)
def test_a_command_of_ours(access: Access, command: str) -> None:
    at = structs.replace(place(), access=access)

    assert at.command("status") == command
    assert at.advice("look with `{status}`") == f"look with `{command}`"
    assert at.command("status", app="fuga") == command.replace("hoge", "fuga")


def test_a_value_is_quoted_for_the_shell() -> None:
    wanted = "ecs-blocks deploy hoge --env prod --set 'Title=a b'"

    assert place().command("deploy", "--set", "Title=a b") == wanted


def test_to_stop_the_local_aws_takes_no_option_for_it() -> None:
    assert LOCAL.command("local", "stop") == "ecs-blocks local stop --stacks apps"


@pytest.mark.parametrize(
    ("access", "before", "after"),
    [
        (PLAIN, "", ""),
        (PROFILE, "", " --profile 'my ci'"),
        (LOCAL, "AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=local ", "LOCAL"),
    ],
)
def test_a_command_of_aws(access: Access, before: str, after: str) -> None:
    at = structs.replace(place(), access=access)
    with FakeAws() as fake:
        aws = fake.aws()
        after = f" --endpoint-url {aws.endpoint_url}" if after == "LOCAL" else after
        found = at.aws_command(aws, "ssm get-parameter --name x")

    assert found == f"{before}aws ssm get-parameter --name x --region ap-northeast-1{after}"
