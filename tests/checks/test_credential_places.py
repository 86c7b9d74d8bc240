"""Credentials in commands and texts, by what stands beside them."""

from __future__ import annotations

import pytest

from ecs_blocks.checks.facts.credential_places import holds_one, in_words, json_in, name_beside


@pytest.mark.parametrize(
    ("command", "places"),
    [
        ("serve --password x", {2}),
        ("serve --db-password=x --fast", {1}),
        ("serve --api.key=x", {1}),
        ("java -Dspring.datasource.password=x -Xmx1g", {1}),
        ("env API_TOKEN=x serve", {1}),
        ("curl https://a?token=x&b=1", {1}),
        ("curl -u a:x b", {2}),
        ("curl -ua:x b", {1}),
        ("curl --user=a:x b", {1}),
        ("curl --proxy-user a:x b", {2}),
        ("docker run -u 1000:1000", set()),
        ("docker run --user app:app -u app:app", set()),
        ("sh -c (curl -u a:x b)", {4}),
        ("/usr/bin/wget --user=a:x b", {1}),
        ("-u a:x https://b", {1}),  # curl is the entry point
        ("redis-server --requirepass x", {2}),
        ("serve --password true --token 0", set()),
        ("serve --password {{resolve:ssm-secure:/a/b:1}}", set()),
        ("mysqladmin ping -uroot -px", {3}),
        ("/usr/bin/mysql -p x", {2}),
        ("ssh -p 22", set()),
        ("redis-cli -h a -a x ping", {4}),
        ("serve --password $X --token ${Y} --secret arn:aws:x", set()),
        ("serve --no-password x", set()),
        ("serve --password --fast", set()),
        ("serve --password-file /run/x --token-ttl 60", set()),
        ("serve --password", set()),
    ],
)
def test_words_of_a_command(command: str, places: set[int]) -> None:
    assert in_words(command.split()) == places


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (["app", "--name", "", "debug"], set()),
        (["", "debug"], set()),
        (["app", "--password", "", "debug"], set()),
        (["redis-cli", "", "debug"], set()),
    ],
)
def test_an_empty_word_hides_nothing(words: list[str], places: set[int]) -> None:
    assert in_words(words) == places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("curl -u 'a:x' http://b", True),
        ('curl -H "Authorization: Bearer abcdef" http://b', True),
        ('curl -H "Authorization: Bearer $TOKEN" http://b', False),
        ('curl -H "Authorization: hunter2Zq9" http://b', True),
        ('{"Authorization": "hunter2Zq9"}', True),
        ("authorization: Basic dXNlcjpwYXNz", True),
        ("Bearer abc123def", True),
        ("Authorization: Bearer {{resolve:ssm:/a/b}}", False),
        ("Authorization: Bearer <your token>", False),
        ("Basic network alarms", False),
        ("bearer authentication is on", False),
        ("Authorization: on", False),
        ("PGPASSWORD=x psql", True),
        ("(curl -u a:x b)", True),
        ('{"a": {"api_key": "x"', True),
        ('{"a": {"api_key": 1}, "token": "false"', False),
        ('{\\"db_password\\": \\"x\\"}', True),
        ('{"token": true, "token_ttl": 60}', False),
        ("nothing of the kind", False),
    ],
)
def test_texts(text: str, *, expected: bool) -> None:
    assert holds_one(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": ${Port}, "b": "${Name}"}', {"a": None, "b": "${Name}"}),
        ("[1", None),
        ("plain", None),
        ("[" * 100_000, None),
    ],
)
def test_json_in_a_text(text: str, expected: object) -> None:
    assert json_in(text) == expected


@pytest.mark.parametrize(
    ("item", "key", "expected"),
    [
        ({"Name": "DB_PASSWORD", "Value": "x"}, "Value", "DB_PASSWORD"),
        ({"HeaderName": "X-Origin-Verify", "HeaderValue": "x"}, "HeaderValue", "header secret"),
        ({"HttpHeaderName": "X-Version", "Values": ["x"]}, "Values", "X-Version"),
        ({"FieldToMatch": {"Body": {}}, "SearchString": "x"}, "SearchString", ""),
        ({"Name": {"Ref": "A"}, "Value": "x"}, "Value", ""),
        ({"Name": "a", "Other": "x"}, "Other", ""),
    ],
)
def test_what_a_value_is_called_by_the_item(
    item: dict[str, object], key: str, expected: str
) -> None:
    assert name_beside(item, key) == expected
