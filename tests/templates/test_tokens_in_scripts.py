"""A token never becomes text, or decides anything, by accident: each use is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import BODY_LINE, project, script

if TYPE_CHECKING:
    from pathlib import Path

PLACE = f"stacks/hoge/stack.py:{BODY_LINE}:1"
WAY = (
    "the template is the same for every environment. Hand it on as it is, join text with "
    "eb.text(...), or declare it as Shape[...] if the template has to differ"
)
USES = [
    ("if env.group_name: pass", "used as a condition"),
    ("not env.group_name", "used as a condition"),
    ("env.group_name or 'x'", "used as a condition"),
    ("[x for x in 'a' if env.group_name]", "used as a condition"),
    ("env.group_name == 'x'", "compared"),
    ("env.group_name != 'x'", "compared"),
    ("'x' == env.group_name", "compared"),
    ("env.group_name < 'x'", "compared"),
    ("max(env.group_name, 'x')", "compared"),
    ("sorted([env.group_name, 'x'])", "compared"),
    ("env.group_name in ('x', 'y')", "compared"),
    ("f'{env.group_name}-x'", "turned into text"),
    ("'%s' % env.group_name", "turned into text"),
    ("'{}'.format(env.group_name)", "turned into text"),
    ("str(env.group_name)", "turned into text"),
    ("print(env.group_name)", "turned into text"),
    ("{env.group_name: 1}", "used as a key"),
    ("{env.group_name}", "used as a key"),
    ("len(env.group_name)", "counted"),
    ("for part in env.group_name: pass", "iterated over"),
    ("[*env.group_name]", "iterated over"),
    ("env.group_name[0]", "iterated over"),
    ("'x' in env.group_name", "searched"),
    ("int(env.group_name)", "calculated with"),
    ("float(env.group_name)", "calculated with"),
    ("range(env.group_name)", "calculated with"),
    ("env.group_name + 'x'", "calculated with"),
    ("'x' + env.group_name", "calculated with"),
    ("env.group_name * 2", "calculated with"),
    ("2 - env.group_name", "calculated with"),
    ("env.group_name / 2", "calculated with"),
    ("env.group_name // 2", "calculated with"),
    ("env.group_name % 2", "calculated with"),
    ("-env.group_name", "calculated with"),
    ("env.group_name ** 2", "calculated with"),
    ("env.group_name.upper()", "worked on as text"),
    ("env.group_name.lower()", "worked on as text"),
    ("env.group_name.strip('/')", "worked on as text"),
    ("env.group_name.split('/')", "worked on as text"),
    ("env.group_name.join(['a', 'b'])", "worked on as text"),
    ("env.group_name.replace('a', 'b')", "worked on as text"),
    ("env.group_name.startswith('/')", "worked on as text"),
    ("env.group_name.endswith('/')", "worked on as text"),
]


@pytest.mark.parametrize(("use", "what"), USES)
def test_a_use_of_a_token_as_if_it_were_a_value_is_refused(
    tmp_path: Path, use: str, what: str
) -> None:
    expected = (
        f"{PLACE}: GroupName is known only when CloudFormation runs, so it cannot be {what} here: "
        f"{WAY}"
    )

    assert project(tmp_path, script=script(use)).refusal() == [expected]


@pytest.mark.parametrize(
    "use",
    [
        "env.retention_days << 2",
        "abs(env.retention_days)",
        "divmod(env.retention_days, 2)",
        "env.group_name.title()",
        "'-'.join([env.group_name])",
        "import json; json.dumps(env.group_name)",
    ],
)
def test_no_other_use_gets_through(tmp_path: Path, use: str) -> None:
    (problem,) = project(tmp_path, script=script(use)).refusal()

    assert problem.startswith(f"{PLACE}: ")


@pytest.mark.parametrize("name", ["account_id", "region"])
def test_what_cloudformation_knows_of_itself_is_a_token_too(tmp_path: Path, name: str) -> None:
    (problem,) = project(tmp_path, script=script(f"str(env.{name})")).refusal()
    reference = {"account_id": "AWS::AccountId", "region": "AWS::Region"}[name]

    assert problem.startswith(f"{PLACE}: {reference} is known only when CloudFormation runs")


def test_an_attribute_of_a_resource_is_named_as_the_function_that_it_is(tmp_path: Path) -> None:
    (problem,) = project(tmp_path, script=script('str(eb.get_att(group, "Arn"))')).refusal()

    assert problem.startswith(
        f"{PLACE}: {{'Fn::GetAtt': ['Group', 'Arn']}} is known only when CloudFormation runs"
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("group.LogGroupName = env.group_name", "!Ref GroupName"),
        ('group.LogGroupName = eb.text("a-", env.group_name)', "!Sub a-${GroupName}"),
        ('group.LogGroupName = eb.text("a", "b")', "ab"),
        ('group.LogGroupName = eb.text("${x}", env.group_name)', "!Sub ${!x}${GroupName}"),
        ('group.LogGroupName = eb.text(env.app, "-", env.region)', "!Sub hoge-${AWS::Region}"),
        ('group.LogGroupName = eb.get_att(group, "Arn")', "!GetAtt Group.Arn"),
        ("env.group_name is None", "!Ref GroupName"),
        ("repr(env.group_name)", "!Ref GroupName"),
        ("isinstance(env.group_name, eb.Token)", "!Ref GroupName"),
        ("import copy; group.LogGroupName = copy.deepcopy(env.group_name)", "!Ref GroupName"),
    ],
)
def test_what_a_token_is_for_goes_into_the_template(
    tmp_path: Path, body: str, expected: str
) -> None:
    template = project(tmp_path, script=script(body)).rendered()["hoge/template.yaml"]

    assert f"      LogGroupName: {expected}\n" in template
