"""What happens to EC2 instances."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import lines
from tests.review.stacks import body


def group(image: str, policy: dict[str, Any] | None = None, **sizes: Any) -> dict[str, Any]:
    version = {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}
    template = {"LaunchTemplateId": {"Ref": "Template"}, "Version": version}
    asg = body("AutoScaling::AutoScalingGroup", LaunchTemplate=template, **sizes)
    if policy is not None:
        asg["UpdatePolicy"] = {"AutoScalingRollingUpdate": policy}
    return {
        "Template": body("EC2::LaunchTemplate", LaunchTemplateData={"ImageId": image}),
        "Group": asg,
    }


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            {"MaxBatchSize": 1, "MinInstancesInService": 2},
            "notice rollout: Group: all instances are replaced, 1 instance at a time, with at "
            "least 2 in service; their tasks start elsewhere",
        ),
        (
            {},
            "approval downtime: Group: all instances are replaced, 1 instance at a time, with no "
            "instance kept in service meanwhile; their tasks start elsewhere",
        ),
        (
            None,
            "notice configuration: Group: new instances start with the new launch template; those "
            "that run keep the old one until they are replaced",
        ),
    ],
)
def test_a_new_image(policy: dict[str, Any] | None, expected: str) -> None:
    assert lines(group("ami-1", policy), group("ami-2", policy)) == [expected]


def test_sizes() -> None:
    before, after = group("ami-1", MinSize=1, MaxSize=4), group("ami-1", MinSize=2, MaxSize=8)

    assert lines(before, after) == ["notice scaling: Group: MinSize 1 → 2, MaxSize 4 → 8 instances"]
    assert lines(before, before) == []
