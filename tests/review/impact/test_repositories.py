"""Image repositories: whose tags may move, and what expires."""

from __future__ import annotations

import json
from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import resources
from tests.review.impact.stage import lines
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
    found = [{"rulePriority": n, "selection": one} for n, one in enumerate(selections, 1)]
    return {"LifecyclePolicy": {"LifecyclePolicyText": json.dumps({"rules": found})}}


def kept(number: int, *prefixes: str) -> dict[str, Any]:
    chosen = {"tagPrefixList": list(prefixes)} if prefixes else {"tagStatus": "any"}
    return {"countNumber": number, **chosen}


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
            ["calm data: It: images are deleted later, or fewer of them"],
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


def test_another_change_of_the_rules_is_told_too() -> None:
    before = body("ECR::Repository", **rules(kept(20, "branch-")))
    after = body("ECR::Repository", **rules(kept(9999, "deployed-"), kept(20, "pr-")))
    found = lines({"It": before}, {"It": after})

    assert found[0].startswith("notice configuration: It: ")
    assert found[1:] == ["calm data: It: images with a tag like deployed-* no longer expire"]


def test_marks_that_are_turned_on_are_told_in_two_lines() -> None:
    off, on = (
        resources(eb.Ecr(name="web", expiring_tags=(("branch-", 20),), keeps_deployed=marks))
        for marks in (None, eb.KeepsDeployed())
    )

    assert lines(off, on) == [
        f"notice exposure: WebRepository: tags that fit deployed-* {AGAIN}{REST}",
        "calm data: WebRepository: images with a tag like deployed-* no longer expire",
    ]
