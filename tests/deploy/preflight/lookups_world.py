"""A stack with values left open, and the stacks and parameters that there are."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.lookups import resolve
from ecs_blocks.environment.fields import Lookup
from ecs_blocks.templates.render import RenderedEnvironment
from tests.deploy.preflight.scripted import refused
from tests.deploy.stage import place

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Said, Scripted

KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab"
REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge"
DIGEST = f"sha256:{'a' * 64}"
HEAD = "hoge-prod: not every value is known; nothing was changed"


def output(name: str, stack: str = "cluster-prod") -> Lookup:
    return Lookup("StackOutput", (("StackName", stack), ("OutputName", name)))


def ssm(name: str) -> Lookup:
    return Lookup("Ssm", (("Name", name),))


RUNNING = Lookup("RunningImage", (("Repository", REPOSITORY),))


def rendered(
    lookups: dict[str, Lookup], *, image: str = "", **declared: dict[str, Any]
) -> RenderedEnvironment:
    resources: dict[str, Any] = {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {}}}
    if image or "Image" in lookups:
        container = {"Name": "app", "Image": {"Ref": "Image"}}
        task = {"ContainerDefinitions": [container], "RequiresCompatibilities": ["FARGATE"]}
        resources["Task"] = {"Type": "AWS::ECS::TaskDefinition", "Properties": task}
    keys = {key: {"Type": "String"} for key in [*lookups, *(["Image"] if image else [])]}
    return RenderedEnvironment(
        name="prod",
        stack_name="hoge-prod",
        template={"Parameters": {**keys, **declared}, "Resources": resources},
        parameters={"Image": image} if image else {},
        tags={"Application": "hoge", "Environment": "prod"},
        lookups=lookups,
        pseudo={"AWS::AccountId": "123456789012", "AWS::Region": "ap-northeast-1"},
    )


def stacks(server: Scripted, **known: dict[str, Any]) -> None:
    """Let CloudFormation know these stacks; a hyphen in a name is written as an underscore."""
    by_name = {name.replace("_", "-"): stack for name, stack in known.items()}

    def answer(asked: dict[str, Any]) -> Said:
        name = asked["StackName"]
        if name not in by_name:
            return refused("ValidationError", f"Stack with id {name} does not exist")
        common = {
            "StackName": name,
            "StackId": f"arn:aws:cloudformation:ap-northeast-1:123456789012:stack/{name}/1",
            "CreationTime": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            "StackStatus": "CREATE_COMPLETE",
        }
        return {"Stacks": [{**common, **by_name[name]}]}

    server.on("cloudformation.DescribeStacks", answer)


def outputs(**values: str) -> dict[str, Any]:
    return {"Outputs": [{"OutputKey": key, "OutputValue": one} for key, one in values.items()]}


def parameters(**values: str) -> dict[str, Any]:
    return {
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
        ]
    }


def stored(**values: tuple[str, str]) -> dict[str, Any]:
    return {
        "Parameters": [
            {"Name": f"/{name}", "Type": kind, "Value": value}
            for name, (kind, value) in values.items()
        ]
    }


def refusal(server: Scripted, of: RenderedEnvironment) -> tuple[int, list[str], list[str]]:
    """The exit code, what is wrong, and what to do."""
    with pytest.raises(DeployError) as error:
        resolve(server.aws, place(), of)
    head, *lines = error.value.message.split("\n  ")

    assert head == HEAD
    return error.value.exit_code, lines, error.value.hint.split("\n  ")
