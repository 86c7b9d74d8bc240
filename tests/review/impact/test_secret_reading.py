"""Whether the execution role may read what a task names; what a role allows: EB613's tests."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.review.impact.secret_reading import unknown_readings
from ecs_blocks.review.judging import review_pair
from tests.review.impact.stage import container, details, lines, stack, subject, task, web
from tests.review.stacks import body

GET: Final = "ssm:GetParameters"
ROLE: Final = {"Fn::GetAtt": ["Role", "Arn"]}


def arn(name: str) -> str:
    return f"arn:aws:ssm:ap-northeast-1:123456789012:parameter/hoge/{name.lower()}"


def reading(*names: str, role: Any = ROLE, **more: Any) -> dict[str, Any]:
    """A task that reads these secrets."""
    secrets = [{"Name": name, "ValueFrom": f"/hoge/{name.lower()}"} for name in names]
    return task(container(Secrets=secrets, **more), ExecutionRoleArn=role)


def allowing(*names: str) -> dict[str, Any]:
    """A role that may read these, and no others."""
    allow = {"Effect": "Allow", "Action": GET, "Resource": [arn(name) for name in names]}
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": [allow] if names else []}}
    return body("IAM::Role", Policies=[policy])


KEY: Final = stack(web(2), reading("KEY"), Role=allowing("KEY"))
ONE: Final = (
    "approval blocked: Task: no new task can start: its execution role may not read the secret for "
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (KEY, stack(web(2), reading("KEY", "TOKEN"), Role=allowing("KEY")), [f"{ONE}TOKEN"]),
        (KEY, stack(web(2), reading("KEY", "TOKEN"), Role=allowing("KEY", "TOKEN")), []),
        # the secret stays, and the role may not read it any more
        (KEY, stack(web(2), reading("KEY"), Role=allowing()), [f"{ONE}KEY"]),
        (
            KEY,
            stack(web(2), reading("KEY", "A", "B"), Role=allowing("KEY")),
            [f"{ONE.replace('secret for', 'secrets for')}A and B"],
        ),
        (None, stack(web(2), reading("KEY"), Role=allowing()), [f"{ONE}KEY"]),
        # it could not be read before either: ``check`` tells, a review tells what changes
        (
            stack(web(2), reading("KEY"), Role=allowing()),
            stack(web(2), reading("KEY", Image="repo/hoge:1.8.3"), Role=allowing()),
            [],
        ),
        (KEY, KEY, []),
        # another secret under the same name
        (
            KEY,
            stack(
                web(2),
                task(
                    container(Secrets=[{"Name": "KEY", "ValueFrom": "/fuga/key"}]),
                    ExecutionRoleArn=ROLE,
                ),
                Role=allowing("KEY"),
            ),
            [f"{ONE}KEY"],
        ),
    ],
)
def test_a_secret_that_the_role_may_not_read(
    before: dict[str, Any] | None, after: dict[str, Any], expected: list[str]
) -> None:
    assert lines(before, after, "blocked") == expected


def test_what_the_role_lacks_is_named() -> None:
    after = stack(web(2), reading("KEY", "TOKEN"), Role=allowing("KEY"))

    assert details(KEY, after) == ["Role lacks ssm:GetParameters on the parameter"]


ELSEWHERE: Final = "arn:aws:iam::123456789012:role/execution"
OPEN: Final = {"Ref": "Elsewhere"}
NOT_HERE: Final = "that role is not in this template, or not all of it can be read"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            stack(web(2)),
            stack(web(2), reading("KEY", role=ELSEWHERE)),
            [f"whether the execution role of Task may read the secret for KEY: {NOT_HERE}"],
        ),
        (
            stack(web(2), reading("KEY", role=ELSEWHERE)),
            stack(web(2), reading("KEY", role=ELSEWHERE, Image="repo/hoge:1.8.3")),
            [],
        ),
        (
            stack(web(2)),
            stack(
                web(2),
                task(
                    container(Secrets=[{"Name": "KEY", "ValueFrom": {"Fn::ImportValue": "key"}}]),
                    ExecutionRoleArn=ROLE,
                ),
                Role=allowing("KEY"),
            ),
            [
                "whether the execution role of Task may read the secret for KEY: which one that "
                "is, is not known yet"
            ],
        ),
        (stack(web(2)), KEY, []),
        (stack(web(2)), stack(web(2), body("ECS::TaskDefinition", ContainerDefinitions=OPEN)), []),
    ],
)
def test_what_cannot_be_said_is_unknown(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    found = subject(before, after)

    assert list(unknown_readings(found)) == expected
    assert set(expected) <= set(review_pair(found.pair).unknowns)
