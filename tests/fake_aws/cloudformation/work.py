"""What is being done to one resource, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.cloudformation.kinds import physical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.cloudformation.model import Resource, Stack
    from tests.fake_aws.world import World

SECONDS: Final[Mapping[str, float]] = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 30,
    "AWS::IAM::Role": 15,
    "AWS::S3::Bucket": 10,
    "AWS::KMS::Key": 10,
    "AWS::Route53::RecordSet": 20,
}
DEFAULT_S: Final = 2.0


class Work:
    """Something under way. ``failure`` is set when it ended badly."""

    failure = ""

    def is_over(self) -> bool:
        """Whether it has ended."""
        raise NotImplementedError

    def abandon(self) -> None:
        """CloudFormation stops waiting for it."""


class Timed(Work):
    """Ends after some seconds, well or with a failure."""

    def __init__(self, world: World, seconds: float, failure: str = "") -> None:
        self._world = world
        self._until_s = world.clock.now_s() + seconds
        self._failure = failure

    @property
    def will_fail(self) -> bool:
        """Whether it is to end badly."""
        return bool(self._failure)

    def is_over(self) -> bool:
        over = self._world.clock.now_s() >= self._until_s
        if over:
            self.failure = self._failure
        return over


class Held(Work):
    """Ends when the test releases the resource."""

    def __init__(self, world: World, logical_id: str) -> None:
        self._world = world
        self._logical_id = logical_id

    def is_over(self) -> bool:
        return not self._world.script.is_held(self._logical_id)


class Handler:
    """How resources of a type are made: those without a service of their own just take a while."""

    def __init__(self, world: World) -> None:
        self.world = world

    def create(self, stack: Stack, resource: Resource) -> Work:
        """Give the resource its physical id and attributes, and begin."""
        resource.physical_id, resource.attributes = physical(
            resource.type, stack.name, resource.logical_id, resource.properties, self.world.ids
        )
        return self.timed(resource)

    def update(self, stack: Stack, resource: Resource, before: dict[str, Any]) -> Work:
        """Begin to change the resource to its properties, which were *before*."""
        del stack, before
        return self.timed(resource)

    def delete(self, stack: Stack, resource: Resource) -> Work:
        """Begin to delete it."""
        del stack
        return self.timed(resource)

    def timed(self, resource: Resource) -> Work:
        """Work that takes what such a resource usually takes."""
        seconds = SECONDS.get(resource.type, DEFAULT_S)
        return Timed(self.world, self.world.script.seconds(resource.logical_id, seconds))
