"""What somebody changed by hand: what a deploy overwrites, what it leaves, what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

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
    assert (
        "the last drift detection, 2 h ago, found Log changed by hand, which this deploy leaves"
    ) in reviewed(fake, target_of("1.8.3"), tmp_path).facts


def test_a_detection_that_fails_is_said(fake: FakeAws, tmp_path: Path) -> None:
    fake.script.drift_fails = "Log cannot be read"

    review = reviewed(fake, target_of("1.8.3"), tmp_path, detects=True)

    assert "drift, looked for now: the detection failed: Log cannot be read" in review.unknowns
