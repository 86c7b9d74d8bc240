"""A clock for servers that are as fast as they can be, and what the tests deploy to them."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.clock import Clock
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.deploy.watch import Patience
from tests.deploy.stage import TEMPLATE, Person, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ending import Outcome

PACE: Final = 20.0
WAITS: Final = Waits(patience=Patience(timeout_s=200.0), other_s=200.0, verify_s=60.0)
HELD: Final[Mapping[str, Any]] = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {
        **TEMPLATE["Resources"],
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "8"},
        },
    },
}
"""A stack that is not done before somebody says so."""
TAKEN: Final = "/taken"
FAILING: Final[Mapping[str, Any]] = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {
        **TEMPLATE["Resources"],
        "Setting": {
            "Type": "AWS::SSM::Parameter",
            "DependsOn": "Topic",
            "Properties": {"Name": TAKEN, "Type": "String", "Value": "new"},
        },
    },
}
"""A stack that wants a name which is taken."""

_accounts: Final = itertools.count(700_000_000_000)


def new_account() -> str:
    """An account in which nothing is: servers make one for each access key of 12 digits."""
    return str(next(_accounts))


class HastyClock(Clock):
    """Waits a twentieth of the time, and counts all of it."""

    def now_s(self) -> float:
        return time.monotonic() * PACE

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / PACE)


def deploy(
    aws: Aws,
    name: str = "one",
    template: Mapping[str, Any] = TEMPLATE,
    person: Person | None = None,
    waits: Waits = WAITS,
) -> Outcome:
    """Deploy the small stack of ``tests.deploy.stage``, or another."""
    return Deployment(aws, prepared(name, template), person or Person(), waits).run()
