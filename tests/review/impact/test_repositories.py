"""Image repositories: whose tags may move, and what expires."""

from __future__ import annotations

import json
from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.review.model import Reversal
from ecs_blocks.review.reversal import story
from tests.blocks.helpers import resources
from tests.review.impact.stage import lines, subject
from tests.review.stacks import body


def tags(how: str | None, *patterns: str) -> dict[str, Any]:
    filters = [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": pattern,
        }
        for pattern in patterns
    ]
    found: dict[str, Any] = {} if how is None else {"ImageTagMutability": how}
    return found | ({"ImageTagMutabilityExclusionFilters": filters} if filters else {})


def rules(*selections: dict[str, Any]) -> dict[str, Any]:
    """In the order of their priority, unless one has a ``rulePriority`` of its own."""
    found = []
    for number, one in enumerate(selections, 1):
        priority = one.get("rulePriority", number)
        chosen = {key: value for key, value in one.items() if key != "rulePriority"}
        found.append({"rulePriority": priority, "selection": chosen})
    return {"LifecyclePolicy": {"LifecyclePolicyText": json.dumps({"rules": found})}}


def kept(number: int, *prefixes: str) -> dict[str, Any]:
    chosen = {"tagPrefixList": list(prefixes)} if prefixes else {"tagStatus": "any"}
    return {"countNumber": number, **chosen}


def patterned(number: int, *patterns: str, **more: Any) -> dict[str, Any]:
    return {"countNumber": number, "tagStatus": "tagged", "tagPatternList": list(patterns), **more}


IMMUTABLE, BUT = "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"
AGAIN = "may be pushed again with another image"
REST = "; tags that fit none of its patterns stay"


@pytest.mark.parametrize(
    ("before", "after", "there", "back"),
    [
        (
            tags(IMMUTABLE),
            tags(BUT, "deployed-*"),
            [f"notice exposure: It: tags that fit deployed-* {AGAIN}{REST}"],
            ["calm exposure: It: tags that fit deployed-* stay with their image"],
        ),
        (
            tags(BUT, "latest"),
            tags(BUT, "latest", "deployed-*"),
            [f"notice exposure: It: tags that fit deployed-* {AGAIN}{REST}"],
            ["calm exposure: It: tags that fit deployed-* stay with their image"],
        ),
        (
            tags(IMMUTABLE),
            tags(BUT, "latest", "deployed-*"),
            [f"approval exposure: It: tags that fit deployed-* and latest {AGAIN}{REST}"],
            ["calm exposure: It: tags that fit deployed-* and latest stay with their image"],
        ),
        (
            tags(IMMUTABLE),
            tags(None),
            [f"approval exposure: It: a tag {AGAIN}"],
            ["calm exposure: It: a tag stays with its image"],
        ),
        (
            tags(BUT, "latest"),
            tags("MUTABLE_WITH_EXCLUSION", "v*"),
            [f"approval exposure: It: a tag {AGAIN}, but those that fit v*"],
            ["calm exposure: It: a tag stays with its image, but those that fit latest"],
        ),
        (  # there the pattern means the opposite
            tags("MUTABLE_WITH_EXCLUSION", "v*", "deployed-*"),
            tags("MUTABLE_WITH_EXCLUSION", "v*"),
            [f"approval exposure: It: tags that fit deployed-* {AGAIN}"],
            ["calm exposure: It: tags that fit deployed-* stay with their image"],
        ),
        (
            rules(kept(100)),
            rules(kept(5)),
            [
                "approval data: It: images are deleted sooner, or more of them: an old release may "
                "be gone"
            ],
            ["calm data: It: images are deleted later, or fewer of them"],
        ),
        (  # the rules after it have other numbers, and delete the same
            rules(kept(9999, "deployed-"), kept(20, "branch-")),
            rules(kept(20, "branch-")),
            [
                "approval data: It: images with a tag like deployed-* may expire again: what runs "
                "may be gone"
            ],
            ["calm data: It: images with a tag like deployed-* no longer expire"],
        ),
        (  # fewer than it takes to be never reached: it expires what is marked
            rules(kept(20, "branch-")),
            rules(kept(5000, "deployed-"), kept(20, "branch-")),
            [
                "approval data: It: images are deleted sooner, or more of them: an old release may "
                "be gone"
            ],
            [
                "approval data: It: images are deleted sooner, or more of them: an old release may "
                "be gone"
            ],
        ),
        (  # of several patterns, an image has to have all
            rules(kept(20)),
            rules(patterned(9999, "deployed-*", "prod-*"), kept(20)),
            [
                "calm data: It: images with a tag like deployed-* and one like prod-* no longer "
                "expire"
            ],
            [
                "approval data: It: images with a tag like deployed-* and one like prod-* may "
                "expire again: what runs may be gone"
            ],
        ),
        (
            rules(kept(20)),
            rules({"tagStatus": "untagged", "countNumber": 9999}, kept(20)),
            ["calm data: It: images without a tag no longer expire"],
            ["approval data: It: images without a tag may expire again: what runs may be gone"],
        ),
        (  # moved behind one that takes them all, by its number
            rules(patterned(9999, "deployed-*"), patterned(20, "*")),
            rules(patterned(9999, "deployed-*", rulePriority=9), patterned(20, "*")),
            [
                "approval data: It: images with a tag like deployed-* may expire again: what runs "
                "may be gone"
            ],
            ["calm data: It: images with a tag like deployed-* no longer expire"],
        ),
        (  # a rule that keeps more kept these images from the next one
            rules(kept(200, "branch-"), kept(20)),
            rules(kept(20)),
            [
                "approval data: It: images are deleted sooner, or more of them: an old release may "
                "be gone"
            ],
            ["calm data: It: images are deleted later, or fewer of them"],
        ),
        (  # nothing expires without the rules after it
            rules(kept(9999, "deployed-"), kept(20)),
            {},
            ["calm data: It: images are deleted later, or fewer of them"],
            [
                "approval data: It: images are deleted sooner, or more of them: an old release may "
                "be gone"
            ],
        ),
    ],
)
def test_a_repository(
    before: dict[str, Any], after: dict[str, Any], there: list[str], back: list[str]
) -> None:
    sides = [{"It": body("ECR::Repository", **one)} for one in (before, after)]

    assert lines(sides[0], sides[1]) == there
    assert lines(sides[1], sides[0]) == back


