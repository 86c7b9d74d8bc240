"""The next version of the service that runs in the fake, with steps before its deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.before_deploy import run_steps
from ecs_blocks.deploy.content import Content
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.plan import Kind, Plan
from ecs_blocks.deploy.ui import Wish
from ecs_blocks.templates.text import to_yaml
from tests.deploy.one_off.world import MIGRATE, REPOSITORY, VALUES, aws_of, template
from tests.deploy.stage import STACK, Person, prepared
from tests.fake_aws.ids import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.planning import Prepared
    from tests.fake_aws import FakeAws
    from tests.fake_aws.ecs.model import Task

TOKEN: Final = "eb-0123-4567"
NEW: Final = {**VALUES, "Image": f"{REPOSITORY}:1.8.2", "Level": "debug"}


def upgrade(
    fake: FakeAws,
    steps: Sequence[Mapping[str, Any]],
    *,
    kind: Kind = "UPDATE",
    values: Mapping[str, str | None] | None = None,
    made: Mapping[str, Any] | None = None,
) -> tuple[Prepared, Plan]:
    """What is deployed, and its approved plan."""
    made = {**(made or template()), "Metadata": template(*steps).get("Metadata", {})}
    content = Content(to_yaml(made), values or NEW, {})
    stack_id = fake.stack(STACK).id
    plan = Plan(
        app="hoge",
        environment="prod",
        account_id=ACCOUNT,
        region=REGION,
        stack_name=STACK,
        stack_id=stack_id,
        kind=kind,
        base=f"{stack_id} now",
        change_set_id="arn:change-set",
        content=content,
        changes=(),
    )
    return structs.replace(prepared(template=made), content=content), plan


def stepped(
    fake: FakeAws,
    person: Person | None = None,
    *,
    steps: Sequence[Mapping[str, Any]] = (MIGRATE,),
    kind: Kind = "UPDATE",
    token: str = TOKEN,
    again: bool = False,
    aws: Aws | None = None,
) -> Person:
    """Run the steps in one process; who saw it."""
    found = person or Person()
    what, plan = upgrade(fake, steps, kind=kind)
    run_steps(aws or aws_of(fake), what, plan, token, found, again=again)
    return found


def runs(fake: FakeAws) -> list[Task]:
    """The tasks of steps."""
    return [one for one in fake.ecs.tasks.all if one.started_by.startswith("eb-step-")]


def lines_of(person: Person) -> list[str]:
    """The lines of a step's container, as they were shown."""
    return [one.partition(" | ")[2] for one in person.said if " | " in one]


def interrupted(
    fake: FakeAws, stop: KeyboardInterrupt, wish: Wish = Wish.DETACH, **settings: Any
) -> DeployError | None:
    """Run the steps, and let Ctrl-C come after half a minute; how they end."""

    def happen() -> None:
        raise stop

    fake.clock.at(30, happen)
    return failed(fake, Person(wish=wish), **settings)


def failed(fake: FakeAws, person: Person | None = None, **settings: Any) -> DeployError | None:
    """Run the steps; how they fail."""
    try:
        stepped(fake, person, **settings)
    except DeployError as error:
        return error
    return None
