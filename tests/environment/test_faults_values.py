"""Values of the wrong type, or out of range: one line, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.nodes import Refused
from ecs_blocks.environment.read import read_text
from tests.environment.kinds import parameters_of, problems_of

if TYPE_CHECKING:
    from pathlib import Path

GOOD = [
    ("Words: plain", "plain"),
    ('Words: ""', ""),
    ("Words: 'it''s'", "it's"),
    ('Words: "a\\nb\\tc"', "a\nb\tc"),
    ("Words: -Xmx1500m -Xms1500m", "-Xmx1500m -Xms1500m"),
    ("Words: ${NAME} and {{x}}", "${NAME} and {{x}}"),
    ("Words: 日本語", "日本語"),
    ("Words: |\n      a\n      b", "a\nb\n"),
    ("Words: >-\n      a\n      b", "a b"),
    ("Words: 1e3", "1e3"),
    ("Words: 1.2.3", "1.2.3"),
    ("Words: y", "y"),
    ('Words: "010"', "010"),
    ("Words: a # a comment", "a"),
    ("Count: 0", "0"),
    ("Count: -0", "0"),
    ("Count: +7", "7"),
    ("Count: 1048576", "1048576"),
    ("Days: 365", "365"),
    ("Ratio: 0.25", "0.25"),
    ("Ratio: 2", "2"),
    ("Ratio: 2.0", "2"),
    ("Ratio: 0.30000000000000004", "0.30000000000000004"),
    ("Load: -3.5", "-3.5"),
    ("Switch: true", "true"),
    ("Switch: False", "false"),
    ("Colour: green", "green"),
    ("Code: B7", "B7"),
    ("Names: []", ""),
    ("Names: [b, a]", "b,a"),
    ("Names:\n    - b\n    - a", "b,a"),
    ("Domain: a-b.example.com", "a-b.example.com"),
    ('Account: "012345670123"', "012345670123"),
    (
        "Subnets: [subnet-0a1b2c3d, subnet-0123456789abcdef0]",
        "subnet-0a1b2c3d,subnet-0123456789abcdef0",
    ),
    (
        "Secret: arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd",
        "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd",
    ),
]

WHOLE = "expected a whole number, got "
NUMBER = "expected a number, got "
TRUTH = "expected true or false, got "
TEXT = "expected text, got "
ARN = (
    "a secret's complete ARN, with the six characters at its end, like "
    "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd"
)
BAD = [
    # whole numbers
    ("Count: many", f'3:12: Count: {WHOLE}text "many"'),
    ("Count: 2 tasks", f'3:12: Count: {WHOLE}text "2 tasks"; write 2'),
    ("Count: 512MB", f'3:12: Count: {WHOLE}text "512MB"; write 512'),
    ("Count: 512 MiB", f'3:12: Count: {WHOLE}text "512 MiB"; write 512'),
    ("Count: 2GB", f'3:12: Count: {WHOLE}text "2GB"; write 2048'),
    ("Count: 2 GiB", f'3:12: Count: {WHOLE}text "2 GiB"; write 2048'),
    ("Count: 4g", f'3:12: Count: {WHOLE}text "4g"; write 4096'),
    ("Count: 1 vCPU", f'3:12: Count: {WHOLE}text "1 vCPU"; write 1024'),
    ("Count: 2vcpus", f'3:12: Count: {WHOLE}text "2vcpus"; write 2048'),
    ("Count: 0.5 vCPU", f'3:12: Count: {WHOLE}text "0.5 vCPU"'),
    ("Count: 1,000", f'3:12: Count: {WHOLE}text "1,000"'),
    ("Count: 1 000", f'3:12: Count: {WHOLE}text "1 000"'),
    ("Count: 1e2", f'3:12: Count: {WHOLE}text "1e2"'),
    ("Count: 1.5GB", f'3:12: Count: {WHOLE}text "1.5GB"'),
    ('Count: "2"', f'3:12: Count: {WHOLE}text "2"; write it without quotes'),
    ("Count: yes", f"3:12: Count: {WHOLE}yes"),
    ("Count:", f"3:11: Count: {WHOLE}nothing"),
    ("Count: ~", f"3:12: Count: {WHOLE}nothing"),
    ("Count: [1]", f"3:12: Count: {WHOLE}a list"),
    ("Count: {a: 1}", f"3:12: Count: {WHOLE}a mapping"),
    ("Count: 2026-01-01", f"3:12: Count: {WHOLE}the date 2026-01-01"),
    ("Count: \u0665", f'3:12: Count: {WHOLE}text "\u0665"'),  # a digit, but not one of ours
    ("Count: -1", "3:12: Count: got -1; allowed: 0 to 1048576"),
    ("Count: 1048577", "3:12: Count: got 1048577; allowed: 0 to 1048576"),
    ("Days: 31", "3:11: Days: got 31; allowed: 1, 30, 365"),
    # numbers
    ("Ratio: fast", f'3:12: Ratio: {NUMBER}text "fast"'),
    ("Ratio: 0,5", f'3:12: Ratio: {NUMBER}text "0,5"'),
    ("Ratio: 5s", f'3:12: Ratio: {NUMBER}text "5s"; write 5'),
    ("Ratio: 1.5s", f'3:12: Ratio: {NUMBER}text "1.5s"'),
    ("Ratio: true", f"3:12: Ratio: {NUMBER}true"),
    ("Ratio: 0.24", "3:12: Ratio: got 0.24; allowed: 0.25 or more"),
    ("Load: 1.6", "3:11: Load: got 1.6; allowed: 1.5 or less"),
    # true and false
    ("Switch: yes", f"3:13: Switch: {TRUTH}yes; write true"),
    ("Switch: Off", f"3:13: Switch: {TRUTH}Off; write false"),
    ("Switch: TRUE", f"3:13: Switch: {TRUTH}TRUE; write true"),
    ('Switch: "true"', f'3:13: Switch: {TRUTH}text "true"; write true without quotes'),
    ("Switch: 1", f"3:13: Switch: {TRUTH}the number 1"),
    ("Switch: y", f'3:13: Switch: {TRUTH}text "y"'),
    ("Switch:", f"3:12: Switch: {TRUTH}nothing"),
    ("Switch: [true]", f"3:13: Switch: {TRUTH}a list"),
    # text
    ("Words: [a]", f"3:12: Words: {TEXT}a list"),
    ("Words: {a: b}", f"3:12: Words: {TEXT}a mapping"),
    ("Words:", f'3:11: Words: {TEXT}nothing; write "" for empty text, or leave the key out'),
    (
        "Words: &anchor",
        f'3:12: Words: {TEXT}nothing; write "" for empty text, or leave the key out',
    ),
    ('Words: "a\\u0007b"', "3:12: Words: the text holds characters that nobody can see"),
    ('Words: "a\\0b"', "3:12: Words: the text holds characters that nobody can see"),
    ('Words: "a\\rb"', "3:12: Words: the text holds characters that nobody can see"),
    ("Colour: red", '3:13: Colour: got "red"; allowed: blue, green'),
    ("Colour: Blue", '3:13: Colour: got "Blue"; allowed: blue, green'),
    ("Code: b7", '3:11: Code: got "b7"; it has to match [A-Z][0-9], like A1'),
    ("Code: B77", '3:11: Code: got "B77"; it has to match [A-Z][0-9], like A1'),
    (
        "Code: B7\u200b",
        "3:11: Code: the text holds characters that nobody can see",
    ),
    ('Code: "B7\\n"', '3:11: Code: got "B7 "; it has to match [A-Z][0-9], like A1'),
    # text of a known form
    (
        'Account: "11112222333"',
        '3:14: Account: got "11112222333", which is not an account id, like 123456789012',
    ),
    (
        "Topic: arn:aws:sns:us-east-1:123456789012:a.fifo",
        '3:12: Topic: got "arn:aws:sns:us-east-1:123456789012:a.fifo", which is not an SNS '
        "topic's ARN, like arn:aws:sns:ap-northeast-1:123456789012:alarms; a FIFO topic delivers "
        "to queues alone, so that no alarm on it would reach a person; for one that feeds a queue, "
        "or that the application sends to, declare FifoTopicArn",
    ),
    ("Bucket: My_Logs", '3:13: Bucket: got "My_Logs", which is not a bucket name, like my-logs'),
    (
        "Domain: example.com.",
        '3:13: Domain: got "example.com.", which is not a domain name in lower case without a '
        "final dot, like example.com",
    ),
    ("Secret: hunter2", f"3:13: Secret: got something else, which is not {ARN}"),
    # lists
    ("Names: a", '3:12: Names: expected a list of text, got text "a"; write [a]'),
    ("Names: a, b", '3:12: Names: expected a list of text, got text "a, b"; write [a, b]'),
    ("Names:", "3:11: Names: expected a list of text, got nothing"),
    ("Names: {a: b}", "3:12: Names: expected a list of text, got a mapping"),
    ("Names: [a, [b]]", "3:16: Names: expected an item of a list of text, got a list"),
    (
        "Names: [a, 1]",
        "3:16: Names: expected an item of a list of text, but YAML reads 1 as the number 1; "
        'write it in quotes: "1"',
    ),
    ("Names: [a, b, a]", '3:12: Names: "a" stands in the list twice'),
    (
        'Names: ["a,b"]',
        '3:13: Names: got "a,b"; an item of a list holds no comma, write two items',
    ),
    ("Subnets: [subnet-0a1b2c3d]", "3:14: Subnets: got 1 of them; at least 2 are needed"),
    (
        "Subnets: [subnet-0a1b2c3d, sbnet-1]",
        '3:32: Subnets: got "sbnet-1", which is not a subnet\'s id, like subnet-0a1b2c3d',
    ),
]


def whole(problem: str) -> str:
    """``3:12: Count: …`` with the whole path of the value."""
    position, rest = problem.split(": ", 1)
    return f"{position}: parameters.dev.{rest}"


@pytest.mark.parametrize(("line", "expected"), GOOD)
def test_a_good_value_reaches_the_parameters(tmp_path: Path, line: str, expected: str) -> None:
    actual = parameters_of(tmp_path, line)

    assert actual[line.partition(":")[0]] == expected


@pytest.mark.parametrize(("line", "expected"), BAD)
def test_a_value_that_does_not_fit_is_refused_where_it_stands(
    tmp_path: Path, line: str, expected: str
) -> None:
    assert problems_of(tmp_path, line) == [whole(expected)]


def test_what_has_to_match_is_told_in_words_too() -> None:
    field = fields_of(eb.ScheduledJobEnvironment)["schedule_expression"]

    with pytest.raises(Refused) as refused:
        read_text(field, "0 2 * * *")

    assert str(refused.value) == (
        r'got "0 2 * * *"; it has to match (?:cron|rate)\([^()]+\) (when it runs: '
        "cron(0 3 * * ? *) or rate(6 hours))"
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"Count: {'9' * 5000}", id="digits"),
        pytest.param(f"Ratio: {'9' * 400}", id="infinite"),
        pytest.param(f"Count: 0{'7' * 5000}", id="octal"),
        pytest.param(f"Count: 1{':1' * 2000}", id="base 60"),
        pytest.param(f"Words: {'x' * 5000}", id="longer than CloudFormation takes"),
    ],
)
def test_a_value_without_measure_is_refused_where_it_stands(tmp_path: Path, line: str) -> None:
    key = line.partition(":")[0]
    (problem,) = problems_of(tmp_path, line)

    assert problem.startswith(f"3:12: parameters.dev.{key}: ")
    assert len(problem) < 400


def test_a_text_is_measured_before_it_is_searched(tmp_path: Path) -> None:
    """To search a megabyte for credentials takes minutes."""
    assert problems_of(tmp_path, f"Words: AKIAIOSFODNN7EXAMPLE{' x' * 2500}") == [
        "3:12: parameters.dev.Words: the value is longer than 4,096 bytes"
    ]
