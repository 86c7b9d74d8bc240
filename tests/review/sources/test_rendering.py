"""Where the values of a rendered side are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.review.sources.rendering import rendered
from tests.project import project, script

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = """\
first: eb.Param[int] = eb.param(default=1)
second: eb.Param[int] = eb.param(default=eb.same_as("first"))
third: eb.Param[int] = eb.param(default=eb.same_as("second"))
"""
BODY = """\
for name in ("first", "second", "third"):
    stack.output(name.title(), getattr(env, name), name)
"""


@pytest.mark.parametrize(
    ("prod", "places"),
    [
        ("{}", {}),
        (
            "{First: 2}",
            {
                "First": "stacks/hoge/environment.yaml:3",
                "Second": "follows First, stacks/hoge/environment.yaml:3",
                "Third": "follows Second, stacks/hoge/environment.yaml:3",
            },
        ),
        (
            "{First: 2, Second: 3}",
            {
                "First": "stacks/hoge/environment.yaml:3",
                "Second": "stacks/hoge/environment.yaml:3",
                "Third": "follows Second, stacks/hoge/environment.yaml:3",
            },
        ),
    ],
)
def test_what_follows_another_value_says_which(
    tmp_path: Path, prod: str, places: dict[str, str]
) -> None:
    text = f"parameters:\n  default: {{RetentionDays: 30}}\n  prod: {prod}\n"
    made = project(tmp_path, text, script=script(BODY, fields=FIELDS))
    found = rendered(made.stacks, "it").sides["hoge"]["prod"].places

    assert {key: found[key] for key in found if key in ("First", "Second", "Third")} == places


def test_what_only_follows_a_value_that_is_set_is_not_called_unused(tmp_path: Path) -> None:
    text = "parameters:\n  default: {RetentionDays: 30}\n  prod: {First: 2}\n"
    body = 'stack.output("First", env.first, "first")'
    made = project(tmp_path, text, script=script(body, fields=FIELDS))

    assert rendered(made.stacks, "it").broken == {}
