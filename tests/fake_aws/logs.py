"""CloudWatch Logs: groups, streams, lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.fake_aws.world import World

Lines = list[dict[str, Any]]
Answer = dict[str, Any]


class Logs:
    """The log groups of the account: group, stream, lines."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.groups: dict[str, dict[str, Lines]] = {}
        self.settings: dict[str, dict[str, Any]] = {}
        """What DescribeLogGroups says more of a group: ``creationTime``, ``retentionInDays``."""

    def group(self, name: str) -> dict[str, Lines]:
        """The group of this name, made where there is none."""
        return self.groups.setdefault(name, {})

    def write(self, group: str, stream: str, lines: Iterable[str]) -> None:
        """Write lines now; they are lost where there is no such group, as in AWS."""
        if group not in self.groups:
            return
        now_ms = int(self._world.clock.aws_time().timestamp() * 1000)
        written = self.groups[group].setdefault(stream, [])
        written += [
            {"timestamp": now_ms, "message": line, "ingestionTime": now_ms} for line in lines
        ]

    def _group(self, name: str) -> dict[str, Lines]:
        short = name.partition(":log-group:")[2].removesuffix(":*") or name
        if short not in self.groups:
            raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
        return self.groups[short]

    def describe_log_groups(self, request: Mapping[str, Any]) -> Answer:
        prefix = request.get("logGroupNamePrefix", "")
        rows = [
            {
                "logGroupName": name,
                "arn": arn("logs", f"log-group:{name}:*"),
                "creationTime": 0,
                **self.settings.get(name, {}),
            }
            for name in sorted(self.groups)
            if name.startswith(prefix)
        ]
        start = self._world.page_start(request.get("nextToken"), "groups")
        end = start + request.get("limit", 50)
        found: Answer = {"logGroups": rows[start:end]}
        if end < len(rows):
            found["nextToken"] = self._world.page_token(end, "groups")
        return found

    def describe_log_streams(self, request: Mapping[str, Any]) -> Answer:
        group = self._group(request.get("logGroupName") or request["logGroupIdentifier"])
        prefix = request.get("logStreamNamePrefix", "")
        return {
            "logStreams": [
                {
                    "logStreamName": name,
                    "firstEventTimestamp": lines[0]["timestamp"],
                    "lastEventTimestamp": lines[-1]["timestamp"],
                }
                for name, lines in sorted(group.items())
                if name.startswith(prefix)
            ]
        }

    def get_log_events(self, request: Mapping[str, Any]) -> Answer:
        group = self._group(request.get("logGroupName") or request["logGroupIdentifier"])
        stream = request["logStreamName"]
        if stream not in group:
            raise AwsError("ResourceNotFoundException", "The specified log stream does not exist.")
        lines, limit = group[stream], request.get("limit", 10_000)
        token = request.get("nextToken", "")
        if token.startswith("f/"):
            start = int(token[2:])
            end = min(len(lines), start + limit)
        elif token.startswith("b/"):
            end = int(token[2:])
            start = max(0, end - limit)
        elif request.get("startFromHead"):
            start, end = 0, min(len(lines), limit)
        else:
            start, end = max(0, len(lines) - limit), len(lines)
        since, until = request.get("startTime", 0), request.get("endTime")
        found = [
            one
            for one in lines[start:end]
            if one["timestamp"] >= since and (until is None or one["timestamp"] < until)
        ]
        return {
            "events": found,
            "nextForwardToken": f"f/{end:056}",
            "nextBackwardToken": f"b/{start:056}",
        }

    def filter_log_events(self, request: Mapping[str, Any]) -> Answer:
        group = self._group(request.get("logGroupName") or request["logGroupIdentifier"])
        names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix", "")
        rows = [
            {**line, "logStreamName": name, "eventId": f"{name}-{index}"}
            for name, lines in group.items()
            if (names is None or name in names) and name.startswith(prefix)
            for index, line in enumerate(lines)
            if line["timestamp"] >= request.get("startTime", 0)
        ]
        rows.sort(key=lambda one: one["timestamp"])
        start = self._world.page_start(request.get("nextToken"), "events")
        end = start + request.get("limit", 10_000)
        found: Answer = {"events": rows[start:end]}
        if end < len(rows):
            found["nextToken"] = self._world.page_token(end, "events")
        return found
