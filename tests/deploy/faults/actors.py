"""Who else acts on the stack while a deploy plans: with a client of their own, and what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.templates.text import to_yaml
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared
    from tests.fake_aws import FakeAws

WRITES: Final = frozenset(
    {
        *("CreateChangeSet", "ExecuteChangeSet", "DeleteChangeSet"),
        *("CreateStack", "UpdateStack", "DeleteStack", "SetStackPolicy"),
        *("UpdateTerminationProtection", "PutObject"),
    }
)

PROPERTY: Final = {
    "EventType": "VALIDATION_ERROR",
    "LogicalResourceId": "Topic",
    "ValidationName": "PROPERTY_VALIDATION",
    "ValidationStatus": "FAILED",
    "ValidationPath": "/Resources/Topic/Properties/DisplayNam",
    "ValidationStatusReason": "Unsupported property [DisplayNam]",
}
"""A finding of CloudFormation's early validation, as DescribeEvents shows it."""


class Acting(Person):
    """Does something while it reads a plan, each time the next thing, and then agrees."""

    def __init__(self, *acts: Callable[[], object]) -> None:
        super().__init__()
        self._acts = list(acts)

    def approve(self, plan: Plan) -> bool:
        agrees = super().approve(plan)
        if self._acts:
            self._acts.pop(0)()
        return agrees


def cloudformation(fake: FakeAws) -> Any:
    """Somebody else's client."""
    return fake.aws().client("cloudformation")


def refused(fake: FakeAws, what: Prepared | None = None, **settings: Any) -> DeployError:
    """Why a deploy ended."""
    with pytest.raises(DeployError) as error:
        deploy(fake, what, **settings)
    return error.value


def written(fake: FakeAws) -> list[str]:
    """What was asked of AWS that changes something, done or not."""
    return [call.operation for call in fake.calls if call.operation in WRITES]


def foreign_change_set(
    fake: FakeAws, name: str = "by-hand", *, kind: str = "UPDATE", description: str = "by hand"
) -> str:
    """A change set that somebody else made; its ARN."""
    made = cloudformation(fake).create_change_set(
        StackName=STACK,
        ChangeSetName=name,
        ChangeSetType=kind,
        Description=description,
        TemplateBody=to_yaml(TEMPLATE),
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "theirs"}],
    )
    fake.clock.advance(30)
    fake.calls.clear()
    return str(made["Id"])


def change_sets(fake: FakeAws) -> list[str]:
    """The names of those on the stack that can still be executed or looked at."""
    found = cloudformation(fake).list_change_sets(StackName=STACK)["Summaries"]
    return [str(one["ChangeSetName"]) for one in found]


def value(fake: FakeAws) -> str:
    """The stack's parameter Name."""
    return fake.stack(STACK).definition.parameters["Name"]
