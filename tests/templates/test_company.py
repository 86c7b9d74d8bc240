"""stacks/company.py: rules for every stack, held to the same proof as the stacks themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.project import PLATFORM, Project, project

if TYPE_CHECKING:
    from pathlib import Path

RULES: Final = '''\
"""Rules of the company."""

from troposphere import Tags, logs

import ecs_blocks as eb


def every_stack(stack: eb.Stack) -> None:
    """Every log group is marked."""
    for group in stack.every(logs.LogGroup):
        {body}
'''
LINE: Final = RULES[: RULES.index("{body}")].count("\n") + 1
ROLE_SCRIPT: Final = '''\
"""hoge: two roles."""

from troposphere import iam

import ecs_blocks as eb
from ecs_blocks import policies


def stack(env: eb.Environment) -> eb.Stack:
    """Two roles and a profile."""
    stack = eb.Stack(env, description=__doc__)
    for name, extra in (("Plain", {}), ("Own", {"Path": "/own/", "PermissionsBoundary": "arn:x"})):
        stack.add_resource(
            iam.Role(name, AssumeRolePolicyDocument=policies.trust("ecs-tasks"), **extra)
        )
    stack.add_resource(iam.InstanceProfile("Profile", Roles=[eb.ref("Plain")]))
    return stack
'''


def with_rules(folder: Path, body: str) -> Project:
    """Two apps, and a company.py whose loop over log groups does *body*."""
    made = project(folder)
    made.app("fuga")
    made.write("company.py", RULES.format(body=body))
    return made


def template(made: Project, app: str = "hoge") -> str:
    return made.rendered("--format", "json")[f"{app}/template.json"]


def test_a_rule_reaches_every_app(tmp_path: Path) -> None:
    made = with_rules(tmp_path, 'group.Tags = Tags(Owner="infrastructure")')

    for app in ("hoge", "fuga"):
        assert '"Value": "infrastructure"' in template(made, app)


def test_a_rule_may_hand_on_an_environment_s_value(tmp_path: Path) -> None:
    made = with_rules(tmp_path, 'group.LogGroupName = eb.text("/company", stack.env.group_name)')
    group = json.loads(template(made))["Resources"]["Group"]["Properties"]

    assert group["LogGroupName"] == {"Fn::Sub": "/company${GroupName}"}


def test_a_rule_may_add_a_resource(tmp_path: Path) -> None:
    body = 'stack.add_resource(logs.LogStream("Audit", LogGroupName=eb.ref(group.title)))'

    assert '"Audit": {' in template(with_rules(tmp_path, body))


def test_without_the_file_nothing_changes(tmp_path: Path) -> None:
    plain = template(project(tmp_path / "a"))

    assert plain == template(with_rules(tmp_path / "b", "assert group"))


def test_a_rule_that_decides_by_a_value_breaks_the_proof(tmp_path: Path) -> None:
    body = "group.RetentionInDays = 1 if isinstance(group.RetentionInDays, int) else 7"
    problems = with_rules(tmp_path, body).refusal("hoge")

    assert problems == [
        f"stacks/hoge/stack.py: Resources.Group.Properties.RetentionInDays is 7 in the template, "
        f"but 1 with the values of {name}: the script decides it by a value that may differ; pass "
        "the value on, or declare it as a Shape"
        for name in ("dev", "prod")
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("raise ValueError('no')", "ValueError: no", id="raises"),
        pytest.param(
            "group.Retention = 1",
            "AttributeError: AWS::Logs::LogGroup object does not support attribute Retention",
            id="misspells a property",
        ),
        pytest.param(
            "1 if stack.env.group_name else 2",
            "GroupName is known only when CloudFormation runs, so it cannot be used as a condition "
            "here: the template is the same for every environment. Hand it on as it is, join text "
            "with eb.text(...), or declare it as Shape[...] if the template has to differ",
            id="uses a token as a value",
        ),
    ],
)
def test_a_rule_that_fails_is_told_at_its_own_line(tmp_path: Path, body: str, message: str) -> None:
    problems = with_rules(tmp_path, body).refusal("hoge")

    assert problems[0] == f"stacks/company.py:{LINE}:1: hoge: {message}"


def test_a_failure_with_one_environment_s_values_names_it(tmp_path: Path) -> None:
    body = "assert (eb.known(group.RetentionInDays) or (0,))[0] < 365, 'too long'"
    problems = with_rules(tmp_path, body).refusal("hoge")

    assert problems == [f"stacks/company.py:{LINE}:1: hoge in prod: AssertionError: too long"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("del stack.template.resources[group.title]", id="is taken away"),
        pytest.param("group.title = 'Other'", id="is renamed"),
        pytest.param(
            "stack.template.resources['Group'] = logs.LogStream('Group')", id="becomes another"
        ),
    ],
)
def test_no_logical_id_is_lost(tmp_path: Path, body: str) -> None:
    problems = with_rules(tmp_path, body).refusal("hoge")

    assert problems[0] == (
        "stacks/company.py: hoge: every_stack() took Group away or made another of it; a rule "
        "changes properties and may add resources: a logical id that goes is a resource that is "
        "deleted"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("def every_stack(:", "1:17: not Python: invalid syntax", id="not Python"),
        pytest.param(
            "import nowhere", "1:1: ModuleNotFoundError: No module named 'nowhere'", id="an import"
        ),
        pytest.param(
            "", " there has to be a function every_stack(stack: eb.Stack) -> None", id="empty"
        ),
        pytest.param(
            "def every_stack(): ...",
            " there has to be a function every_stack(stack: eb.Stack) -> None",
            id="no argument",
        ),
        pytest.param(
            "def every_stack(stack): return stack",
            " hoge: every_stack() changes the stack that it is given, and returns nothing",
            id="returns something",
        ),
    ],
)
def test_a_file_that_is_no_company_py(tmp_path: Path, text: str, problem: str) -> None:
    made = project(tmp_path)
    made.write("company.py", text)

    assert made.refusal()[0] == f"stacks/company.py:{problem}"


def test_a_rule_prints_nothing_into_the_templates(tmp_path: Path) -> None:
    made = with_rules(tmp_path, "print('here')")
    outcome = made.render("hoge", "--out", "-")

    assert outcome.code == 0
    assert "here" not in outcome.stdout


def test_a_company_py_is_no_app(tmp_path: Path) -> None:
    made = with_rules(tmp_path, "assert group")

    assert {name.split("/")[0] for name in made.rendered()} == {"fuga", "hoge"}


def roles_of(folder: Path, platform: str) -> dict[str, Any]:
    """The properties that a repository with this platform.yaml gives two roles and a profile."""
    made = project(folder, "parameters: {dev: {}, prod: {}}", script=ROLE_SCRIPT, platform=platform)
    resources = json.loads(template(made))["Resources"]
    return {title: one["Properties"] for title, one in resources.items()}


def test_every_role_gets_the_platform_s_path_and_boundary(tmp_path: Path) -> None:
    settings = "roles:\n  Path: /apps/\n  PermissionsBoundary: apps-boundary\n"
    roles = roles_of(tmp_path, settings + PLATFORM)
    arn = "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/apps-boundary"

    assert roles["Plain"]["Path"] == "/apps/"
    assert roles["Plain"]["PermissionsBoundary"] == {"Fn::Sub": arn}
    assert roles["Profile"] == {"Path": "/apps/", "Roles": [{"Ref": "Plain"}]}


def test_a_role_that_has_its_own_keeps_it(tmp_path: Path) -> None:
    settings = "roles:\n  Path: /apps/\n  PermissionsBoundary: apps-boundary\n"
    own = roles_of(tmp_path, settings + PLATFORM)["Own"]

    assert (own["Path"], own["PermissionsBoundary"]) == ("/own/", "arn:x")


def test_without_roles_in_the_platform_none_is_touched(tmp_path: Path) -> None:
    roles = roles_of(tmp_path, PLATFORM)

    assert roles["Plain"].keys() == {"AssumeRolePolicyDocument"}
    assert roles["Profile"].keys() == {"Roles"}
