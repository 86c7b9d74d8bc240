"""Drift: what a test says was changed by hand, found by a detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.cloudformation.base import Base
from tests.fake_aws.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping


Answer = dict[str, Any]
_DETECTION_S = 20


class DriftOperations(Base):
    """The three operations; ``script.drifted`` says what they find."""

    def detect_stack_drift(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"])
        detection = self.world.ids.uuid()
        self.drift_detections[stack.id] = (detection, self.world.clock.aws_time())
        return {"StackDriftDetectionId": detection}

    def describe_stack_drift_detection_status(self, request: Mapping[str, Any]) -> Answer:
        wanted = request["StackDriftDetectionId"]
        for stack_id, (detection, began) in self.drift_detections.items():
            if detection == wanted:
                age_s = (self.world.clock.aws_time() - began).total_seconds()
                is_over = age_s >= _DETECTION_S
                why = self.world.script.drift_fails
                status = "DETECTION_FAILED" if why else "DETECTION_COMPLETE"
                return {
                    "StackId": stack_id,
                    "StackDriftDetectionId": wanted,
                    "DetectionStatus": status if is_over else "DETECTION_IN_PROGRESS",
                    "DetectionStatusReason": why or None,
                    "Timestamp": began,
                }
        raise invalid(f"Drift detection {wanted} does not exist")

    def describe_stack_resource_drifts(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"])
        if stack.id not in self.drift_detections:
            return {"StackResourceDrifts": []}
        _, began = self.drift_detections[stack.id]
        drifted = self.world.script.drifted
        rows = [
            {
                "StackId": stack.id,
                "LogicalResourceId": one.logical_id,
                "PhysicalResourceId": one.physical_id,
                "ResourceType": one.type,
                "Timestamp": began,
                **drifted.get(one.logical_id, {"StackResourceDriftStatus": "IN_SYNC"}),
            }
            for one in stack.resources.values()
        ]
        return {"StackResourceDrifts": rows}
