"""What a stack says of its services, its nested stacks' too: the task definition, the cluster."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.verification import expected_services, task_definitions, verified
from ecs_blocks.templates.text import to_yaml
from tests.deploy.stage import STACK, deploy, prepared
from tests.deploy.test_service_deploy import CRASH, TEMPLATE
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/hoge-prod:1"


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.ecs.cluster()
        deploy(found, prepared("1.8.2", TEMPLATE))
        yield found


def having(**properties: Any) -> dict[str, Any]:
    """The stack's template, where its service has other *properties*."""
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Service"]["Properties"] |= properties
    return template


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Task"}, ":task-definition/hoge-prod:1"),
        ({"Fn::GetAtt": ["Task", "TaskDefinitionArn"]}, ":task-definition/hoge-prod:1"),
        ({"Fn::GetAtt": "Task.TaskDefinitionArn"}, ":task-definition/hoge-prod:1"),
        ({"Fn::If": ["IsLive", {"Ref": "Task"}, "other"]}, ":task-definition/hoge-prod:1"),
        (ARN, ":task-definition/hoge-prod:1"),
        ("hoge-prod", ""),
        ("hoge-prod:1", ""),
        ({"Fn::If": ["IsUnknown", {"Ref": "Task"}, "other"]}, ""),
        ({"Fn::ImportValue": "task"}, ""),
        ({"Ref": "Log"}, ""),
        ({"Ref": "Nothing"}, ""),
    ],
)
def test_a_task_definition_is_known_only_where_it_is_certain(
    fake: FakeAws, value: Any, expected: str
) -> None:
    conditions = {
        "IsLive": {"Fn::Equals": [{"Ref": "Name"}, "1.8.2"]},
        "IsUnknown": {"Fn::Equals": [{"Fn::ImportValue": "x"}, "y"]},
    }
    template = having(TaskDefinition=value) | {"Conditions": conditions}
    [found] = expected_services(fake.aws(), fake.stack(STACK).id, template)

    assert found.task_definition_arn.endswith(expected)
    assert bool(found.task_definition_arn) is bool(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("prod", "prod"),
        ({"Ref": "Name"}, "1.8.2"),
        ({"Ref": "Log"}, "/ecs/hoge-prod"),
        ({"Fn::Sub": "${AWS::StackName}-cluster"}, "hoge-prod-cluster"),
        ({"Fn::ImportValue": "cluster"}, ""),
    ],
)
def test_the_cluster_is_the_one_that_the_stack_says(
    fake: FakeAws, value: Any, expected: str
) -> None:
    [found] = expected_services(fake.aws(), fake.stack(STACK).id, having(Cluster=value))

    assert found.cluster == expected


def test_a_service_without_a_cluster_is_in_the_default_one(fake: FakeAws) -> None:
    template = having()
    del template["Resources"]["Service"]["Properties"]["Cluster"]
    [found] = expected_services(fake.aws(), fake.stack(STACK).id, template)

    assert found.cluster == "default"


def test_what_is_not_certain_is_not_proven(fake: FakeAws) -> None:
    template = having(TaskDefinition={"Fn::ImportValue": "task"})
    [verdict] = verified(fake.aws(), fake.stack(STACK).id, template, 60)

    assert (verdict.serves, verdict.is_decided) == (False, False)


def test_what_was_skipped_is_not_asked_about(fake: FakeAws) -> None:
    assert verified(fake.aws(), fake.stack(STACK).id, TEMPLATE, 60, ["Service"]) == []


@pytest.mark.parametrize("skipped", ["Child", "Child.Service"])
def test_nor_what_is_in_a_nested_stack_that_was(skipped: str) -> None:
    with FakeAws() as fake:
        fake.ecs.cluster()
        fake.world.s3.bucket("t").objects["child"] = to_yaml(TEMPLATE).encode()
        deploy(fake, prepared("1.8.2", nesting()))

        assert verified(fake.aws(), fake.stack(STACK).id, nesting(), 60, [skipped]) == []
        assert verified(fake.aws(), fake.stack(STACK).id, nesting(), 60, ["Chi"]) != []


def test_what_a_macro_stands_for_is_no_service() -> None:
    assert task_definitions({"Resources": {"Fn::ForEach::All": ["x", [], {}]}}) == {}


def nesting() -> dict[str, Any]:
    child = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {
            "TemplateURL": "https://t.s3.amazonaws.com/child",
            "Parameters": {"Name": {"Ref": "Name"}},
        },
    }
    return {"Parameters": {"Name": {"Type": "String"}}, "Resources": {"Child": child}}


@pytest.mark.parametrize("goes_wrong", [False, True])
def test_the_services_of_nested_stacks_are_verified(*, goes_wrong: bool) -> None:
    with FakeAws() as fake:
        fake.ecs.cluster()
        fake.world.s3.bucket("t").objects["child"] = to_yaml(TEMPLATE).encode()
        deploy(fake, prepared("1.8.2", nesting()))
        if goes_wrong:
            fake.script.tasks_fail(1, logs=CRASH)
            fake.script.breaker_is_silent = True
        outcome = deploy(fake, prepared("1.8.3", nesting()))

        assert fake.stack(STACK).status == "UPDATE_COMPLETE"
        assert [one.logical_id for one in outcome.verdicts] == ["Child.Service"]
        assert outcome.code is (Exit.ROLLED_BACK if goes_wrong else Exit.DONE), outcome
