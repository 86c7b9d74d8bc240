"""What the tests of the verifier share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs.verify import ExpectedService, Verdict, verify_services
from tests.deploy.ecs.tasks import SERVICE, revision_arn
from tests.deploy.ecs.world import deployment, service

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

DONE: Final[dict[str, Any]] = {"rolloutState": "COMPLETED"}
EXPECTED: Final = ExpectedService("HogeService", SERVICE, revision_arn(42))


def verify(aws: Aws, timeout_s: float = 600, expected: ExpectedService = EXPECTED) -> Verdict:
    [verdict] = verify_services(aws, [expected], timeout_s)
    return verdict


def serving(**more: Any) -> dict[str, Any]:
    """The service when all is well."""
    return service(deployment(42, 2, **DONE), **more)
