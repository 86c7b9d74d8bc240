"""Templates that nobody here wrote, and ones that nobody should: no review falls over them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.model import Status
from ecs_blocks.review.side import Pair, Side
from ecs_blocks.templates.read import read_template
from tests.checks.templates import CLEAN
from tests.checks.test_odd_input import ODD, places

if TYPE_CHECKING:
    from ecs_blocks.review.model import StackReview

FOLDER: Final = Path(__file__).parent / "templates"
FILES: Final = sorted(FOLDER.glob("*.yaml"))
SECTIONS: Final = ("Resources", "Parameters", "Outputs", "Conditions", "Mappings", "Rules")


def review(before: dict[str, Any] | None, after: dict[str, Any] | None) -> StackReview:
    """The review of one template in the place of another one."""
    sides = [None if one is None else Side(stack_name="x", template=one) for one in (before, after)]
    return review_pair(Pair(app="x", environment="prod", before=sides[0], after=sides[1]))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_template_of_somebody_else_is_reviewed(path: Path) -> None:
    template = read_template(path)

    assert review(None, template).status is Status.NEW
    assert review(template, None).status is Status.GONE
    same = review(template, copy.deepcopy(template))
    assert (same.status, same.changes, same.outputs) == (Status.UNCHANGED, (), ())


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_becomes_each_other_one(path: Path) -> None:
    template = read_template(path)
    for other in FILES:
        if other != path:
            assert review(template, read_template(other)).status is Status.CHANGED


def test_what_could_not_be_known_of_a_template_with_every_function() -> None:
    template = read_template(FOLDER / "every-function.yaml")
    unknowns = review(None, template).unknowns

    assert [one for one in unknowns if not one.startswith("whether the account")] == [
        "what the transform AWS::LanguageExtensions makes of the template",
        "what the transform AWS::Include makes of the template",
        "what the SSM parameter /ami holds: it is read during the deploy",
        "what changes inside the nested stack Nested: its template is not here",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_section_may_be_anything(odd: Any) -> None:
    for section in SECTIONS:
        for content in (odd, {"It": odd}):
            broken = {**CLEAN, section: content}
            assert review(CLEAN, broken).status is not Status.NEW
            assert review(broken, CLEAN).status is not Status.NEW


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_property_may_be_anything(odd: Any) -> None:
    resources = dict(list(CLEAN["Resources"].items())[::4])
    for name, body in resources.items():
        broken = copy.deepcopy(body)
        template = {**CLEAN, "Resources": {**resources, name: broken}}
        whole = {**CLEAN, "Resources": resources}
        for container, key in list(places(broken))[::3]:
            kept, container[key] = container[key], odd
            assert review(whole, template).status in (Status.CHANGED, Status.UNCHANGED)
            container[key] = kept


def test_depth_ends_before_python_does() -> None:
    deep: Any = "x"
    for _ in range(90):
        deep = {"a": [deep]}
    template = {"Resources": {"It": {"Type": "AWS::SQS::Queue", "Properties": {"Deep": deep}}}}

    assert review(CLEAN, template).status is Status.CHANGED
