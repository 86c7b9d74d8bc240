"""A stack.py that is broken is told in one line with its file and line, without a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import BODY_LINE, SCRIPT, project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/stack.py"
SIGNATURE = (
    "there has to be a function stack(env: \u2026) -> eb.Stack, whose one argument is annotated "
    "with a subclass of Environment"
)
AFTER = SCRIPT.count("\n") + 1

MODULES = [
    pytest.param(
        SCRIPT.replace("eb.Stack:", "eb.Stack"), "15:33: not Python: expected ':'", id=":"
    ),
    pytest.param(
        SCRIPT.replace("    return", "   return"),
        "23:16: not Python: unindent does not match any outer indentation level",
        id="indentation",
    ),
    pytest.param(
        SCRIPT.replace("    return", "\treturn"),
        "23:1: not Python: inconsistent use of tabs and spaces in indentation",
        id="tab",
    ),
    pytest.param(
        f"{SCRIPT}nowhere\n", f"{AFTER}:1: NameError: name 'nowhere' is not defined", id="name"
    ),
    pytest.param(
        f"import nowhere\n{SCRIPT}",
        "1:1: ModuleNotFoundError: No module named 'nowhere'",
        id="import",
    ),
    pytest.param(
        SCRIPT.replace("eb.Environment", "eb.Enviroment"),
        "8:1: module 'ecs_blocks' has no attribute 'Enviroment'; did you mean Environment?",
        id="attribute",
    ),
    pytest.param(
        f"{SCRIPT}1 / 0\n", f"{AFTER}:1: ZeroDivisionError: division by zero", id="division"
    ),
    pytest.param(f"{SCRIPT}raise ValueError\n", f"{AFTER}:1: ValueError", id="no text"),
    pytest.param(
        f'{SCRIPT}raise ValueError("one\\n  two")\n', f"{AFTER}:1: ValueError: one two", id="lines"
    ),
    pytest.param("import sys\nsys.exit(3)\n", "2:1: SystemExit: 3", id="sys.exit"),
    pytest.param("exit()\n", "1:1: SystemExit: None", id="exit"),
    pytest.param("", SIGNATURE, id="empty"),
    pytest.param("stack = 1\n", SIGNATURE, id="no function"),
    pytest.param(SCRIPT.replace("def stack", "def stacks"), SIGNATURE, id="another name"),
    pytest.param(SCRIPT.replace("env: Hoge", "env"), SIGNATURE, id="no annotation"),
    pytest.param(SCRIPT.replace("env: Hoge", ""), SIGNATURE, id="no argument"),
    pytest.param(SCRIPT.replace("env: Hoge", "env: str"), SIGNATURE, id="no environment"),
    pytest.param(
        SCRIPT.replace("env: Hoge", "env: Hoge, more: int"), SIGNATURE, id="two arguments"
    ),
]
ITSELF = "give the resource itself, as troposphere makes it"
BODIES = [
    ("nowhere", "NameError: name 'nowhere' is not defined"),
    (
        "env.nowhere",
        "Hoge has no nowhere; declare it there: nowhere: eb.Param[str] = eb.param(…)",
    ),
    ("env.retention_day", "Hoge has no retention_day; did you mean retention_days?"),
    (
        "stack.add_resorce(group)",
        "'Stack' object has no attribute 'add_resorce'; did you mean add_resource?",
    ),
    ("eb.WebServce", "module 'ecs_blocks' has no attribute 'WebServce'; did you mean WebService?"),
    ('raise eb.BlockError("these do not fit")', "these do not fit"),
    ("import sys; sys.exit(1)", "SystemExit: 1"),
    ("exit()", "SystemExit: None"),
    ("env.retention_days = 5", "retention_days is set in environment.yaml, not by the script"),
    (
        'group.Nowhere = "x"',
        "AttributeError: AWS::Logs::LogGroup object does not support attribute Nowhere",
    ),
    ('logs.LogGroup("no-id")', 'ValueError: Name "no-id" not alphanumeric'),
    (
        'stack.add("hoge", eb.LogGroup(name="x", retention_days=1, key_arn=eb.KeyArn("x")))',
        "'hoge' cannot be a block's id: it begins with a capital and holds letters and digits "
        "only, at most 247 of them, like 'Hoge'",
    ),
    (
        'stack.add_resource(logs.LogGroup("Group"))',
        "there are two resources Group; give one of the blocks another id",
    ),
    (
        'stack.add("X", eb.AlarmTopic(key=group.get_att("Arn"), subscriptions=()))',
        f"a resource is expected, got a GetAtt; {ITSELF}",
    ),
    (
        'stack.add("X", eb.AlarmTopic(key="key", subscriptions=()))',
        f"a resource is expected, got the text key; {ITSELF}",
    ),
    (
        'stack.output("A", group, "x")',
        "the resource Group is given where a value belongs; give eb.ref(….title) or "
        "eb.get_att(…, 'Arn') of it",
    ),
    (
        'stack.output("A", "x", "x"); stack.output("A", "y", "y")',
        "there are two outputs A; a block that gives one stands in a stack once: make an app of "
        "the second",
    ),
]


@pytest.mark.parametrize(("text", "expected"), MODULES)
def test_a_script_that_cannot_be_loaded(tmp_path: Path, text: str, expected: str) -> None:
    separator = ":" if expected[0].isdigit() else ": "

    assert project(tmp_path, script=text).refusal() == [f"{FILE}{separator}{expected}"]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_a_script_that_fails_while_it_runs(tmp_path: Path, body: str, expected: str) -> None:
    problems = project(tmp_path, script=script(body)).refusal()

    assert problems == [f"{FILE}:{BODY_LINE}:1: {expected}"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('group.RetentionInDays = "x"', "invalid literal for int() with base 10: 'x'"),
        ("group.LogGroupName = 5", "Group.LogGroupName is <class 'int'>, expected <class 'str'>"),
    ],
)
def test_a_property_of_the_wrong_type_is_told_in_one_line(
    tmp_path: Path, body: str, message: str
) -> None:
    (problem,) = project(tmp_path, script=script(body)).refusal()

    assert problem.startswith(f"{FILE}:{BODY_LINE}:1: ")
    assert problem.endswith(message)


@pytest.mark.parametrize(("value", "name"), [("None", "NoneType"), ("stack.template", "Template")])
def test_a_script_has_to_return_a_stack(tmp_path: Path, value: str, name: str) -> None:
    text = SCRIPT.replace("return stack", f"return {value}")

    assert project(tmp_path, script=text).refusal() == [
        f"{FILE}: stack() has to return an ecs_blocks.Stack, not {name}"
    ]


def test_a_failure_with_one_environment_s_values_names_it(tmp_path: Path) -> None:
    body = "if isinstance(env.retention_days, int) and env.retention_days > 300: 1 / 0"

    assert project(tmp_path, script=script(body)).refusal() == [
        f"{FILE}:{BODY_LINE}:1: in prod: ZeroDivisionError: division by zero"
    ]


def test_a_failure_below_the_script_is_told_at_the_script_s_own_line(tmp_path: Path) -> None:
    body = 'stack.add("Logs", eb.LogGroup(name=5, retention_days=1, key_arn=eb.KeyArn("x")))'
    problems = project(tmp_path, script=script(body)).refusal()

    assert [problem.startswith(f"{FILE}:{BODY_LINE}:1: ") for problem in problems] == [True]


@pytest.mark.slow
def test_no_traceback_reaches_the_user(tmp_path: Path) -> None:
    outcome = project(tmp_path, script=script("1 / 0")).process()

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.splitlines() == [
        f"{FILE}:{BODY_LINE}:1: ZeroDivisionError: division by zero",
        "1 problem; nothing was written",
    ]


@pytest.mark.parametrize("annotation", ['"Hoge"', "Hoge"])
@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_annotations_may_be_text(tmp_path: Path, annotation: str, future: str) -> None:
    text = future + SCRIPT.replace("env: Hoge", f"env: {annotation}")

    assert project(tmp_path, script=text).rendered()


@pytest.mark.slow
def test_a_script_may_import_from_the_folder_of_apps(tmp_path: Path) -> None:
    made = project(
        tmp_path, script=f"from stacks.shared import NAME\n{script('group.LogGroupName = NAME')}"
    )
    made.write("shared.py", 'NAME = "/shared"\n')
    made.write("__init__.py", "")
    outcome = made.process()

    assert (outcome.code, outcome.stderr.count("problem")) == (0, 0)


def test_scripts_of_two_apps_do_not_see_each_other(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.app("fuga", text=SCRIPT.replace("/ecs/hoge", "/ecs/fuga"))
    files = made.rendered()

    assert '"GroupName": "/ecs/hoge"' in files["hoge/dev.json"]
    assert '"GroupName": "/ecs/fuga"' in files["fuga/dev.json"]
