"""Task definitions by family and revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from tests.fake_aws.world import World


class Definitions:
    """Every task definition that was registered."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: dict[str, dict[str, Any]] = {}

    def register(self, content: dict[str, Any]) -> dict[str, Any]:
        """The next revision of a family."""
        family = content["family"]
        revision = 1 + sum(one["family"] == family for one in self.all.values())
        found = {
            "networkMode": "bridge",
            "volumes": [],
            "placementConstraints": [],
            "status": "ACTIVE",
            **content,
            "taskDefinitionArn": arn("ecs", f"task-definition/{family}:{revision}"),
            "revision": revision,
            "registeredAt": self._world.clock.aws_time(),
        }
        tags = found.pop("tags", [])
        self.all[found["taskDefinitionArn"]] = found
        self._world.ecs.tags[found["taskDefinitionArn"]] = tags
        return found

    def get(self, name: str) -> dict[str, Any]:
        """A task definition by ARN, family:revision, or family (its newest).

        Raises:
            AwsError: there is none.
        """
        short = name.rpartition("task-definition/")[2]
        for one in reversed(self.all.values()):
            full = f"{one['family']}:{one['revision']}"
            if short == full or (short == one["family"] and one["status"] == "ACTIVE"):
                return one
        raise AwsError("ClientException", "Unable to describe task definition.")
