"""A small stack, a person who agrees or does not, and one deploy of it against the fake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.aws import Identity
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.lookups import Resolved
from ecs_blocks.deploy.place import Place
from ecs_blocks.deploy.planning import Prepared
from ecs_blocks.deploy.target import Target
from ecs_blocks.deploy.ui import PauseAnswer, Waits, Wish
from ecs_blocks.environment.deploy_settings import DeploySettings
from ecs_blocks.templates.render import RenderedEnvironment
from ecs_blocks.templates.text import to_yaml
from tests.fake_aws.ids import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ending import Outcome
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.progress import Service, Snapshot
    from tests.fake_aws import FakeAws

STACK: Final = "hoge-prod"
TEMPLATE: Final[Mapping[str, Any]] = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Name"}}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}},
    },
}


class Person:
    """Sees everything, agrees to every plan or to none, and answers Ctrl-C with one wish."""

    def __init__(self, *, agrees: bool = True, wish: Wish = Wish.DETACH) -> None:
        self.agrees = agrees
        self.wish = wish
        self.plans: list[Plan] = []
        self.said: list[str] = []
        self.snapshots: list[Snapshot] = []
        self.pauses: list[Service] = []
        self.hopeless: list[str] = []
        self.answer: PauseAnswer | None = None
        self.asked: list[tuple[str, bool]] = []
        """Of each Ctrl-C: whose operation it is, and whether it could be cancelled."""

    def show(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)

    def say(self, text: str) -> None:
        self.said.append(text)

    def approve(self, plan: Plan) -> bool:
        self.plans.append(plan)
        return self.agrees

    def paused(self, service: Service) -> PauseAnswer | None:
        self.pauses.append(service)
        return self.answer

    def gives_up(self, why: str) -> bool:
        self.hopeless.append(why)
        return self.wish is Wish.CANCEL

    def interrupted(
        self, _stop: KeyboardInterrupt, *, whose: str = "", can_cancel: bool = True
    ) -> Wish:
        self.asked.append((whose, can_cancel))
        return self.wish


def place() -> Place:
    return Place(
        app="hoge",
        environment="prod",
        stack_name=STACK,
        account_id=ACCOUNT,
        region=REGION,
        settings=DeploySettings(),
        pseudo={
            "AWS::AccountId": ACCOUNT,
            "AWS::Region": REGION,
            "AWS::Partition": "aws",
            "AWS::StackName": STACK,
            "AWS::URLSuffix": "amazonaws.com",
        },
    )


def prepared(name: str = "one", template: Mapping[str, Any] = TEMPLATE) -> Prepared:
    """A deploy of *template* with the parameter Name."""
    where, text = place(), to_yaml(template)
    rendered = RenderedEnvironment(
        name=where.environment,
        stack_name=where.stack_name,
        template=template,
        parameters={"Name": name},
        tags={"Application": "hoge"},
        lookups={},
        pseudo=where.pseudo,
    )
    target = Target(where, rendered, text)
    return Prepared(
        target=target,
        content=target.content({}),
        body={"TemplateBody": text},
        identity=Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/ci"),
        resolved=Resolved({}, {}, ()),
    )


def deploy(
    fake: FakeAws,
    what: Prepared | None = None,
    person: Person | None = None,
    *,
    waits: Waits | None = None,
    plan: Plan | None = None,
    aws: Aws | None = None,
    again: bool = False,
) -> Outcome:
    """One process that deploys."""
    return Deployment(
        aws or fake.aws(), what or prepared(), person or Person(), waits or Waits(), again=again
    ).run(plan)


def deployed(fake: FakeAws, name: str = "zero") -> None:
    """Make the stack, with other values than the next deploy has."""
    deploy(fake, prepared(name))
    fake.calls.clear()
