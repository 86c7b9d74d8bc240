"""What only the account can answer."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.impact.questions import questions
from tests.review.impact.stage import container, stack, subject, target, task, web
from tests.review.stacks import body, side

NEW = task(container(Image="repo/hoge:1.8.3"))
SIDE = {"Name": "side", "Image": "repo/side:1"}
SECRET = task(container(Secrets=[{"Name": "KEY", "ValueFrom": "/hoge/key"}]))
NEW_SECRETS = task(
    container(
        Secrets=[{"Name": name, "ValueFrom": f"/fuga/{name.lower()}"} for name in ("KEY", "TOKEN")]
    )
)
TASKS = "how many tasks run now: --base live tells"
DRIFT = "whether somebody changed it by hand since (drift): --base live tells"
IMAGE = "whether the new image is in its registry, and is for this CPU: --base live tells"
KEY = "whether the secret for KEY is there: --base live tells"
KEYS = "whether the secrets for KEY and TOKEN are there: --base live tells"
QUOTAS = "whether the account's quotas leave room for what is added: --base live tells"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (stack(web(2)), stack(web(2), NEW), [DRIFT, IMAGE]),
        (
            stack(web(None), None, Target=target(2, 6)),
            stack(web(None), NEW, Target=target(2, 6)),
            [TASKS, DRIFT, IMAGE],
        ),
        (stack(web(2)), stack(web(2), None, Queue=body("SQS::Queue")), [DRIFT, QUOTAS]),
        (None, stack(web(2)), [IMAGE, QUOTAS]),
        (stack(web(2)), stack(web(2), SECRET), [DRIFT, KEY]),
        (stack(web(2), SECRET), stack(web(2), NEW_SECRETS), [DRIFT, KEYS]),
        (stack(web(2), SECRET), stack(web(2), SECRET), []),
        (stack(web(2)), stack(web(2)), []),
        (stack(web(2)), None, []),
        # a container beside goes: no image is new
        (stack(web(2), task(container(), SIDE)), stack(web(2)), [DRIFT]),
        (stack(web(2)), stack(web(2), task(container(), SIDE)), [DRIFT, IMAGE]),
    ],
)
def test_questions(
    before: dict[str, Any] | None, after: dict[str, Any] | None, expected: list[str]
) -> None:
    assert list(questions(subject(before, after))) == expected


def test_of_a_template_file_only_the_account_tells() -> None:
    """``--base live`` is for the apps of a folder."""
    sides = [side(one, is_file=True) for one in (stack(web(2)), stack(web(2), NEW))]

    assert list(questions(subject(*sides))) == [
        one.replace("--base live", "only the account") for one in (DRIFT, IMAGE)
    ]
