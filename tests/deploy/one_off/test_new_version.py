"""The running container with what the new template says of it, as far as that is known."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.new_version import NewVersion, new_version

RUNNING = {
    "name": "app",
    "image": "hoge:1",
    "memory": 512,
    "environment": [{"name": "LEVEL", "value": "info"}, {"name": "QUEUE", "value": "queue-1"}],
    "secrets": [{"name": "DB", "valueFrom": "/db"}],
}


def made(**container: Any) -> NewVersion:
    wanted = {"Name": "app", "Image": "hoge:2", **container}
    template = {
        "Resources": {
            "Task": {"Properties": {"ContainerDefinitions": [{"Name": "proxy"}, wanted]}},
            "Service": {"Properties": {"TaskDefinition": {"Ref": "Task"}}},
        }
    }
    return new_version(RUNNING, template, "Service")


def variable(name: str, value: Any) -> dict[str, Any]:
    return {"Name": name, "Value": value}


def test_the_image_is_new_and_the_rest_stays_as_it_runs() -> None:
    found = made().container

    assert found["image"] == "hoge:2"
    assert (found["name"], found["memory"]) == ("app", 512)


def test_variables_are_those_of_the_template() -> None:
    found = made(Environment=[variable("LEVEL", "debug"), variable("NEW", 3)])

    assert found.container["environment"] == [
        {"name": "LEVEL", "value": "debug"},
        {"name": "NEW", "value": "3"},
    ]
    assert found.container["secrets"] == []
    assert (found.kept, found.left_out, found.new_secrets) == ((), (), ())


@pytest.mark.parametrize(
    "value", [{"Ref": "Queue"}, {"Fn::GetAtt": ["Queue", "Arn"]}, "{{resolve:ssm:/queue}}", None]
)
def test_what_only_cloudformation_knows_stays_as_it_runs_or_is_left_out(value: Any) -> None:
    found = made(Environment=[variable("QUEUE", value), variable("OTHER", value)])

    assert found.container["environment"] == [{"name": "QUEUE", "value": "queue-1"}]
    assert (found.kept, found.left_out) == (("QUEUE",), ("OTHER",))


def test_secrets_are_taken_where_their_place_is_known() -> None:
    found = made(
        Secrets=[
            {"Name": "DB", "ValueFrom": {"Ref": "Secret"}},
            {"Name": "STRIPE", "ValueFrom": "/stripe"},
            {"Name": "LATER", "ValueFrom": {"Ref": "Secret"}},
        ]
    )

    assert found.container["secrets"] == [
        {"name": "DB", "valueFrom": "/db"},
        {"name": "STRIPE", "valueFrom": "/stripe"},
    ]
    assert (found.kept, found.left_out) == (("DB",), ("LATER",))
    assert found.new_secrets == ("STRIPE",)


def test_a_variable_that_becomes_a_secret_is_never_both() -> None:
    found = made(
        Environment=[variable("DB", {"Ref": "Url"})],
        Secrets=[{"Name": "LEVEL", "ValueFrom": "/level"}],
    )

    assert found.container["environment"] == []
    assert found.container["secrets"] == [
        {"name": "DB", "valueFrom": "/db"},
        {"name": "LEVEL", "valueFrom": "/level"},
    ]
    assert found.new_secrets == ("LEVEL",)


@pytest.mark.parametrize("image", [{"Ref": "Image"}, None, "{{resolve:ssm:/image}}"])
def test_the_old_image_is_never_taken_for_the_new_one(image: Any) -> None:
    with pytest.raises(DeployError) as caught:
        made(Image=image)

    assert caught.value.code is Exit.REJECTED
    assert caught.value.message == (
        "which image app of Service will have is not known before the deploy"
    )


@pytest.mark.parametrize(
    "template",
    [
        {},
        {"Resources": {"Service": {"Properties": {"TaskDefinition": "hoge:3"}}}},
        {"Resources": {"Service": {"Properties": {"TaskDefinition": {"Ref": "Parameter"}}}}},
    ],
)
def test_a_task_definition_from_elsewhere_has_no_known_image(template: dict[str, Any]) -> None:
    with pytest.raises(DeployError, match="is not known before the deploy"):
        new_version(RUNNING, template, "Service")
