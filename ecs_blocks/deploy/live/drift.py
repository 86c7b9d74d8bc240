"""What was changed by hand: the last drift detection's findings, or those of one made now.

Source: AWS CloudFormation API Reference, DetectStackDrift, DescribeStackDriftDetectionStatus and
DescribeStackResourceDrifts.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.live.asking import Told, Unknown, unknown
from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.review.live import Drift, Drifted, DriftedProperty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack

DETECTION_S: Final = 300.0
"""So long a detection is waited for; of 500 resources it takes some minutes."""
_PAUSE_S: Final = 3.0
_MAX_PAGES: Final = 10
_WHAT: Final = "what was changed by hand since the last deploy (drift)"
_DRIFTED: Final = ["MODIFIED", "DELETED"]
_IN_SYNC: Final = "IN_SYNC"
"""What is neither was not looked at: its type does not support it."""


def detect(aws: Aws, stack: Stack, say: Callable[[str], None]) -> Gap | None:
    """Begin a detection and wait for its end; why it could not be made.

    Raises:
        DeployError: the credentials are over.
    """
    client = aws.client("cloudformation")
    begun = ask(
        "cloudformation:DetectStackDrift", client.detect_stack_drift, StackName=stack.stack_id
    )
    if isinstance(begun, Gap):
        return begun
    say(f"{stack.name}: drift detection runs")
    until_s = aws.clock.now_s() + DETECTION_S
    while aws.clock.now_s() < until_s:
        answer = ask(
            "cloudformation:DescribeStackDriftDetectionStatus",
            client.describe_stack_drift_detection_status,
            StackDriftDetectionId=begun["StackDriftDetectionId"],
        )
        if isinstance(answer, Gap):
            return answer
        status = answer.get("DetectionStatus")
        if status == "DETECTION_COMPLETE":
            return None
        if status == "DETECTION_FAILED":
            why = answer.get("DetectionStatusReason", "CloudFormation does not say why")
            return Gap(f"the detection failed: {why}")
        aws.clock.sleep(_PAUSE_S)
    return Gap(f"the detection was not over after {DETECTION_S / 60:.0f} min; it goes on in AWS")


def drift(aws: Aws, stack: Stack, now: dt.datetime) -> tuple[Drift | None, list[Told]]:
    """What the last detection found; None where there was none.

    Raises:
        DeployError: the credentials are over.
    """
    client = aws.client("cloudformation")
    found: list[Mapping[str, Any]] = []
    token: dict[str, str] = {}
    for _ in range(_MAX_PAGES):  # botocore has no paginator for it
        answer = ask(
            "cloudformation:DescribeStackResourceDrifts",
            client.describe_stack_resource_drifts,
            StackName=stack.stack_id,
            **token,
        )
        if isinstance(answer, Gap):
            return None, [unknown(_WHAT, answer)]
        found += answer.get("StackResourceDrifts", ())
        if not answer.get("NextToken"):
            break
        token = {"NextToken": answer["NextToken"]}
    times = [one["Timestamp"] for one in found if isinstance(one.get("Timestamp"), dt.datetime)]
    if not times:
        return None, [Unknown(f"{_WHAT}: nobody has looked yet; --drift does")]
    age_s = max((now - max(times)).total_seconds(), 0.0)
    changed = (one for one in found if one.get("StackResourceDriftStatus") in _DRIFTED)
    seen = frozenset(
        str(one["LogicalResourceId"])
        for one in found
        if one.get("StackResourceDriftStatus") in (*_DRIFTED, _IN_SYNC)
    )
    return Drift(age_s=age_s, resources=tuple(map(_drifted, changed)), looked_at=seen), []


def _drifted(one: Mapping[str, Any]) -> Drifted:
    return Drifted(
        logical_id=str(one["LogicalResourceId"]),
        is_deleted=one["StackResourceDriftStatus"] == "DELETED",
        properties=tuple(
            DriftedProperty(
                path=str(each.get("PropertyPath", "")).strip("/").replace("/", "."),
                expected=_value(each.get("ExpectedValue")),
                actual=_value(each.get("ActualValue")),
            )
            for each in one.get("PropertyDifferences", ())
        ),
    )


def _value(text: str | None) -> Any:
    """A value as data: CloudFormation gives JSON as text, and ``null`` for what is not there."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
