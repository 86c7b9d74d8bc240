"""A stack's policy and its termination protection: planned, agreed to, set (row 89)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings
from ecs_blocks.deploy.content import Names
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.plan import load, save
from ecs_blocks.deploy.show.plan_view import plan_view
from ecs_blocks.deploy.target import Target
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.environment.deploy_settings import DeploySettings
from ecs_blocks.errors import InputError
from tests.deploy.faults.actors import change_sets, refused, value, written
from tests.deploy.stage import STACK, Person, deploy, deployed, place, prepared
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ecs_blocks.deploy.planning import Prepared

pytestmark = pytest.mark.slow

ALLOW: Final = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
OPEN: Final = json.dumps({"Statement": [ALLOW]})
CLOSED: Final = json.dumps(
    {
        "Statement": [
            ALLOW,
            ALLOW | {"Effect": "Deny", "Resource": "LogicalResourceId/Topic", "Sid": "topics"},
        ]
    }
)
DENIED: Final = "Topic (AWS::SNS::Topic): Update:Modify is denied by statement 2 (topics)"
ALL: Final = StackSettings(OPEN, termination_protection=True)


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


def with_settings(settings: StackSettings, name: str = "one") -> Prepared:
    found = prepared(name)
    return structs.replace(found, content=structs.replace(found.content, settings=settings))


def policy(fake: FakeAws) -> Any:
    text = fake.stack(STACK).policy
    return json.loads(text) if text else None


def test_a_new_stack_gets_them_once_it_is_made(fake: FakeAws) -> None:
    person = Person()
    outcome = deploy(fake, with_settings(ALL), person)

    names = [one for one in fake.operations if one in written(fake)]
    assert outcome.code is Exit.DONE, outcome
    assert names[-3:] == ["ExecuteChangeSet", "SetStackPolicy", "UpdateTerminationProtection"]
    assert (policy(fake), fake.stack(STACK).protected) == (json.loads(OPEN), True)
    assert [one.split(" (")[0] for one in person.plans[0].settings] == [
        "stack policy: none → that of platform.yaml",
        "termination protection: off → on",
    ]
    assert "~ termination protection: off → on" in plan_view(person.plans[0])


def test_a_creation_that_fails_stays_without_them_and_can_be_deleted(fake: FakeAws) -> None:
    fake.script.resource_fails("Topic", "no")
    deploy(fake, with_settings(ALL))
    protected = fake.stack(STACK).protected
    fake.script.mended("Topic")
    second = deploy(fake, with_settings(ALL))

    assert not protected
    assert second.code is Exit.DONE, second
    assert fake.stack(STACK).protected


def test_they_change_alone_where_nothing_else_does(fake: FakeAws) -> None:
    deployed(fake, "one")
    person = Person()
    outcome = deploy(fake, with_settings(ALL), person)
    again = deploy(fake, with_settings(ALL), person)

    assert [plan.kind for plan in person.plans] == ["SETTINGS"]
    assert outcome.code is Exit.DONE
    assert outcome.sentence.endswith("termination protection: off → on; nothing else to change")
    assert fake.asked("ExecuteChangeSet") == []
    assert (policy(fake), fake.stack(STACK).protected) == (json.loads(OPEN), True)
    assert (again.code, again.sentence) == (Exit.DONE, f"{STACK}: nothing to change")


@pytest.mark.parametrize("name", ["one", "two"])
def test_nothing_is_set_before_it_is_agreed_to(fake: FakeAws, name: str) -> None:
    deployed(fake, "one")
    outcome = deploy(fake, with_settings(ALL, name), Person(agrees=False))

    assert outcome.code is Exit.NEEDS_APPROVAL
    assert not {"SetStackPolicy", "UpdateTerminationProtection"} & set(written(fake))
    assert change_sets(fake) == []


def test_protection_is_switched_off_where_that_is_asked_and_left_where_nothing_is(
    fake: FakeAws,
) -> None:
    deployed(fake, "one")
    fake.stack(STACK).protected = True
    left = deploy(fake, prepared("two"))
    still = fake.stack(STACK).protected
    person = Person()
    off = deploy(fake, with_settings(StackSettings(termination_protection=False), "two"), person)

    assert (left.code, still) == (Exit.DONE, True)
    assert (off.code, fake.stack(STACK).protected) == (Exit.DONE, False)
    assert person.plans[0].settings == ("termination protection: on → off",)


def test_row_89_what_the_stack_policy_denies_is_refused_before_anything_runs(
    fake: FakeAws,
) -> None:
    deployed(fake)
    fake.stack(STACK).policy = CLOSED
    person = Person()

    refusal = refused(fake, person=person)

    assert refusal.code is Exit.REJECTED
    assert refusal.message == f"{STACK}: the stack policy denies this update:\n  {DENIED}"
    assert "aws cloudformation set-stack-policy --stack-name hoge-prod" in refusal.hint
    assert person.plans == []
    assert written(fake) == ["CreateChangeSet", "DeleteChangeSet"]
    assert change_sets(fake) == []


def test_row_89_aws_denies_the_same(fake: FakeAws) -> None:
    deployed(fake)
    person = Person()
    fake.fault("GetStackPolicy", denied, times=None)
    fake.stack(STACK).policy = CLOSED

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.ROLLED_BACK
    assert "Action denied by stack policy: Statement [#2]" in outcome.causes[0]
    [note] = [one for one in person.plans[0].facts if "stack policy" in one]
    assert note.startswith("what its stack policy denies is not known: reading the stack policy of")


def test_row_89_the_policy_that_is_asked_for_is_the_one_that_counts(fake: FakeAws) -> None:
    deployed(fake)
    fake.stack(STACK).policy = CLOSED
    opened = deploy(fake, with_settings(StackSettings(OPEN)))
    refusal = refused(fake, with_settings(StackSettings(CLOSED), "two"))

    assert (opened.code, value(fake)) == (Exit.DONE, "one")
    assert refusal.code is Exit.REJECTED
    assert DENIED in refusal.message
    assert refusal.hint.startswith("allow it for this deploy in the file that StackPolicy in ")
    assert policy(fake) == json.loads(OPEN)


def test_a_policy_that_nobody_can_read_is_a_warning(fake: FakeAws) -> None:
    deployed(fake)
    fake.stack(STACK).policy = json.dumps({"Statement": [ALLOW | {"Effect": "Allow", "New": 1}]})
    person = Person()
    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    [warning] = person.plans[0].warnings
    assert warning.startswith("what the stack policy denies could not be judged: ")


def test_a_new_stack_whose_settings_are_refused_is_no_success(fake: FakeAws) -> None:
    fake.fault("UpdateTerminationProtection", denied, times=None)
    outcome = deploy(fake, with_settings(ALL))

    assert outcome.code is Exit.NEEDS_A_PERSON
    assert "but setting the termination protection of hoge-prod: permission is" in outcome.sentence


def test_a_process_that_is_killed_leaves_them_to_the_one_that_attaches(fake: FakeAws) -> None:
    fake.script.hold("Topic")
    waits = Waits(patience=structs.replace(Waits().patience, timeout_s=30))
    deploy(fake, with_settings(ALL), waits=waits)
    fake.script.release("Topic")
    person = Person()
    outcome = deploy(fake, with_settings(ALL), person)

    assert (outcome.code, person.plans) == (Exit.DONE, [])
    assert (policy(fake), fake.stack(STACK).protected) == (json.loads(OPEN), True)


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_plan_in_a_file_holds_them(fake: FakeAws, tmp_path: Path, name: str) -> None:
    deployed(fake, "one")
    file = tmp_path / "plan.json"
    wanted = asked_for_in(tmp_path, with_settings(ALL, name))
    save(Deployment(fake.aws(), wanted, Person(), Waits()).plan(), file)
    outcome = deploy(fake, wanted, plan=load(file))

    assert outcome.code is Exit.DONE
    assert (policy(fake), fake.stack(STACK).protected) == (json.loads(OPEN), True)


def asked_for_in(folder: Path, wanted: Prepared) -> Prepared:
    """*wanted*, whose settings platform.yaml asks for too."""
    file = folder / "policy.json"
    file.write_text(OPEN)
    settings = DeploySettings(stack_policy=str(file), termination_protection=True)
    where = structs.replace(wanted.target.place, settings=settings)
    return structs.replace(wanted, target=structs.replace(wanted.target, place=where))


@pytest.mark.parametrize(
    "forged", [StackSettings(termination_protection=False), StackSettings(CLOSED)], ids=str
)
def test_settings_that_platform_yaml_does_not_ask_for_are_refused(
    fake: FakeAws, tmp_path: Path, forged: StackSettings
) -> None:
    """Such a plan has no change set that it could be held against."""
    deployed(fake, "one")
    wanted = asked_for_in(tmp_path, with_settings(ALL, "one"))
    plan = Deployment(fake.aws(), wanted, Person(), Waits()).plan()
    content = structs.replace(plan.content, settings=forged)
    with pytest.raises(DeployError, match="the plan has other settings than deploy:") as error:
        deploy(fake, wanted, plan=structs.replace(plan, content=content))

    assert (plan.kind, error.value.code) == ("SETTINGS", Exit.BLOCKED)
    assert not {"SetStackPolicy", "UpdateTerminationProtection"} & set(written(fake))


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_plan_that_does_not_show_them_is_refused(fake: FakeAws, name: str) -> None:
    deployed(fake, "one")
    wanted = with_settings(ALL, name)
    plan = Deployment(fake.aws(), wanted, Person(), Waits()).plan()
    with pytest.raises(DeployError) as error:
        deploy(fake, wanted, plan=structs.replace(plan, settings=()))

    assert error.value.code is Exit.BLOCKED
    assert not {"SetStackPolicy", "ExecuteChangeSet"} & set(written(fake))


def test_they_are_part_of_what_a_deploy_is_called() -> None:
    plain = Names.of(prepared().content, "new")

    assert Names.of(with_settings(StackSettings()).content, "new") == plain
    assert Names.of(with_settings(ALL).content, "new") != plain


def test_the_policy_is_read_from_the_file_that_platform_yaml_names(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(CLOSED)
    there = structs.replace(place(), settings=DeploySettings(stack_policy=str(file)))
    target = prepared().target

    content = Target(there, target.rendered, target.text).content({})

    assert json.loads(content.settings.policy) == json.loads(CLOSED)
    file.write_text("{}")
    with pytest.raises(InputError, match=r"policy\.json: this is no stack policy"):
        Target(there, target.rendered, target.text).content({})
