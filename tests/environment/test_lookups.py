"""Values that only a deploy can find: ``!StackOutput`` and ``!Ssm``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.kinds import KINDS, problems_of
from tests.environment.web import FILE, LINE, ON_FARGATE, SCRIPT, web
from tests.project import PLATFORM, project, script

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT = "!StackOutput takes an app and one of its outputs, like cluster.AlarmTopicArn; got"
SSM = "!Ssm takes the name of a parameter, like /platform/vpc-id; got"
KNOWN = "is not known here; there are !StackOutput, !Ssm, !Vpc, !Subnets and !SecurityGroup"

BAD = [
    ("Words: !StackOutput cluster", f'{OUTPUT} "cluster"'),
    ("Words: !StackOutput", f'{OUTPUT} ""'),
    ("Words: !StackOutput cluster.A.B", f'{OUTPUT} "cluster.A.B"'),
    ("Words: !StackOutput Cluster.A", f'{OUTPUT} "Cluster.A"'),
    ("Words: !StackOutput .A", f'{OUTPUT} ".A"'),
    ("Words: !StackOutput hoge.A b", f'{OUTPUT} "hoge.A b"'),
    ("Words: !StackOutput nowhere.A", "!StackOutput: there is no app nowhere"),
    ("Words: !StackOutput hoge-dev.A", "!StackOutput: there is no app hoge-dev"),
    ("Words: !Ssm", f'{SSM} ""'),
    ("Words: !Ssm a b", f'{SSM} "a b"'),
    ("Words: !Ssm /a/", f'{SSM} "/a/"'),
    ("Words: !Ssm //a", f'{SSM} "//a"'),
    ("Words: !Ssm /a:3", f'{SSM} "/a:3"'),
    ("Words: !ssm /a", "!ssm is not known here; did you mean !Ssm?"),
    ("Words: !StackOuput hoge.A", "!StackOuput is not known here; did you mean !StackOutput?"),
    ("Words: !GetAtt hoge.A", f"!GetAtt {KNOWN}"),
]
GIVES = script('stack.output("Arn", "x", "x"); stack.output("A1", "x", "x")')
GOOD = [
    (
        "!StackOutput cluster.Arn",
        {"StackOutput": {"StackName": "cluster-dev", "OutputName": "Arn"}},
    ),
    (
        '!StackOutput "cluster.A1"',
        {"StackOutput": {"StackName": "cluster-dev", "OutputName": "A1"}},
    ),
    ("!Ssm /platform/vpc-id", {"Ssm": {"Name": "/platform/vpc-id"}}),
    ("!Ssm name", {"Ssm": {"Name": "name"}}),
    ("!Ssm a.b_c/D-9", {"Ssm": {"Name": "a.b_c/D-9"}}),
]


@pytest.mark.parametrize(("line", "expected"), BAD)
def test_a_lookup_of_the_wrong_form_is_refused(tmp_path: Path, line: str, expected: str) -> None:
    assert problems_of(tmp_path, line) == [f"3:12: parameters.dev.Words: {expected}"]


@pytest.mark.parametrize("value", ["[hoge, A]", "{App: hoge}"])
def test_a_lookup_is_one_word(tmp_path: Path, value: str) -> None:
    kind = "a list" if value.startswith("[") else "a mapping"

    assert problems_of(tmp_path, f"Words: !StackOutput {value}") == [
        "3:12: parameters.dev.Words: !StackOutput stands before text: write !StackOutput "
        f"cluster.AlarmTopicArn; got {kind}"
    ]


@pytest.mark.parametrize("value", ["'!Ssm /a'", '"!StackOutput cluster.Arn"', '"!Vpc Name=a"'])
def test_a_lookup_in_quotes_is_no_text(tmp_path: Path, value: str) -> None:
    assert problems_of(tmp_path, f"Words: {value}") == [
        f"3:12: parameters.dev.Words: a lookup is written without quotes: {value[1:-1]}"
    ]


@pytest.mark.parametrize("value", ["'!important'", "'!Ssmx /a'", "'see !Ssm /a'"])
def test_other_text_in_quotes_may_hold_an_exclamation_mark(tmp_path: Path, value: str) -> None:
    made = project(tmp_path, f"parameters:\n  dev:\n    Words: {value}\n", script=KINDS)

    assert json.loads(made.rendered()["hoge/dev.json"])["Parameters"]["Words"] == value[1:-1]


@pytest.mark.parametrize(
    "given", ["Words=!Ssm /a", "Words=!StackOutput cluster.Arn", "Names=!Subnets A=b, C=d"]
)
def test_a_lookup_is_not_given_on_the_command_line(tmp_path: Path, given: str) -> None:
    made = project(tmp_path, "parameters:\n  dev: {}\n", script=KINDS)
    [problem] = made.refusal("--set", given)

    assert problem.endswith("a lookup cannot be given with --set; write it in environment.yaml")


def test_an_item_of_a_list_cannot_be_looked_up(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "Names: [a, !Ssm /b]") == [
        "3:16: parameters.dev.Names: !Ssm stands for the whole list, not for an item of it"
    ]


@pytest.mark.parametrize("key", ["Words", "Count", "Ratio", "Switch", "Colour", "Subnets"])
@pytest.mark.parametrize(("value", "expected"), GOOD)
def test_a_lookup_stands_under_lookups_and_not_among_the_values(
    tmp_path: Path, key: str, value: str, expected: dict[str, Any]
) -> None:
    environment = f"parameters:\n  dev:\n    {key}: {value}\n"
    made = project(tmp_path, environment, script=KINDS)
    made.app("cluster", text=GIVES)
    content = json.loads(made.rendered()["hoge/dev.json"])

    assert content["lookups"] == {key: expected}
    assert key not in content["Parameters"]


def test_the_stack_of_another_app_is_that_of_the_same_environment(tmp_path: Path) -> None:
    environment = "parameters:\n  default: {Words: !StackOutput cluster.Arn}\n  dev:\n  prod:\n"
    platform = f'stack_name: "Acme-{{environment}}-{{app}}"\n{PLATFORM}'
    made = project(tmp_path, environment, script=KINDS, platform=platform)
    made.app("cluster", text=GIVES)
    files = made.rendered()
    stacks = [
        json.loads(files[f"hoge/{name}.json"])["lookups"]["Words"]["StackOutput"]["StackName"]
        for name in ("dev", "prod")
    ]

    assert stacks == ["Acme-dev-cluster", "Acme-prod-cluster"]


def test_a_later_layer_takes_a_lookup_back(tmp_path: Path) -> None:
    environment = "parameters:\n  default: {Words: !Ssm /a}\n  dev: {Words: b}\n  prod:\n"
    files = project(tmp_path, environment, script=KINDS).rendered()
    dev, prod = (json.loads(files[f"hoge/{name}.json"]) for name in ("dev", "prod"))

    assert dev["Parameters"]["Words"] == "b"
    assert "lookups" not in dev
    assert list(prod["lookups"]) == ["Words"]


def test_what_shapes_the_template_cannot_be_looked_up(tmp_path: Path) -> None:
    script = KINDS.replace("switch: eb.Param[bool] = eb.param", "switch: eb.Shape[bool] = eb.shape")
    environment = "parameters:\n  dev:\n    Switch: !Ssm /a\n"

    assert project(tmp_path, environment, script=script).refusal() == [
        f"{FILE}:3:13: parameters.dev.Switch: !Ssm: a value that shapes the template cannot be "
        "looked up later"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "ImageRepositoryUrl: !Ssm /repository",
            "25: parameters.dev.ImageRepositoryUrl: it cannot be looked up; write one of those "
            "under images",
        ),
        (
            "ImageTag: !Ssm /tag",
            "15: parameters.dev.ImageTag: it cannot be looked up; CI gives it with "
            "--set ImageTag=\u2026",
        ),
    ],
)
def test_an_image_cannot_be_looked_up(tmp_path: Path, line: str, expected: str) -> None:
    assert web(tmp_path, line).refusal("hoge") == [f"{FILE}:{LINE}:{expected}"]


@pytest.mark.parametrize(
    ("script", "line"),
    [
        (SCRIPT, "TaskMaxMemory: !Ssm /memory"),
        (SCRIPT, "ServiceMaxCount: !Ssm /count"),
        (ON_FARGATE, "TaskMaxMemory: !Ssm /memory"),
        (ON_FARGATE, "FargateWeight: !Ssm /weight"),
    ],
)
def test_a_rule_waits_for_a_value_that_is_looked_up(tmp_path: Path, script: str, line: str) -> None:
    assert web(tmp_path, line, script=script).rendered("hoge")


def test_a_rule_that_waits_does_not_hide_the_next_one(tmp_path: Path) -> None:
    made = web(tmp_path, "ServiceMaxCount: !Ssm /count", "TaskMemory: 2000")

    assert made.refusal("hoge") == [
        f"{FILE}:{LINE + 1}:17: parameters.dev.TaskMemory: 2000 MiB set aside are more than the "
        "1024 MiB of TaskMaxMemory"
    ]
