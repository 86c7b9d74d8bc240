"""A script that gives a block what it cannot take is told which argument, and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import BODY_LINE, SCRIPT, project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/stack.py"
SIDECAR = 'eb.Sidecar(name="proxy", image="nginx:1.27", memory_mib=128'
GROUP = 'eb.SecurityGroup(description="x", vpc_id="vpc-1", egress={})'
JOB_TAKES = "eb.FargateScheduledJobEnvironment, eb.ScheduledJobEnvironment"
CALLS = [
    (
        "eb.Port()",
        "eb.Port needs the argument number; it takes number, name, app_protocol, protocol",
    ),
    (f"{SIDECAR}, memory=3)", "eb.Sidecar has no argument memory; did you mean memory_mib?"),
    (
        "eb.Port(number=1, wrong=2)",
        "eb.Port has no argument wrong; it takes number, name, app_protocol, protocol",
    ),
    (
        "eb.QueueWorker(env)",
        "eb.QueueWorker takes its arguments by name; did you mean eb.QueueWorker.standard(env, …)?",
    ),
    ("stack.add(group)", "stack.add needs the argument block; it takes id, block"),
    (
        "eb.WebService.standard(env, port=1, thresholds=None)",
        "eb.WebService.standard has no argument thresholds, but WebService has such a field: "
        "msgspec.structs.replace(eb.WebService.standard(…), thresholds=…)",
    ),
    (
        "eb.WebService.standard(\n        env,\n        port=1,\n        variable={},\n    )",
        "eb.WebService.standard has no argument variable; did you mean variables?",
    ),
    (
        "(lambda one: one)(two=1)",
        "TypeError: stack.<locals>.<lambda>() got an unexpected keyword argument 'two'",
    ),
    (
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class Own:\n"
        "    def build(self, scope):\n"
        "        return None\n"
        'stack.add("X", eb.Scaling(service=None, task=Own(), balancer=None, target_group=None, '
        "targets=None))",
        "service has to be what stack.add(…, eb.Service…) gave (a ServiceHandle), not None",
    ),
    ("len(5)", "TypeError: object of type 'int' has no len()"),
]
VALUES = [
    (
        f'stack.add("X", {GROUP.format("eb.Rule(1, eb.PrefixList(chr(49)))")})',
        "egress has to be a tuple of Rule, not a Rule; put it into brackets, with a comma behind "
        "it: (…,)",
    ),
    (
        f'stack.add("X", {GROUP.format("(eb.Rule(1, chr(49)),)")})',
        "peer has to be Cidr, Group or PrefixList, not text",
    ),
    (
        'stack.add("X", eb.LogGroup)',
        "block has to be Block, not the class LogGroup; write LogGroup(…)",
    ),
    (
        'eb.BlueGreen(bake_minutes="10")',
        "bake_minutes has to be a whole number, not text; write it without quotes",
    ),
    (
        f"eb.FargateSize.for_containers(cpu=256, memory_mib=512, sidecars={SIDECAR}))",
        "sidecars has to be a tuple of Sidecar, not a Sidecar; put it into brackets, with a comma "
        "behind it: (…,)",
    ),
    (
        'stack.add("X", eb.Ecr(name="x", moving_tags=("dev")))',
        'moving_tags has to be a tuple, not text; of one it is ("…",), with the comma',
    ),
    (
        f'stack.add("X", {GROUP.format("chr(49)")})',
        'egress has to be a tuple, not text; of one it is ("…",), with the comma',
    ),
    ('stack.add("X", "Y")', "block has to be Block, not text"),
    (
        "from ecs_blocks.blocks.service import ServiceHandle\n"
        "class Own(__import__('msgspec').Struct):\n"
        "    service: object\n"
        "whole = Own(ServiceHandle(resource=None, cluster_name='x'))\n"
        'stack.add("X", eb.EcsEvents(service=whole, topic_arn="x"))',
        "service has to be what stack.add(…, eb.Service…) gave (a ServiceHandle), not a Own; give "
        "its .service",
    ),
    (
        "eb.ScheduledJob.standard(env)",
        f"ScheduledJob.standard() takes one of {JOB_TAKES}; Hoge is derived from none of them",
    ),
]


@pytest.mark.parametrize(("body", "expected"), [*CALLS, *VALUES])
def test_a_wrong_argument(tmp_path: Path, body: str, expected: str) -> None:
    [problem] = project(tmp_path, script=script(body)).refusal()

    place, _, message = problem.partition(":1: ")
    assert message == expected, problem
    assert place.startswith(f"{FILE}:")
    assert int(place.rpartition(":")[2]) >= BODY_LINE


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (
            "structs.replace(1)",
            "'structs' is not defined; write at the top: from msgspec import structs",
        ),
        ("s3.Bucket(1)", "'s3' is not defined; write at the top: from troposphere import s3"),
        ("WebService", "'WebService' is not defined; write eb.WebService"),
        ("grup", "'grup' is not defined; did you mean group?"),
    ],
)
def test_a_name_that_is_not_imported(tmp_path: Path, body: str, hint: str) -> None:
    problems = project(tmp_path, script=script(body)).refusal()

    assert problems == [f"{FILE}:{BODY_LINE}:1: NameError: name {hint}"]


def test_the_package_itself_is_not_imported(tmp_path: Path) -> None:
    text = SCRIPT.replace("import ecs_blocks as eb\n", "")

    [problem] = project(tmp_path, script=text).refusal()

    assert problem.endswith("name 'eb' is not defined; write at the top: import ecs_blocks as eb")


def test_the_name_of_the_environment_is_nowhere(tmp_path: Path) -> None:
    [problem] = project(tmp_path, script=script("env.environment")).refusal()

    assert problem.endswith(
        ":1: Hoge has no environment: a script does not know for which environment it runs; "
        "declare what differs, and set it in environment.yaml: with_archive: eb.Shape[bool] = "
        'eb.shape(default=False, help="…")'
    )


def test_a_field_cannot_be_declared_in_a_class_of_ours(tmp_path: Path) -> None:
    text = SCRIPT.replace("env: Hoge", "env: eb.ClusterEnvironment").replace(
        "env.group_name", "env.colour"
    )
    fields = (
        "parameters:\n  default: {ClusterName: x, AlarmEmail: a@example.com}\n  dev:\n  prod:\n"
    )

    [problem] = project(tmp_path, script=text, environment=fields).refusal()

    assert problem.endswith(
        ":1: ClusterEnvironment has no colour; derive a class of your own from it, with colour: "
        "eb.Param[str] = eb.param(…)"
    )