@pytest.mark.parametrize(
    "other",
    [
        {"ImageTagMutability": {"Ref": "How"}},
        {**tags(BUT), "ImageTagMutabilityExclusionFilters": {"Ref": "Which"}},
        {**tags(BUT), "ImageTagMutabilityExclusionFilters": [{"Ref": "One"}]},
    ],
)
def test_what_is_not_known_is_shown_as_it_is(other: dict[str, Any]) -> None:
    before = body("ECR::Repository", **tags(IMMUTABLE))

    assert lines({"It": before}, {"It": body("ECR::Repository", **other)}, "exposure") == []


OTHERS = "approval data: It: other images are deleted than before: an old release may be gone"


@pytest.mark.parametrize(
    ("before", "after", "there", "back"),
    [
        (  # also where as many are kept
            rules(kept(20, "branch-")),
            rules(kept(20)),
            [OTHERS],
            ["calm data: It: images are deleted later, or fewer of them"],
        ),
        (
            rules(kept(20, "branch-")),
            rules(kept(9999, "deployed-"), kept(20, "pr-")),
            [OTHERS, "calm data: It: images with a tag like deployed-* no longer expire"],
            [
                OTHERS,
                "approval data: It: images with a tag like deployed-* may expire again: what runs "
                "may be gone",
            ],
        ),
        (  # one that comes before takes them still
            rules(patterned(20, "*")),
            rules(patterned(20, "*"), patterned(9999, "release-*")),
            [],
            [],
        ),
    ],
)
def test_what_the_rules_themselves_are_shown_with(
    before: dict[str, Any], after: dict[str, Any], there: list[str], back: list[str]
) -> None:
    sides = [{"It": body("ECR::Repository", **one)} for one in (before, after)]
    ways = (lines(sides[0], sides[1]), lines(sides[1], sides[0]))

    assert [sorted(one for one in way if " data: " in one) for way in ways] == [
        sorted(there),
        sorted(back),
    ]
    shown = [any(one.startswith("notice configuration: It: ") for one in way) for way in ways]
    assert shown == [not any("later" in one for one in way) for way in (there, back)]


def reversal(before: dict[str, Any], after: dict[str, Any]) -> Reversal:
    sides = [{"It": body("ECR::Repository", **one)} for one in (before, after)]
    return story(subject(*sides)).reversal


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            rules(kept(9999, "deployed-"), kept(20)),
            rules(kept(20)),
            Reversal.IRREVERSIBLE,
        ),
        (rules(kept(20, "branch-")), rules(kept(20)), Reversal.IRREVERSIBLE),
        (rules(kept(20)), rules(kept(20, "branch-")), Reversal.REVERSIBLE),
        (rules(kept(20)), rules(kept(9999, "deployed-"), kept(20)), Reversal.REVERSIBLE),
    ],
)
def test_what_expires_does_not_come_back(
    before: dict[str, Any], after: dict[str, Any], expected: Reversal
) -> None:
    assert reversal(before, after) is expected


def test_marks_that_are_turned_on_are_told_in_two_lines() -> None:
    off, on = (
        resources(eb.Ecr(name="web", expiring_tags=(("branch-", 20),), keeps_deployed=marks))
        for marks in (None, eb.KeepsDeployed())
    )

    assert lines(off, on) == [
        f"notice exposure: WebRepository: tags that fit deployed-* {AGAIN}{REST}",
        "calm data: WebRepository: images with a tag like deployed-* no longer expire",
    ]
