"""What somebody changed by hand: what a deploy overwrites, what it leaves, what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.review.model import Status
from tests.deploy.live.stage import (
    bounds,
    reviewed,
    sentences,
    target_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fake_aws import FakeAws

pytestmark = pytest.mark.slow


DRIFT: Final = "what was changed by hand since the last deploy (drift)"


def drifted(status: str, *differences: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "StackResourceDriftStatus": status,
        "PropertyDifferences": [
            {"PropertyPath": path, "ExpectedValue": old, "ActualValue": new}
            for path, old, new in differences
        ],
    }


MINIMUM: Final = ("/MinCapacity", "2", "7")
SECRETIVE: Final = ("/ContainerDefinitions/0/Environment/0/Value", "a", "hunter2")


@pytest.mark.parametrize(
    ("name", "found", "said", "details"),
    [
        (
            "Target",
            drifted("MODIFIED", MINIMUM),
            "notice: Target was changed by hand, and this deploy overwrites it",
            ("MinCapacity: 2 → 7",),
        ),
        (
            "Target",
            drifted("MODIFIED", ("/RoleARN", "x", "y")),
            "notice: Target was changed by hand in what this deploy does not touch: it stays, "
            "unless the resource is replaced",
            ("RoleARN: x → y",),
        ),
        (
            "Task",
            drifted("MODIFIED", SECRETIVE),
            "notice: Task was changed by hand, and this deploy overwrites it",
            ("ContainerDefinitions.0.Environment.0.Value: its value is hidden",),
        ),
        (
            "Service",
            drifted("DELETED"),
            "approval: Service was deleted outside of the stack: this deploy changes it, and fails",
            (),
        ),
    ],
)
def test_drift_that_the_deploy_meets(
    fake: FakeAws,
    tmp_path: Path,
    name: str,
    found: dict[str, Any],
    said: str,
    details: tuple[str, ...],
) -> None:
    fake.script.drifted[name] = found
    waits: list[str] = []

    review = reviewed(fake, target_of("1.8.3", bounds(3, 4)), tmp_path, waits, detects=True)

    assert waits == ["hoge-prod: drift detection runs"]
    assert said in sentences(review)
    assert details in [one.details for one in review.consequences]
    assert "hunter2" not in str(review)


def test_drift_is_not_looked_for_unasked(fake: FakeAws, tmp_path: Path) -> None:
    review = reviewed(fake, target_of("1.8.3"), tmp_path)
    unasked = fake.asked("DetectStackDrift")
    fake.script.drifted["Log"] = drifted("MODIFIED", ("/RetentionInDays", "30", "1"))
    reviewed(fake, target_of("1.8.3"), tmp_path, detects=True)
    fake.clock.advance(7200)

    assert unasked == []
    assert f"{DRIFT}: nobody has looked yet; --drift does" in review.unknowns
    again = reviewed(fake, target_of("1.8.3"), tmp_path)
    assert "the last drift detection, 2 h ago, found what stands above" in again.facts


def test_drift_that_the_deploy_leaves_is_told_although_nothing_changes(
    fake: FakeAws, tmp_path: Path
) -> None:
    fake.script.drifted["Log"] = drifted("MODIFIED", ("/RetentionInDays", "30", "1"))
    fake.script.drifted["Target"] = drifted("MODIFIED", MINIMUM)

    review = reviewed(fake, target_of("1.8.2"), tmp_path, detects=True)

    [told] = review.consequences
    assert review.status is Status.UNCHANGED
    assert told.text == "Log and Target were changed by hand, and this deploy leaves them so"
    assert told.details == ("Log.RetentionInDays: 30 → 1", "Target.MinCapacity: 2 → 7")


def test_what_drift_detection_does_not_look_at_is_listed(fake: FakeAws, tmp_path: Path) -> None:
    fake.script.drifted["Log"] = drifted("UNSUPPORTED")

    review = reviewed(fake, target_of("1.8.3"), tmp_path, detects=True)

    assert (
        "whether somebody changed Log (AWS::Logs::LogGroup) by hand: drift detection did not look "
        "at it (its type may not support that)"
    ) in review.unknowns


def test_a_detection_that_fails_is_said(fake: FakeAws, tmp_path: Path) -> None:
    fake.script.drift_fails = "Log cannot be read"

    review = reviewed(fake, target_of("1.8.3"), tmp_path, detects=True)

    assert (
        "notice: drift could not be looked for: the detection failed: Log cannot be read"
    ) in sentences(review)
