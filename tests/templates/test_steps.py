"""Steps before a deploy: declared in a stack script, kept in the template, checked at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from troposphere import ecs

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.errors import BlockError, TokenError
from ecs_blocks.templates.stack import encode
from tests.project import BODY_LINE, project, script

if TYPE_CHECKING:
    from pathlib import Path


class Env(eb.Environment):
    days: eb.Param[int] = eb.param(default=1)
    word: eb.Param[str] = eb.param(default="x")


class Handle:
    """What a block returns: a service, on its own or inside."""

    def __init__(self, resource: Any = None, service: Any = None) -> None:
        self.resource = resource
        self.service = service


def make() -> tuple[eb.Stack, Any]:
    """A stack with a service, and the service."""
    values = {name: field.token() for name, field in fields_of(Env).items()}
    stack = eb.Stack(Env(app="hoge", images=(), values=values))
    task = stack.add_resource(
        ecs.TaskDefinition(
            "Task",
            ContainerDefinitions=[
                ecs.ContainerDefinition(Name=name, Image="x") for name in ("app", "worker")
            ],
        )
    )
    service = stack.add_resource(ecs.Service("Service", TaskDefinition=eb.ref(task.title)))
    return stack, service


def metadata(stack: eb.Stack) -> Any:
    return encode(stack, fields_of(Env)).get("Metadata")


def test_a_stack_without_steps_has_no_metadata_of_ours() -> None:
    assert metadata(make()[0]) is None


def test_steps_stand_in_the_metadata_in_their_order() -> None:
    stack, service = make()
    stack.before_deploy("Migrate", service, command=("./migrate", "--all"))
    stack.before_deploy("Seed", service, command=["./seed"], container="worker", timeout_minutes=60)

    assert metadata(stack) == {
        "ecs_blocks": {
            "before_deploy": [
                {
                    "name": "Migrate",
                    "service": "Service",
                    "command": ["./migrate", "--all"],
                    "timeout_minutes": 15,
                },
                {
                    "name": "Seed",
                    "service": "Service",
                    "container": "worker",
                    "command": ["./seed"],
                    "timeout_minutes": 60,
                },
            ]
        }
    }


def test_what_else_the_metadata_holds_stays() -> None:
    stack, service = make()
    stack.template.set_metadata({"by": "hand", "ecs_blocks": {"other": 1}})
    stack.before_deploy("Migrate", service, command=("x",))
    found = metadata(stack)

    assert found["by"] == "hand"
    assert list(found["ecs_blocks"]) == ["other", "before_deploy"]
    assert stack.template.metadata == {"by": "hand", "ecs_blocks": {"other": 1}}


@pytest.mark.parametrize("wrap", [lambda s: s, Handle, lambda s: Handle("x", Handle(s))])
def test_the_service_is_given_by_any_handle_that_leads_to_it(wrap: Any) -> None:
    stack, service = make()
    stack.before_deploy("Migrate", wrap(service), command=("x",))

    assert metadata(stack)["ecs_blocks"]["before_deploy"][0]["service"] == "Service"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": ""}, "a step is named with at most 64 letters, digits, hyphens and underscores"),
        ({"name": "a b"}, "not 'a b'"),
        ({"name": "x" * 65}, "a step is named with at most 64"),
        ({"command": ()}, 'Migrate: the command is empty; give its words, like ("./migrate",)'),
        ({"command": "./migrate"}, "Migrate: the command is a list of words"),
        ({"command": ("x", 1)}, "Migrate: 1 is a word of the command; words are text"),
        ({"command": ("", "x")}, "Migrate: the command begins with an empty word"),
        ({"command": ("x" * 8000,)}, "Migrate: the command has over 8000 characters"),
        (
            {"command": ("psql", "postgres://u:hunter2@db/x")},
            "Migrate: a word of the command looks like a URL with a password; put it into SSM "
            "Parameter Store or Secrets Manager, and name it in stack.py under secrets=",
        ),
        ({"timeout_minutes": 0}, "Migrate: timeout_minutes is 0; allowed: 1 to 1440"),
        ({"timeout_minutes": 1441}, "Migrate: timeout_minutes is 1441; allowed: 1 to 1440"),
        ({"timeout_minutes": True}, "Migrate: timeout_minutes is True; allowed: 1 to 1440"),
        ({"timeout_minutes": 1.5}, "Migrate: timeout_minutes is 1.5; allowed: 1 to 1440"),
        ({"container": ""}, "Migrate: container is the name of a container, not ''"),
        ({"container": 1}, "Migrate: container is the name of a container, not 1"),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict[str, Any], message: str) -> None:
    stack, service = make()
    wanted = {"name": "Migrate", "service": service, "command": ("x",), **arguments}
    with pytest.raises(BlockError) as caught:
        stack.before_deploy(**wanted)

    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert stack.steps == []


@pytest.mark.parametrize(
    ("service", "message"),
    [
        (ecs.Service("Other"), "Migrate: the service Other is not one of this stack"),
        (ecs.Service("Service"), "Migrate: the service Service is not one of this stack"),
        (
            "Service",
            "Migrate: the service is given by what stack.add(...) returned for it, not by a str",
        ),
        (None, "not by a NoneType"),
        (Handle(ecs.Cluster("Cluster")), "not by a Handle"),
    ],
)
def test_a_service_that_is_not_in_the_stack_is_refused(service: Any, message: str) -> None:
    with pytest.raises(BlockError) as caught:
        make()[0].before_deploy("Migrate", service, command=("x",))

    assert message in str(caught.value)


@pytest.mark.parametrize("key", ["name", "container", "command", "timeout_minutes"])
def test_a_token_is_refused_as_a_token(key: str) -> None:
    stack, service = make()
    wanted = {"name": "Migrate", "service": service, "command": ("x",), key: stack.env.word}  # type: ignore[attr-defined]  # Env's own
    with pytest.raises(TokenError) as caught:
        stack.before_deploy(**wanted)

    assert str(caught.value).endswith(
        "is known only when CloudFormation runs, and a step runs before that: put it into a "
        "variable of the container, which the step has too"
    )


def test_a_token_among_the_words_is_refused() -> None:
    stack, service = make()
    with pytest.raises(TokenError, match=r"^Migrate: a word of the command is known only when"):
        stack.before_deploy("Migrate", service, command=("x", eb.ref("Days")))  # type: ignore[arg-type]  # a type checker sees it too


def test_names_are_unique() -> None:
    stack, service = make()
    stack.before_deploy("Migrate", service, command=("x",))
    with pytest.raises(BlockError) as caught:
        stack.before_deploy("Migrate", service, command=("y",))

    assert str(caught.value) == "there are two steps Migrate before the deploy; rename one"


@pytest.mark.parametrize(
    ("container", "message"),
    [
        ("wroker", "Migrate: Service has no container wroker; did you mean worker?"),
        ("zzz", "Migrate: Service has no container zzz; there are: app, worker"),
    ],
)
def test_a_container_that_the_service_has_not_is_refused(container: str, message: str) -> None:
    stack, service = make()
    stack.before_deploy("Migrate", service, command=("x",), container=container)
    with pytest.raises(BlockError) as caught:
        metadata(stack)

    assert str(caught.value) == message


@pytest.mark.parametrize("reference", ["hoge:3", eb.ref("Days")])
def test_a_container_of_a_task_definition_from_elsewhere_is_believed(reference: Any) -> None:
    stack, service = make()
    service.TaskDefinition = reference
    stack.before_deploy("Migrate", service, command=("x",), container="other")

    assert metadata(stack)["ecs_blocks"]["before_deploy"][0]["container"] == "other"


def test_metadata_that_was_written_by_hand_is_not_overwritten() -> None:
    stack, service = make()
    stack.template.set_metadata({"ecs_blocks": {"before_deploy": []}})
    stack.before_deploy("Migrate", service, command=("x",))
    with pytest.raises(BlockError, match=r"steps are made with stack\.before_deploy"):
        metadata(stack)


WEB = """\
from troposphere import ecs
service = stack.add_resource(ecs.Service("Service", TaskDefinition="hoge:1"))
stack.before_deploy("Migrate", service, command={command})"""


def test_a_rendered_template_has_the_steps_in_every_environment(tmp_path: Path) -> None:
    body = WEB.format(command='("./migrate", "${X}", "{{y}}")')
    files = project(tmp_path, script=script(body)).rendered("--format", "json")
    found = json.loads(files["hoge/template.json"])

    assert list(found)[:3] == ["AWSTemplateFormatVersion", "Description", "Metadata"]
    assert found["Metadata"]["ecs_blocks"]["before_deploy"][0]["command"] == [
        *("./migrate", "${X}", "{{y}}")
    ]


def test_a_value_of_one_environment_in_a_command_is_an_error_of_the_script(tmp_path: Path) -> None:
    body = WEB.format(command='("./migrate", env.group_name)')
    [problem] = project(tmp_path, script=script(body)).refusal("hoge")

    assert problem.startswith(f"stacks/hoge/stack.py:{BODY_LINE + 2}:")
    assert "a word of the command is known only when CloudFormation runs" in problem
