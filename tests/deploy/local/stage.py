"""The shipped apps as a deploy has them, and their stacks made in the imitation."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.calls import text_of
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.prepare import prepare_account
from ecs_blocks.deploy.lookups import Resolved, resolve
from ecs_blocks.deploy.place import place_of
from ecs_blocks.deploy.target import Target
from ecs_blocks.templates.render import Project, RenderedEnvironment, render_app
from ecs_blocks.templates.text import to_yaml
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.local.process import Local

REGION: Final = "ap-northeast-1"
ACCOUNTS: Final = {"dev": "111122223333", "prod": "123456789012"}
POLL_S: Final = 0.1


@functools.cache
def project() -> Project:
    return Project.open(REPOSITORY / "stacks")


def rendered(app: str, environment: str = "dev", **overrides: str) -> RenderedEnvironment:
    found = render_app(project(), app, overrides).environments
    return next(one for one in found if one.name == environment)


def target(app: str, environment: str = "dev", **overrides: str) -> Target:
    own = rendered(app, environment, **overrides)
    return Target(place_of(project(), app, environment), own, to_yaml(own.template))


def aws_of(local: Local, environment: str = "dev") -> LocalAws:
    return LocalAws(local, ACCOUNTS[environment], REGION)


def prepared(aws: LocalAws, wanted: Target) -> tuple[Target, list[str]]:
    """Prepare, and what was said."""
    said: list[str] = []
    return prepare_account(aws, wanted, say=said.append), said


def deployed(aws: LocalAws, wanted: Target) -> dict[str, Any]:
    """Prepare the account and make or update the stack; the stack as CloudFormation says it."""
    made, _ = prepared(aws, wanted)
    return executed(aws, made, resolve(aws, made.place, made.rendered))


def executed(aws: LocalAws, made: Target, found: Resolved) -> dict[str, Any]:
    client = aws.client("cloudformation")
    content = made.content(found.values)
    exists = any(
        stack["StackName"] == made.stack_name for stack in client.describe_stacks()["Stacks"]
    )
    call: Callable[..., Any] = client.update_stack if exists else client.create_stack
    try:
        call(
            StackName=made.stack_name,
            TemplateBody=content.template,
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in content.parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM"],
        )
    except client.exceptions.ClientError as error:
        if text_of(error) != "No updates are to be performed.":
            raise
    while True:
        [stack] = client.describe_stacks(StackName=made.stack_name)["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return dict(stack)
        aws.clock.sleep(POLL_S)
