"""What an attacker or a clumsy user does: told in a sentence, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from ecs_blocks.checks import inspector
from ecs_blocks.checks.cache import Cache
from ecs_blocks.checks.inspector import HIDDEN, Inspector, Subject
from ecs_blocks.checks.run import Verdict
from ecs_blocks.errors import InputError
from ecs_blocks.templates.read import read_template
from tests.project import ENVIRONMENT, PLATFORM, SCRIPT, project

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

FILE = "stacks/platform.yaml"
PROGRAM = "from ecs_blocks.cli import main; main()"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Application: other", "ecs_blocks sets the tag Application itself"),
        ('"a;b": c', "a tag holds letters, digits, spaces and _ . : / = + - @"),
        ("Cost: a<b>", "a tag holds letters, digits, spaces and _ . : / = + - @"),
        ('Cost: " x"', "a tag holds letters, digits, spaces and _ . : / = + - @"),
    ],
)
def test_a_tag_that_aws_would_refuse_is_refused(tmp_path: Path, tag: str, expected: str) -> None:
    [problem] = project(tmp_path, platform=f"tags:\n  {tag}\n{PLATFORM}").refusal()

    assert problem.endswith(f": {expected}")


def test_two_apps_that_would_be_one_stack_are_refused(tmp_path: Path) -> None:
    platform = f'{PLATFORM}  b-dev: {{AccountId: "111122223333"}}\n'
    made = project(tmp_path, f"{ENVIRONMENT}  b-dev:\n", platform=platform)
    made.app("hoge-b", environment=ENVIRONMENT)

    assert made.refusal() == [
        f"{FILE}: stack_name: hoge in b-dev and hoge-b in dev would both be the stack "
        "hoge-b-dev; rename one of them"
    ]


def test_an_environment_cannot_be_called_as_the_templates_file(tmp_path: Path) -> None:
    made = project(tmp_path, platform=f'{PLATFORM}  template: {{AccountId: "111122223333"}}\n')

    assert made.refusal() == [
        f"{FILE}:8:3: parameters.template: the name is taken: the template's own file is called so"
    ]


def test_a_long_description_is_refused(tmp_path: Path) -> None:
    script = SCRIPT.replace("description=__doc__", 'description="x" * 1025')
    [problem] = project(tmp_path, script=script).refusal()

    assert problem.endswith(": a template's description has at most 1024 bytes")


def test_a_credential_as_a_default_is_refused(tmp_path: Path) -> None:
    key = "AKIA" + "Z7QVXN4TLKJD2MWP"
    [problem] = project(tmp_path, script=SCRIPT.replace("/ecs/hoge", key)).refusal()

    assert "Hoge.group_name: the default looks like an AWS access key; put it into SSM" in problem
    assert key not in problem


def test_a_changed_script_of_the_same_size_and_second_is_read_again(tmp_path: Path) -> None:
    made = project(tmp_path)
    path = made.folder / "stacks" / "hoge" / "stack.py"
    os.utime(path, (1_600_000_000, 1_600_000_000))
    made.rendered()
    path.write_text(SCRIPT.replace("/ecs/hoge", "/ecs/fuga"), encoding="utf-8")
    os.utime(path, (1_600_000_000, 1_600_000_000))

    assert '"/ecs/fuga"' in made.rendered()["hoge/prod.json"]
    assert not list(path.parent.rglob("*.pyc"))


def test_a_script_that_changes_the_folder_changes_it_for_itself_alone(tmp_path: Path) -> None:
    body = "    import os\n    os.chdir('/')\n    print('hello')\n    stack = eb.Stack("
    made = project(tmp_path, script=SCRIPT.replace("    stack = eb.Stack(", body))
    outcome = made.render("--json")

    assert (outcome.code, outcome.stdout[:1]) == (0, "[")
    assert "hello" in outcome.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Resources: {A: {Type: x}}\nResources: {}", "Resources: duplicate key"),
        (f"Resources: {{}}\nx: {'9' * 5000}", "cannot be read: "),
        ("Resources: {}\nx: !!binary 'Ä'", "cannot be read: "),
    ],
)
def test_a_template_that_says_two_things_or_none_is_refused(
    tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(InputError, match=message):
        read_template(path)


def test_keys_of_a_mapping_are_text_as_they_are_to_cloudformation(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        "Resources: {}\nMappings: {A: {123456789012: {x: 1}, default: {x: 2}}}", encoding="utf-8"
    )

    assert read_template(path)["Mappings"] == {"A": {"123456789012": {"x": 1}, "default": {"x": 2}}}


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", [{"Fn::Sub": 5}, {"Fn::Sub": ["x", "text"]}, {"Fn::If": [["x"], 1, 2]}], ids=str
)
def test_a_function_that_is_none_is_judged_like_any_value(value: Any) -> None:
    template = {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"X": value}}}}
    verdict = Inspector(Cache(None)).verdict(Subject("t.yaml", "", template, {}, {}))

    found = {finding.id for finding in verdict.findings}
    assert "EB003" not in found
    assert found & {"F1101", "F0010", "E1028"}  # it is no function


def test_a_template_that_cannot_be_resolved_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(*_: object) -> None:
        raise RecursionError("too deep for key-secret-1")

    monkeypatch.setattr(inspector, "resolve", falls)
    template = {"Parameters": {"Key": {"NoEcho": "true"}}, "Resources": {}}
    subject = Subject("t.yaml", "", template, {"Key": "key-secret-1"}, {})

    [finding] = Inspector(Cache(None)).verdict(subject).findings

    assert (finding.id, finding.message) == (
        "EB003",
        "the template cannot be resolved: RecursionError: too deep for (hidden)",
    )


ORDERS = "x\n::error file=a::boo\r\n##[group]y ##vso[task.z]\x1b[31m\u202e"


def checked(template: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "check", "--template", str(template), *arguments],
        cwd=template.parent,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "")
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("form", [(), ("--json",), ("--verbose",)])
def test_what_a_template_says_steers_neither_terminal_nor_ci_server(
    tmp_path: Path, form: tuple[str, ...]
) -> None:
    path = tmp_path / "t.json"
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": ORDERS, ORDERS: 1},
        "Metadata": {"ecs_blocks": {"suppress": {"F3002": ORDERS}}},
    }
    path.write_text(json.dumps({"Resources": {f"A{ORDERS}": bucket}}), encoding="utf-8")

    found = checked(path, *form)

    assert "boo" in found
    assert [line for line in found.split("\n") if line.lstrip().startswith("::")] == []
    assert {sign for sign in ("##[", "##vso[", "\x1b", "\u202e", "\r") if sign in found} == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", ["host-secret-1", "dev", "it's a 'secret', \\ this one", "a\nsecond line"]
)
def test_a_value_that_is_not_to_be_shown_is_in_no_finding_nor_in_the_cache(
    tmp_path: Path, value: str
) -> None:
    task = {"NetworkMode": {"Ref": "Mode"}, "ContainerDefinitions": []}
    resources = {
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
        "A": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Mode"}}},
    }
    parameters = {"Mode": {"Type": "String", "NoEcho": True}}
    template = {"Parameters": parameters, "Resources": resources}
    cache = tmp_path / "cache"

    verdict = Inspector(Cache(cache)).verdict(Subject("t", "", template, {"Mode": value}, {}))

    said = [finding.message for finding in verdict.findings]
    assert [one for one in said if value in one or repr(value)[1:-1] in one] == []
    assert any(f"{HIDDEN} is not one of ['awsvpc'" in one for one in said)
    [file] = cache.iterdir()
    stored = msgspec.json.decode(file.read_bytes(), type=Verdict)
    assert stored == verdict
