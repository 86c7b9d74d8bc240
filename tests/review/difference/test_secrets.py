"""What must not be shown is not, whatever it is part of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from ecs_blocks.review.changes import compared
from ecs_blocks.review.difference.causes import changed_parameters
from ecs_blocks.review.difference.secret import hides
from ecs_blocks.templates.read import read_template
from tests.golden.files import GOLDEN
from tests.review.impact.stage import told as consequences_of
from tests.review.stacks import body, changes, side

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.review.side import Side

OLD: Final = "hunter2-old-one"
NEW: Final = "hunter2-new-one"
SECRET: Final = {"Ref": "Password"}
DECLARED: Final = {"Password": {"Type": "String", "NoEcho": True}, "Stage": {"Type": "String"}}


def sides(value: Any, /, **more: Any) -> tuple[Side, Side]:
    """Two sides whose NoEcho parameter has another value."""
    before, after = (
        side(
            {"It": body("ECS::TaskDefinition", **value)},
            Parameters=DECLARED,
            Conditions={"Is": {"Fn::Equals": [SECRET, OLD]}},
            parameters={"Password": password, "Stage": "prod"},
            **more,
        )
        for password in (OLD, NEW)
    )
    return before, after


def told(before: Side, after: Side) -> str:
    """All that is said, as JSON."""
    found = compared(before, after)
    parts = [*found.resources, *found.outputs, *changed_parameters(before, after)]
    return b"\n".join(map(msgspec.json.encode, parts)).decode()


PLACES: Final[list[dict[str, Any]]] = [
    {"Value": SECRET},
    {"Value": {"Fn::Sub": "postgres://hoge:${Password}@db/${Stage}"}},
    {"Value": {"Fn::Join": ["", ["a", SECRET]]}},
    {"Value": {"Fn::Sub": ["${P}", {"P": SECRET}]}},
    {"Value": {"Fn::Base64": SECRET}},
    {"Value": {"Fn::Select": [1, {"Fn::Split": ["-", SECRET]}]}},
    {"Value": {"Fn::If": ["Is", "yes", "no"]}},
    {"Value": [SECRET, "b"]},
    {"Value": {"Fn::Sub": '{"password": "${Password}"}'}},
    {"ContainerDefinitions": [{"Name": "app", "Environment": [{"Name": "A", "Value": SECRET}]}]},
    {"ContainerDefinitions": [{"Name": SECRET, "Image": "x"}]},
    {"Items": [{"Key": {"Fn::Sub": "k-${Password}"}, "Value": "x"}]},
]


@pytest.mark.parametrize("value", PLACES, ids=str)
def test_the_value_of_a_noecho_parameter_is_nowhere(value: dict[str, Any]) -> None:
    before, after = sides(value)

    assert list(changes(before, after)) == ["It"]
    for text in (told(before, after), told(None or before, before), told(after, before)):
        assert "hunter2" not in text
    assert "hunter2" not in "".join(
        msgspec.json.encode(one).decode()
        for pair in ((None, after), (before, None))
        for one in compared(*pair).resources
    )


def test_a_noecho_parameter_is_told_to_differ_and_not_what_it_is() -> None:
    before, after = sides({"Cpu": SECRET})
    [row] = changes(before, after)["It"].properties

    assert (row.before, row.after, row.hidden) == ("(hidden)", "(hidden)", True)
    [cause] = row.causes
    assert (cause.kind, cause.name, cause.before, cause.after) == (
        "parameter",
        "Password",
        "(hidden)",
        "(hidden)",
    )
    [parameter] = changed_parameters(before, after)
    assert (parameter.before, parameter.after, parameter.hidden) == ("(hidden)", "(hidden)", True)


def test_the_same_secret_is_no_difference() -> None:
    before, _ = sides({"Cpu": SECRET})

    assert changes(before, before) == {}


def test_a_secret_that_comes_leaves_the_other_side_empty() -> None:
    before, after = sides({})[0], sides({"Cpu": SECRET})[1]
    [row] = changes(before, after)["It"].properties

    assert (row.before, row.after, row.hidden) == (None, "(hidden)", True)


def test_what_stands_beside_a_secret_is_shown() -> None:
    before = sides({"Cpu": SECRET, "Family": "a", "Role": {"Ref": "Stage"}})[0]
    after = sides({"Cpu": SECRET, "Family": "b", "Role": {"Ref": "Stage"}})[0]
    [row] = changes(before, after)["It"].properties

    assert (row.path, row.before, row.after, row.hidden) == ("Family", "a", "b", False)


def environment(name: str, value: Any) -> dict[str, Any]:
    """A task with one variable."""
    return {
        "ContainerDefinitions": [{"Name": "app", "Environment": [{"Name": name, "Value": value}]}]
    }


NAMES: Final = [
    (environment("DB_PASSWORD", OLD), environment("DB_PASSWORD", NEW), True),
    (environment("API_TOKEN", OLD), environment("API_TOKEN", NEW), True),
    (environment("A", "postgres://u:hunter2@db"), environment("A", "postgres://u:x@db"), True),
    (environment("A", "AKIAIOSFODNN7EXAMPLE"), environment("A", "b"), True),
    (environment("DB_HOST", "one"), environment("DB_HOST", "two"), False),
    (environment("TOKEN_TTL", "60"), environment("TOKEN_TTL", "90"), False),
    (
        environment("DB_PASSWORD", "arn:aws:secretsmanager:x:1:secret:a"),
        environment("DB_PASSWORD", "arn:aws:secretsmanager:x:1:secret:b"),
        False,
    ),
    ({"MasterUserPassword": OLD}, {"MasterUserPassword": NEW}, True),
    ({"SecretString": OLD}, {"SecretString": NEW}, True),
    ({"KmsKeyId": "one"}, {"KmsKeyId": "two"}, False),
]


@pytest.mark.parametrize(("before", "after", "hidden"), NAMES, ids=str)
def test_what_is_called_like_a_credential_is_hidden(
    before: dict[str, Any], after: dict[str, Any], *, hidden: bool
) -> None:
    one, other = (side({"It": body("ECS::TaskDefinition", **value)}) for value in (before, after))
    [row] = changes(one, other)["It"].properties

    assert row.hidden is hidden
    assert (row.before == row.after == "(hidden)") is hidden


def test_a_new_container_shows_all_but_its_credentials() -> None:
    task = body("ECS::TaskDefinition", **environment("DB_PASSWORD", OLD))
    [row] = changes(side({}), side({"It": task}))["It"].properties

    [container] = row.after
    assert container["Name"] == "app"
    assert container["Environment"] == [{"Name": "DB_PASSWORD", "Value": "(hidden)"}]


def test_a_parameter_that_is_called_like_a_credential_is_hidden() -> None:
    before, after = (
        side({}, Parameters={"DbPassword": {"Type": "String"}}, parameters={"DbPassword": value})
        for value in (OLD, NEW)
    )

    assert [one.hidden for one in changed_parameters(before, after)] == [True]


def command(*words: Any) -> dict[str, Any]:
    """A task whose one container runs this."""
    return {"ContainerDefinitions": [{"Name": "app", "Command": list(words)}]}


def header(name: str, *values: str) -> dict[str, Any]:
    """A rule for requests with a header."""
    config = {"HttpHeaderName": name, "Values": list(values)}
    return {"Conditions": [{"Field": "http-header", "HttpHeaderConfig": config}]}


def origin(name: str, value: Any) -> dict[str, Any]:
    """A distribution that sends a header to its origin."""
    headers = [{"HeaderName": name, "HeaderValue": value}]
    return {"DistributionConfig": {"Origins": [{"Id": "o", "OriginCustomHeaders": headers}]}}


def searched(name: str) -> dict[str, Any]:
    """A rule of a web ACL that looks for OLD in a header."""
    statement = {"FieldToMatch": {"SingleHeader": {"Name": name}}, "SearchString": OLD}
    return {"Rules": [{"Name": "r", "Statement": {"ByteMatchStatement": statement}}]}


BESIDE: Final[list[dict[str, Any]]] = [
    environment("CONFIG", f'{{"password": "{OLD}", "x": 1}}'),
    environment("CONFIG", f'{{"a": {{"tokens": [1], "api_key": {{"value": "{OLD}"}}}}}}'),
    environment("CONFIG", f'[{{"Name": "DB_PASSWORD", "Value": "{OLD}"}}]'),
    environment("CONFIG", f'{{"inner": "{{\\"password\\": \\"{OLD}\\"}}"}}'),
    environment("CONFIG", {"Fn::Sub": f'{{"password": "{OLD}", "port": ${{Port}}}}'}),
    environment("CONFIG", {"Fn::Join": ["", [f'{{"password": "{OLD}", "a": "', {"Ref": "A"}]]}),
    environment("DB_PASSWORD", f'{{"value": "{OLD}"}}'),
    environment("DB_PASSWORD", {"Fn::If": ["Open", OLD, {"Ref": "Other"}]}),
    environment("DB_PASSWORD", {"Fn::Sub": f"{OLD}-${{Open}}"}),
    {
        "ContainerDefinitions": [
            {
                "Name": "app",
                "Environment": [
                    {"Name": "DB_PASSWORD", "Value": OLD},
                    {"Name": "DB_PASSWORD", "Value": OLD},
                ],
            }
        ]
    },
    command("serve", "--password", OLD),
    command("serve", f"--password={OLD}"),
    command("serve", "--password", {"Fn::Sub": f"{OLD}${{Open}}"}),
    command("serve", "--password", {"Fn::If": ["Open", OLD, {"Ref": "Other"}]}),
    command("serve", {"Fn::Sub": f"--password={OLD}${{Open}}"}),
    command("redis-server", "--requirepass", OLD),
    environment("PGPASSWORD", OLD),
    command("sh", "-c", f"serve --db-password '{OLD}' --fast"),
    command("sh", "-c", f"API_SECRET={OLD} serve"),
    command("curl", "-u", f"admin:{OLD}", "http://localhost"),
    command("CMD-SHELL", f"curl -u admin:{OLD} http://localhost || exit 1"),
    command("CMD-SHELL", f'curl -H "Authorization: Bearer {OLD}" http://localhost'),
    command("CMD", "mysqladmin", "ping", "-uroot", f"-p{OLD}"),
    command("CMD-SHELL", f"redis-cli -a {OLD} ping"),
    header("X-Origin-Secret", OLD),
    header("X-Origin-Verify", OLD),
    origin("X-Origin-Secret", OLD),
    origin("X-Origin-Secret", {"Fn::Sub": f"{OLD}-${{Open}}"}),
    searched("x-origin-verify"),
    {"Name": "/hoge/db-password", "Value": OLD},
    {"Passwords": [OLD]},
    {"AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": OLD}}},
]


@pytest.mark.parametrize("value", BESIDE, ids=str)
def test_what_stands_beside_it_tells_a_credential(value: dict[str, Any]) -> None:
    other = json.loads(json.dumps(value).replace(OLD, NEW))
    before, after = (side({"It": body("Any::It", **one)}) for one in (value, other))

    assert list(changes(before, after)) == ["It"]
    nothing = side({})
    for sides in ((before, after), (nothing, after), (before, nothing)):
        assert "hunter2" not in told(*sides)
        assert "hunter2" not in repr(consequences_of(*sides))


@pytest.mark.parametrize(
    "value",
    [
        environment("CONFIG", {"Fn::Sub": '{"password": "${Secret}", "user": "hunter2-a"}'}),
        environment("CONFIG", '{"token_ttl": "hunter2-60"}'),
        environment("DB_PASSWORD", {"Fn::GetAtt": ["Db", "hunter2"]}),
        command("serve", "--password-file", "hunter2"),
        command("serve", "--password", "$PASSWORD", "hunter2"),
        command("curl", "-u", "$USER:$PASSWORD", "http://hunter2"),
        command("run", "--user", "1000:1000", "hunter2"),
        command("run", "--user", "app:hunter2"),
        command("serve", "--name", "", "hunter2"),
        command("serve", "--password", {"Ref": "Other"}, "hunter2"),
        command("serve", "--password", "{{resolve:secretsmanager:hunter2}}"),
        environment("DB_PASSWORD", "{{resolve:secretsmanager:hunter2:SecretString:password}}"),
        environment("DB_PASSWORD", {"Fn::Sub": "{{resolve:secretsmanager:${Db}-hunter2}}"}),
        {"MasterUserPassword": "{{resolve:ssm-secure:/hunter2:1}}"},
        header("X-Version", "hunter2"),
        origin("X-Version", "hunter2"),
        {"Secrets": [{"Name": "DB_PASSWORD", "ValueFrom": "hunter2"}]},
    ],
    ids=str,
)
def test_what_is_no_credential_is_shown(value: dict[str, Any]) -> None:
    assert "hunter2" in told(side({}), side({"It": body("Any::It", **value)}))


@pytest.mark.parametrize("value", ["true", "False", "0", "1"])
def test_a_switch_is_shown_whatever_it_is_called(value: str) -> None:
    assert not hides(value, "REQUIRE_TOKEN")
    assert hides(f"{value}{value}", "REQUIRE_TOKEN")


DASHBOARD: Final = "AWS::CloudWatch::Dashboard"
WITH_ONE: Final = [one for one in GOLDEN.glob("*/template.yaml") if DASHBOARD in one.read_text()]


@pytest.mark.parametrize("path", WITH_ONE, ids=lambda one: one.parent.name)
def test_no_dashboard_is_hidden(path: Path) -> None:
    for one in read_template(path)["Resources"].values():
        assert one["Type"] != DASHBOARD or not hides(one["Properties"])


@pytest.mark.parametrize("value", [OLD, {"Fn::Sub": f"{OLD}-${{Open}}"}, f'{{"a": "{OLD}"}}'])
def test_an_output_that_is_called_like_a_credential_is_hidden(value: Any) -> None:
    other = json.loads(json.dumps(value).replace(OLD, NEW))
    before, after = (side({}, Outputs={"DbPassword": {"Value": one}}) for one in (value, other))

    assert compared(before, after).outputs
    for sides in ((before, after), (side({}), after), (before, side({}))):
        assert "hunter2" not in told(*sides)


@pytest.mark.parametrize(
    "value", [f"postgres://u:{OLD}@db/d", f'{{"password": "{OLD}"}}', f"-Dx.password={OLD}"]
)
def test_a_parameter_that_looks_like_a_credential_is_hidden(value: str) -> None:
    task = {"It": body("ECS::TaskDefinition", **environment("A", {"Ref": "Url"}))}
    before, after = (
        side(task, Parameters={"Url": {"Type": "String"}}, parameters={"Url": one})
        for one in (value, value.replace(OLD, NEW))
    )

    assert [one.hidden for one in changed_parameters(before, after)] == [True]
    assert "hunter2" not in told(before, after)
    assert "hunter2" not in repr(consequences_of(before, after))
